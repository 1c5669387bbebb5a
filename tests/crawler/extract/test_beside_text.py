import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extract.beside_text import Shown
from crawler.extract.lines import page_lines

TITLE = "The mill of Oak Valley opens again"
BODY = "The mill of Oak Valley ground its first corn on Monday.\n\nIt had been silent for years."
TEXT = "".join(f"<p>{part}</p>" for part in BODY.split("\n\n"))
STORY = f"<h1>{TITLE}</h1>%s{TEXT}"
CLOCK = "<div>2 April 2024</div>"


def shown(html: str) -> Shown:
    root = LexborHTMLParser(html).body
    assert root
    return Shown(page_lines(root), TITLE, BODY)


def dates(html: str) -> list[str]:
    return list(shown(html).dates(day_first=None))


def test_lines_end_at_blocks_and_breaks_and_hidden_ones_are_left_out() -> None:
    root = LexborHTMLParser(
        "<div>One <b>two</b><br>three<p>four</div><script>x</script><p hidden>y</p>"
        '<p style="display: none">z</p><ul><li>five<time datetime="2024">six</time></ul>'
        "<p><span>sev</span>en<p><a>eight</a><a>nine</a>"
    ).body
    assert root
    lines = page_lines(root)
    found = ["One two", "three", "four", "fivesix", "seven", "eight nine"]
    assert [text for text, _ in lines] == found
    assert lines[3][1].stamps == ["2024"]


@pytest.mark.parametrize(
    "html",
    [
        STORY % "<p>Oak Valley, 1 May 2024</p>",
        STORY % "<p>By Ana Kaya</p><div>Published <span>1 May 2024</span></div>",
        STORY % "" + "<div>1 May 2024 | print</div>",
        f"<span>1 May 2024</span>{STORY}" % "",
        f"<nav>{CLOCK}</nav>{STORY % '<i>1 May 2024</i>'}",
        CLOCK + "<p>Menu</p>" * 5 + STORY % "1 May 2024",
        STORY % "<p>Updated: 2 May 2024</p><p>1 May 2024</p>",
        STORY % "<p>1 May 2024, last modified 3 May 2024</p>",
        STORY % "<table><tr><td>Changed on:<td>2 April 2024<tr><td>1 May 2024</table>",
        STORY % "<ul><li><a>A long story of a goat that won a prize in the village, "
        "and of its owner</a> 2 April 2024</ul><p>1 May 2024",
        STORY % "1 May 2024" + "<h3>Read more</h3><p>2 April 2024</p>",
        STORY % "<p>Video 1:30 | 2 April 2024</p><p>1 May 2024</p>",
        STORY % f"<ul><li>Published:{' ' * 80}<b>1 May 2024</b></li></ul>",
    ],
)
def test_the_date_beside_the_headline_or_the_text_is_the_storys(html: str) -> None:
    assert dates(html)[:1] == ["1 May 2024"]


@pytest.mark.parametrize(
    "html",
    [
        STORY % "<p>On 1 May 2024 the mill of Oak Valley was older than any of its neighbours.</p>",
        STORY % "" + "<h3>Read more</h3><p>2 April 2024</p>",
        STORY % "" + "<p>More</p>" * 6 + CLOCK,
        CLOCK + "<p>Menu</p>" * 5 + STORY % "",
        f"<nav>{CLOCK}</nav>{STORY}" % "",
        STORY % "<p>Last updated 1 May 2024</p>",
        STORY % "" + "<p><a href=/goat>A goat wins the first prize</a> 2 April 2024</p>",
        STORY % "" + "<p>2 April 2024</p><p><a href=/goat>A goat wins the first prize</a></p>",
        f"<article>{STORY}</article><article>{CLOCK}</article>" % "",
        f"<div id=clock>{CLOCK}</div>{STORY}" % "",
        f"{STORY}<div class=comments-area><b>Bo</b> 2 April 2024</div>" % "",
        f"{STORY}<footer>Copyright 2 April 2024</footer>" % "",
        STORY % "<div><a href=/goat>A goat of the village wins a prize</a> 2 April 2024</div>",
    ],
)
def test_a_date_of_something_else_is_not_the_storys(html: str) -> None:
    assert dates(html) == []


def test_a_date_in_a_short_sentence_of_the_text_is_not_the_storys() -> None:
    sentence = "The mill opens on 3 June 2030 at noon."
    root = LexborHTMLParser(f"<h1>{TITLE}</h1><p>{sentence}</p>{TEXT}").body
    assert root
    for body, found in ((f"{sentence}\n\n{BODY}", []), (BODY, ["3 June 2030"])):
        assert list(Shown(page_lines(root), TITLE, body).dates(day_first=None)) == found


def test_a_machine_readable_time_goes_before_its_words() -> None:
    assert dates(STORY % '<time datetime="2024-05-01T10:30:00Z">1 May 2024</time>') == [
        "2024-05-01T10:30:00Z",
        "1 May 2024",
    ]


def test_the_headline_is_the_heading_above_the_text_not_the_link_to_it() -> None:
    page = shown(f"<a>{TITLE}</a><p>1</p>{STORY}<a>{TITLE}</a>" % "")
    assert (page.headline, page.start, page.end) == (2, 3, 5)


