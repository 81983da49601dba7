-- What more a lesson says, looking again at what was adopted, and the index of everything that people wrote.

ALTER TABLE lesson ADD COLUMN tried TEXT;
ALTER TABLE lesson ADD COLUMN strength TEXT;
ALTER TABLE lesson ADD COLUMN state TEXT;
ALTER TABLE lesson ADD COLUMN copied BLOB;

CREATE TABLE recheck (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    cycle BLOB, trial BLOB, months INTEGER, due TEXT, looked TEXT, who TEXT, indicator TEXT,
    day TEXT, holding TEXT, reason TEXT, chart TEXT
) WITHOUT ROWID;
CREATE INDEX recheck_by_cycle ON recheck (cycle, due);
CREATE INDEX recheck_by_due ON recheck (due) WHERE day IS NULL;

-- The index says nothing that the tables do not say: triggers keep it, so that whatever fills them fills it too, and
-- what is masked never stands in it.
CREATE TABLE searched (
    no INTEGER PRIMARY KEY,
    record BLOB NOT NULL,
    kind INTEGER NOT NULL, -- its number in the registry
    scope BLOB NOT NULL,
    UNIQUE (record, kind)
);
CREATE VIRTUAL TABLE search USING fts5 (title, body, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
-- What is written anew leaves no trace of what stood there.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE search_term USING fts5vocab (search, row);

CREATE TRIGGER cycle_searched AFTER INSERT ON cycle BEGIN
    INSERT INTO searched (record, kind, scope) VALUES (new.id, 3, new.scope);
    INSERT INTO search (rowid, title, body)
    VALUES ((SELECT no FROM searched WHERE record = new.id AND kind = 3), coalesce(new.title, ''), trim(coalesce(new.problem, '') || char(10) || coalesce(new.aim_who, '') || char(10) || coalesce(new.aim_what, '') || char(10) || coalesce(new.cause, '')));
END;
CREATE TRIGGER cycle_searched_again AFTER UPDATE ON cycle WHEN NOT (old.title IS new.title AND old.problem IS new.problem AND old.aim_who IS new.aim_who AND old.aim_what IS new.aim_what AND old.cause IS new.cause) BEGIN
    UPDATE search SET title = coalesce(new.title, ''), body = trim(coalesce(new.problem, '') || char(10) || coalesce(new.aim_who, '') || char(10) || coalesce(new.aim_what, '') || char(10) || coalesce(new.cause, ''))
    WHERE rowid = (SELECT no FROM searched WHERE record = new.id AND kind = 3);
END;
CREATE TRIGGER cycle_searched_no_more AFTER DELETE ON cycle BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 3);
    DELETE FROM searched WHERE record = old.id AND kind = 3;
END;
INSERT INTO searched (record, kind, scope) SELECT id, 3, scope FROM cycle;
INSERT INTO search (rowid, title, body)
SELECT s.no, coalesce(t.title, ''), trim(coalesce(t.problem, '') || char(10) || coalesce(t.aim_who, '') || char(10) || coalesce(t.aim_what, '') || char(10) || coalesce(t.cause, '')) FROM cycle t JOIN searched s ON s.record = t.id AND s.kind = 3;

CREATE TRIGGER idea_searched AFTER INSERT ON idea BEGIN
    INSERT INTO searched (record, kind, scope) VALUES (new.id, 7, new.scope);
    INSERT INTO search (rowid, title, body)
    VALUES ((SELECT no FROM searched WHERE record = new.id AND kind = 7), coalesce(new.text, ''), '');
END;
CREATE TRIGGER idea_searched_again AFTER UPDATE ON idea WHEN NOT (old.text IS new.text) BEGIN
    UPDATE search SET title = coalesce(new.text, ''), body = ''
    WHERE rowid = (SELECT no FROM searched WHERE record = new.id AND kind = 7);
END;
CREATE TRIGGER idea_searched_no_more AFTER DELETE ON idea BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 7);
    DELETE FROM searched WHERE record = old.id AND kind = 7;
END;
INSERT INTO searched (record, kind, scope) SELECT id, 7, scope FROM idea;
INSERT INTO search (rowid, title, body)
SELECT s.no, coalesce(t.text, ''), '' FROM idea t JOIN searched s ON s.record = t.id AND s.kind = 7;

CREATE TRIGGER trial_searched AFTER INSERT ON trial BEGIN
    INSERT INTO searched (record, kind, scope) VALUES (new.id, 8, new.scope);
    INSERT INTO search (rowid, title, body)
    VALUES ((SELECT no FROM searched WHERE record = new.id AND kind = 8), coalesce(new.title, ''), trim(coalesce(new.who, '') || char(10) || coalesce(new.scale, '') || char(10) || coalesce(new.prediction, '') || char(10) || coalesce(new.happened, '') || char(10) || coalesce(new.learned, '')));
