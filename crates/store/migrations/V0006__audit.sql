-- Who did what on this laptop: log-ins, codes, exports, sticks. A line is never changed and never removed; each hash
-- covers the line and the hash before it.

CREATE TABLE audit (
    no     INTEGER PRIMARY KEY NOT NULL,          -- 1, 2, 3 …
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    at_ms  INTEGER NOT NULL,                      -- this computer's clock: shown, never compared with another's
    what   TEXT NOT NULL,
    person BLOB,                                  -- who did it; NULL where nobody had come in
    about  BLOB,                                  -- whom it was done to
    place  BLOB,
    params TEXT,                                  -- what else is to be said of it, in JSON
    mark   BLOB UNIQUE                            -- of what was noted while the database was closed, so that it comes in once
);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit'); END;
