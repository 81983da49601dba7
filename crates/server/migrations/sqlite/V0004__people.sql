-- People who are no longer believed in a scope.
CREATE TABLE revoked_person (
    scope_id BLOB NOT NULL,
    person BLOB NOT NULL,
    -- In milliseconds by the server's clock.
    since INTEGER NOT NULL,
    PRIMARY KEY (scope_id, person)
) STRICT, WITHOUT ROWID;

-- The last save of each stream that counts although such a person wrote it; none of a stream that is not named.
CREATE TABLE revoked_person_until (
    scope_id BLOB NOT NULL,
    person BLOB NOT NULL,
    replica BLOB NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (scope_id, person, replica)
) STRICT, WITHOUT ROWID;
