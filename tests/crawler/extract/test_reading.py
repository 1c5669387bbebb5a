import pytest
from scrapy.settings import BaseSettings
from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.extract.article import read_article
from crawler.extract.document import Document
from crawler.extract.errors import AnotherArticle
from crawler.model.identity import Identity, NotAnArticle
from pages.uza import LAYOUTS, RULES
from pipelines.reading import CleanBody, Refused

NORMALISERS = load_normalisers(get_project_settings(), RULES)
POST = b'{"title": "A dam", "content": "<p>The dam was closed.</p><p>N. Tolzorova, UzA</p>"}'


def test_steps_are_the_crawls_own_without_those_that_store() -> None:
    assert [type(normaliser).__name__ for normaliser in NORMALISERS] == [
        "CleanBody",
        "CheckCategory",
        "ReadByline",
        "ReadTimestamp",
        "SettleLanguage",
        "Validate",
    ]


def test_step_that_is_switched_off_is_left_out() -> None:
    pipelines = {"pipelines.reading.CleanBody": 1, "pipelines.reading.Validate": None}
    normalisers = load_normalisers(BaseSettings({"ITEM_PIPELINES": pipelines}), RULES)
    assert [type(normaliser) for normaliser in normalisers] == [CleanBody]


def test_article_is_read_as_a_crawl_reads_it() -> None:
    document = Document("http://www.uza.uz/en/posts/a-dam_12?q=1", 200, {}, POST)
    article = read_article(document, LAYOUTS, NORMALISERS, fetched_at="2024-05-01T18:44:00Z")
    assert (article.id, article.url) == ("uza:12", "https://uza.uz/posts/a-dam_12")
    assert (article.body, article.byline_raw) == ("The dam was closed.", "N. Tolzorova, UzA")
    assert article.fetched_at == article.first_seen_at == "2024-05-01T18:44:00Z"


def test_page_at_no_articles_address_is_refused() -> None:
    with pytest.raises(NotAnArticle):
        read_article(Document("https://agency.example/a_12", 200, {}, POST), LAYOUTS, NORMALISERS)


def test_page_without_a_title_is_refused_by_the_schema() -> None:
    page = b"<div class=content-block><p>The dam was closed.</p></div>"
    with pytest.raises(Refused) as caught:
        read_article(Document("https://uza.uz/posts/a-dam_12", 200, {}, page), LAYOUTS, NORMALISERS)
    assert caught.value.reason == "title"


def test_an_answer_that_names_another_article_is_not_the_one_asked_for() -> None:
    body = b'{"id": 12, "title": "A dam", "content": "<p>Text.</p>"}'
    document = Document(
        "https://api.uza.uz/api/v1/posts/11", 200, {"content-type": "application/json"}, body
    )
    identity = Identity("uza:11", "https://uza.uz/posts/11")
    with pytest.raises(AnotherArticle):
        read_article(document, LAYOUTS, NORMALISERS, identity=identity)
    identity = Identity("uza:12", "https://uza.uz/posts/12")
    assert read_article(document, LAYOUTS, NORMALISERS, identity=identity).title == "A dam"
