-- What the place of a laptop below is called, and what lies above it: a region does not hold that place's records.
ALTER TABLE device ADD COLUMN place_name TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN above BLOB;
