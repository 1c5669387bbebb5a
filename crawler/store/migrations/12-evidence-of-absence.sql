-- What the site itself lists is not gone, and an absence says what was asked. Those of before do
-- not: they may be the API's, while the page was there. An article that is missing is seen again.
ALTER TABLE sighting ADD COLUMN seen_at REAL;  -- Unix time when the road last showed it
DROP TABLE absence;
CREATE TABLE absence (                 -- answers that showed a stored article to be missing
    article_id TEXT NOT NULL,
    at TEXT NOT NULL,
    asked TEXT NOT NULL,               -- page api
    url TEXT NOT NULL,
    status INTEGER NOT NULL,
    PRIMARY KEY (article_id, at, asked)
) WITHOUT ROWID;
