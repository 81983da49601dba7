-- People who are no longer believed in a scope.
CREATE TABLE revoked_person (
    scope_id bytea NOT NULL,
    person bytea NOT NULL,
    -- In milliseconds by the server's clock.
    since bigint NOT NULL,
    PRIMARY KEY (scope_id, person)
);

-- The last save of each stream that counts although such a person wrote it; none of a stream that is not named.
CREATE TABLE revoked_person_until (
    scope_id bytea NOT NULL,
    person bytea NOT NULL,
    replica bytea NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (scope_id, person, replica)
);
