-- Revisits, deletions, runs, and counters that the same transaction keeps right by itself.
ALTER TABLE article ADD COLUMN edition TEXT;
ALTER TABLE article ADD COLUMN published_at TEXT;
ALTER TABLE article ADD COLUMN year TEXT;              -- of publication; null if unknown
ALTER TABLE article ADD COLUMN etag TEXT;              -- validators of the page as last read
ALTER TABLE article ADD COLUMN last_modified TEXT;
ALTER TABLE article ADD COLUMN size INTEGER;           -- bytes that a 304 saves
ALTER TABLE article ADD COLUMN code TEXT;              -- the reading code that read that page
CREATE INDEX article_backfill ON article (backfill, priority, due, id DESC)
    WHERE backfill IS NOT NULL;
CREATE INDEX article_year ON article (year, id) WHERE version IS NOT NULL;
CREATE INDEX article_pending ON article (found_at) WHERE state = 'pending';
CREATE INDEX article_given_up ON article (reason) WHERE state = 'failed' AND due IS NULL;
ALTER TABLE version ADD COLUMN edition TEXT;
ALTER TABLE version ADD COLUMN layout TEXT;
CREATE INDEX version_recent ON version (edition, layout, fetched_at);
CREATE TABLE absence (                 -- answers that showed a stored article to be missing
    article_id TEXT NOT NULL,
    at TEXT NOT NULL,
    status INTEGER NOT NULL,
    PRIMARY KEY (article_id, at)
) WITHOUT ROWID;
CREATE TABLE run (
    id TEXT PRIMARY KEY,
    ended INTEGER NOT NULL DEFAULT 0,  -- 0: it runs, or was killed
    report TEXT NOT NULL               -- JSON, as of the last commit
) WITHOUT ROWID;
CREATE TABLE changed_year (year TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE article_count (
    state TEXT NOT NULL, edition TEXT NOT NULL, year TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (state, edition, year)
) WITHOUT ROWID;
CREATE TABLE version_count (
    change TEXT PRIMARY KEY, number INTEGER NOT NULL
) WITHOUT ROWID;

UPDATE article SET priority = priority + 1 WHERE priority > 0;
UPDATE article SET edition =
    (SELECT edition FROM sighting WHERE article_id = id AND edition IS NOT NULL LIMIT 1);
-- What is stored is visited within a week, and tells the rest then.
UPDATE article SET priority = 1, due = strftime('%s', 'now') + abs(random() % 604800)
    WHERE version IS NOT NULL AND due IS NULL;
INSERT INTO article_count
    SELECT state, coalesce(edition, ''), '', count(*) FROM article GROUP BY 1, 2;
INSERT INTO version_count SELECT change, count(*) FROM version GROUP BY 1;

CREATE TRIGGER count_new_article AFTER INSERT ON article BEGIN
    INSERT INTO article_count
        VALUES (NEW.state, coalesce(NEW.edition, ''), coalesce(NEW.year, ''), 1)
        ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER count_changed_article AFTER UPDATE OF state, edition, year ON article
WHEN OLD.state IS NOT NEW.state OR OLD.edition IS NOT NEW.edition OR OLD.year IS NOT NEW.year
BEGIN
    UPDATE article_count SET number = number - 1 WHERE state = OLD.state
        AND edition = coalesce(OLD.edition, '') AND year = coalesce(OLD.year, '');
    INSERT INTO article_count
        VALUES (NEW.state, coalesce(NEW.edition, ''), coalesce(NEW.year, ''), 1)
        ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER count_version AFTER INSERT ON version BEGIN
    INSERT INTO version_count VALUES (NEW.change, 1)
        ON CONFLICT DO UPDATE SET number = number + 1;
END;
