import json

import pytest

from crawler.discovery.feeds import RssFeed, Sitemap
from crawler.discovery.listing import Listing, NotAListing
from crawler.discovery.lists import ApiList, HtmlList
from crawler.extract.document import Document
from crawler.extract.errors import UnreadablePage
from crawler.model.identity import Identity
from crawler.model.link import Link

FEED = RssFeed("https://example.org/en/rss", "en")
API = ApiList("https://example.org/api?page={page}&l={edition}", "https://example.org/{slug}", "en")
LINKS = HtmlList("https://example.org/{edition}?page={page}", "a.title", "en")


def document(text: str) -> Document:
    return Document("https://example.org/list", 200, {}, text.encode("utf-8"))


def rss(items: str, declaration: str = "") -> str:
    return f'<?xml version="1.0"?>{declaration}<rss><channel>{items}</channel></rss>'


def test_a_feed_tells_address_title_date_and_category() -> None:
    item = (
        "<item><title> Mill &amp; river </title><link>https://example.org/mill_7</link>"
        "<pubDate>Wed, 01 May 2024 23:44:00 +0500</pubDate><category>Society</category></item>"
    )
    assert list(FEED.read(document(rss(item))).entries) == [
        Link(
            "https://example.org/mill_7",
            "rss",
            "en",
            title="Mill & river",
            published_raw="Wed, 01 May 2024 23:44:00 +0500",
            category="Society",
        )
    ]


def test_an_atom_feed_is_read_too() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Mill</title>'
        '<link rel="replies" href="https://example.org/mill_7/comments"/>'
        '<link rel="alternate" href="https://example.org/mill_7"/><updated>2024-05-01T23:44:00Z</updated>'
        "</entry></feed>"
    )
    (entry,) = FEED.read(document(atom)).entries
    assert (entry.url, entry.modified_raw) == ("https://example.org/mill_7", "2024-05-01T23:44:00Z")


def test_a_feed_of_rss_1_is_read_too() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="https://example.org/"><title>Wire</title></channel>'
        '<item rdf:about="https://example.org/mill_7"><title>Mill</title>'
        "<link>https://example.org/mill_7</link><dc:date>2024-05-01T23:44:00+05:00</dc:date>"
        "</item></rdf:RDF>"
    )
    (entry,) = FEED.read(document(rdf)).entries
    assert (entry.url, entry.title) == ("https://example.org/mill_7", "Mill")
    assert entry.published_raw == "2024-05-01T23:44:00+05:00"


def test_an_item_without_a_link_is_passed_over_and_an_empty_feed_is_a_feed() -> None:
    assert FEED.read(document(rss("<item><title>Mill</title></item>"))).entries == []
    assert FEED.read(document(rss(""))).entries == []


def test_an_external_entity_is_never_fetched() -> None:
    declaration = '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    item = "<item><title>&secret;</title><link>https://example.org/mill_7</link></item>"
    (entry,) = FEED.read(document(rss(item, declaration))).entries
    assert entry.title == "&secret;"


def test_nested_entities_do_not_grow() -> None:
    bombs = "".join(
        f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' if n else '<!ENTITY b0 "boom">' for n in range(9)
    )
    item = "<item><title>&b8;</title><link>https://example.org/mill_7</link></item>"
    for entry in FEED.read(document(rss(item, f"<!DOCTYPE rss [{bombs}]>"))).entries:
        assert len(entry.title or "") < 1000


def test_an_api_list_tells_what_the_post_says() -> None:
    post = {
        "id": 7,
        "slug": "mill_7",
        "title": "Mill",
        "publish_time": "2024-05-01 23:44:10",
        "updated_at": "2024-05-02 08:00:00",
        "category": {"id": 1, "title": "Society"},
    }
    answer = {"current_page": "1", "data": [post], "last_page": "3", "total": "41"}
    page = API.read(document(json.dumps(answer)))
    assert list(page.entries) == [
        Link(
            "https://example.org/mill_7",
            "api",
            "en",
            title="Mill",
            published_raw="2024-05-01 23:44:10",
            modified_raw="2024-05-02 08:00:00",
            category="Society",
        )
    ]
    assert (page.is_last, page.total) == (False, 41)


