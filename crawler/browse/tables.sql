CREATE TABLE article (
    place INTEGER PRIMARY KEY,         -- grows with the time of publication
    id TEXT NOT NULL UNIQUE, agency TEXT NOT NULL,
    edition TEXT, language TEXT, year TEXT, month TEXT, published_at TEXT,
    category TEXT, authors TEXT NOT NULL,      -- JSON
    change TEXT NOT NULL, version INTEGER NOT NULL, versions INTEGER NOT NULL,
    is_edited INTEGER NOT NULL,        -- whether any version is an edit
    url TEXT NOT NULL, image TEXT, has_capture INTEGER NOT NULL,
    title TEXT NOT NULL, summary TEXT, body TEXT NOT NULL
);
CREATE INDEX article_image ON article (image) WHERE image IS NOT NULL;
CREATE INDEX article_published ON article (published_at, category);
CREATE INDEX article_counted ON article (agency, edition, month, published_at, change, is_edited);
CREATE TABLE version (                 -- title and body: of all but the newest
    article_id TEXT NOT NULL, number INTEGER NOT NULL, change TEXT NOT NULL,
    fetched_at TEXT NOT NULL, title TEXT, body TEXT,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;
CREATE TABLE translation (
    article_id TEXT NOT NULL, other_id TEXT NOT NULL, evidence TEXT NOT NULL,
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE INDEX translation_other ON translation (other_id);
CREATE TABLE month_count (             -- "" is an unknown month
    agency TEXT NOT NULL, edition TEXT NOT NULL, month TEXT NOT NULL, articles INTEGER NOT NULL,
    PRIMARY KEY (agency, month, edition)
) WITHOUT ROWID;
CREATE TABLE agency (
    agency TEXT PRIMARY KEY, articles INTEGER NOT NULL, edited INTEGER NOT NULL,
    gone INTEGER NOT NULL, first TEXT, last TEXT
) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
