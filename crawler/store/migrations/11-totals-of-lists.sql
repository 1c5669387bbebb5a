-- Whether a list has grown, though its first page is as it was: a post may be dated back.
ALTER TABLE mark ADD COLUMN total INTEGER;     -- articles that the list said it had
