"""Feeds and sitemaps as sites write them, in all dialects and with all slips."""

import gzip

import pytest

from crawler.discovery.feeds import NewsSitemap, RssFeed, Sitemap
from crawler.discovery.listing import NotAListing
from crawler.extract.document import Document
from crawler.model.link import Link

FEED = RssFeed("https://example.org/en/rss", "en")
MILL = "https://example.org/mill_7"
WHEN = "Wed, 01 May 2024 23:44:00 +0500"


def document(text: str | bytes, url: str = "https://example.org/list") -> Document:
    return Document(url, 200, {}, text.encode("utf-8") if isinstance(text, str) else text)


def item(names: str = "title link pubDate") -> str:
    title, link, date = names.split()
    return f"<item><{title}>Mill</{title}><{link}>{MILL}</{link}><{date}>{WHEN}</{date}></item>"


def only(text: str | bytes) -> Link:
    (entry,) = FEED.read(document(text)).entries
    return entry


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ATOM_3 = f"<title>Mill</title><link rel='alternate' href='{MILL}'/><issued>{WHEN}</issued>"


@pytest.mark.parametrize(
    "feed",
    [
        f"<rss><channel>{item()}</channel></rss>",
        f"<rss xmlns='https://cyber.harvard.edu/rss/rss.html'><channel>{item()}</channel></rss>",
        f"<rss xmlns='http://backend.userland.com/rss2'><channel>{item()}</channel></rss>",
        f"<r:rss xmlns:r='urn:x'><r:channel>{item()}</r:channel></r:rss>",
        f"<RSS><channel>{item()}</channel></RSS>",
        f"<rdf:RDF xmlns:rdf='{RDF}' xmlns='http://my.netscape.com/rdf/simple/0.9/'>{item()}</rdf:RDF>",
        f"<rdf:RDF xmlns:rdf='{RDF}' xmlns='http://purl.org/rss/1.0/' "
        f"xmlns:dcterms='http://purl.org/dc/terms/'>{item('title link dcterms:issued')}</rdf:RDF>",
        f"<feed xmlns='http://purl.org/atom/ns#' version='0.3'><entry>{ATOM_3}</entry></feed>",
        f"<feed xmlns='https://www.w3.org/2005/Atom'><entry>{ATOM_3}</entry></feed>",
        f"<feed><entry>{ATOM_3.replace('issued', 'published')}</entry></feed>",
        f"<rss xmlns:a='http://www.w3.org/2005/Atom'><channel><item><title>Mill</title>"
        f"<a:link rel='self' href='/x'/><a:link href='{MILL}'/><a:published>{WHEN}</a:published>"
        "</item></channel></rss>",
        f"<rss xmlns:media='http://search.yahoo.com/mrss/'><channel>"
        f"{item().replace('<title>', '<media:title>Picture</media:title><title>')}</channel></rss>",
        f"<rss><channel>{item('title link pubdate')}</channel></rss>",
        f"<rss><channel>{item('title link dc:date')}</channel></rss>",
        f"<rss><channel>{item('Title LINK PUBDATE')}</channel></rss>",
        f"<rss><channel>{item()}</channel></rss>".replace("item>", "ITEM>"),
        f"<b>Warning</b>: a & b<br />\n<?xml version='1.0'?><rss><channel>{item()}</channel></rss>",
        f"<rss xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'><channel>"
        f"{item('title feedburner:origLink pubDate').replace('<title>', '<link>x</link><title>')}"
        "</channel></rss>",
        f"\n\n  <?xml version='1.0'?><rss><channel>{item()}</channel></rss>",
        f"<rss xmlns:d='https://purl.org/dc/terms'><channel>{item('title link d:issued')}</channel>"
        "</rss>",
        f"<rdf:RDF xmlns:rdf='{RDF}' xmlns='http://purl.org/rss/1.0/'><item rdf:about='{MILL}'>"
        f"<title>Mill</title><dc:date>{WHEN}</dc:date></item></rdf:RDF>",
        f"<rss><channel>{item().replace('Mill', '<b>Mill</b>').replace('>h', '><!-- own -->h')}"
        "</channel></rss>",
        f"<a:feed><a:entry><a:title>Mill</a:title><a:link href='{MILL}'/>"
        f"<a:published>{WHEN}</a:published></a:entry></a:feed>",
        f"<rss xmlns:d='http://purl.org/dc/elements/1.0/'><channel>{item('title link d:date')}"
        "</channel></rss>",
        f"<?xml version='1.0'?>\ufeff<rss><channel>{item()}</channel></rss>",
        f"<?xml version='1.0'?>\n<?xml version='1.0'?><rss><channel>{item()}</channel></rss>",
    ],
)
def test_a_feed_of_any_dialect_tells_address_title_and_time(feed: str) -> None:
    assert only(feed) == Link(MILL, "rss", "en", title="Mill", published_raw=WHEN)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a?x=1&y=2", "a?x=1&y=2"),
        ("a?x=1&amp;y=2", "a?x=1&y=2"),
        ("a?x=1&#38;y=2", "a?x=1&y=2"),
        ("<![CDATA[a?x=1&y=2]]>", "a?x=1&y=2"),
        ("a?x=1&y=2&", "a?x=1&y=2&"),
        ("caf&eacute;&nbsp;7", "café\u00a07"),
        ("a&lt;b&quot;", 'a<b"'),
        ("a < b <5", "a < b <5"),
        ("&foo; a&b;", "&foo; a&b;"),
        ("&#147;a&#x94;", "“a”"),
        ("a&#xD83D;&#0;", "a\ufffd\ufffd"),
    ],
)
def test_an_ampersand_that_is_not_escaped_costs_no_letter(written: str, read: str) -> None:
    feed = f"<rss><channel><item><link>{written}</link></item></channel></rss>"
    assert only(feed).url == read
    sitemap = document(f"<urlset><url><loc>{written}</loc></url></urlset>")
    (entry,) = Sitemap("https://example.org/map.xml", "en").read(sitemap).entries
    assert entry.url == read


