-- Partners come in: a check can only be changed by making its table anew.

CREATE TABLE new_invitation (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    role TEXT NOT NULL CHECK (role IN ('member', 'lead', 'coach', 'region', 'nation', 'partner')),
    place BLOB NOT NULL REFERENCES place (id),
    facility TEXT,
    adopted BLOB REFERENCES place (id),
    uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
INSERT INTO new_invitation (id, hash, role, place, facility, adopted, uses_left, created_at, expires_at)
SELECT id, hash, role, place, facility, adopted, uses_left, created_at, expires_at FROM invitation;

CREATE TABLE new_replica (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    key BLOB NOT NULL CHECK (length(key) = 32),
    role TEXT NOT NULL CHECK (role IN ('member', 'lead', 'coach', 'region', 'nation', 'partner')),
    place BLOB NOT NULL REFERENCES place (id),
    invitation BLOB NOT NULL REFERENCES invitation (id),
    grant_version INTEGER NOT NULL,
    grant_bytes BLOB NOT NULL,
    counter INTEGER NOT NULL DEFAULT 0,
    counter_went_back INTEGER NOT NULL DEFAULT 0,
    enrolled_at INTEGER NOT NULL,
    last_contact INTEGER NOT NULL,
    place_since INTEGER NOT NULL,
    said BLOB CHECK (length(said) = 8),
    before BLOB CHECK (length(before) = 8),
    person BLOB,
    seal BLOB CHECK (length(seal) = 32),
    version TEXT NOT NULL DEFAULT '',
    waiting INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0,
    minted_from BLOB CHECK (length(minted_from) = 16),
    revoked_at INTEGER
) STRICT;
INSERT INTO new_replica (id, key, role, place, invitation, grant_version, grant_bytes, counter, counter_went_back,
    enrolled_at, last_contact, place_since, said, before, person, seal, version, waiting, held, minted_from, revoked_at)
SELECT id, key, role, place, invitation, grant_version, grant_bytes, counter, counter_went_back,
    enrolled_at, last_contact, place_since, said, before, person, seal, version, waiting, held, minted_from, revoked_at FROM replica;

DROP TABLE replica;
DROP TABLE invitation;
ALTER TABLE new_invitation RENAME TO invitation;
ALTER TABLE new_replica RENAME TO replica;
CREATE INDEX replica_place ON replica (place);
