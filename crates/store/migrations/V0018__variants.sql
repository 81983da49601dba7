-- What a place counts under a measure in its own words, and which of them a value was counted by.

CREATE TABLE variant (
    id BLOB PRIMARY KEY NOT NULL, scope BLOB NOT NULL, stamps BLOB NOT NULL, deleted INTEGER,
    place BLOB, indicator TEXT, version INTEGER, numerator TEXT, denominator TEXT, day TEXT, reason TEXT
) WITHOUT ROWID;
CREATE INDEX variant_by_place ON variant (place, indicator);

ALTER TABLE measurement ADD COLUMN variant BLOB;
