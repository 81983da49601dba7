-- Why a problem stands, what has to change, what shows it; what a team says of its members and of its ideas.

CREATE TABLE cause (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, text TEXT, category TEXT, parent BLOB, position INTEGER, standing TEXT
) WITHOUT ROWID;
CREATE INDEX cause_by_cycle ON cause (cycle);

CREATE TABLE driver (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, text TEXT, parent BLOB, position INTEGER
) WITHOUT ROWID;
CREATE INDEX driver_by_cycle ON driver (cycle);

CREATE TABLE evidence (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, about BLOB, sort TEXT, record BLOB, indicator TEXT, text TEXT, day TEXT
) WITHOUT ROWID;
CREATE INDEX evidence_by_cycle ON evidence (cycle);

ALTER TABLE cycle ADD COLUMN main_cause BLOB;
ALTER TABLE team_member ADD COLUMN role TEXT;
ALTER TABLE team_member ADD COLUMN sex TEXT;
ALTER TABLE team_member ADD COLUMN community INTEGER;
ALTER TABLE idea ADD COLUMN cause BLOB;
ALTER TABLE idea ADD COLUMN driver BLOB;
ALTER TABLE idea ADD COLUMN effort INTEGER;
ALTER TABLE idea ADD COLUMN effect INTEGER;
