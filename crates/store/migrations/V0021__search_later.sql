-- The index of what people wrote is brought up to date when somebody searches or the laptop has nothing else to do, no more with
-- each row: an exchange took eight times its time for it. Triggers note what is to be read again. What is removed leaves
-- the index at once; a text that was changed stands there as it was until then.

DROP TRIGGER cycle_searched;
DROP TRIGGER cycle_searched_again;
DROP TRIGGER cycle_searched_no_more;
DROP TRIGGER idea_searched;
DROP TRIGGER idea_searched_again;
DROP TRIGGER idea_searched_no_more;
DROP TRIGGER trial_searched;
DROP TRIGGER trial_searched_again;
DROP TRIGGER trial_searched_no_more;
DROP TRIGGER lesson_searched;
DROP TRIGGER lesson_searched_again;
DROP TRIGGER lesson_searched_no_more;
DROP TRIGGER event_searched;
DROP TRIGGER event_searched_again;
DROP TRIGGER event_searched_no_more;
DROP TRIGGER action_searched;
DROP TRIGGER action_searched_again;
DROP TRIGGER action_searched_no_more;
DROP TRIGGER meeting_searched;
DROP TRIGGER meeting_searched_again;
DROP TRIGGER meeting_searched_no_more;
DROP TRIGGER decision_searched;
DROP TRIGGER decision_searched_again;
DROP TRIGGER decision_searched_no_more;
DROP TRIGGER pause_searched;
DROP TRIGGER pause_searched_again;
DROP TRIGGER pause_searched_no_more;

DROP TABLE search_term;
DROP TABLE search;
DELETE FROM searched;
-- Beginnings of words are found in the list of words; an index of them beside it took as much room as the texts.
CREATE VIRTUAL TABLE search USING fts5 (title, body, tokenize = 'unicode61 remove_diacritics 2');
-- What is written anew leaves no trace of what stood there.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE search_term USING fts5vocab (search, row);

-- What is to be read again (the statement that fires a trigger chooses its conflict clause, so they ask first), and what is read of it: one arm a kind.
CREATE TABLE unsearched (kind INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY (kind, record)) WITHOUT ROWID;
CREATE VIEW searchable (kind, record, scope, title, body) AS
SELECT 3, id, scope, coalesce(title, ''), trim(coalesce(problem, '') || char(10) || coalesce(aim_who, '') || char(10) || coalesce(aim_what, '') || char(10) || coalesce(cause, '')) FROM cycle
UNION ALL
SELECT 7, id, scope, coalesce(text, ''), '' FROM idea
UNION ALL
SELECT 8, id, scope, coalesce(title, ''), trim(coalesce(who, '') || char(10) || coalesce(scale, '') || char(10) || coalesce(prediction, '') || char(10) || coalesce(happened, '') || char(10) || coalesce(learned, '')) FROM trial
UNION ALL
SELECT 9, id, scope, coalesce(title, ''), trim(coalesce(what, '') || char(10) || coalesce(tried, '') || char(10) || coalesce(conditions, '') || char(10) || coalesce(cost, '') || char(10) || coalesce(evidence, '')) FROM lesson
UNION ALL
SELECT 17, id, scope, coalesce(text, ''), '' FROM event
UNION ALL
SELECT 18, id, scope, coalesce(text, ''), trim(coalesce(who, '') || char(10) || coalesce(means, '') || char(10) || coalesce(payer, '') || char(10) || coalesce(evidence, '') || char(10) || coalesce(reply, '') || char(10) || coalesce(given_up, '')) FROM action
UNION ALL
SELECT 28, id, scope, coalesce(venue, ''), trim(coalesce(agenda, '') || char(10) || coalesce(notes, '')) FROM meeting
UNION ALL
SELECT 30, id, scope, coalesce(text, ''), '' FROM decision
UNION ALL
SELECT 36, id, scope, coalesce(period, ''), trim(coalesce(expected, '') || char(10) || coalesce(happened, '') || char(10) || coalesce(why, '')) FROM pause;

CREATE TRIGGER cycle_searched AFTER INSERT ON cycle BEGIN
    INSERT INTO unsearched (kind, record) SELECT 3, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 3 AND record = new.id);
END;
CREATE TRIGGER cycle_searched_again AFTER UPDATE ON cycle WHEN NOT (old.title IS new.title AND old.problem IS new.problem AND old.aim_who IS new.aim_who AND old.aim_what IS new.aim_what AND old.cause IS new.cause) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 3, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 3 AND record = new.id);
END;
CREATE TRIGGER cycle_searched_no_more AFTER DELETE ON cycle BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 3);
    DELETE FROM searched WHERE record = old.id AND kind = 3;
    DELETE FROM unsearched WHERE kind = 3 AND record = old.id;
END;

CREATE TRIGGER idea_searched AFTER INSERT ON idea BEGIN
    INSERT INTO unsearched (kind, record) SELECT 7, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 7 AND record = new.id);
END;
CREATE TRIGGER idea_searched_again AFTER UPDATE ON idea WHEN NOT (old.text IS new.text) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 7, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 7 AND record = new.id);
END;
CREATE TRIGGER idea_searched_no_more AFTER DELETE ON idea BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 7);
    DELETE FROM searched WHERE record = old.id AND kind = 7;
    DELETE FROM unsearched WHERE kind = 7 AND record = old.id;