@pytest.mark.parametrize(
    "feed",
    [
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>{MILL}</id><updated>{WHEN}</updated>"
        "</entry></feed>",
        f"<feed xmlns='http://purl.org/atom/ns#'><entry><link href='{MILL}'/>"
        f"<modified>{WHEN}</modified></entry></feed>",
    ],
)
def test_an_entry_may_have_but_the_time_of_its_last_change(feed: str) -> None:
    assert only(feed) == Link(MILL, "rss", "en", modified_raw=WHEN)


@pytest.mark.parametrize(
    "html", ["one<br>two", "<p>one<p>two", "<img src='a.jpg'>", "<a href='x&y'>z</a>"]
)
def test_html_in_a_description_costs_no_item(html: str) -> None:
    items = [item().replace("Mill", name).replace(MILL, f"/{name}") for name in ("A", "B", "C")]
    items[1] = items[1].replace("<link>", f"<description>{html}</description><link>")
    entries = FEED.read(document(f"<rss><channel>{''.join(items)}</channel></rss>")).entries
    assert [(entry.title, entry.url, entry.published_raw) for entry in entries] == [
        (name, f"/{name}", WHEN) for name in ("A", "B", "C")
    ]


def test_an_item_has_no_link_of_its_source_or_picture() -> None:
    others = "".join(f"<{name}><link>/x</link></{name}>" for name in ("source", "image"))
    assert FEED.read(document(f"<rss><channel><item>{others}</item></channel></rss>")).entries == []


def test_what_is_no_entity_of_xml_is_none() -> None:
    entry = only(
        "<rss><channel><item><title>A caf&eacute; &amp; B&nbsp;&M</title>"
        f"<link>{MILL}?a=1&b=2</link><category><![CDATA[A&B]]></category></item></channel></rss>"
    )
    assert entry == Link(f"{MILL}?a=1&b=2", "rss", "en", title="A café & B\xa0&M", category="A&B")


