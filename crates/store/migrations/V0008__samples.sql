-- Random lists of a register, and where measures stood before anything was tried.

CREATE TABLE sample (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, period TEXT, population INTEGER, size INTEGER, seed INTEGER, day TEXT
) WITHOUT ROWID;
CREATE INDEX sample_by_place ON sample (place);

CREATE TABLE baseline (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, indicator TEXT, version INTEGER, place BLOB, first TEXT, last TEXT, numerator REAL, denominator REAL
) WITHOUT ROWID;
CREATE INDEX baseline_by_cycle ON baseline (cycle);
