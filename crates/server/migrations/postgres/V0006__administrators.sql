-- People who come in at the server itself, their log-ins, and who did what.
CREATE TABLE administrator (
    id bytea PRIMARY KEY CHECK (length(id) = 16),
    name text NOT NULL,
    -- The name without accents and capitals, by which they come in.
    called text NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('coach', 'region', 'nation', 'administrator')),
    place bytea NOT NULL REFERENCES place (id),
    -- Their passphrase, stretched, with what it takes to do it again; none before they have chosen one.
    secret bytea,
    -- The hash of the code that they come in with the first time, and until when.
    code bytea CHECK (length(code) = 32),
    code_until bigint,
    -- In milliseconds by the server's clock, like all that follows.
    created_at bigint NOT NULL,
    disabled_at bigint
);

-- Who is in now: the hash of what they show.
CREATE TABLE login (
    hash bytea PRIMARY KEY CHECK (length(hash) = 32),
    administrator bytea NOT NULL,
    epoch bytea NOT NULL CHECK (length(epoch) = 16),
    began_at bigint NOT NULL,
    last_at bigint NOT NULL
);
CREATE INDEX login_administrator ON login (administrator);

-- Who did what, each line bound to the one before it.
CREATE TABLE deed (
    no bigint PRIMARY KEY CHECK (no > 0),
    at bigint NOT NULL,
    -- None for the operator, who sits at the server.
    who bytea,
    what text NOT NULL,
    place bytea,
    -- What else belongs to it, in JSON.
    about text NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32)
);

-- How far each laptop's own list of who did what goes, as it told.
CREATE TABLE witness (
    replica bytea PRIMARY KEY CHECK (length(replica) = 16),
    no bigint NOT NULL,
    -- The first bytes of the hash of that line.
    mark bytea NOT NULL CHECK (length(mark) = 8),
    -- When it last had gone back.
    back_at bigint
);
