-- What was seen while a trial ran.

CREATE TABLE observation (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, trial BLOB, text TEXT, day TEXT
) WITHOUT ROWID;
CREATE INDEX observation_by_cycle ON observation (cycle);