END;
CREATE TRIGGER trial_searched_again AFTER UPDATE ON trial WHEN NOT (old.title IS new.title AND old.who IS new.who AND old.scale IS new.scale AND old.prediction IS new.prediction AND old.happened IS new.happened AND old.learned IS new.learned) BEGIN
    UPDATE search SET title = coalesce(new.title, ''), body = trim(coalesce(new.who, '') || char(10) || coalesce(new.scale, '') || char(10) || coalesce(new.prediction, '') || char(10) || coalesce(new.happened, '') || char(10) || coalesce(new.learned, ''))
    WHERE rowid = (SELECT no FROM searched WHERE record = new.id AND kind = 8);
END;
CREATE TRIGGER trial_searched_no_more AFTER DELETE ON trial BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 8);
    DELETE FROM searched WHERE record = old.id AND kind = 8;
END;
INSERT INTO searched (record, kind, scope) SELECT id, 8, scope FROM trial;
INSERT INTO search (rowid, title, body)
SELECT s.no, coalesce(t.title, ''), trim(coalesce(t.who, '') || char(10) || coalesce(t.scale, '') || char(10) || coalesce(t.prediction, '') || char(10) || coalesce(t.happened, '') || char(10) || coalesce(t.learned, '')) FROM trial t JOIN searched s ON s.record = t.id AND s.kind = 8;

CREATE TRIGGER lesson_searched AFTER INSERT ON lesson BEGIN
    INSERT INTO searched (record, kind, scope) VALUES (new.id, 9, new.scope);
    INSERT INTO search (rowid, title, body)
    VALUES ((SELECT no FROM searched WHERE record = new.id AND kind = 9), coalesce(new.title, ''), trim(coalesce(new.what, '') || char(10) || coalesce(new.tried, '') || char(10) || coalesce(new.conditions, '') || char(10) || coalesce(new.cost, '') || char(10) || coalesce(new.evidence, '')));
END;
CREATE TRIGGER lesson_searched_again AFTER UPDATE ON lesson WHEN NOT (old.title IS new.title AND old.what IS new.what AND old.tried IS new.tried AND old.conditions IS new.conditions AND old.cost IS new.cost AND old.evidence IS new.evidence) BEGIN
    UPDATE search SET title = coalesce(new.title, ''), body = trim(coalesce(new.what, '') || char(10) || coalesce(new.tried, '') || char(10) || coalesce(new.conditions, '') || char(10) || coalesce(new.cost, '') || char(10) || coalesce(new.evidence, ''))
    WHERE rowid = (SELECT no FROM searched WHERE record = new.id AND kind = 9);
END;
CREATE TRIGGER lesson_searched_no_more AFTER DELETE ON lesson BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 9);
    DELETE FROM searched WHERE record = old.id AND kind = 9;
END;
INSERT INTO searched (record, kind, scope) SELECT id, 9, scope FROM lesson;
INSERT INTO search (rowid, title, body)
SELECT s.no, coalesce(t.title, ''), trim(coalesce(t.what, '') || char(10) || coalesce(t.tried, '') || char(10) || coalesce(t.conditions, '') || char(10) || coalesce(t.cost, '') || char(10) || coalesce(t.evidence, '')) FROM lesson t JOIN searched s ON s.record = t.id AND s.kind = 9;

CREATE TRIGGER event_searched AFTER INSERT ON event BEGIN
    INSERT INTO searched (record, kind, scope) VALUES (new.id, 17, new.scope);
    INSERT INTO search (rowid, title, body)
    VALUES ((SELECT no FROM searched WHERE record = new.id AND kind = 17), coalesce(new.text, ''), '');
END;
CREATE TRIGGER event_searched_again AFTER UPDATE ON event WHEN NOT (old.text IS new.text) BEGIN
    UPDATE search SET title = coalesce(new.text, ''), body = ''
    WHERE rowid = (SELECT no FROM searched WHERE record = new.id AND kind = 17);
END;
CREATE TRIGGER event_searched_no_more AFTER DELETE ON event BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 17);
    DELETE FROM searched WHERE record = old.id AND kind = 17;
END;
INSERT INTO searched (record, kind, scope) SELECT id, 17, scope FROM event;
INSERT INTO search (rowid, title, body)
SELECT s.no, coalesce(t.text, ''), '' FROM event t JOIN searched s ON s.record = t.id AND s.kind = 17;

