-- The audit: native ids in order, articles by road and by what became of them, articles by day.
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
