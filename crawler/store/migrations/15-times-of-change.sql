-- A list that was read before an edit says nothing about it. Unix times: when the road changed what
-- it tells (null: it never did), and when it last told just that.
ALTER TABLE sighting ADD COLUMN changed_at REAL;
ALTER TABLE sighting ADD COLUMN told_at REAL;