@pytest.mark.parametrize(
    "links",
    [
        f"<link rel='Alternate' href='{MILL}'/>",
        f"<link rel='http://www.iana.org/assignments/relation/alternate' href='{MILL}'/>",
        f"<link rel='edit' href='/e'/><link rel='alternate' type='application/json' href='/j'/>"
        f"<link rel='alternate' type='text/html' href='{MILL}'/>",
    ],
)
def test_of_an_entry_s_links_the_one_for_readers_is_the_article_s(links: str) -> None:
    assert (
        only(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{links}</entry></feed>").url == MILL
    )


@pytest.mark.parametrize("root", ["a:html5", "x:urlset"])
def test_what_is_no_feed_is_named_even_with_an_undeclared_prefix(root: str) -> None:
    with pytest.raises(NotAListing, match=f"expected a feed, got <{root[2:]}>"):
        FEED.read(document(f"<{root}/>"))


def test_a_guid_is_an_address_unless_it_says_that_it_is_none() -> None:
    guid = "<rss><channel><item><guid{}>{}</guid></item></channel></rss>"
    assert only(guid.format("", MILL)).url == MILL
    for no in ("false", "False"):
        assert FEED.read(document(guid.format(f" isPermaLink='{no}'", "7"))).entries == []


@pytest.mark.parametrize(
    ("feed_base", "entry_base", "href", "address"),
    [
        ("https://example.org/news/", "", "mill_7", "https://example.org/news/mill_7"),
        ("https://example.org/news/", "2024/", "mill_7", "https://example.org/news/2024/mill_7"),
        ("", "https://example.org/a/b", "mill_7", "https://example.org/a/mill_7"),
        ("/news/", "", "mill_7", "/news/mill_7"),
        ("https://example.org/news/", "", "/mill_7", "https://example.org/mill_7"),
        ("https://example.org/news/", "", MILL, MILL),
        ("", "", "mill_7", "mill_7"),
        ("http://[broken", "", "mill_7", "mill_7"),
    ],
)
def test_links_start_from_the_base_of_their_feed(
    feed_base: str, entry_base: str, href: str, address: str
) -> None:
    bases = [f" xml:base='{base}'" if base else "" for base in (feed_base, entry_base)]
    feed = (
        f"<feed xmlns='http://www.w3.org/2005/Atom'{bases[0]}><entry{bases[1]}>"
        f"<link href='{href}'/></entry></feed>"
    )
    assert only(feed).url == address


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "utf-16"),
        ("windows-1251", "windows-1251"),
        ("koi8-r", "KOI8-R"),
        ("utf-8", "windows-1251"),
        ("utf-8-sig", "utf-8"),
    ],
)
def test_a_feed_is_read_by_its_encoding_and_once_only(encoding: str, declared: str) -> None:
    text = f"<?xml version='1.0' encoding='{declared}'?><rss><channel>{item()}</channel></rss>"
    assert only(text.replace("Mill", "Мельница").encode(encoding)).title == "Мельница"


def test_a_packed_feed_is_unpacked() -> None:
    assert only(gzip.compress(f"<rss><channel>{item()}</channel></rss>".encode())).url == MILL


NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
SPACES = (
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "https://www.sitemaps.org/schemas/sitemap/0.9",
    "http://www.sitemaps.org/schemas/sitemap/0.9/",
    "http://www.google.com/schemas/sitemap/0.84",
    "",
)
URL = (
    f"<url><loc> {MILL}\n</loc><lastmod>2024-05-01</lastmod>"
    "<image:image><image:loc>/p.jpg</image:loc></image:image><n:news><n:publication_date>2024-05-01T10:00:00Z</n:publication_date>"
    "<n:title>Mill</n:title></n:news></url>"
)


@pytest.mark.parametrize("news", [NEWS, NEWS.replace("http:", "https:"), f"{NEWS}/"])
@pytest.mark.parametrize("space", SPACES)
def test_a_sitemap_is_read_whatever_its_namespace_is_called(space: str, news: str) -> None:
    text = f"<urlset xmlns='{space}' xmlns:n='{news}' xmlns:image='urn:image'>{URL}</urlset>"
    (plain,) = Sitemap("https://example.org/map.xml", "en").read(document(text)).entries
    assert plain == Link(MILL, "sitemap", title="Mill", modified_raw="2024-05-01")
    (dated,) = NewsSitemap("https://example.org/map.xml", "en").read(document(text)).entries
    assert (dated.title, dated.published_raw) == ("Mill", "2024-05-01T10:00:00Z")


def index(*addresses: str) -> Document:
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return document(f"<sitemapindex>{entries}</sitemapindex>")