CREATE TRIGGER action_searched AFTER INSERT ON action BEGIN
    INSERT INTO searched (record, kind, scope) VALUES (new.id, 18, new.scope);
    INSERT INTO search (rowid, title, body)
    VALUES ((SELECT no FROM searched WHERE record = new.id AND kind = 18), coalesce(new.text, ''), trim(coalesce(new.who, '') || char(10) || coalesce(new.means, '') || char(10) || coalesce(new.payer, '') || char(10) || coalesce(new.evidence, '') || char(10) || coalesce(new.reply, '') || char(10) || coalesce(new.given_up, '')));
END;
CREATE TRIGGER action_searched_again AFTER UPDATE ON action WHEN NOT (old.text IS new.text AND old.who IS new.who AND old.means IS new.means AND old.payer IS new.payer AND old.evidence IS new.evidence AND old.reply IS new.reply AND old.given_up IS new.given_up) BEGIN
    UPDATE search SET title = coalesce(new.text, ''), body = trim(coalesce(new.who, '') || char(10) || coalesce(new.means, '') || char(10) || coalesce(new.payer, '') || char(10) || coalesce(new.evidence, '') || char(10) || coalesce(new.reply, '') || char(10) || coalesce(new.given_up, ''))
    WHERE rowid = (SELECT no FROM searched WHERE record = new.id AND kind = 18);
END;
CREATE TRIGGER action_searched_no_more AFTER DELETE ON action BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 18);
    DELETE FROM searched WHERE record = old.id AND kind = 18;
END;
INSERT INTO searched (record, kind, scope) SELECT id, 18, scope FROM action;
INSERT INTO search (rowid, title, body)
SELECT s.no, coalesce(t.text, ''), trim(coalesce(t.who, '') || char(10) || coalesce(t.means, '') || char(10) || coalesce(t.payer, '') || char(10) || coalesce(t.evidence, '') || char(10) || coalesce(t.reply, '') || char(10) || coalesce(t.given_up, '')) FROM action t JOIN searched s ON s.record = t.id AND s.kind = 18;

CREATE TRIGGER meeting_searched AFTER INSERT ON meeting BEGIN
    INSERT INTO searched (record, kind, scope) VALUES (new.id, 28, new.scope);
    INSERT INTO search (rowid, title, body)
    VALUES ((SELECT no FROM searched WHERE record = new.id AND kind = 28), coalesce(new.venue, ''), trim(coalesce(new.agenda, '') || char(10) || coalesce(new.notes, '')));
END;
CREATE TRIGGER meeting_searched_again AFTER UPDATE ON meeting WHEN NOT (old.venue IS new.venue AND old.agenda IS new.agenda AND old.notes IS new.notes) BEGIN
    UPDATE search SET title = coalesce(new.venue, ''), body = trim(coalesce(new.agenda, '') || char(10) || coalesce(new.notes, ''))
    WHERE rowid = (SELECT no FROM searched WHERE record = new.id AND kind = 28);
END;
CREATE TRIGGER meeting_searched_no_more AFTER DELETE ON meeting BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 28);
    DELETE FROM searched WHERE record = old.id AND kind = 28;
END;
INSERT INTO searched (record, kind, scope) SELECT id, 28, scope FROM meeting;
INSERT INTO search (rowid, title, body)
SELECT s.no, coalesce(t.venue, ''), trim(coalesce(t.agenda, '') || char(10) || coalesce(t.notes, '')) FROM meeting t JOIN searched s ON s.record = t.id AND s.kind = 28;

CREATE TRIGGER decision_searched AFTER INSERT ON decision BEGIN
    INSERT INTO searched (record, kind, scope) VALUES (new.id, 30, new.scope);
    INSERT INTO search (rowid, title, body)
    VALUES ((SELECT no FROM searched WHERE record = new.id AND kind = 30), coalesce(new.text, ''), '');
END;
CREATE TRIGGER decision_searched_again AFTER UPDATE ON decision WHEN NOT (old.text IS new.text) BEGIN
    UPDATE search SET title = coalesce(new.text, ''), body = ''
    WHERE rowid = (SELECT no FROM searched WHERE record = new.id AND kind = 30);
END;
CREATE TRIGGER decision_searched_no_more AFTER DELETE ON decision BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 30);
    DELETE FROM searched WHERE record = old.id AND kind = 30;
END;
INSERT INTO searched (record, kind, scope) SELECT id, 30, scope FROM decision;
INSERT INTO search (rowid, title, body)
SELECT s.no, coalesce(t.text, ''), '' FROM decision t JOIN searched s ON s.record = t.id AND s.kind = 30;
