"""Whatever a site sends, reading it ends in a valid row or in a documented refusal."""

from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.exceptions import DropItem
from scrapy.utils.project import get_project_settings

from crawler.identity import NotAnArticle, identify
from crawler.items import Article
from crawler.page import Document
from crawler.reading import load_steps, read_article
from crawler.unreadable import UnreadablePage
from pages.uza import LAYOUTS, RULES

STEPS = load_steps(get_project_settings(), RULES)
URL = "https://uza.uz/posts/mill_7"

# What pages of the agency are made of, in any order, unclosed and repeated.
PIECES = st.sampled_from(
    [
        '<div class="news-top-head__title">',
        '<div class="news-top-head__date">',
        '<div class="content-block">',
        "<h4>",
        "<p>",
        "</p>",
        "</div>",
        "<br><br>",
        "<ul><li>",
        "<table><tr><td>",
        "<pre><code>&lt;iframe src=&quot;https://example.org/v&quot;&gt;",
        '<figure class="image"><img src="/a_small.jpg"><figcaption>',
        "<script>",
        "<!--",
        "The mill stands by the river.",
        "23:44 / 2024-05-01",
        "31.02.2024 25:61",
        "01.05.2014 10:00",
        "UzA English",
        "Nodira Tolzorova, UzA",
        "5 153",
        "[gallery-7163]",
        "\x00",
        "\ufffd",
        "\u202e",
        "‘oʻ’",
    ]
)
PAGES = st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=40).map("".join)
POSTS: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
    {
        "id": st.one_of(st.integers(), st.text(max_size=5), st.none()),
        "title": st.one_of(st.text(max_size=40), st.none(), st.integers()),
        "content": st.one_of(PAGES, st.none(), st.lists(st.integers(), max_size=2)),
    },
    optional={
        "publish_time": st.one_of(st.text(max_size=20), st.just("2024-05-01 23:44:10"), st.none()),
        "category": st.one_of(
            st.none(), st.text(max_size=5), st.dictionaries(st.text(), st.text())
        ),
        "tags": st.one_of(st.none(), st.lists(st.one_of(st.none(), st.just({"title": "water"})))),
        "files": st.one_of(st.none(), st.dictionaries(st.text(), st.text()), st.just([{}])),
        "translations": st.one_of(st.none(), st.lists(st.just({"id": 8, "slug": "m_8"}))),
    },
)


def read(body: bytes, url: str = URL) -> Article | None:
    """Read an article, or be refused for a documented reason."""
    try:
        row = read_article(Document(url, 200, {"content-type": "text/html"}, body), LAYOUTS, STEPS)
    except (UnreadablePage, NotAnArticle, DropItem):
        return None
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(row)), Article) == row
    return row


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    read(body)


@settings(deadline=timedelta(seconds=2), max_examples=150)
@given(PAGES)
def test_any_page_is_read_or_refused(page: str) -> None:
    read(page.encode("utf-8", "surrogatepass"))


@settings(deadline=timedelta(seconds=2), max_examples=150)
@given(POSTS, st.booleans())
def test_any_answer_of_the_api_is_read_or_refused(post: object, wrapped: bool) -> None:
    read(msgspec.json.encode({"data": post} if wrapped else post))


@given(st.text(max_size=60))
def test_any_address_is_an_article_or_refused(address: str) -> None:
    try:
        identity = identify(f"https://uza.uz/posts/{address}", RULES.address, RULES.name)
    except NotAnArticle:
        return
    assert identify(identity.url, RULES.address, RULES.name) == identity


def test_the_pieces_do_make_articles() -> None:
    page = (
        '<div class="news-top-head__title">Mill</div><div class="news-top-head__date">'
        '23:44 / 2024-05-01</div><div class="content-block"><p>The mill stands by the river.</p>'
        "<p>Nodira Tolzorova, UzA</p></div>"
    )
    row = read(page.encode())
    assert row is not None
    assert (row.body, row.authors[0].name) == ("The mill stands by the river.", "Nodira Tolzorova")
