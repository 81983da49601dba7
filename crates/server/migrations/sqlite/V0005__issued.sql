-- Laptops that a supervisor's laptop enrolled by file, by its own count.
CREATE TABLE issued (
    issuer BLOB NOT NULL,
    serial INTEGER NOT NULL,
    replica BLOB NOT NULL,
    -- When it first came, in milliseconds by the server's clock.
    at INTEGER NOT NULL,
    PRIMARY KEY (issuer, serial)
) STRICT, WITHOUT ROWID;
