-- Files of values that were imported, and what each of their values said before and after, so that an import is undone as one.

CREATE TABLE import (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, file TEXT, mark TEXT, day TEXT, by BLOB, saved INTEGER, undone TEXT
) WITHOUT ROWID;
CREATE INDEX import_by_place ON import (place, day);

CREATE TABLE import_part (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    import BLOB, position INTEGER, "rows" TEXT
) WITHOUT ROWID;
CREATE INDEX import_part_by_import ON import_part (import, position);
