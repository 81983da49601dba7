-- The log: what was saved here, what arrived, and how far each stream is known.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- Replicas by a short local number, so that a stamp costs bytes, not sixteens of bytes.
CREATE TABLE replica (
    no  INTEGER PRIMARY KEY,
    id  BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    key BLOB CHECK (length(key) = 32)            -- its public key; NULL until its first segment is here
);

-- Authors (persons) by a short local number, for the same reason.
CREATE TABLE author (
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16)
);

-- One replica's dense sequence of saves in one scope.
CREATE TABLE stream (
    scope         BLOB NOT NULL CHECK (length(scope) = 16),
    replica       INTEGER NOT NULL REFERENCES replica (no),
    sealed_seq    INTEGER NOT NULL DEFAULT 0,    -- last save that stands in a sealed segment here
    sealed_hash   BLOB,                          -- hash of that segment
    applied_seq   INTEGER NOT NULL DEFAULT 0,    -- last save that the tables show
    accepted_seq  INTEGER NOT NULL DEFAULT 0,    -- last save that the server has said it holds
    PRIMARY KEY (scope, replica)
) WITHOUT ROWID;

-- Sealed segments, byte for byte as signed.
CREATE TABLE segment (
    scope     BLOB NOT NULL,
    replica   INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL CHECK (last_seq >= first_seq),
    bytes     BLOB NOT NULL,
    PRIMARY KEY (scope, replica, first_seq),
    FOREIGN KEY (scope, replica) REFERENCES stream (scope, replica)
);

-- This replica's saves that no segment holds yet.
CREATE TABLE tail (
    scope BLOB NOT NULL CHECK (length(scope) = 16),
    seq   INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (scope, seq)
) WITHOUT ROWID;

-- Values that one typed column cannot hold: several heads of a field, fields and kinds of a newer version.
CREATE TABLE head (
    record    BLOB NOT NULL,
    kind      INTEGER NOT NULL,
    field     INTEGER NOT NULL,
    replica   INTEGER NOT NULL REFERENCES replica (no),
    seq       INTEGER NOT NULL,
    idx       INTEGER NOT NULL,
    scope     BLOB NOT NULL,
    hlc       INTEGER NOT NULL,
    author    INTEGER NOT NULL REFERENCES author (no),
    uncertain INTEGER NOT NULL,
    value     BLOB NOT NULL,
    PRIMARY KEY (record, kind, field, replica, seq, idx)
) WITHOUT ROWID;

-- How far this replica has read each scope's feed at the server: a hint, never evidence.
CREATE TABLE cursor (
    scope   BLOB PRIMARY KEY NOT NULL,
    feed_no INTEGER NOT NULL
) WITHOUT ROWID;

-- What each exchange with the server came to.
CREATE TABLE exchange (
    id         INTEGER PRIMARY KEY,
    at_ms      INTEGER NOT NULL,                 -- this computer's clock, for people to read
    ok         INTEGER NOT NULL,
    code       TEXT,                             -- why it failed
    sent       INTEGER NOT NULL,                 -- saves
    received   INTEGER NOT NULL,                 -- saves
    bytes_up   INTEGER NOT NULL,
    bytes_down INTEGER NOT NULL,
    requests   INTEGER NOT NULL
);