URLS = document(f"<urlset><url><loc>{MILL}</loc></url></urlset>")


def test_parts_of_an_index_stand_at_its_own_site_and_are_read_once() -> None:
    sitemap = Sitemap("https://example.org/maps/index.xml", "en")
    sitemap.read(index("/1.xml", "2.xml", "//example.org/3.xml", "/1.xml", "http://[no", "?n=4"))
    assert [sitemap.address(page) for page in range(2, 7)] == [
        "https://example.org/maps/index.xml?n=4",
        "http://[no",
        "https://example.org/3.xml",
        "https://example.org/maps/2.xml",
        "https://example.org/1.xml",
    ]


def test_parts_of_an_index_within_an_index_stand_beside_it() -> None:
    sitemap = Sitemap("https://example.org/map.xml", "en")
    index = "<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>"
    sitemap.read(document(index.format("/2024/index.xml")))
    sitemap.read(document(index.format("may.xml")))
    assert sitemap.address(3) == "https://example.org/2024/may.xml"


def test_a_picture_s_address_is_not_its_article_s() -> None:
    picture = (
        "<i:image xmlns:i='urn:i'><i:loc>/a.jpg</i:loc></i:image><i:loc xmlns:i='urn:i'>/b</i:loc>"
    )
    sitemap = document(f"<urlset xmlns='urn:x'><url>{picture}<loc>{MILL}</loc></url></urlset>")
    (entry,) = Sitemap("https://example.org/map.xml", "en").read(sitemap).entries
    assert entry.url == MILL


def test_a_bad_part_of_an_index_is_passed_over() -> None:
    sitemap = Sitemap("https://example.org/index.xml", "en")
    assert sitemap.read(index("/1.xml", "/2.xml", "/3.xml")).is_index
    passed = sitemap.pass_over()
    assert passed is not None
    assert (list(passed.entries), passed.is_part, passed.is_last) == ([], True, False)
    assert sitemap.read(URLS).is_part
    passed = sitemap.pass_over()
    assert passed is not None
    assert passed.is_last


def test_an_index_whose_parts_are_all_bad_is_none() -> None:
    sitemap = Sitemap("https://example.org/index.xml", "en")
    sitemap.read(index("/1.xml", "/2.xml"))
    assert sitemap.pass_over() is not None
    assert sitemap.pass_over() is None


def test_of_a_long_index_few_parts_in_a_row_may_be_bad() -> None:
    sitemap = Sitemap("https://example.org/index.xml", "en")
    sitemap.read(index(*(f"/{n}.xml" for n in range(1000))))
    sitemap.read(URLS)
    assert [sitemap.pass_over() is None for _ in range(3)] == [False, False, True]


def test_a_sitemap_of_its_own_that_cannot_be_read_is_none() -> None:
    assert Sitemap("https://example.org/map.xml", "en").pass_over() is None
    assert FEED.pass_over() is None


def test_a_sitemap_may_have_fifty_megabytes_and_no_more() -> None:
    padding = b"<url><loc>https://example.org/" + b"x" * 1000 + b"</loc></url>"
    sitemap = Sitemap("https://example.org/map.xml", "en")
    large = b"<urlset>" + padding * 20_000 + b"</urlset>"
    assert len(sitemap.read(document(large)).entries) == 20_000
    with pytest.raises((NotAListing, ValueError), match="too large"):
        sitemap.read(document(b"<urlset>" + b" " * 53_000_000 + b"</urlset>"))


@pytest.mark.parametrize(
    "sitemap",
    [
        "<urlset><url><loc>{}</loc><news:news><news:title>Mill</news:title>"
        "<news:publication_date>2024-05-01</news:publication_date></news:news></url></urlset>",
        "<URLSET><URL><LOC>{}</LOC><news><title>Mill</title>"
        "<publication_date>2024-05-01</publication_date></news></URL></URLSET>",
    ],
)
def test_a_sitemap_may_lack_declarations_and_have_capital_letters(sitemap: str) -> None:
    listing = NewsSitemap("https://example.org/map.xml", "en")
    (entry,) = listing.read(document(sitemap.format(MILL))).entries
    assert entry == Link(MILL, "sitemap", "en", title="Mill", published_raw="2024-05-01")
