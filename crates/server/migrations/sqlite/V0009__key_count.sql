-- How many keys of sealed texts a laptop has left in a scope, and at its wish how many were destroyed there: both have an end.
-- Beside the keys and not among them, whose rows never change their length.
CREATE TABLE key_count (
    scope_id BLOB NOT NULL,
    replica BLOB NOT NULL,
    brought INTEGER NOT NULL,
    destroyed INTEGER NOT NULL,
    PRIMARY KEY (scope_id, replica)
) STRICT, WITHOUT ROWID;
