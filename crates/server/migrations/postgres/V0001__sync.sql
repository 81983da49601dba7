-- The same tables as in SQLite (migrations/sqlite), with the same names and meanings, which are told there.
-- The truth is in `segment`; everything under “what the log says now” can be built again from it.
-- Tables that belong to a scope carry scope_id first in every key, so that they can be distributed by it.
-- Identifiers are 16 bytes; times are milliseconds since 1970-01-01 UTC by the server's clock.

CREATE TABLE server (
    "only" bigint PRIMARY KEY CHECK ("only" = 1),
    secret bytea NOT NULL CHECK (length(secret) = 32),
    epoch bytea NOT NULL CHECK (length(epoch) = 16),
    registry bytea NOT NULL,
    hlc bigint NOT NULL DEFAULT 0,
    bundle_no bigint NOT NULL DEFAULT 0
);

CREATE TABLE place (
    id bytea PRIMARY KEY CHECK (length(id) = 16),
    parent bytea REFERENCES place (id),
    level text NOT NULL,
    name text NOT NULL,
    code text UNIQUE,
    source text NOT NULL CHECK (source IN ('shipped', 'enrolled'))
);
CREATE INDEX place_parent ON place (parent);

CREATE TABLE invitation (
    id bytea PRIMARY KEY CHECK (length(id) = 16),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    role text NOT NULL CHECK (role IN ('member', 'lead', 'coach', 'region', 'nation')),
    place bytea NOT NULL REFERENCES place (id),
    facility text,
    adopted bytea REFERENCES place (id),
    uses_left bigint NOT NULL CHECK (uses_left >= 0),
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);

CREATE TABLE replica (
    id bytea PRIMARY KEY CHECK (length(id) = 16),
    key bytea NOT NULL CHECK (length(key) = 32),
    role text NOT NULL CHECK (role IN ('member', 'lead', 'coach', 'region', 'nation')),
    place bytea NOT NULL REFERENCES place (id),
    invitation bytea NOT NULL REFERENCES invitation (id),
    grant_version bigint NOT NULL,
    grant_bytes bytea NOT NULL,
    counter bigint NOT NULL DEFAULT 0,
    counter_went_back bigint NOT NULL DEFAULT 0,
    enrolled_at bigint NOT NULL,
    last_contact bigint NOT NULL,
    place_since bigint NOT NULL,
    said bytea CHECK (length(said) = 8),
    before bytea CHECK (length(before) = 8),
    person bytea,
    seal bytea CHECK (length(seal) = 32),
    version text NOT NULL DEFAULT '',
    waiting bigint NOT NULL DEFAULT 0,
    held bigint NOT NULL DEFAULT 0,
    minted_from bytea CHECK (length(minted_from) = 16),
    revoked_at bigint
);
CREATE INDEX replica_place ON replica (place);

CREATE TABLE grant_given (
    replica bytea NOT NULL REFERENCES replica (id),
    version bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (replica, version)
);

CREATE TABLE segment (
    scope_id bytea NOT NULL,
    replica bytea NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL CHECK (last_seq >= first_seq),
    received_at bigint NOT NULL,
    feed_no bigint NOT NULL,
    prev bytea NOT NULL CHECK (length(prev) = 32),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    bytes bytea NOT NULL,
    PRIMARY KEY (scope_id, replica, first_seq),
    UNIQUE (scope_id, feed_no)
);

-- Taken by an update inside the inserting transaction: the row's lock lasts to its end, so feed numbers have no gaps
-- and follow the order of commits.
CREATE TABLE scope_head (
    scope_id bytea PRIMARY KEY CHECK (length(scope_id) = 16),
    feed_no bigint NOT NULL
);

CREATE TABLE stream (
    scope_id bytea NOT NULL,
    replica bytea NOT NULL,
    last_seq bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    applied_seq bigint NOT NULL CHECK (applied_seq <= last_seq),
    PRIMARY KEY (scope_id, replica)
);
CREATE INDEX stream_replica ON stream (replica);

CREATE TABLE quarantine (
    scope_id bytea NOT NULL,
    replica bytea NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    reason text NOT NULL,
    carrier bytea NOT NULL,
    received_at bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (scope_id, replica, hash)
);
CREATE INDEX quarantine_carrier ON quarantine (carrier);

CREATE TABLE revoked (
    scope_id bytea NOT NULL,
    replica bytea NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (scope_id, replica)
);

CREATE TABLE readers (
    scope_id bytea PRIMARY KEY CHECK (length(scope_id) = 16),
    version bigint NOT NULL,
    bytes bytea NOT NULL
);

CREATE TABLE readers_given (
    scope_id bytea NOT NULL,
    replica bytea NOT NULL,
    version bigint NOT NULL,
    confirmed bigint NOT NULL,
    PRIMARY KEY (scope_id, replica)
);

CREATE TABLE reach (
    scope_id bytea NOT NULL,
    replica bytea NOT NULL,
    reader bytea NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (scope_id, replica, reader)
);

CREATE TABLE demand (
    scope_id bytea NOT NULL,
    replica bytea NOT NULL,
    PRIMARY KEY (scope_id, replica)
);
CREATE INDEX demand_replica ON demand (replica);

CREATE TABLE snapshot (
    scope_id bytea NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    feed_no bigint NOT NULL,
    length bigint NOT NULL,
    bytes bytea NOT NULL,
    made_at bigint NOT NULL,
    PRIMARY KEY (scope_id, hash)
);
CREATE INDEX snapshot_hash ON snapshot (hash);

CREATE TABLE aggregate (
    scope_id bytea PRIMARY KEY CHECK (length(scope_id) = 16),
    feed_no bigint NOT NULL,
    made_at bigint NOT NULL
);

-- Packed already: trying to pack them again costs time and gains nothing.
ALTER TABLE segment ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE quarantine ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE snapshot ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- What the log says now.
CREATE TABLE record (
    scope_id bytea NOT NULL,
    kind integer NOT NULL,
    id bytea NOT NULL,
    "values" jsonb NOT NULL,
    stamps bytea NOT NULL,
    PRIMARY KEY (scope_id, kind, id)
);

CREATE TABLE head (
    scope_id bytea NOT NULL,
    kind integer NOT NULL,
    record bytea NOT NULL,
    field integer NOT NULL,
    replica bytea NOT NULL,
    seq bigint NOT NULL,
    idx bigint NOT NULL,
    hlc bigint NOT NULL,
    author bytea NOT NULL,
    uncertain smallint NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (scope_id, kind, record, field, replica, seq, idx)
);

CREATE VIEW tree AS
SELECT p.id, p.parent, p.level, coalesce(r."values" ->> 'name', p.name) AS name, p.code
FROM place p
LEFT JOIN record r ON p.source = 'enrolled' AND r.scope_id = p.id AND r.kind = 1 AND r.id = p.id
UNION ALL
SELECT r.id, coalesce(
        -- What is no identifier counts as absent: it must not stop those who read the tree.
        CASE WHEN r."values" ->> 'parent' ~ '^[0-9a-f]{32}$' THEN decode(r."values" ->> 'parent', 'hex') END,
        r.scope_id), r."values" ->> 'level',
    r."values" ->> 'name', r."values" ->> 'code'
FROM record r
JOIN place facility ON facility.id = r.scope_id AND facility.source = 'enrolled'
WHERE r.kind = 1 AND r.id NOT IN (SELECT id FROM place)
    AND r."values" ->> 'name' IS NOT NULL AND coalesce(r."values" ->> 'deleted', 'false') = 'false';
