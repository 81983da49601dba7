-- What was observed of a trial, and what is said of its photos, is found by its words too.
DROP VIEW searchable;
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
SELECT 36, id, scope, coalesce(period, ''), trim(coalesce(expected, '') || char(10) || coalesce(happened, '') || char(10) || coalesce(why, '')) FROM pause
UNION ALL
SELECT 34, id, scope, coalesce(caption, ''), '' FROM photo
UNION ALL
SELECT 39, id, scope, coalesce(text, ''), '' FROM observation;

CREATE TRIGGER photo_searched AFTER INSERT ON photo BEGIN
    INSERT INTO unsearched (kind, record) SELECT 34, x'' WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 34 AND record = x'');
END;
CREATE TRIGGER photo_searched_again AFTER UPDATE ON photo WHEN NOT (old.caption IS new.caption) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 34, new.id
    WHERE EXISTS (SELECT 1 FROM searched WHERE record = new.id AND kind = 34) AND NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 34 AND record = new.id);
END;
CREATE TRIGGER photo_searched_no_more AFTER DELETE ON photo BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 34);
    DELETE FROM searched WHERE record = old.id AND kind = 34;
    DELETE FROM unsearched WHERE kind = 34 AND record = old.id;
END;

CREATE TRIGGER observation_searched AFTER INSERT ON observation BEGIN
    INSERT INTO unsearched (kind, record) SELECT 39, x'' WHERE NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 39 AND record = x'');
END;
CREATE TRIGGER observation_searched_again AFTER UPDATE ON observation WHEN NOT (old.text IS new.text) BEGIN
    INSERT INTO unsearched (kind, record) SELECT 39, new.id
    WHERE EXISTS (SELECT 1 FROM searched WHERE record = new.id AND kind = 39) AND NOT EXISTS (SELECT 1 FROM unsearched WHERE kind = 39 AND record = new.id);
END;
CREATE TRIGGER observation_searched_no_more AFTER DELETE ON observation BEGIN
    DELETE FROM search WHERE rowid = (SELECT no FROM searched WHERE record = old.id AND kind = 39);
    DELETE FROM searched WHERE record = old.id AND kind = 39;
    DELETE FROM unsearched WHERE kind = 39 AND record = old.id;
END;

INSERT INTO unsearched (kind, record) SELECT DISTINCT kind, x'' FROM searchable WHERE kind IN (34, 39);
