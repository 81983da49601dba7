-- Who has opened a record, and on which day.

CREATE TABLE opening (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    about BLOB, day TEXT, by BLOB
) WITHOUT ROWID;
CREATE INDEX opening_by_about ON opening (about);
