import re
from dataclasses import replace
from typing import ClassVar

import pytest

from crawler.extract.document import Document
from crawler.extract.news_page import NewsPage
from crawler.model.article import Label
from crawler.model.identity import identify
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules
from crawler.text.body import clean_body

PLAIN = AgencyRules(
    name="wire",
    editions={"en": "en", "fr": "fr"},
    address=AddressRules(
        site="https://wire.example",
        hosts=frozenset({"wire.example", "fr.wire.example"}),
        articles=(re.compile(r"/(?P<id>\d+)(?:/.*)?"),),
        canonical="/{id}",
        apart={"fr.wire.example": "fr"},
    ),
    timestamp=TimestampRules(zone="Asia/Tashkent"),
    byline=BylineRules(agency=("Wire News",)),
    text=TextRules(
        datelines=(re.compile(r"[A-Z]+ \(Wire(?:, by (?P<names>[^)]+))?\) - "),),
        signatures=(re.compile(r"\(Wire, (?P<names>[^)]+)\)\s*\Z"),),
        ends=(re.compile(r"\(END\)"), re.compile(r"^Editor: ", re.MULTILINE)),
    ),
)
LD = '<script type="application/ld+json">{"@type": "NewsArticle", %s}</script>'
OTHER = '<time datetime="2019-03-03">x</time>'
OWN = '<time datetime="2024-05-01">x</time>'
SCOPE = 'itemscope itemtype="https://schema.org/NewsArticle"'
TEXT = "<div class=text><p>OAK (Wire) - A mill opened.</p><p>It is new.</p></div>"


class WirePage(NewsPage):
    rules: ClassVar[AgencyRules] = PLAIN
    layout = "wire"

    BODY = "div.text, div.more"
    SKIP = "div.box"


def page(html: str, url: str = "https://wire.example/7") -> WirePage:
    return WirePage(Document(url, 200, {}, html.encode()))


def test_structured_data_say_what_the_layout_does_not() -> None:
    data = (
        '"headline": "A &quot;mill&quot;", "datePublished": "2024-05-01T10:00:00Z", '
        '"dateModified": "2024-05-02T10:00:00Z", "author": {"name": "Ana Kaya"}, '
        '"articleSection": ["Economy", "Home"], "keywords": "mill, water"'
    )
    draft = page(LD % data + "<h1>Another mill</h1>" + TEXT).draft()
    assert (draft.title, draft.published_raw) == ('A "mill"', "2024-05-01T10:00:00Z")
    assert draft.modified_at == "2024-05-02T10:00:00Z"
    assert [person.name for person in draft.authors] == ["Ana Kaya"]
    assert draft.category == Label("Economy")
    assert [tag.name for tag in draft.tags] == ["mill", "water"]
    assert draft.body == "OAK (Wire) - A mill opened.\n\nIt is new."


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('<meta property="og:title" content="A mill | Wire"><meta property="og:site_name" '
         'content="Wire">', "A mill"),
        ('<meta name="og:title" value="A mill">', "A mill"),
        (LD % '"headline": "A mi..."' + '<meta property="og:title" content="A mill">', "A mill"),
        ("<h1>A mill</h1>", "A mill"),
        ('<h2 itemprop="headline">A mill</h2><h1>Wire</h1>', "A mill"),
        ('<meta property="og:title" content="A &amp;quot;mill&amp;quot; &amp;amp; more">',
         'A "mill" & more'),
        (LD % '"headline": "A &lt;i&gt;mill&lt;/i&gt; of <Umid>"', "A mill of <Umid>"),
    ],
)  # fmt: skip
def test_a_title_is_found_where_sites_put_it(head: str, title: str) -> None:
    assert page(head + TEXT).title == title


@pytest.mark.parametrize(
    ("keywords", "tags"),
    [
        ("mill, water", ["mill", "water"]),
        ("mill; corn, ground; water", ["mill", "corn, ground", "water"]),
        ("磨坊、水", ["磨坊", "水"]),
        ("mill", ["mill"]),
    ],
)
def test_tags_in_one_text_are_parted(keywords: str, tags: list[str]) -> None:
    found = page(LD % f'"keywords": "{keywords}"' + TEXT).tags
    assert [tag.name for tag in found] == tags


