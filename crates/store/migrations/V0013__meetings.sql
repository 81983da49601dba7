-- What more is said of an action; meetings with those who were there, and what was decided.

ALTER TABLE action ADD COLUMN level TEXT;
ALTER TABLE action ADD COLUMN means TEXT;
ALTER TABLE action ADD COLUMN payer TEXT;
ALTER TABLE action ADD COLUMN started TEXT;
ALTER TABLE action ADD COLUMN given_up TEXT;
ALTER TABLE action ADD COLUMN evidence TEXT;
ALTER TABLE action ADD COLUMN about BLOB;
ALTER TABLE action ADD COLUMN cycle BLOB;
ALTER TABLE action ADD COLUMN reply TEXT;
CREATE INDEX action_by_level ON action (level);

CREATE TABLE meeting (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, cycle BLOB, day TEXT, venue TEXT, agenda TEXT, notes TEXT
) WITHOUT ROWID;
CREATE INDEX meeting_by_place ON meeting (place, day);

CREATE TABLE attendance (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    meeting BLOB, name TEXT, member BLOB, sex TEXT, post TEXT, community INTEGER
) WITHOUT ROWID;
CREATE INDEX attendance_by_meeting ON attendance (meeting);

CREATE TABLE decision (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, about BLOB, cycle BLOB, text TEXT, day TEXT, indicator TEXT, chart TEXT
) WITHOUT ROWID;
CREATE INDEX decision_by_about ON decision (about);
CREATE INDEX decision_by_cycle ON decision (cycle);
