-- The raw archive: where each answer stands in the WARC files.
CREATE TABLE capture (
    file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    kind TEXT NOT NULL,                -- response; revisit: its payload stands elsewhere; truncated
    status INTEGER NOT NULL,
    mime TEXT NOT NULL,
    digest TEXT NOT NULL,              -- of the payload
    uri TEXT NOT NULL,
    taken_at TEXT NOT NULL,            -- RFC 3339 in UTC
    article_id TEXT,                   -- null: of a listing, robots.txt ...
    code TEXT,                         -- digest of the code that last read it; null: none did
    version INTEGER                    -- the last that was read from it
);
CREATE INDEX capture_file ON capture (file, offset);
CREATE INDEX capture_digest ON capture (digest) WHERE kind = 'response';
CREATE INDEX capture_article ON capture (article_id, taken_at) WHERE article_id IS NOT NULL;
CREATE TABLE grown_file (name TEXT PRIMARY KEY) WITHOUT ROWID;  -- has captures without an index
