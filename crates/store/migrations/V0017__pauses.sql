-- The quarter's pause, and templates that places write.

CREATE TABLE pause (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, period TEXT, day TEXT, expected TEXT, happened TEXT, why TEXT
) WITHOUT ROWID;
CREATE INDEX pause_by_place ON pause (place, period);

CREATE TABLE template (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    -- Several texts stand in one column, a line each.
    place BLOB, cycle BLOB, base TEXT, version INTEGER, area TEXT, name TEXT, problem TEXT, aim_who TEXT, aim_what TEXT,
    measures TEXT, causes TEXT, ideas TEXT, sources TEXT
) WITHOUT ROWID;

CREATE TRIGGER pause_searched AFTER INSERT ON pause BEGIN
    INSERT INTO searched (record, kind, scope) VALUES (new.id, 36, new.scope);
    INSERT INTO search (rowid, title, body)
    VALUES ((SELECT no FROM searched WHERE record = new.id AND kind = 36), coalesce(new.period, ''), trim(coalesce(new.expected, '') || char(10) || coalesce(new.happened, '') || char(10) || coalesce(new.why, '')));
END;
CREATE TRIGGER pause_searched_again AFTER UPDATE ON pause WHEN NOT (old.period IS new.period AND old.expected IS new.expected AND old.happened IS new.happened AND old.why IS new.why) BEGIN
    UPDATE search SET title = coalesce(new.period, ''), body = trim(coalesce(new.expected, '') || char(10) || coalesce(new.happened, '') || char(10) || coalesce(new.why, ''))
    WHERE rowid = (SELECT no FROM searched WHERE record = new.id AND kind = 36);
END;
CREATE TRIGGER pause_searched_no_more AFTER DELETE ON pause BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 36);
    DELETE FROM searched WHERE record = old.id AND kind = 36;
END;
