-- What sync needs beside the log: where a log begins here, what is put aside, and what is known of others.

-- Up to `floor_seq` the saves of a stream are not all stored here: a snapshot stands for them. The segment that ends
-- there has the hash `floor_hash`, so that older ones can be believed when they come.
ALTER TABLE stream ADD COLUMN floor_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stream ADD COLUMN floor_hash BLOB;
-- The last number that was given in this replica's own stream: never given again, even when its rows are gone.
ALTER TABLE stream ADD COLUMN given_seq INTEGER NOT NULL DEFAULT 0;
UPDATE stream SET given_seq = max(applied_seq, sealed_seq);

-- Own saves that the tables show although an earlier one of their stream still waits.
CREATE TABLE ahead (
    scope BLOB NOT NULL CHECK (length(scope) = 16),
    seq   INTEGER NOT NULL,
    PRIMARY KEY (scope, seq)
) WITHOUT ROWID;

-- Saves of a name that this laptop has laid down, and where it saved them again: until the copy is written over.
CREATE TABLE twin (
    scope   BLOB NOT NULL CHECK (length(scope) = 16),
    replica INTEGER NOT NULL REFERENCES replica (no),
    seq     INTEGER NOT NULL,
    own     INTEGER NOT NULL REFERENCES replica (no),
    own_seq INTEGER NOT NULL,
    PRIMARY KEY (scope, replica, seq)
) WITHOUT ROWID;

-- When the segment was first worked on here, by this computer's clock; NULL where it was before that was noted.
ALTER TABLE segment ADD COLUMN received_ms INTEGER;

-- The snapshot that a scope's rows begin with, byte for byte as it came.
CREATE TABLE base (
    scope     BLOB PRIMARY KEY NOT NULL CHECK (length(scope) = 16),
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    signed    BLOB,                              -- the server's word that it is its own, when that came along
    loaded_ms INTEGER NOT NULL,
    bytes     BLOB NOT NULL
);

-- Segments that were not let in, with the reason: nothing that arrives is thrown away.
CREATE TABLE aside (
    id        INTEGER PRIMARY KEY,
    hash      BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    scope     BLOB NOT NULL CHECK (length(scope) = 16),
    replica   BLOB NOT NULL CHECK (length(replica) = 16),
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    source    BLOB,                              -- the replica that brought it
    at_ms     INTEGER NOT NULL,
    bytes     BLOB NOT NULL
);

-- Laptops whose card was accepted by the person here.
CREATE TABLE peer (
    replica    BLOB PRIMARY KEY NOT NULL CHECK (length(replica) = 16),
    trusted_ms INTEGER NOT NULL,
    card       BLOB NOT NULL                     -- signed by its owner
) WITHOUT ROWID;

-- Laptops of places below, as the server last heard of them.
CREATE TABLE device (
    replica BLOB PRIMARY KEY NOT NULL CHECK (length(replica) = 16),
    place   BLOB NOT NULL CHECK (length(place) = 16),
    role    TEXT NOT NULL,
    last_ms INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    version TEXT NOT NULL
) WITHOUT ROWID;

-- The newest statement of the server on who reads a scope.
CREATE TABLE readers (
    scope   BLOB PRIMARY KEY NOT NULL CHECK (length(scope) = 16),
    version INTEGER NOT NULL,
    signed  BLOB NOT NULL
) WITHOUT ROWID;

-- Receipts that this laptop carries to those whose streams they are about.
CREATE TABLE receipt (
    hash    BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    replica BLOB NOT NULL CHECK (length(replica) = 16),
    holder  BLOB NOT NULL CHECK (length(holder) = 16),
    at_ms   INTEGER NOT NULL,
    signed  BLOB NOT NULL
) WITHOUT ROWID;

-- How far a laptop elsewhere holds a stream of this replica.
CREATE TABLE reached (
    scope   BLOB NOT NULL,
    replica INTEGER NOT NULL REFERENCES replica (no),
    place   BLOB NOT NULL CHECK (length(place) = 16),
    seq     INTEGER NOT NULL,
    at_ms   INTEGER NOT NULL,
    PRIMARY KEY (scope, replica, place)
) WITHOUT ROWID;

-- How far a stream of this replica lies in a bundle on some stick.
CREATE TABLE carried (
    scope   BLOB NOT NULL,
    replica INTEGER NOT NULL REFERENCES replica (no),
    seq     INTEGER NOT NULL,
    at_ms   INTEGER NOT NULL,
    PRIMARY KEY (scope, replica)
) WITHOUT ROWID;

-- Bundles that were taken in, by their sender's count.
CREATE TABLE bundle (
    sender BLOB NOT NULL CHECK (length(sender) = 16),
    number INTEGER NOT NULL,
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (sender, number)
) WITHOUT ROWID;

-- Which way an exchange went (server, stick-out, stick-in), and what else is to be said of it, in JSON.
ALTER TABLE exchange ADD COLUMN kind TEXT NOT NULL DEFAULT 'server';
ALTER TABLE exchange ADD COLUMN params TEXT;
