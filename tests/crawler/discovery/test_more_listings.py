"""Listings that are read on by day, by cursor, or from a page's own data."""

import json
from datetime import UTC, date, datetime

import pytest

from crawler.discovery.feeds import NewsSitemap, RssFeed
from crawler.discovery.listing import NotAListing, find_fault
from crawler.discovery.lists import ApiList, CursorList, DayArchive, EmbeddedList, Posts
from crawler.extract.document import Document, dig, embedded_json
from crawler.extract.errors import BadBody
from crawler.model.link import Link

SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
POSTS = Posts("data.posts", address="slug", article="https://example.org/{}", published="at")


def document(text: str) -> Document:
    return Document("https://example.org/list", 200, {}, text.encode())


def posts(*slugs: str) -> list[dict[str, object]]:
    return [{"slug": slug, "title": f"The {slug}", "at": "2024-05-01 10:00"} for slug in slugs]


def test_a_news_sitemap_tells_title_and_time() -> None:
    entry = (
        "<url><loc> https://example.org/mill </loc><news:news><news:publication_date>"
        "2024-05-01T10:00:00Z</news:publication_date><news:title>Mill</news:title></news:news></url>"
    )
    sitemap = NewsSitemap("https://example.org/news.xml", "en")
    page = sitemap.read(document(f"<urlset {SPACES}>{entry}</urlset>"))
    assert list(page.entries) == [
        Link(
            "https://example.org/mill",
            "sitemap",
            "en",
            title="Mill",
            published_raw="2024-05-01T10:00:00Z",
        )
    ]


def test_a_feed_with_dublin_core_dates_is_dated() -> None:
    feed = (
        '<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item>'
        "<link>https://example.org/mill</link><dc:date>2024-05-01T10:00Z</dc:date></item>"
        "</channel></rss>"
    )
    (entry,) = RssFeed("https://example.org/rss", "en").read(document(feed)).entries
    assert entry.published_raw == "2024-05-01T10:00Z"


def archive() -> DayArchive:
    return DayArchive("https://example.org/{day:%Y/%m/%d}/", "a.title", "en", date(2024, 3, 1))


def test_a_day_archive_goes_back_day_by_day_and_dates_what_it_finds() -> None:
    days = archive()
    assert days.address(1) == "https://example.org/2024/03/01/"
    assert days.address(2) == "https://example.org/2024/02/29/"
    page = days.read(document("<a class=title href=/mill>Mill</a>"))
    assert [(entry.url, entry.published_raw) for entry in page.entries] == [("/mill", "2024-02-29")]
    assert not page.is_last


def test_a_day_without_articles_does_not_end_an_archive_but_a_week_does() -> None:
    days = archive()
    for number in range(1, 7):
        days.address(number)
        page = days.read(document("<p>Nothing</p>"))
        assert (page.is_index, page.is_last) == (True, False)
    with pytest.raises(NotAListing):
        days.read(document("<p>Nothing</p>"))


def test_a_cursor_list_is_read_on_from_where_the_last_page_ended() -> None:
    listing = CursorList("https://example.org/api?after={cursor}", POSTS, "data.next", "en")
    assert listing.address(1) == "https://example.org/api?after="
    answer = {"data": {"posts": posts("mill", "road"), "next": 171}}
    page = listing.read(document(json.dumps(answer)))
    assert [entry.url for entry in page.entries] == [
        "https://example.org/mill",
        "https://example.org/road",
    ]
    assert not page.is_last
    assert listing.address(2) == "https://example.org/api?after=171"


@pytest.mark.parametrize("cursor", [None, "", 171])
def test_a_cursor_list_ends_where_the_cursor_does_or_stands_still(cursor: object) -> None:
    listing = CursorList("https://example.org/api?after={cursor}", POSTS, "data.next", "en")
    listing.address(1)
    listing.read(document(json.dumps({"data": {"posts": posts("mill"), "next": 171}})))
    listing.address(2)
    page = listing.read(document(json.dumps({"data": {"posts": posts("road"), "next": cursor}})))
    assert page.is_last


NEXT = '<script id="__NEXT_DATA__" type="application/json">%s</script>'
INERTIA = "<div id=app data-page='%s'></div>"


@pytest.mark.parametrize("shell", [NEXT, INERTIA])
def test_posts_are_read_from_the_data_of_a_page(shell: str) -> None:
    listing = EmbeddedList("https://example.org/?page={page}", POSTS, "en")
    assert listing.address(3) == "https://example.org/?page=3"
    (entry,) = listing.read(
        document(shell % json.dumps({"data": {"posts": posts("mill")}}))
    ).entries
    assert (entry.url, entry.title) == ("https://example.org/mill", "The mill")
    assert entry.published_raw == "2024-05-01 10:00"


