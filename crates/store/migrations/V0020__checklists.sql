-- Checklists that places wrote or had from files, a row a version, and what they ask.

CREATE TABLE checklist_version (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, code TEXT, version TEXT, title_fr TEXT, title_en TEXT, head TEXT, base TEXT, form TEXT, published TEXT, retired TEXT,
    items INTEGER, critical INTEGER, parts INTEGER
) WITHOUT ROWID;
CREATE INDEX checklist_version_by_code ON checklist_version (code);

CREATE TABLE checklist_part (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    checklist_version BLOB, position INTEGER, "rows" TEXT
) WITHOUT ROWID;
CREATE INDEX checklist_part_by_version ON checklist_part (checklist_version, position);
