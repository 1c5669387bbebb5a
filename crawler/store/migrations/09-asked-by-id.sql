-- Ids that were asked for by number alone, and of which nobody has an answer yet: they are missing.
CREATE INDEX article_asked ON article (CAST(substr(id, instr(id, ':') + 1) AS INTEGER))
    WHERE substr(id, instr(id, ':') + 1) NOT GLOB '*[^0-9]*' AND version IS NULL
    AND state IN ('pending', 'failed') AND NOT roads & 207;
