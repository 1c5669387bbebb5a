-- With all that is asked of them, the articles given up are counted without looking each one up.
DROP INDEX article_given_up;
CREATE INDEX article_given_up ON article (reason, state, due)
    WHERE state = 'failed' AND due IS NULL;
