-- Laptops that a supervisor's laptop enrolled by file, by its own count.
CREATE TABLE issued (
    issuer bytea NOT NULL,
    serial bigint NOT NULL,
    replica bytea NOT NULL,
    -- When it first came, in milliseconds by the server's clock.
    at bigint NOT NULL,
    PRIMARY KEY (issuer, serial)
);
