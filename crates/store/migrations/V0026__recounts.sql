-- What visitors counted again in the register.

CREATE TABLE recount (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    visit BLOB, indicator TEXT, period TEXT, reported_n REAL, reported_d REAL, n REAL, d REAL, note TEXT
) WITHOUT ROWID;
CREATE INDEX recount_by_visit ON recount (visit);
