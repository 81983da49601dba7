-- Where the values of an import were counted, and the version of the definition that a value was counted by.

ALTER TABLE import ADD COLUMN source TEXT;
ALTER TABLE measurement ADD COLUMN version INTEGER;