def test_an_author_of_a_picture_or_of_another_story_is_not_the_articles() -> None:
    thing = "itemscope itemtype=https://schema.org/ImageObject"
    picture = f"<figure {thing}><i itemprop=author>Bo</i></figure>"
    other = f"<div {SCOPE}><i itemprop=author>Cy Nur</i></div>"
    own = f"<div {SCOPE}>{picture}<h1>A</h1><i itemprop=author>Ana Kaya<script>x</script></i></div>"
    assert [person.name for person in page(other + own + TEXT).authors] == ["Ana Kaya"]


@pytest.mark.parametrize(
    ("html", "raw"),
    [
        ('<meta property="article:published_time" content="2024-05-01">', "2024-05-01"),
        ('<meta name="article:published:time" content="2024-05-01">', "2024-05-01"),
        ('<meta name="Publish_Date" content="2024-05-01">', "2024-05-01"),
        ('<time itemprop="datePublished" datetime="2024-05-01T10:00">x</time>', "2024-05-01T10:00"),
        ('<div itemprop="datePublished">2024-05-01T10:00</div>', "2024-05-01T10:00"),
        ('<time datetime="2024-05-01">x</time><time datetime="2023">y</time>', "2024-05-01"),
        (f"<nav>{OTHER}</nav><h1>A mill</h1><article>{OWN}<p>A<p>B</article>", "2024-05-01"),
        (f"<aside>{OTHER}</aside><li><a>{'A goat ' * 9}</a>{OTHER}</li>{OWN}", "2024-05-01"),
        (f"<article>{OTHER}</article><article><h1>A</h1><footer>{OWN}</footer></article>",
         "2024-05-01"),
        (f"<article><div>{OWN}<h1>A</h1></div></article><article>{OTHER}</article>", "2024-05-01"),
        (f"<h1>A</h1><article>{OTHER}</article>", None),
        (f"<div {SCOPE}><i itemprop=datePublished>2019-03-03</i></div>"
         f"<div {SCOPE}><h1>A</h1><i itemprop=datePublished>2024-05-01</i></div>", "2024-05-01"),
        (f"<div {SCOPE}><h1>A</h1><div {SCOPE}><meta itemprop=datePublished content=2019-03-03>"
         "</div></div>", None),
        (f"<div {SCOPE}><a itemprop=headline>A goat wins</a><meta itemprop=datePublished "
         "content=2019-03-03></div><h1>The mill opens</h1>", None),
        (f"<div {SCOPE}><meta itemprop=headline content='Mill opens'><meta itemprop=datePublished "
         "content=2024-05-01></div><h1>The mill opens</h1>", "2024-05-01"),
        ("", None),
    ],
)  # fmt: skip
def test_a_date_is_found_where_sites_put_it(html: str, raw: str | None) -> None:
    assert page(html + TEXT).published_raw == raw


def test_boxes_scripts_and_asides_are_no_text_and_nested_parts_are_read_once() -> None:
    html = (
        "<div class=text><p>One.</p><div class=box>Read also</div><script>x</script>"
        "<aside>Ad</aside><blockquote class='twitter-tweet'><p>Said</p></blockquote>"
        "<div class=more><p>Two.</p></div></div>"
        "<div class='text more'>Three.</div>"
    )
    assert page(html).body == "One.\n\nTwo.\n\nThree."


FIRST, SECOND = (f"<p>{line * 4}</p>" for line in ("The mill grinds corn. ", "It rains. "))
STARS = "<p>* * *</p>"
WHOLE = f"{FIRST}{STARS}{SECOND}{STARS}<p>{'A miller sings. ' * 9}</p>"


