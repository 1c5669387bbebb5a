CREATE TABLE article (
    place INTEGER PRIMARY KEY,         -- grows with the time of publication
    id TEXT NOT NULL UNIQUE,
    edition TEXT, language TEXT, year TEXT, month TEXT, published_at TEXT,
    category TEXT, authors TEXT NOT NULL,      -- JSON
    change TEXT NOT NULL, version INTEGER NOT NULL, versions INTEGER NOT NULL,
    url TEXT NOT NULL, image TEXT, has_capture INTEGER NOT NULL,
    title TEXT NOT NULL, summary TEXT, body TEXT NOT NULL
);
CREATE INDEX article_image ON article (image) WHERE image IS NOT NULL;
CREATE INDEX article_published ON article (published_at, category);
CREATE TABLE version (
    article_id TEXT NOT NULL, number INTEGER NOT NULL, change TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;
CREATE TABLE translation (
    article_id TEXT NOT NULL, other_id TEXT NOT NULL, evidence TEXT NOT NULL,
    PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE INDEX translation_other ON translation (other_id);
CREATE TABLE month_count (             -- "" is an unknown month
    edition TEXT NOT NULL, month TEXT NOT NULL, articles INTEGER NOT NULL,
    PRIMARY KEY (month, edition)
) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- Only the index is kept: what is found stands in `article`.
CREATE VIRTUAL TABLE search USING fts5 (
    title, body, authors, facets, content = '', tokenize = 'unicode61 remove_diacritics 0'
);
-- Merged only when 16 parts of a size stand: a tenth less work, and searches are as quick.
INSERT INTO search (search, rank) VALUES ('automerge', 0);
