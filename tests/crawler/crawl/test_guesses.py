from crawler.crawl.guessed_articles import Texts

STORY = "The mill opened today.\n\nIt grinds the corn of all of the villages around it, day by day."
OTHER = "The mill opened today.\n\nBread is dearer in the city, where nobody has built one so far."
WALL = "Sign in to go on.\n\nMembers read all of our stories and save those that they like."


def test_a_text_that_another_article_has_too_is_shared_whichever_was_first() -> None:
    texts = Texts()
    for article, text in (
        ("a:1", WALL),
        ("a:2", WALL),
        ("a:3", WALL + "\n\nMay 1"),
        ("a:4", STORY),
    ):
        texts.note(article, text)
    shared = [texts.are_shared(article, WALL) for article in ("a:1", "a:2", "a:3")]
    assert shared == [True] * 3
    assert not texts.are_shared("a:4", STORY)


def test_a_sentence_in_common_is_no_shared_text_nor_is_ones_own() -> None:
    texts = Texts()
    for article, text in (("a:1", STORY), ("a:2", OTHER), ("a:1", STORY)):
        texts.note(article, text)
    assert not texts.are_shared("a:1", STORY)
    assert not texts.are_shared("a:2", OTHER)


def test_one_text_alone_has_nothing_to_be_compared_with() -> None:
    texts = Texts()
    for article, others in (("a:1", False), ("a:1", False), ("a:2", True), ("a:3", True)):
        texts.note(article, STORY)
        assert texts.has_others(article) is others
    assert texts.has_others("a:1")