@pytest.mark.parametrize(
    "html",
    [
        STORY % "<p>By Ana Kaya</p>",
        STORY % "<p>1 May 2024 | Ana Kaya | 3 minutes</p>",
        STORY % "<p>May 1, 2024, 10:30 | By Ana Kaya</p>",
        STORY % '<p class="byline">Ana Kaya</p>',
        STORY % '<p><a href="/authors/7">Ana Kaya</a></p>',
        STORY % "<p><strong>Ana Kaya</strong></p>",
        STORY % "" + "<p><b>Ana Kaya</b></p>",
        STORY % "" + "<p>— Ana Kaya</p>",
        STORY % "" + "<p>(Ana Kaya)</p>",
        STORY % "" + "<p align=right>Ana Kaya</p>",
        STORY % "" + "<p style='text-align: right'>Ana Kaya</p>",
        STORY % "<address>Ana Kaya</address>",
        STORY % "<p>By Ana Kaya on May 1, 2024</p>",
        f"<p>By Ana Kaya</p>{STORY}" % "",
    ],
)
def test_a_line_beside_the_text_says_who_wrote_it(html: str) -> None:
    assert [names for _, names in shown(html).bylines(day_first=None)] == [["Ana Kaya"]]


def test_a_place_that_the_text_names_is_no_person() -> None:
    root = LexborHTMLParser(STORY % "<p>By Ana Kaya, Oak Valley").body
    assert root
    lines = page_lines(root)
    page = Shown(lines, TITLE, f"{BODY}\n\nThere are two in Oak Valley.")
    assert [names for _, names in page.bylines(day_first=None)] == [["Ana Kaya"]]


def test_bylines_that_follow_each_other_are_one() -> None:
    found = shown(STORY % "<p class=author>Ana Kaya<p class=author>Bo Demir").bylines(
        day_first=None
    )
    assert found == [(["Ana Kaya", "Bo Demir"], ["Ana Kaya", "Bo Demir"])]


@pytest.mark.parametrize(
    "html",
    [
        STORY % "<p>Oak Valley, 1 May 2024</p>",
        STORY % "<p>Breaking News</p><p>Oak Valley</p>",
        STORY % "<p>Audio 03:07 min. | 2 April 2024 | Ana Kaya</p>",
        STORY % "" + "<p>Oak Valley</p>",
        STORY % "" + "<p>More</p>" * 3 + "<p>By Ana Kaya</p>",
        f"<article>{STORY}</article><article><p>By Ana Kaya</p></article>" % "",
        STORY % "<ul><li><a>A long story of a goat that won a prize in the village of Oak</a>"
        "<p>By Ana Kaya</p></ul>",
    ],
)
def test_what_names_nobody_or_the_author_of_something_else_is_no_byline(html: str) -> None:
    assert shown(html).bylines(day_first=None) == []


@pytest.mark.parametrize(
    ("teaser", "answer"),
    [
        ("<h2><a href=/story-%d>A story</a></h2><p>%s</p>", True),
        ("<a href=https://wire.example/story-%d>A story</a><i>1 May 2024</i><p>%s</p>", True),
        ("<a href=/story-%d><h3>A story</h3><p>%s</p></a>", True),
        ("<dt>1 May 2024 <a href=/story-%d>A story of a mill</a></dt><dd>%s</dd>", True),
        ("<p><a href=/story-%d>The mill</a> %s</p>", False),
        ("<h2><a href=#%d>A chapter</a></h2><p>%s</p>", False),
        ("<h2><a href=https://shop.example/%d>A thing</a></h2><p>%s</p>", False),
        (
            "<h2><a href=/story-%d>A story</a></h2><p>Three dots.</p><p>And more.</p><p>%s</p>",
            False,
        ),
    ],
)
def test_a_page_whose_paragraphs_lead_to_other_stories_is_a_list(teaser: str, answer: bool) -> None:
    texts = [f"The mill of Oak Valley ground its {place}th corn on Monday." for place in range(9)]
    html = "".join(teaser % pair for pair in enumerate(texts))
    own = f"<p>{'The mill of Oak Valley ground its first corn on Monday. ' * 2}</p>"
    for above, expected in (("", answer), (own, False)):
        root = LexborHTMLParser(f"<h1>{TITLE}</h1>{above}{html}").body
        assert root
        page = Shown(page_lines(root), TITLE, "\n\n".join(texts))
        assert page.is_list("wire.example") is expected


def test_paragraphs_with_a_link_to_more_below_each_are_a_list() -> None:
    texts = [f"The mill of Oak Valley ground its {place}th corn on Monday." for place in range(4)]
    for label, answer in (("Read more", True), ("Of goat {}", False)):
        rows = (
            f"<h3>Story {place}</h3><p>{text}</p><a href=/story-{place}>{label.format(place)}</a>"
            for place, text in enumerate(texts)
        )
        root = LexborHTMLParser(f"<h1>{TITLE}</h1>{''.join(rows)}").body
        assert root
        page = Shown(page_lines(root), TITLE, "\n\n".join(texts))
        assert page.is_list("wire.example") is answer


@pytest.mark.parametrize(
    ("teaser", "answer"),
    [
        ("{text} <a href=/story-{place}>More ...</a>", True),
        ("{text} <a href=/story-{place}>Corn {place}</a>", False),
        ("<a href=/story-{place}>A mill in the valley opens</a>. {text}", True),
        ("<a href=/story-{place}>The mill</a>: {text}", False),
    ],
)
def test_paragraphs_that_begin_or_end_with_a_link_to_a_story_are_a_list(
    teaser: str, answer: bool
) -> None:
    text = "The mill of Oak Valley ground its corn on Monday."
    rows = (f"<p>{teaser.format(place=place, text=text)}</p>" for place in range(4))
    root = LexborHTMLParser(f"<h1>{TITLE}</h1>{''.join(rows)}").body
    assert root
    lines = page_lines(root)
    page = Shown(lines, TITLE, "\n\n".join(line for line, _ in lines[1:]))
    assert page.is_list("wire.example") is answer