@pytest.mark.parametrize(
    "html", ["<p>Nothing</p>", NEXT % "{}", NEXT % '{"data": {"posts": []}}', INERTIA % "[1]"]
)
def test_a_page_without_posts_in_its_data_is_no_list(html: str) -> None:
    with pytest.raises(NotAListing):
        EmbeddedList("https://example.org/", POSTS, "en").read(document(html))


def test_data_that_are_no_json_are_named() -> None:
    with pytest.raises(BadBody, match="not json"):
        embedded_json(document(NEXT % "{"))


def test_seconds_since_1970_are_a_moment_and_other_numbers_are_not() -> None:
    answer = [{"url": 7, "title": 8, "published": 1662012300}, {"url": "", "title": "x"}, 7]
    assert list(Posts("").read(answer, "en")) == [
        Link("7", "api", "en", title="8", published_raw="2022-09-01T06:05:00+00:00")
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [("a.0.b", 1), ("a.-1.b", 2), ("a.5.b", None), ("a.b", None), ("c", None), ("a.0.b.c", None)],
)
def test_a_path_leads_to_a_value_or_nowhere(path: str, value: object) -> None:
    assert dig({"a": [{"b": 1}, {"b": 2}]}, path) == value


NOW = datetime(2024, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("orders", "fault"),
    [
        (["2024-05-09T23:00:00+05:00", "2019-01-01T00:00:00+05:00"], None),
        (["2024-05-04"], None),
        (["2022-12-14T00:00:00+08:00", None], "its newest item is 513 days old"),
        (["2031-01-01", "2024-04-30T00:00:00+00:00"], "its newest item is 10 days old"),
        (["2031-01-01", "2024-05-10T05:00:00+00:00"], None),
        ([None, None], "a feed without dates"),
        ([], None),
    ],
)
def test_a_feed_that_stands_still_or_has_no_dates_is_found_out(
    orders: list[str | None], fault: str | None
) -> None:
    assert find_fault(RssFeed("https://example.org/rss", "en", stale_days=7), orders, NOW) == fault


def test_a_feed_of_which_nobody_knows_how_often_it_moves_may_be_old() -> None:
    feed = RssFeed("https://example.org/rss", "en")
    assert find_fault(feed, ["2002-12-14T00:00:00+08:00"], NOW) is None


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://api.example.org/en?page=1", 1),
        ("https://api.example.org/en?page=4321", 4321),
        ("https://api.example.org/en?page=0", None),
        ("https://api.example.org/en?page=1&x=2", None),
        ("https://api.example.org/ru?page=1", None),
    ],
)
def test_an_address_tells_which_page_of_a_list_it_is(address: str, page: int | None) -> None:
    listing = ApiList("https://api.example.org/{edition}?page={page}", "{slug}", "en")
    assert listing.page_at(address) == page


def test_a_feed_has_one_page() -> None:
    feed = RssFeed("https://example.org/rss", "en")
    assert (feed.page_at("https://example.org/rss"), feed.page_at("https://example.org/")) == (
        1,
        None,
    )


def test_a_day_of_an_archive_is_a_page_counted_backwards() -> None:
    days = DayArchive("https://example.org/100%/{day:%d.%m.%Y}/", "a", "en", date(2024, 3, 1))
    for page in (1, 2, 400):
        assert days.page_at(days.address(page)) == page
    assert days.page_at("https://example.org/100%/30.02.2024/") is None


def test_whatever_a_cursor_stands_for_it_is_a_page_of_the_list() -> None:
    listing = CursorList("https://example.org/list?after={cursor}&n=50", POSTS, "next", "en")
    assert listing.page_at("https://example.org/list?after=abc&n=50") == 1
    assert listing.page_at("https://example.org/list?after=abc&n=20") is None


def test_a_sitemap_of_an_index_is_known_once_the_index_is_read() -> None:
    sitemap = NewsSitemap("https://example.org/map.xml", "en")
    assert sitemap.page_at("https://example.org/map-1.xml") is None
    entry = "<sitemap><loc>https://example.org/map-1.xml</loc></sitemap>"
    sitemap.read(document(f"<sitemapindex {SPACES}>{entry}</sitemapindex>"))
    assert sitemap.page_at("https://example.org/map-1.xml") == 2
