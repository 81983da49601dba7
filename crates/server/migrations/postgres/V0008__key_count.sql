-- How many keys of sealed texts a laptop has left in a scope, and at its wish how many were destroyed there: both have an end.
CREATE TABLE key_count (
    scope_id bytea NOT NULL,
    replica bytea NOT NULL,
    brought bigint NOT NULL,
    destroyed bigint NOT NULL,
    PRIMARY KEY (scope_id, replica)
);
