-- What is known of articles, and how far the listings were read.
CREATE TABLE article (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,                 -- canonical, fixed when the article is first found
    address TEXT NOT NULL,             -- where to fetch it: the one that last answered, or as found
    state TEXT NOT NULL,               -- pending stored missing gone failed refused absent
    reason TEXT,                       -- of the last failure, refusal or absence
    attempts INTEGER NOT NULL DEFAULT 0,   -- failures in a row
    due REAL,                          -- Unix time of the next fetch; null: none is planned
    priority INTEGER NOT NULL,
    backfill TEXT,                     -- the backfill that asked for it, if one did
    found_at TEXT NOT NULL,
    version INTEGER,                   -- the newest
    title TEXT,
    content_hash TEXT,
    first_seen_at TEXT,
    fetched_at TEXT
) WITHOUT ROWID;
CREATE INDEX article_due ON article (priority, due, id DESC) WHERE due IS NOT NULL;
CREATE TABLE sighting (                -- what each road said of an article, last
    article_id TEXT NOT NULL,
    road TEXT NOT NULL,
    url TEXT NOT NULL,
    edition TEXT, title TEXT, published_raw TEXT, modified_raw TEXT, category TEXT,
    PRIMARY KEY (article_id, road)
) WITHOUT ROWID;
CREATE TABLE version (
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    change TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    source TEXT NOT NULL, code TEXT NOT NULL,          -- of the extractor
    file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;
CREATE TABLE mark (
    edition TEXT NOT NULL,
    road TEXT NOT NULL,
    floor TEXT,                        -- order of the last entry of page 1 at the last whole walk
    page_one TEXT NOT NULL,            -- identities on that page 1, joined by newlines
    walked_at TEXT NOT NULL,
    PRIMARY KEY (edition, road)
) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (name TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
