-- The keys of sealed texts, for laptops that lack them and may have them. An ordinary table: rows are added at its end and
-- never taken away, and a key that is destroyed is written over with zeros where it lies, so that none of it is left.
CREATE TABLE sealed_key (
    scope_id BLOB NOT NULL,
    key_id BLOB NOT NULL,
    record BLOB NOT NULL,
    -- Who may have it, a word of `domain::permission`.
    class TEXT NOT NULL,
    secret BLOB NOT NULL,
    -- How far its scope's feed went when it came: it comes along with what that feed gives up to there.
    feed_no INTEGER NOT NULL,
    PRIMARY KEY (scope_id, key_id)
) STRICT;

-- Keys that were destroyed, never to be taken again.
CREATE TABLE erased_key (
    scope_id BLOB NOT NULL,
    key_id BLOB NOT NULL,
    -- Who wanted it.
    person BLOB NOT NULL,
    -- When the server first heard of it, in milliseconds by its clock.
    at INTEGER NOT NULL,
    PRIMARY KEY (scope_id, key_id)
) STRICT, WITHOUT ROWID;
