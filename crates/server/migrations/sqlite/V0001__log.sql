-- The truth is in `segment`; everything under “what the log says now” can be built again from it.
-- Tables that belong to a scope carry scope_id first in every key, so that they can be distributed by it.
-- Identifiers are 16 bytes; times are milliseconds since 1970-01-01 UTC by the server's clock.

CREATE TABLE server (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    -- The Ed25519 secret that signs grants.
    secret BLOB NOT NULL CHECK (length(secret) = 32),
    -- Random; also in a file beside the database, so that a database put back from a backup shows.
    epoch BLOB NOT NULL CHECK (length(epoch) = 16),
    -- The registry that the projection was made with. A newer one makes it anew.
    registry BLOB NOT NULL
) STRICT;

-- What grants are computed from: shipped places and enrolled facilities.
CREATE TABLE place (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    parent BLOB REFERENCES place (id),
    level TEXT NOT NULL,
    name TEXT NOT NULL,
    code TEXT UNIQUE,
    -- Where it came from: the catalogue or an enrolment. What facilities save about places is in `tree`.
    source TEXT NOT NULL CHECK (source IN ('shipped', 'enrolled'))
) STRICT;
CREATE INDEX place_parent ON place (parent);

CREATE TABLE invitation (
    -- The first half of the code's hash, to find it by; the whole is compared in constant time.
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    role TEXT NOT NULL CHECK (role IN ('member', 'lead', 'coach')),
    -- An existing place, or the district that a new facility lies in.
    place BLOB NOT NULL REFERENCES place (id),
    -- The new facility's name. The place that the first enrolment gave it stands in `adopted`.
    facility TEXT,
    adopted BLOB REFERENCES place (id),
    uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE replica (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    key BLOB NOT NULL CHECK (length(key) = 32),
    role TEXT NOT NULL CHECK (role IN ('member', 'lead', 'coach')),
    place BLOB NOT NULL REFERENCES place (id),
    -- The invitation it came by, so that a repeated enrolment gets the same answer.
    invitation BLOB NOT NULL REFERENCES invitation (id),
    grant_version INTEGER NOT NULL,
    -- The signed grant as it was given.
    grant_bytes BLOB NOT NULL,
    -- The highest device counter seen, and how often a lower one came: a sign of a copied laptop.
    counter INTEGER NOT NULL DEFAULT 0,
    counter_went_back INTEGER NOT NULL DEFAULT 0,
    enrolled_at INTEGER NOT NULL,
    last_contact INTEGER NOT NULL
) STRICT;

-- Signed segments, byte for byte.
CREATE TABLE segment (
    scope_id BLOB NOT NULL,
    replica BLOB NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL CHECK (last_seq >= first_seq),
    received_at INTEGER NOT NULL,
    -- Its number in the scope, without gaps and in commit order.
    feed_no INTEGER NOT NULL,
    prev BLOB NOT NULL CHECK (length(prev) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    bytes BLOB NOT NULL,
    PRIMARY KEY (scope_id, replica, first_seq),
    UNIQUE (scope_id, feed_no)
) STRICT;

-- Taken by an update inside the inserting transaction, so no feed number is ever given before its commit.
CREATE TABLE scope_head (
    scope_id BLOB PRIMARY KEY CHECK (length(scope_id) = 16),
    feed_no INTEGER NOT NULL
) STRICT;

-- How far each stream is stored, and how far it is applied. What lies between waits for other streams.
CREATE TABLE stream (
    scope_id BLOB NOT NULL,
    replica BLOB NOT NULL,
    last_seq INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    applied_seq INTEGER NOT NULL CHECK (applied_seq <= last_seq),
    PRIMARY KEY (scope_id, replica)
) STRICT, WITHOUT ROWID;

-- Segments that were not let in, kept for a person to look at.
CREATE TABLE quarantine (
    scope_id BLOB NOT NULL,
    replica BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    reason TEXT NOT NULL,
    -- Who brought it.
    carrier BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (scope_id, replica, hash)
) STRICT;
CREATE INDEX quarantine_carrier ON quarantine (carrier);

-- What the log says now.
CREATE TABLE record (
    scope_id BLOB NOT NULL,
    kind INTEGER NOT NULL,
    id BLOB NOT NULL,
    -- The shown values by field name. Fields of newer versions stand under #number.
    "values" TEXT NOT NULL,
    -- The stamp of each shown value, packed.
    stamps BLOB NOT NULL,
    PRIMARY KEY (scope_id, kind, id)
) STRICT;

-- All the values of a field where there are several that have not seen each other.
CREATE TABLE head (
    scope_id BLOB NOT NULL,
    kind INTEGER NOT NULL,
    record BLOB NOT NULL,
    field INTEGER NOT NULL,
    replica BLOB NOT NULL,
    seq INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hlc INTEGER NOT NULL,
    author BLOB NOT NULL,
    uncertain INTEGER NOT NULL,
    -- In CBOR.
    value BLOB NOT NULL,
    PRIMARY KEY (scope_id, kind, record, field, replica, seq, idx)
) STRICT, WITHOUT ROWID;

-- The nation's tree with what facilities say about themselves and about the villages around them (kind 1).
CREATE VIEW tree AS
SELECT p.id, p.parent, p.level, coalesce(r."values" ->> '$.name', p.name) AS name, p.code
FROM place p
LEFT JOIN record r ON p.source = 'enrolled' AND r.scope_id = p.id AND r.kind = 1 AND r.id = p.id
UNION ALL
SELECT r.id, coalesce(unhex(r."values" ->> '$.parent'), r.scope_id), r."values" ->> '$.level',
    r."values" ->> '$.name', r."values" ->> '$.code'
FROM record r
JOIN place facility ON facility.id = r.scope_id AND facility.source = 'enrolled'
WHERE r.kind = 1 AND r.id NOT IN (SELECT id FROM place)
    AND r."values" ->> '$.name' IS NOT NULL AND coalesce(r."values" ->> '$.deleted', 0) = 0;
