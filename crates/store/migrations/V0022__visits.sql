-- Supervision visits, what was answered in them, and the question that a recommendation answers to.

ALTER TABLE action ADD COLUMN item TEXT;
CREATE INDEX action_by_about ON action (about);

CREATE TABLE visit (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    -- Checklists with their versions, a line each.
    place BLOB, own INTEGER, lists TEXT, planned TEXT, begun TEXT, closed TEXT, visitor TEXT, received TEXT,
    fed_back TEXT, note TEXT, returned TEXT
) WITHOUT ROWID;
CREATE INDEX visit_by_place ON visit (place, begun);

CREATE TABLE answer (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    visit BLOB, list TEXT, item TEXT, round TEXT, value TEXT, note TEXT, mark TEXT
) WITHOUT ROWID;
CREATE INDEX answer_by_visit ON answer (visit);
