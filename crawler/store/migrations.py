"""How the ledger's tables came to be, step by step; a new ledger goes through all of them.

A step is never changed once it has landed: ledgers of every earlier version are on disks.
"""

_FIRST = """
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
"""

# Revisits, deletions, runs, and counters that the same transaction keeps right by itself.
_SECOND = """
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
"""

# The raw archive: where each answer stands in the WARC files.
_THIRD = """
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
"""

# With all that is asked of them, the articles given up are counted without looking each one up.
_FOURTH = """
DROP INDEX article_given_up;
CREATE INDEX article_given_up ON article (reason, state, due)
    WHERE state = 'failed' AND due IS NULL;
"""

# Captures in web archives, as work, and how far the searches for them have come.
_FIFTH = """
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
"""

# The audit: native ids in order, articles by road and by what became of them, articles by day.
_SIXTH = """
ALTER TABLE article ADD COLUMN roads INTEGER NOT NULL DEFAULT 0;   -- that told of it, as bits
CREATE TABLE road_bit (road TEXT PRIMARY KEY, bit INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO road_bit VALUES ('rss', 1), ('api', 2), ('html', 4), ('sitemap', 8), ('ids', 16),
    ('urls', 32), ('wayback', 64), ('warc', 128);
CREATE TABLE day_count (               -- of publication, in the agency's zone
    edition TEXT NOT NULL, day TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (edition, day)
) WITHOUT ROWID;

UPDATE article SET roads = (SELECT coalesce(sum(bit), 0)
    FROM sighting JOIN road_bit USING (road) WHERE article_id = id);
INSERT INTO day_count SELECT coalesce(edition, ''), substr(published_at, 1, 10), count(*)
    FROM article WHERE published_at IS NOT NULL GROUP BY 1, 2;
CREATE INDEX article_number ON article (CAST(substr(id, instr(id, ':') + 1) AS INTEGER))
    WHERE substr(id, instr(id, ':') + 1) NOT GLOB '*[^0-9]*';
CREATE INDEX article_kind ON article (state, reason, edition, roads);

CREATE TRIGGER note_roads AFTER INSERT ON article BEGIN
    UPDATE article SET roads = (SELECT coalesce(sum(bit), 0)
        FROM sighting JOIN road_bit USING (road) WHERE article_id = NEW.id) WHERE id = NEW.id;
END;
CREATE TRIGGER note_road AFTER INSERT ON sighting BEGIN
    UPDATE article SET roads = roads | bit FROM road_bit
        WHERE id = NEW.article_id AND road = NEW.road AND NOT roads & bit;
END;
CREATE TRIGGER count_new_day AFTER INSERT ON article WHEN NEW.published_at IS NOT NULL BEGIN
    INSERT INTO day_count VALUES (coalesce(NEW.edition, ''), substr(NEW.published_at, 1, 10), 1)
        ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER count_changed_day AFTER UPDATE OF edition, published_at ON article
WHEN OLD.edition IS NOT NEW.edition OR OLD.published_at IS NOT NEW.published_at
BEGIN
    UPDATE day_count SET number = number - 1 WHERE edition = coalesce(OLD.edition, '')
        AND day = substr(OLD.published_at, 1, 10);
    INSERT INTO day_count
        SELECT coalesce(NEW.edition, ''), substr(NEW.published_at, 1, 10), 1
        WHERE NEW.published_at IS NOT NULL
        ON CONFLICT DO UPDATE SET number = number + 1;
END;
"""

# What a web archive's index shows is a road's, too; what of it has no version yet is looked up.
_SEVENTH = """
UPDATE article SET roads = roads | 64 WHERE id IN (SELECT article_id FROM archived);
CREATE INDEX article_archived ON article (state, version, edition, roads)
    WHERE state = 'archived' AND version IS NULL;
CREATE TRIGGER note_archive AFTER INSERT ON archived BEGIN
    UPDATE article SET roads = roads | 64 WHERE id = NEW.article_id AND NOT roads & 64;
END;
"""

# A WARC file of others is another road than a web archive, though their captures stand together.
_EIGHTH = """
DROP TRIGGER note_archive;
UPDATE article SET roads = roads & ~64 | (
    SELECT max(address NOT LIKE 'warc://%') * 64 | max(address LIKE 'warc://%') * 128
    FROM archived WHERE article_id = id
) WHERE id IN (SELECT article_id FROM archived);
CREATE TRIGGER note_archive AFTER INSERT ON archived BEGIN
    UPDATE article SET roads = roads | iif(NEW.address LIKE 'warc://%', 128, 64)
        WHERE id = NEW.article_id AND NOT roads & iif(NEW.address LIKE 'warc://%', 128, 64);
END;
CREATE TRIGGER note_archive_of_renewed AFTER UPDATE OF address ON archived BEGIN
    UPDATE article SET roads = roads | iif(NEW.address LIKE 'warc://%', 128, 64)
        WHERE id = NEW.article_id AND NOT roads & iif(NEW.address LIKE 'warc://%', 128, 64);
END;
"""

# Ids that were asked for by number alone, and of which nobody has an answer yet: they are missing.
_NINTH = """
CREATE INDEX article_asked ON article (CAST(substr(id, instr(id, ':') + 1) AS INTEGER))
    WHERE substr(id, instr(id, ':') + 1) NOT GLOB '*[^0-9]*' AND version IS NULL
    AND state IN ('pending', 'failed') AND NOT roads & 207;
"""

# Which versions were recorded when they were fetched: those before them cannot be from later.
_TENTH = """
ALTER TABLE version ADD COLUMN is_visit INTEGER;       -- null: an earlier release did not note it
"""

# Whether a list has grown, though its first page is as it was: a post may be dated back.
_ELEVENTH = """
ALTER TABLE mark ADD COLUMN total INTEGER;     -- articles that the list said it had
"""

# What the site itself lists is not gone, and an absence says what was asked. Those of before do
# not: they may be the API's, while the page was there. An article that is missing is seen again.
_TWELFTH = """
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
"""

MIGRATIONS = (
    *(_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH, _SIXTH, _SEVENTH, _EIGHTH),
    *(_NINTH, _TENTH, _ELEVENTH, _TWELFTH),
)
SCHEMA_VERSION = len(MIGRATIONS)
