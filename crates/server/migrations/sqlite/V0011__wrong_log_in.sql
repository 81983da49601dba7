-- Wrong log-ins of the last minutes, counted by who is named and from where, so that starting the server again, or having several
-- of them, gives nobody more tries.
CREATE TABLE wrong_log_in (
    -- A hash of what is counted together.
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    -- When the first of them was, in milliseconds by the server's clock.
    since INTEGER NOT NULL,
    wrong INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