END;

CREATE TRIGGER trial_searched AFTER INSERT ON trial BEGIN
    INSERT INTO unsearched (kind, record) SELECT 8, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 8 AND record = new.id);
END;
CREATE TRIGGER trial_searched_again AFTER UPDATE ON trial WHEN NOT (old.title IS new.title AND old.who IS new.who AND old.scale IS new.scale AND old.prediction IS new.prediction AND old.happened IS new.happened AND old.learned IS new.learned) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 8, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 8 AND record = new.id);
END;
CREATE TRIGGER trial_searched_no_more AFTER DELETE ON trial BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 8);
    DELETE FROM searched WHERE record = old.id AND kind = 8;
    DELETE FROM unsearched WHERE kind = 8 AND record = old.id;
END;

CREATE TRIGGER lesson_searched AFTER INSERT ON lesson BEGIN
    INSERT INTO unsearched (kind, record) SELECT 9, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 9 AND record = new.id);
END;
CREATE TRIGGER lesson_searched_again AFTER UPDATE ON lesson WHEN NOT (old.title IS new.title AND old.what IS new.what AND old.tried IS new.tried AND old.conditions IS new.conditions AND old.cost IS new.cost AND old.evidence IS new.evidence) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 9, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 9 AND record = new.id);
END;
CREATE TRIGGER lesson_searched_no_more AFTER DELETE ON lesson BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 9);
    DELETE FROM searched WHERE record = old.id AND kind = 9;
    DELETE FROM unsearched WHERE kind = 9 AND record = old.id;
END;

CREATE TRIGGER event_searched AFTER INSERT ON event BEGIN
    INSERT INTO unsearched (kind, record) SELECT 17, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 17 AND record = new.id);
END;
CREATE TRIGGER event_searched_again AFTER UPDATE ON event WHEN NOT (old.text IS new.text) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 17, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 17 AND record = new.id);
END;
CREATE TRIGGER event_searched_no_more AFTER DELETE ON event BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 17);
    DELETE FROM searched WHERE record = old.id AND kind = 17;
    DELETE FROM unsearched WHERE kind = 17 AND record = old.id;
END;

CREATE TRIGGER action_searched AFTER INSERT ON action BEGIN
    INSERT INTO unsearched (kind, record) SELECT 18, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 18 AND record = new.id);
END;
CREATE TRIGGER action_searched_again AFTER UPDATE ON action WHEN NOT (old.text IS new.text AND old.who IS new.who AND old.means IS new.means AND old.payer IS new.payer AND old.evidence IS new.evidence AND old.reply IS new.reply AND old.given_up IS new.given_up) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 18, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 18 AND record = new.id);
END;
CREATE TRIGGER action_searched_no_more AFTER DELETE ON action BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 18);
    DELETE FROM searched WHERE record = old.id AND kind = 18;
    DELETE FROM unsearched WHERE kind = 18 AND record = old.id;
END;

CREATE TRIGGER meeting_searched AFTER INSERT ON meeting BEGIN
    INSERT INTO unsearched (kind, record) SELECT 28, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 28 AND record = new.id);
END;
CREATE TRIGGER meeting_searched_again AFTER UPDATE ON meeting WHEN NOT (old.venue IS new.venue AND old.agenda IS new.agenda AND old.notes IS new.notes) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 28, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 28 AND record = new.id);
END;
CREATE TRIGGER meeting_searched_no_more AFTER DELETE ON meeting BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 28);
    DELETE FROM searched WHERE record = old.id AND kind = 28;
    DELETE FROM unsearched WHERE kind = 28 AND record = old.id;
END;

CREATE TRIGGER decision_searched AFTER INSERT ON decision BEGIN
    INSERT INTO unsearched (kind, record) SELECT 30, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 30 AND record = new.id);
END;
CREATE TRIGGER decision_searched_again AFTER UPDATE ON decision WHEN NOT (old.text IS new.text) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 30, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 30 AND record = new.id);
END;
CREATE TRIGGER decision_searched_no_more AFTER DELETE ON decision BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 30);
    DELETE FROM searched WHERE record = old.id AND kind = 30;
    DELETE FROM unsearched WHERE kind = 30 AND record = old.id;
END;

CREATE TRIGGER pause_searched AFTER INSERT ON pause BEGIN
    INSERT INTO unsearched (kind, record) SELECT 36, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 36 AND record = new.id);
END;
CREATE TRIGGER pause_searched_again AFTER UPDATE ON pause WHEN NOT (old.period IS new.period AND old.expected IS new.expected AND old.happened IS new.happened AND old.why IS new.why) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 36, new.id WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 36 AND record = new.id);
END;
CREATE TRIGGER pause_searched_no_more AFTER DELETE ON pause BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 36);
    DELETE FROM searched WHERE record = old.id AND kind = 36;
    DELETE FROM unsearched WHERE kind = 36 AND record = old.id;
END;

INSERT INTO unsearched (kind, record) SELECT kind, record FROM searchable;
