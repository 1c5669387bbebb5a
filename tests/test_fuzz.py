"""Random answers, addresses, bylines and dates: only documented exceptions, only right types."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.discovery.feeds import RssFeed, Sitemap
from crawler.discovery.listing import Listing, ListPage, NotAListing
from crawler.discovery.lists import ApiList, HtmlList
from crawler.extract.article import read_article
from crawler.extract.document import Document
from crawler.extract.errors import UnreadablePage
from crawler.model.article import Article
from crawler.model.identity import Identity, NotAnArticle, identify
from crawler.model.link import Link
from crawler.text.byline import Byline, read_byline
from crawler.text.byline_end import split_byline
from crawler.text.dates import Timestamp, UnreadableDate, read_timestamp
from pages.uza import LAYOUTS, LIST_LINKS, RULES
from pipelines.reading import Refused

NORMALISERS = load_normalisers(get_project_settings(), RULES)
ADDRESS = "https://uza.uz/en/posts/a-story_600101"

MARKUP = st.sampled_from(
    [
        '<div class="news-top-head__title">', '<div class="news-top-head__date">', "</div>", "<p>",
        '<div class="content-block">', "<h4>", "</h4>", "</p>", '<img src="', '">', "<pre><code>",
        '<figure class="image"><img src="/a_small.jpg">', "&lt;iframe src=", "</code></pre>",
        '<a class="news-tags__item" href="/posts/tag/', "</a>", "<table><tr><td>", "<script>",
        "<!--", "<br>",
        '<a class="small-news__title" href="', "<meta charset=", "<svg>", "<template>", "&#xD800;",
        "&nbsp;", "\x00", "<html><body>", "<title>", '<iframe src="//', "<ul><li>", "<b><i></b>",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "23:44 / 2024-05-01", "31.02.2024 25:61", "01.05.2019", "Malika Nurova, UzA", "5 153",
        "(сурат), ЎзА", "UzA English", "[gallery-7]", "A long sentence of words that goes on. ",
        "photo by", "ЎзА", "O‘zA", "\n", "\u2028", "\u202e", "́", "👩‍🚀", "ا", "中文", "\ufeff",
    ]
)  # fmt: skip
FRAGMENTS = st.lists(MARKUP | WORDS | st.text(max_size=12), max_size=25).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | FRAGMENTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
POST_FIELDS = (
    "id", "slug", "title", "description", "content", "body", "publish_time", "updated_at",
    "category", "tags", "files", "translations", "thumbnails", "domain", "folder", "file",
)  # fmt: skip
POSTS = st.dictionaries(st.sampled_from(POST_FIELDS), VALUES, max_size=10)
FEED = st.lists(
    st.sampled_from(
        [
            "<rss>", "<channel>", "<item>", "</item>", "<link>", "</link>", "<pubDate>", "<title>",
            "</title>", '<feed xmlns="http://www.w3.org/2005/Atom">', "<entry>", "<url>",
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">', "<loc>", "</loc>",
            "<![CDATA[", "]]>", "<!DOCTYPE rss [", "<!ENTITY a 'b'>", "]>", "&a;", "<?xml ?>",
            ADDRESS, "<urlset>",
        ]
    )
    | st.text(max_size=8),
    max_size=20,
).map("".join)  # fmt: skip


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def page(title: str, date: str, body: str) -> str:
    """Put fragments where a page of the current site has its fields."""
    return (
        f'<div class="news-top-head__title">News {title}</div>'
        f'<div class="news-top-head__date">{date}</div>'
        f'<div class="content-block"><h4>Lead {body}</h4><p>{body}</p></div>'
    )


HTML = (FRAGMENTS | st.builds(page, FRAGMENTS, WORDS, FRAGMENTS)).map(encoded)
TEXTS = st.fixed_dictionaries({"title": FRAGMENTS, "content": FRAGMENTS, "description": FRAGMENTS})
TOLD = st.builds(lambda post, texts: post | texts, POSTS, TEXTS)
JSON = st.one_of(POSTS, TOLD, POSTS.map(lambda post: {"data": post}), VALUES).map(
    lambda value: json.dumps(value).encode()
)
LISTS = st.one_of(
    st.lists(POSTS | VALUES, max_size=4).map(lambda posts: {"data": posts, "total": "7"}),
    st.dictionaries(st.sampled_from(["data", "total", "next_page_url", "current_page"]), VALUES),
).map(lambda value: json.dumps(value).encode())
BODIES = st.one_of(HTML, JSON, st.binary(max_size=300))
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "content-type": st.sampled_from(
            ["text/html; charset=utf-8", "text/html; charset=utf-16", "text/html; charset=rot13",
             "application/json", "", ";;=", "text/html; charset=\x00"]
        ),
        "content-encoding": st.sampled_from(["gzip", "br", "deflate", "zstd", "x,y", ""]),
    },
)  # fmt: skip
MANY = settings(max_examples=150)


@MANY
@given(BODIES, st.just({}) | HEADERS)
def test_any_answer_is_a_valid_row_or_a_documented_refusal(
    body: bytes, headers: dict[str, str]
) -> None:
    try:
        row = read_article(Document(ADDRESS, 200, headers, body), LAYOUTS, NORMALISERS)
    except (UnreadablePage, Refused):
        return
    assert isinstance(row, Article)
    assert msgspec.json.decode(msgspec.json.encode(row), type=Article) == row


@MANY
@given(FRAGMENTS, FRAGMENTS)
def test_any_page_that_no_layout_describes_is_a_valid_row_or_a_documented_refusal(
    head: str, body: str
) -> None:
    story = "".join(f"<p>The mill in the valley ground {n} tons of grain.</p>" for n in range(9))
    html = encoded(f"<title>A mill in the valley</title>{head}<div>{story}{body}</div>")
    link = Link(ADDRESS, "rss", "en", "A mill in the valley", "2024-05-01")
    try:
        row = read_article(
            Document(ADDRESS, 200, {}, html), LAYOUTS, NORMALISERS, link=link, guesses=True
        )
    except (UnreadablePage, Refused):
        return
    assert msgspec.json.decode(msgspec.json.encode(row), type=Article) == row


def test_the_fragments_do_make_articles() -> None:
    body = encoded(page("of the mill", "23:44 / 2024-05-01", "A story.<p>Malika Nurova, UzA"))
    row = read_article(Document(ADDRESS, 200, {}, body), LAYOUTS, NORMALISERS)
    assert (row.published_raw, row.authors[0].name) == ("23:44 / 2024-05-01", "Malika Nurova")


LISTINGS: list[tuple[Callable[[], Listing], st.SearchStrategy[bytes]]] = [
    (
        lambda: ApiList("https://x/{page}{edition}", "https://uza.uz/posts/{slug}", "en"),
        JSON | LISTS,
    ),
    (lambda: RssFeed("https://x/rss", "en"), FEED.map(encoded)),
    (lambda: Sitemap("https://x/sitemap.xml", "en"), FEED.map(encoded)),
    (lambda: HtmlList("https://x/{page}{edition}", LIST_LINKS, "en"), HTML),
]


@pytest.mark.parametrize(("make", "bodies"), LISTINGS, ids=["api", "rss", "sitemap", "html"])
def test_any_answer_is_a_list_or_none(
    make: Callable[[], Listing], bodies: st.SearchStrategy[bytes]
) -> None:
    @MANY
    @given(bodies | st.binary(max_size=100))
    def check(body: bytes) -> None:
        try:
            page = make().read(Document("https://uza.uz/en/list", 200, {}, body))
        except (NotAListing, UnreadablePage):
            return
        assert isinstance(page, ListPage)
        for entry in page.entries:
            assert isinstance(entry, Link)
            assert all(isinstance(value, str | None) for value in _hints(entry))
            _identify(entry.url)

    check()


def _hints(link: Link) -> list[Any]:
    return [
        link.url,
        link.edition,
        link.title,
        link.published_raw,
        link.modified_raw,
        link.category,
    ]


def _identify(address: str) -> None:
    try:
        identity = identify(address, RULES.address, RULES.name)
    except NotAnArticle:
        return
    assert isinstance(identity, Identity)
    assert identity.id.startswith("uza:")
    assert identity.url.startswith("https://uza.uz/")
    assert "/" not in identity.id
    assert identify(identity.url, RULES.address, RULES.name) == identity


PIECES = st.sampled_from(
    ["https://", "http:", "//", "uza.uz", "www.", ":80", ":x", "@", "/", "posts", "_", "600101",
     "%2F", "%00", "%", "..", "?", "m=y", "ELEMENT_CODE=", "&", "#", "[", "]", "\\", "-01-05-2019",
     " ", "\ud800"]
)  # fmt: skip


@MANY
@given(st.lists(PIECES | st.text(max_size=6), max_size=15).map("".join))
def test_any_text_is_an_article_s_address_or_none(address: str) -> None:
    _identify(address)


@MANY
@given(st.lists(WORDS | st.text(max_size=12), max_size=12).map("".join))
def test_any_text_is_a_byline_or_none(text: str) -> None:
    byline = read_byline(text, RULES.byline)
    assert byline is None or isinstance(byline, Byline)
    body, found = split_byline(text, RULES.byline)
    assert found is None or found.raw
    assert text.startswith(body)


DATES = st.lists(
    st.sampled_from(
        ["2024", "-", "05", "01", ":", "/", ".", " ", "T", "Z", "+05:00", "|", "24", "99", "٣"]
    )
    | st.text(max_size=4),
    max_size=14,
).map("".join)


@MANY
@given(DATES | WORDS)
def test_any_text_is_a_date_or_unreadable(text: str) -> None:
    try:
        stamp = read_timestamp(text, RULES.timestamp)
    except UnreadableDate:
        return
    assert isinstance(stamp, Timestamp)
    assert stamp.precision in {"second", "minute", "day"}
