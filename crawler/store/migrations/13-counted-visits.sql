-- How many visits found an article, also those that recorded nothing new.
ALTER TABLE article ADD COLUMN visits INTEGER DEFAULT 0;   -- null: not counted from the first one
UPDATE article SET visits = NULL WHERE version IS NOT NULL;
