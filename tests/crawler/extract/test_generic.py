from dataclasses import replace

import pytest

from crawler.extract.document import Document
from crawler.extract.errors import UnknownLayout
from crawler.extract.generic import SemanticPage, generic_layouts
from crawler.extract.page import ArticlePage, read_page
from pages.yonhap import RULES

URL = "https://wire.example/2024/05/a-mill-opens"
SENTENCES = [f"The mill of Oak Valley ground {number} tons of grain." for number in range(9)]
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
HEAD = (
    '<meta property="og:site_name" content="The Wire"><meta property="og:title" content="A mill '
    '| The Wire"><meta name="author" content="The Wire Desk, Ana Kaya">'
    '<meta property="article:published_time" content="2024-05-01T10:00:00">'
)


def read(html: str, zone: str | None = None) -> ArticlePage:
    document = Document(URL, 200, {}, html.encode())
    return read_page(document, generic_layouts(document, zone))


def test_the_element_with_the_most_paragraphs_is_the_text() -> None:
    page = read(f"{HEAD}<div><p>Short.</p></div><div>{TEXT}</div>")
    assert page.body == "\n\n".join(SENTENCES)
    assert page.layout == "semantic"


def test_the_headline_that_readers_see_is_read_where_search_engines_get_another() -> None:
    data = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Mill: prices"}'
    head = '<meta property="og:title" content="A mill opens">'
    page = read(f"{head}{data}</script><nav><h1>Mill: prices</h1></nav><h2>A mill opens</h2>{TEXT}")
    assert page.title == "A mill opens"


def test_the_site_itself_is_no_author_of_its_page() -> None:
    assert [person.name for person in read(f"{HEAD}<div>{TEXT}</div>").authors] == ["Ana Kaya"]


@pytest.mark.parametrize(
    ("author", "names", "credit"),
    [
        ('[{"name": "Ana Kaya"}, {"@type": "Organization", "name": "Oak"}]', ["Ana Kaya"], "Oak"),
        ('["Ana Kaya", "OPA", "The Oak Press"]', ["Ana Kaya"], "OPA, The Oak Press"),
        ('["Ana Kaya", {"@type": "Organization", "name": "The Wire"}]', ["Ana Kaya"], None),
        ('{"@type": "NewsMediaOrganization", "name": "The Wire"}', [], "The Wire"),
        ('"The Wire"', [], "The Wire"),
        ('"Ana Kaya"', ["Ana Kaya"], None),
    ],
)
def test_an_organisation_that_is_stated_as_author_has_the_credit(
    author: str, names: list[str], credit: str | None
) -> None:
    site = '<meta property="og:site_name" content="The Wire">'
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {author}}}'
    page = read(f"{site}{data}</script><h1>A mill opens</h1>{TEXT}")
    assert [person.name for person in page.authors] == names
    assert page.draft().credit == credit


@pytest.mark.parametrize("name", ["byl", "parsely-author", "sailthru.author", "DC.Creator"])
def test_a_page_names_its_author_to_whoever_asks_for_one(name: str) -> None:
    page = read(f'<h1>A mill opens</h1><meta name="{name}" content="By Ana Kaya"><div>{TEXT}</div>')
    assert [person.name for person in page.authors] == ["Ana Kaya"]


@pytest.mark.parametrize(
    ("zone", "raw"), [(None, "2024-05-01"), ("Asia/Tashkent", "2024-05-01T10:00:00")]
)
def test_a_time_without_a_zone_is_a_day_unless_the_zone_is_known(
    zone: str | None, raw: str
) -> None:
    assert read(f"{HEAD}<div>{TEXT}</div>", zone).published_raw == raw


