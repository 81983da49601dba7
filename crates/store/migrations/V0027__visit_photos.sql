-- Photos beside an answer of a visit, and signatures that were drawn.

ALTER TABLE photo ADD COLUMN visit BLOB;
ALTER TABLE photo ADD COLUMN list TEXT;
ALTER TABLE photo ADD COLUMN item TEXT;
ALTER TABLE photo ADD COLUMN round TEXT;
CREATE INDEX photo_by_visit ON photo (visit);

ALTER TABLE visit ADD COLUMN visitor_drawn TEXT;
ALTER TABLE visit ADD COLUMN received_drawn TEXT;
