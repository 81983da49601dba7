-- How large a trial is and what it goes on from; how far a team has come, as people said it.

ALTER TABLE trial ADD COLUMN extent TEXT;
ALTER TABLE trial ADD COLUMN venue TEXT;
ALTER TABLE trial ADD COLUMN after BLOB;

CREATE TABLE progress (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    -- From 0.5 to 5 by halves.
    cycle BLOB, score REAL, day TEXT, reason TEXT
) WITHOUT ROWID;
CREATE INDEX progress_by_cycle ON progress (cycle);
