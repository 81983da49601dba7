-- What was removed at a place is looked for in its own values alone.

CREATE INDEX measurement_by_scope ON measurement (scope);
