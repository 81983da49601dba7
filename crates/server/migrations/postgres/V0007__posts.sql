-- What the person who enrols a laptop holds besides the role and place of the row: posts in CBOR, none for none.
ALTER TABLE invitation ADD COLUMN also bytea;
ALTER TABLE replica ADD COLUMN also bytea;
