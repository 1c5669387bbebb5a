-- Which versions were recorded when they were fetched: those before them cannot be from later.
ALTER TABLE version ADD COLUMN is_visit INTEGER;       -- null: an earlier release did not note it
