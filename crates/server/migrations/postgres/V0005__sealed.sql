-- The keys of sealed texts, for laptops that lack them and may have them. A key that is destroyed is written over with zeros;
-- what the engine keeps of the row before is gone with the next VACUUM.
CREATE TABLE sealed_key (
    scope_id bytea NOT NULL,
    key_id bytea NOT NULL,
    record bytea NOT NULL,
    -- Who may have it, a word of `domain::permission`.
    class text NOT NULL,
    secret bytea NOT NULL,
    -- How far its scope's feed went when it came: it comes along with what that feed gives up to there.
    feed_no bigint NOT NULL,
    PRIMARY KEY (scope_id, key_id)
);

-- Keys that were destroyed, never to be taken again.
CREATE TABLE erased_key (
    scope_id bytea NOT NULL,
    key_id bytea NOT NULL,
    -- Who wanted it.
    person bytea NOT NULL,
    -- When the server first heard of it, in milliseconds by its clock.
    at bigint NOT NULL,
    PRIMARY KEY (scope_id, key_id)
);
