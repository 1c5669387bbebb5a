-- What a web archive's index shows is a road's, too; what of it has no version yet is looked up.
UPDATE article SET roads = roads | 64 WHERE id IN (SELECT article_id FROM archived);
CREATE INDEX article_archived ON article (state, version, edition, roads)
    WHERE state = 'archived' AND version IS NULL;
CREATE TRIGGER note_archive AFTER INSERT ON archived BEGIN
    UPDATE article SET roads = roads | 64 WHERE id = NEW.article_id AND NOT roads & 64;
END;