@pytest.mark.parametrize(
    "html",
    [
        f"<div class=text>{WHOLE}</div><div class=text>{WHOLE}</div>",
        f"<div class='text desktop'>{WHOLE}</div><div class='text mobile' id=m>{WHOLE}</div>",
        f"<div class=text><div class=wide>{WHOLE}</div><div class=small>{WHOLE}</div></div>",
        f"<div class=text>{WHOLE}</div><div class=text>{FIRST}{STARS}{SECOND}</div>",
        f"<div class=text>{WHOLE}</div><div class=text>{WHOLE.replace(' ', '&nbsp; ')}</div>",
        f"<div class=text>{WHOLE}</div><div class='text more'><p>Ad</p>{WHOLE}</div>",
    ],
)
def test_a_text_that_a_page_holds_twice_is_read_once(html: str) -> None:
    once = page(f"<div class=text>{WHOLE}</div>").body
    assert page(html).body.removesuffix("\n\nAd") == once
    assert once.count("* * *") == 2


def test_stars_and_a_refrain_may_come_back() -> None:
    verse = [f"<p>{word} sings the miller of the old mill by the river.</p>" for word in "abcde"]
    refrain = "<p>Turn, wheel, turn, all day and night!</p>"
    song = page(f"<div class=text>{(refrain + STARS).join(verse)}</div>").body
    assert (song.count("Turn, wheel"), song.count("* * *")) == (4, 4)


def test_a_headline_cut_to_the_length_that_search_engines_want_is_made_whole() -> None:
    whole = "The mill of Oakdale, " * 6 + "opened again"
    assert page(LD % f'"headline": "{whole[:110]}"' + f"<h1>{whole}</h1>{TEXT}").title == whole
    assert page(LD % '"headline": "A mill"' + f"<h1>A mill, more</h1>{TEXT}").title == "A mill"


def test_a_box_is_left_in_the_page_for_other_layouts() -> None:
    document = page("<div class=text><div class=box>Read also</div>One.</div>").document
    assert WirePage(document).body == "One."
    assert document.root.css_first("div.box") is not None


@pytest.mark.parametrize("html", ["", "<h1>A mill</h1>", TEXT, '{"title": "A mill"}'])
def test_a_page_without_title_or_text_is_not_of_the_layout(html: str) -> None:
    assert not page(html).matches()


def test_a_page_with_title_and_text_is_of_the_layout() -> None:
    assert page("<h1>A mill</h1>" + TEXT).matches()


def test_the_dateline_names_reporters_if_nothing_else_does() -> None:
    html = "<div class=text>OAK (Wire, by Ana Kaya and Bo Demir) - A mill.</div>"
    assert [person.name for person in page(html).authors] == ["Ana Kaya", "Bo Demir"]
    assert page(TEXT).authors == []


def test_an_address_at_the_end_of_the_text_is_the_byline() -> None:
    assert (
        page("<div class=text>A mill.<p>kaya@wire.example</div>").byline_raw == "kaya@wire.example"
    )


@pytest.mark.parametrize(
    ("url", "edition"),
    [
        ("https://fr.wire.example/7", "fr"),
        ("https://wire.example/en/7", "en"),
        ("https://wire.example/7", None),
    ],
)
def test_the_edition_is_that_of_host_or_path(url: str, edition: str | None) -> None:
    assert page(TEXT, url).edition == edition


def test_hosts_apart_have_numbers_and_addresses_of_their_own() -> None:
    here = identify("https://wire.example/7/a-mill", PLAIN.address, "wire")
    there = identify("https://fr.wire.example/7", PLAIN.address, "wire")
    assert (here.id, here.url) == ("wire:7", "https://wire.example/7")
    assert (there.id, there.url) == ("wire:fr-7", "https://fr.wire.example/7")


@pytest.mark.parametrize("mark", ["(END)", "\n\nEditor: Cy Nur"])
def test_a_text_ends_at_its_end_mark(mark: str) -> None:
    assert clean_body(f"A mill opened. {mark}\n\nRead also", PLAIN) == ["A mill opened."]