@pytest.mark.parametrize(
    ("changed", "published"),
    [
        ("2024-05-01T10:30:27+02:00", "2024-05-01T10:30:27+02:00"),
        ("2024-05-01T10:45:00+02:00", "2024-05-01"),
        ("2024-05-01T10:30:27", "2024-05-01"),
    ],
)
def test_a_change_at_the_same_minute_names_the_zone(changed: str, published: str) -> None:
    head = f'<meta property="article:modified_time" content="{changed}">'
    assert read(f"{head}<h1>A mill</h1><p>1 May 2024, 10:30</p>{TEXT}").published_raw == published


def test_names_in_microdata_beside_other_stories_are_none_of_this_one() -> None:
    author = '<span itemprop="author">{}</span>'
    story = f"<article><h1>A mill</h1>{author.format('Ana Kaya')}{TEXT}</article>"
    aside = f"<aside><article><h2>A goat</h2>{author.format('Bo Demir')}</article></aside>"
    assert [one.name for one in read(story + aside).authors] == ["Ana Kaya"]


@pytest.mark.parametrize("raw", ["soon", "2024-13-45", "1-May-24"])
def test_a_date_that_cannot_be_read_costs_the_date_alone(raw: str) -> None:
    page = read(f"{HEAD}<div>{TEXT}</div>".replace("2024-05-01T10:00:00", raw))
    assert (page.title, page.published_raw) == ("A mill", raw)


def test_a_page_that_has_its_headline_and_its_date_in_plain_sight_alone_is_read() -> None:
    head = "<title>A mill opens again - The Wire</title>"
    page = read(f"{head}<p>The Wire<div>A mill opens again</div>1 мая 2024, 10:30<div>{TEXT}</div>")
    assert (page.title, page.published_raw) == ("A mill opens again", "2024-05-01")
    known = read(f"{head}<p>A mill opens again<p>1 мая 2024, 10:30<div>{TEXT}</div>", "Asia/Oral")
    assert known.published_raw == "1 мая 2024, 10:30"


def test_a_byline_is_read_and_is_no_part_of_the_text() -> None:
    story = f'<p class="byline">by <a rel="author">Ana Kaya</a></p>{TEXT}'
    page = read(f"<h1>A mill opens</h1><article>{story}</article>")
    assert [person.name for person in page.authors] == ["Ana Kaya"]
    assert (page.byline_raw, page.body) == ("by Ana Kaya", "\n\n".join(SENTENCES))


def test_headline_date_and_byline_in_the_first_paragraph_are_no_part_of_the_text() -> None:
    story = f"<b>A mill opens</b><br>01.05.2024 10:30<br>By Ana Kaya{TEXT}"
    page = read(f"<title>A mill opens - The Wire</title><table><tr><td>{story}</table>")
    assert page.body == "\n\n".join(["A mill opens", *SENTENCES])  # the headline goes later
    assert (page.published_raw, [one.name for one in page.authors]) == ("2024-05-01", ["Ana Kaya"])


def test_a_name_alone_below_the_last_sentence_is_the_authors() -> None:
    page = read(f"<h1>A mill opens</h1><article>{TEXT}<p>Ana Kaya</article>")
    assert [person.name for person in page.authors] == ["Ana Kaya"]
    assert page.body == "\n\n".join(SENTENCES)
    unfinished = TEXT.replace("8 tons of grain.", "8 tons in the year of")
    assert not read(f"<h1>A mill opens</h1><article>{unfinished}<p>Ana Kaya</article>").authors


def test_an_agencys_own_rules_read_bylines_at_the_end_and_know_no_words_for_dates() -> None:
    told = '<meta name="author" content="OPA"><h1>A mill opens</h1>May 1, 2024, 10:30'
    html = f"{told}<div>{TEXT}<p>Ana Kaya, YoN</div>"
    document = Document(URL, 200, {}, html.encode())
    rules = replace(RULES, byline=replace(RULES.byline, ends_text=True))
    page = type("Agency", (SemanticPage,), {"rules": rules})(document)
    assert page.body.endswith("Ana Kaya, YoN")
    assert page.credit is None
    assert (page.published_raw, list(page.authors)) == ("2024-05-01T10:30:00", [])


