-- One typed row per record: what the log says now. `stamps` holds, packed, who wrote each field and when.
-- Columns bear the names of the registry's fields; a test compares.

CREATE TABLE place (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    name TEXT, level TEXT, parent BLOB, code TEXT, aliases TEXT, same_as BLOB
) WITHOUT ROWID;
CREATE INDEX place_by_parent ON place (parent);

CREATE TABLE person (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    name TEXT, role TEXT, place BLOB
) WITHOUT ROWID;

CREATE TABLE cycle (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, template TEXT, area TEXT, title TEXT, problem TEXT,
    aim_who TEXT, aim_what TEXT, aim_from REAL, aim_to REAL, aim_by TEXT,
    cause TEXT, opened TEXT, status TEXT
) WITHOUT ROWID;
CREATE INDEX cycle_by_place ON cycle (place);

CREATE TABLE team_member (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, name TEXT, post TEXT, since TEXT, until TEXT
) WITHOUT ROWID;
CREATE INDEX team_member_by_cycle ON team_member (cycle);

CREATE TABLE cycle_measure (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, indicator TEXT, position INTEGER, goal REAL
) WITHOUT ROWID;
CREATE INDEX cycle_measure_by_cycle ON cycle_measure (cycle);

CREATE TABLE measurement (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, period TEXT, stratum TEXT, source TEXT,
    numerator REAL, denominator REAL, no_data TEXT, explanation TEXT
) WITHOUT ROWID;
CREATE INDEX measurement_by_place ON measurement (place, indicator, period);

CREATE TABLE idea (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, text TEXT, position INTEGER
) WITHOUT ROWID;
CREATE INDEX idea_by_cycle ON idea (cycle);

CREATE TABLE trial (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, idea BLOB, title TEXT, who TEXT, scale TEXT, starts TEXT, ends TEXT,
    prediction TEXT, data_plan TEXT, happened TEXT, seen_n REAL, seen_d REAL,
    comparison TEXT, learned TEXT, decision TEXT, decided TEXT
) WITHOUT ROWID;
CREATE INDEX trial_by_cycle ON trial (cycle);

CREATE TABLE lesson (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, trial BLOB, title TEXT, what TEXT, conditions TEXT, cost TEXT, evidence TEXT
) WITHOUT ROWID;

CREATE TABLE comment (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    about BLOB, text TEXT, day TEXT
) WITHOUT ROWID;
CREATE INDEX comment_by_about ON comment (about);
