-- The key that may name another server in the place of this one, and each time that it did.
ALTER TABLE server ADD COLUMN heir bytea CHECK (length(heir) = 32);

CREATE TABLE succession (
    no bigint PRIMARY KEY CHECK (no > 0),
    -- The secret half of the key that was believed until then: what was encrypted to it can still be opened.
    secret bytea NOT NULL CHECK (length(secret) = 32),
    -- What the heir said and signed.
    statement bytea NOT NULL,
    -- In milliseconds by the server's clock.
    at bigint NOT NULL
);