def test_the_text_names_its_reporter_if_nothing_else_does() -> None:
    text = TEXT.replace("<p>", "<p>OAK (Wire, Ana Kaya) - ", 1)
    page = read(f"<meta name=author content=wire><h1>A mill opens</h1><div>{text}</div>")
    assert [person.name for person in page.authors] == ["Ana Kaya"]


@pytest.mark.parametrize(
    ("lang", "url", "raw"),
    [
        ("de", URL, "2024-04-05"),
        ("en-GB", URL, "2024-04-05"),
        ("en", URL.replace("example", "co.uk"), "2024-04-05"),
        ("en", URL, None),
        ("en-US", URL, None),
    ],
)
def test_a_date_in_numbers_is_read_where_the_language_tells_their_order(
    lang: str, url: str, raw: str | None
) -> None:
    html = f"<html lang={lang}><h1>A mill opens</h1><p>05/04/2024</p><div>{TEXT}</div>"
    document = Document(url, 200, {}, html.encode())
    assert read_page(document, generic_layouts(document, None)).published_raw == raw


def test_the_words_in_a_box_with_a_picture_are_its_caption_and_no_text() -> None:
    box = "<div class=x1><div><img src=/1.jpg></div><p>The mill in May, from the river</p></div>"
    page = read(f"<h1>A mill opens</h1><div>{TEXT}{box}{TEXT.replace('tons', 'sacks')}</div>")
    assert [one.caption for one in page.images] == ["The mill in May, from the river"]
    assert "river" not in page.body


def test_a_date_at_the_start_of_a_text_is_none_of_it() -> None:
    lead = "The mill of Oak Valley opened its doors to the village again."
    page = read(f"<h1>A mill</h1><div><p>{lead}</p><p>01.05.2024 - 10:30 Uhr</p>{TEXT}</div>")
    assert page.body.split("\n\n") == [lead, *SENTENCES]
    within = read(f"<h1>A mill</h1><div>{TEXT}<p>1 May 2024</p>{TEXT.replace('ton', 'sack')}</div>")
    assert "1 May 2024" in within.body


def test_a_page_with_little_text_is_no_article() -> None:
    with pytest.raises(UnknownLayout):
        read(f"{HEAD}<div><p>Short.</p></div>")


STORY = "".join(
    f"<p>{word} millers of the valley agreed on Monday to grind by night as well as by day, after "
    "two weeks of talks with the bakers of the town.</p>"
    for word in ("The", "All", "Some", "Other")
)


@pytest.mark.parametrize(
    ("html", "pictures", "players"),
    [
        ("<figure><img src=/a.jpg><figcaption>The mill</figcaption></figure>", ["The mill"], 0),
        ("<img src=data:x><noscript><img src=/a.jpg></noscript>", [None], 0),
        ("<amp-img src=/a.jpg></amp-img>", [None], 0),
        ("<iframe src=about:blank data-src=https://youtu.be/x></iframe>", [], 1),
        ("<iframe src=https://player.vimeo.com/7>No frames, no film.</iframe>", [], 1),
        ("<iframe src=https://maps.example/embed></iframe>", [], 0),
        ("<noscript><p>No scripts, no story.</p><img src=/p.gif width=1></noscript>", [], 0),
    ],
)  # fmt: skip
def test_pictures_and_videos_of_any_page_are_found_and_their_words_are_no_text(
    html: str, pictures: list[str | None], players: int
) -> None:
    source = f"<title>Millers agree</title><h1>Millers agree</h1><article>{STORY}{html}</article>"
    document = Document("https://site.example/millers-agree", 200, {}, source.encode())
    draft = read_page(document, generic_layouts(document, "UTC")).draft()
    assert [image.caption for image in draft.images] == pictures
    assert len(draft.videos) == players
    assert draft.body.count("\n\n") == 3
    assert draft.body.endswith("the bakers of the town.")