def test_a_text_without_an_end_mark_is_whole() -> None:
    assert clean_body("A mill opened.\n\nThe Editor: a play", PLAIN) == [
        "A mill opened.",
        "The Editor: a play",
    ]


def test_an_agency_with_one_edition_needs_no_telling() -> None:
    class Only(WirePage):
        rules: ClassVar[AgencyRules] = replace(PLAIN, editions={"it": "it"})

    assert Only(page(TEXT).document).edition == "it"


DATELINE = "<p>OAK (Wire, by Ana Kaya) - A mill opened.</p>"
SIGNATURE = "<p>It is new. (Wire, Ben Lee)</p>"


@pytest.mark.parametrize(
    ("paragraphs", "authors"),
    [
        (DATELINE, ["Ana Kaya"]),
        ("<p>The mill.</p><p>Photo: a miller</p>" + DATELINE, ["Ana Kaya"]),
        ("<p>A mill opened.</p>" * 3 + DATELINE, []),
        ("<p>A mill opened.</p>" + SIGNATURE, ["Ben Lee"]),
        (DATELINE + SIGNATURE, ["Ana Kaya"]),
        (SIGNATURE + "<p>A mill opened.</p>", []),
    ],
)
def test_reporters_stand_in_the_dateline_else_behind_the_text(
    paragraphs: str, authors: list[str]
) -> None:
    found = page(f"<h1>A mill</h1><div class=text>{paragraphs}</div>")
    assert [person.name for person in found.authors] == authors
    assert found.body.count("(Wire") == paragraphs.count("(Wire")


def test_pictures_beside_the_text_come_first_with_their_caption() -> None:
    class Beside(WirePage):
        PICTURES = "div.lead img"
        CAPTION = "div.lead p"

    lead = '<div class=lead><img src="/lead.jpg"><p>The old mill</p></div>'
    text = '<div class=text><p>A mill opened.</p><img src="/mill.jpg"></div>'
    draft = Beside(page(f"<h1>A mill</h1>{lead}{text}").document).draft()
    assert [(image.url, image.caption) for image in draft.images] == [
        ("https://wire.example/lead.jpg", "The old mill"),
        ("https://wire.example/mill.jpg", None),
    ]
    assert draft.body == "A mill opened."


def test_relative_addresses_start_from_the_host_that_a_page_alone_stands_at() -> None:
    text = '<h1>A mill</h1><div class=text><p>A mill opened.</p><img src="mill.jpg"></div>'
    for url in ("https://fr.wire.example/7/a", "https://wire.example/7/a"):
        (image,) = page(text, url).images
        assert image.url == url.removesuffix("a") + "mill.jpg"


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("//cdn.example/assets/", "https://cdn.example/assets/p/pier.jpg"),
        ("/assets/", "https://wire.example/assets/p/pier.jpg"),
        ("https://cdn.example/a/b.html", "https://cdn.example/a/p/pier.jpg"),
        ("", "https://wire.example/p/pier.jpg"),
        ("javascript:x", "https://wire.example/p/pier.jpg"),
        ("http://[broken", "https://wire.example/p/pier.jpg"),
    ],
)
def test_addresses_start_from_the_base_that_a_page_names(base: str, address: str) -> None:
    html = f"<head><base href='{base}'></head><div class=text><p>One.</p><img src=p/pier.jpg></div>"
    assert [image.url for image in page(html).images] == [address]


def test_the_picture_that_stands_for_the_page_comes_before_those_of_a_gallery() -> None:
    told = '<meta property="og:image" content="https://wire.example/1.jpg?w=800">'
    boxed = "<img src=/1.jpg?w=1280><img src=/2.jpg?w=640>"
    found = page(told + BOX.format("gallery", boxed)).images
    assert [image.url.rpartition("/")[2] for image in found] == ["1.jpg?w=800", "2.jpg?w=640"]


BOX = "<div class=text><p>One.</p><div class='box {}'>{}</div></div>"
PICTURE = "<img src=/1.jpg>"


