-- Captures in web archives, as work, and how far the searches for them have come.
CREATE TABLE archived (
    article_id TEXT NOT NULL,
    digest TEXT NOT NULL,              -- of the payload, as the archive's index tells it
    taken_at TEXT NOT NULL,            -- RFC 3339 in UTC
    address TEXT NOT NULL,             -- where the archive answers with the page as it was
    state TEXT NOT NULL,               -- pending done failed
    reason TEXT,                       -- of the last failure, or why it became no version
    attempts INTEGER NOT NULL DEFAULT 0,   -- failures in a row
    due REAL,                          -- Unix time of the next fetch; null: none is planned
    backfill TEXT NOT NULL,            -- the one that asked for it last
    PRIMARY KEY (article_id, digest)
) WITHOUT ROWID;
CREATE INDEX archived_due ON archived (backfill, taken_at) WHERE due IS NOT NULL;
CREATE TABLE search (
    query TEXT NOT NULL,
    backfill TEXT NOT NULL,
    place TEXT NOT NULL,               -- JSON: what is left of it
    PRIMARY KEY (query, backfill)
) WITHOUT ROWID;
