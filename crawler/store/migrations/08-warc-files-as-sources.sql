-- A WARC file of others is another road than a web archive, though their captures stand together.
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
