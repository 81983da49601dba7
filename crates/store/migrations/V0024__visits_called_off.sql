-- Why a planned visit was called off.

ALTER TABLE visit ADD COLUMN called_off TEXT;
