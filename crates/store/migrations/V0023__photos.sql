-- Photos, each with its picture in a table of its own; and how many of the team chose an idea.

ALTER TABLE idea ADD COLUMN votes INTEGER;

CREATE TABLE picture (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    image BLOB
) WITHOUT ROWID;

CREATE TABLE photo (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, trial BLOB, observation BLOB, picture BLOB, caption TEXT, day TEXT
) WITHOUT ROWID;
CREATE INDEX photo_by_cycle ON photo (cycle);