def test_an_api_list_with_half_a_character_is_read_whole() -> None:
    posts = [{"slug": "a_1", "title": "A dam \ud800"}, {"slug": "b_2", "title": "A road"}]
    entries = API.read(document(json.dumps({"data": posts}))).entries
    assert [entry.title for entry in entries] == ["A dam \ufffd", "A road"]


@pytest.mark.parametrize(
    ("answer", "is_last"),
    [
        ([{"id": 7}], True),
        ({"data": [], "current_page": 3, "last_page": 3}, True),
        ({"data": [], "current_page": 2, "last_page": 3}, False),
        ({"data": [], "next_page_url": None}, True),
        ({"data": [], "next_page_url": "https://example.org/api?page=2"}, False),
    ],
)
def test_the_last_page_of_an_api_list_is_known(answer: object, is_last: bool) -> None:
    assert API.read(document(json.dumps(answer))).is_last is is_last


def test_posts_without_slug_or_id_are_passed_over() -> None:
    odd = [None, 7, {}, {"title": "Mill"}, {"id": 7, "title": 8, "category": "x"}]
    assert [entry.url for entry in API.read(document(json.dumps(odd))).entries] == [
        "https://example.org/7"
    ]


def test_links_are_read_in_order_and_sort_by_their_native_id() -> None:
    page = LINKS.read(document('<a class=title href="/b_12">B</a><a class=title href=/a_9> A </a>'))
    assert [(entry.url, entry.title) for entry in page.entries] == [("/b_12", "B"), ("/a_9", "A")]
    orders = [
        LINKS.order(entry, Identity(f"x:{number}", entry.url)) or ""
        for entry, number in zip(page.entries, (12, 9), strict=True)
    ]
    assert orders == sorted(orders, reverse=True)


def test_an_index_of_sitemaps_becomes_further_pages() -> None:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    sitemap = Sitemap("https://example.org/sitemap.xml", "en")
    index = f"<sitemapindex {space}><sitemap><loc>https://example.org/1.xml</loc></sitemap></sitemapindex>"
    first = sitemap.read(document(index))
    assert (first.is_last, first.is_index) == (False, True)
    assert sitemap.address(2) == "https://example.org/1.xml"
    urls = f"<urlset {space}><url><loc>https://example.org/mill_7</loc></url></urlset>"
    page = sitemap.read(document(urls))
    assert page.is_last
    assert [entry.url for entry in page.entries] == ["https://example.org/mill_7"]


@pytest.mark.parametrize(
    ("listing", "text"),
    [
        (FEED, "<!doctype html><html><body><p>Welcome</p></body></html>"),
        (FEED, "<urlset></urlset>"),
        (FEED, ""),
        (FEED, "no xml at all"),
        (API, '{"message": "Server Error"}'),
        (API, '{"data": {"id": 7}}'),
        (API, "<html><body>Welcome</body></html>"),
        (API, "7"),
        (LINKS, "<html><body><a href='/x'>no title</a></body></html>"),
        (Sitemap("https://example.org/sitemap.xml", "en"), rss("")),
    ],
)
def test_something_else_is_no_listing(listing: Listing, text: str) -> None:
    with pytest.raises((NotAListing, UnreadablePage)):
        listing.read(document(text))


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("/news/", "https://example.org/news/b_12"),
        ("https://other.example.org/a/", "https://other.example.org/a/b_12"),
        ("", "b_12"),
    ],
)
def test_links_of_a_list_start_from_the_base_that_it_names(base: str, address: str) -> None:
    html = f"<head><base href='{base}'></head><a class=title href=b_12>B</a>"
    assert [entry.url for entry in LINKS.read(document(html)).entries] == [address]
