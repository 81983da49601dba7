-- Copies, revocation, who reads a scope, how far laptops hold streams, snapshots and aggregates.
-- Roles of the region and the nation come in: a check can only be changed by making its table anew.

CREATE TABLE new_invitation (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    role TEXT NOT NULL CHECK (role IN ('member', 'lead', 'coach', 'region', 'nation')),
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
    role TEXT NOT NULL CHECK (role IN ('member', 'lead', 'coach', 'region', 'nation')),
    place BLOB NOT NULL REFERENCES place (id),
    invitation BLOB NOT NULL REFERENCES invitation (id),
    grant_version INTEGER NOT NULL,
    grant_bytes BLOB NOT NULL,
    counter INTEGER NOT NULL DEFAULT 0,
    counter_went_back INTEGER NOT NULL DEFAULT 0,
    enrolled_at INTEGER NOT NULL,
    last_contact INTEGER NOT NULL,
    -- Since when it works at its place.
    place_since INTEGER NOT NULL,
    -- The binding of the newest answer that it was given, and the one that it presented last.
    said BLOB CHECK (length(said) = 8),
    before BLOB CHECK (length(before) = 8),
    -- Who works with it, in CBOR, and what bundles for it are encrypted to, as it said.
    person BLOB,
    seal BLOB CHECK (length(seal) = 32),
    -- As it said at its last contact: its app's version, own saves not sent, saves that wait for others.
    version TEXT NOT NULL DEFAULT '',
    waiting INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0,
    -- The replica whose copy it was.
    minted_from BLOB CHECK (length(minted_from) = 16),
    revoked_at INTEGER
) STRICT;
INSERT INTO new_replica (id, key, role, place, invitation, grant_version, grant_bytes, counter, counter_went_back,
    enrolled_at, last_contact, place_since)
SELECT id, key, role, place, invitation, grant_version, grant_bytes, counter, counter_went_back,
    enrolled_at, last_contact, enrolled_at FROM replica;

DROP TABLE replica;
DROP TABLE invitation;
ALTER TABLE new_invitation RENAME TO invitation;
ALTER TABLE new_replica RENAME TO replica;
CREATE INDEX replica_place ON replica (place);

-- The server writes aggregates and bundles itself: its stamp and the number of its last bundle.
ALTER TABLE server ADD COLUMN hlc INTEGER NOT NULL DEFAULT 0;
ALTER TABLE server ADD COLUMN bundle_no INTEGER NOT NULL DEFAULT 0;

-- Every grant that was given, so that a save written under an older one is judged by that one.
CREATE TABLE grant_given (
    replica BLOB NOT NULL REFERENCES replica (id),
    version INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (replica, version)
) STRICT, WITHOUT ROWID;
INSERT INTO grant_given (replica, version, bytes)
SELECT id, grant_version, grant_bytes FROM replica WHERE length(grant_bytes) > 0;

-- The last save of a revoked replica's stream that counts.
CREATE TABLE revoked (
    scope_id BLOB NOT NULL,
    replica BLOB NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (scope_id, replica)
) STRICT, WITHOUT ROWID;

-- The newest signed statement of who reads and writes a scope.
CREATE TABLE readers (
    scope_id BLOB PRIMARY KEY CHECK (length(scope_id) = 16),
    version INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

-- Which version of it a replica was given, and which one is known to have arrived.
CREATE TABLE readers_given (
    scope_id BLOB NOT NULL,
    replica BLOB NOT NULL,
    version INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    PRIMARY KEY (scope_id, replica)
) STRICT, WITHOUT ROWID;

-- How far a laptop (reader) holds a stream, and since when it is known.
CREATE TABLE reach (
    scope_id BLOB NOT NULL,
    replica BLOB NOT NULL,
    reader BLOB NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (scope_id, replica, reader)
) STRICT, WITHOUT ROWID;

-- Single scopes that a region's or the nation's laptop has asked for.
CREATE TABLE demand (
    scope_id BLOB NOT NULL,
    replica BLOB NOT NULL,
    PRIMARY KEY (scope_id, replica)
) STRICT, WITHOUT ROWID;
CREATE INDEX demand_replica ON demand (replica);

-- The state of a scope at a feed number, named by the hash of its bytes.
CREATE TABLE snapshot (
    scope_id BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    feed_no INTEGER NOT NULL,
    length INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (scope_id, hash)
) STRICT;
CREATE INDEX snapshot_hash ON snapshot (hash);

-- Up to which feed number a scope's figures stand in the aggregates of the scopes above it.
CREATE TABLE aggregate (
    scope_id BLOB PRIMARY KEY CHECK (length(scope_id) = 16),
    feed_no INTEGER NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
