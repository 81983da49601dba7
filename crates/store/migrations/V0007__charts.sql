-- How charts are read (phases, frozen baselines, excluded points, settings, goals by date), what happened at a place, and
-- what was agreed to be done.

CREATE TABLE chart_phase (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, period TEXT, reason TEXT
) WITHOUT ROWID;
CREATE INDEX chart_phase_by_place ON chart_phase (place, indicator);

CREATE TABLE chart_freeze (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, period TEXT, reason TEXT
) WITHOUT ROWID;
CREATE INDEX chart_freeze_by_place ON chart_freeze (place, indicator);

CREATE TABLE excluded_point (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, period TEXT, reason TEXT
) WITHOUT ROWID;
CREATE INDEX excluded_point_by_place ON excluded_point (place, indicator);

CREATE TABLE chart_setting (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, chart TEXT, rules TEXT, reason TEXT
) WITHOUT ROWID;
CREATE INDEX chart_setting_by_place ON chart_setting (place, indicator);

CREATE TABLE chart_goal (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, period TEXT, goal REAL, reason TEXT
) WITHOUT ROWID;
CREATE INDEX chart_goal_by_place ON chart_goal (place, indicator);

CREATE TABLE event (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, sort TEXT, starts TEXT, ends TEXT, text TEXT
) WITHOUT ROWID;
CREATE INDEX event_by_place ON event (place, indicator);

CREATE TABLE action (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, text TEXT, who TEXT, due TEXT, origin TEXT, done TEXT
) WITHOUT ROWID;
CREATE INDEX action_by_place ON action (place, indicator);