@pytest.mark.parametrize(
    "html",
    [
        BOX.format("gallery", PICTURE),
        BOX.format("Slideshow", PICTURE),
        BOX.format("", f"<figure>{PICTURE}</figure>"),
        BOX.format("photo-report", f"<a href=/large/1.jpg>{PICTURE}</a>"),
        BOX.format("carousel", f"<a href=#1>{PICTURE}</a>"),
        BOX.format("", f"<div class=image-gallery><ul><li>{PICTURE}</ul></div>"),
    ],
)
def test_pictures_of_a_gallery_are_found_though_its_box_is_no_text(html: str) -> None:
    assert [image.url for image in page(html).images] == ["https://wire.example/1.jpg"]
    assert page(html).body == "One."


@pytest.mark.parametrize(
    "html",
    [
        BOX.format("", PICTURE),
        BOX.format("gallery", f"<a href=/en/another-story>{PICTURE}</a>"),
        BOX.format("", f"<figure><a href=/en/another-story>{PICTURE}</a></figure>"),
        f"<div class=text><p>One.</p><aside class=gallery>{PICTURE}</aside></div>",
    ],
)
def test_pictures_of_other_stories_are_none_of_the_article(html: str) -> None:
    assert page(html).images == []


NUMBERED = replace(
    PLAIN,
    address=replace(
        PLAIN.address,
        articles=(re.compile(r"/story-(?P<id>\d+)(?:_\d+)?(?:/\d+)?(?:\.htm)?"),),
        canonical="/{}",
    ),
)


class PagedPage(WirePage):
    rules: ClassVar[AgencyRules] = NUMBERED


def paged(pager: str, text: str = "<p>One.</p>") -> PagedPage:
    html = f"<h1>A mill</h1><main><div class=text>{text}{pager}</div></main>"
    return PagedPage(Document("https://wire.example/story-7.htm", 200, {}, html.encode()))


SECOND_PAGE, THIRD_PAGE = (f"https://wire.example/story-7_{n}.htm" for n in (2, 3))
TO_SECOND, TO_THIRD = (f"<a href=story-7_{n}.htm>{n}</a>" for n in (2, 3))


@pytest.mark.parametrize(
    ("pager", "pages"),
    [
        (f"<p>1 {TO_SECOND} {TO_THIRD}</p>", [SECOND_PAGE, THIRD_PAGE]),
        (f"<div>[{TO_THIRD}][{TO_SECOND}]</div>", [SECOND_PAGE, THIRD_PAGE]),
        (f"<div><b>1</b>{TO_SECOND} <a href=/story-7_2.htm>Next »</a></div>", [SECOND_PAGE]),
        ("<p><a href=story-7_2.htm#top>下一页</a></p>", [SECOND_PAGE]),
        ("<p><a href=story-7_2.htm>Следующая страница</a></p>", [SECOND_PAGE]),
        ("<ul><li>1<li><a href=story-7_2.htm>2</a></ul>", [SECOND_PAGE]),
        ("</div><div class=pagination><a href=story-7_2.htm>2</a>", [SECOND_PAGE]),
        ("<p><a href=story-8.htm>2</a> <a href=story-8.htm>Next</a></p>", []),
        ("<p><a href=story-7.htm>1</a> <a href=#2>2</a> <a href=/>3</a></p>", []),
        ("<p><a href=story-7_2.htm>Print</a> <a href=story-7/2>The mill in 2024</a></p>", []),
        ("<p><a href='http://[x'>2</a> <a>3</a> <a href=mailto:a@b.example>Next</a></p>", []),
        ("", []),
    ],
)  # fmt: skip
def test_other_pages_of_an_article_are_those_that_a_pager_leads_to(
    pager: str, pages: list[str]
) -> None:
    page = paged(pager)
    assert list(page.further_pages) == pages
    if pages:
        assert page.body == "One."


def test_numbers_and_words_without_a_pager_are_text() -> None:
    text = "<p>One.</p><p>2</p><p>Next</p><p>10 | 20</p>"
    assert paged("", text).body == "One.\n\n2\n\nNext\n\n10 | 20"
