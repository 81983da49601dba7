-- People who come in at the server itself, their log-ins, and who did what.
CREATE TABLE administrator (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    -- The name without accents and capitals, by which they come in.
    called TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('coach', 'region', 'nation', 'administrator')),
    place BLOB NOT NULL REFERENCES place (id),
    -- Their passphrase, stretched, with what it takes to do it again; none before they have chosen one.
    secret BLOB,
    -- The hash of the code that they come in with the first time, and until when.
    code BLOB CHECK (length(code) = 32),
    code_until INTEGER,
    -- In milliseconds by the server's clock, like all that follows.
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

-- Who is in now: the hash of what they show.
CREATE TABLE login (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    administrator BLOB NOT NULL,
    epoch BLOB NOT NULL CHECK (length(epoch) = 16),
    began_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;
CREATE INDEX login_administrator ON login (administrator);

-- Who did what, each line bound to the one before it.
CREATE TABLE deed (
    no INTEGER PRIMARY KEY CHECK (no > 0),
    at INTEGER NOT NULL,
    -- None for the operator, who sits at the server.
    who BLOB,
    what TEXT NOT NULL,
    place BLOB,
    -- What else belongs to it, in JSON.
    about TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- How far each laptop's own list of who did what goes, as it told.
CREATE TABLE witness (
    replica BLOB PRIMARY KEY CHECK (length(replica) = 16),
    no INTEGER NOT NULL,
    -- The first bytes of the hash of that line.
    mark BLOB NOT NULL CHECK (length(mark) = 8),
    -- When it last had gone back.
    back_at INTEGER
) STRICT;
