-- Texts whose key can be destroyed: a colleague's telephone number, a comment.

ALTER TABLE person ADD COLUMN phone BLOB;
ALTER TABLE comment ADD COLUMN said BLOB;

-- The keys that are here. Rows are added at the end and never taken away, and a key is written over where it lies: nothing
-- ever copies it to another page, and zeros in its place leave none of it behind.
CREATE TABLE sealed_key (
    no     INTEGER PRIMARY KEY,
    id     BLOB NOT NULL CHECK (length(id) = 16),
    scope  BLOB NOT NULL CHECK (length(scope) = 16),
    record BLOB NOT NULL CHECK (length(record) = 16),
    class  TEXT NOT NULL,
    held   INTEGER NOT NULL,                     -- whether the server has said that it need not be told
    secret BLOB NOT NULL CHECK (length(secret) = 32), -- zeros once it is gone
    UNIQUE (id, scope)
);
CREATE INDEX sealed_key_by_record ON sealed_key (record);

-- Keys that were destroyed: never taken again, wherever they come from. A key's name stands in clear in the log, so what is said of it
-- counts in the scope for which it was said, where rights were asked about, and in no other.
CREATE TABLE erased_key (
    id     BLOB NOT NULL CHECK (length(id) = 16),
    scope  BLOB NOT NULL CHECK (length(scope) = 16),
    by     BLOB NOT NULL CHECK (length(by) = 16),
    at_ms  INTEGER NOT NULL,
    said   INTEGER NOT NULL,                     -- whether a statement of the server names it
    PRIMARY KEY (id, scope)
) WITHOUT ROWID;
