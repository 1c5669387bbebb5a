import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extract.headline import (
    heading_parts,
    headline_among,
    headline_below_breadcrumb,
    headline_in,
    own_headings,
    site_names,
    without_site,
)

TITLE = "The mill of Oak Valley opens again"
SEARCHED = "Mill Oak Valley: when it opens, what flour costs"


@pytest.mark.parametrize(
    ("own", "shared", "headings", "headline"),
    [
        ([], [f"{TITLE} - The Wire"], [TITLE], TITLE),
        ([], [f"{TITLE} | News | The Wire"], ["News", TITLE], TITLE),
        ([], [f"The Wire :: {TITLE}"], ["The Wire", TITLE], TITLE),
        ([], [TITLE.upper()], ["More", TITLE], TITLE),
        ([f"{TITLE} | Wire.example"], [], [TITLE], TITLE),
        (["Mill opens"], [f"{TITLE} - The Wire"], [TITLE], "Mill opens"),
        (["The mill", TITLE], [], [TITLE], TITLE),
        ([TITLE * 3], [], [TITLE * 4], TITLE * 4),  # cut by a machine
        ([], [TITLE], [f"Economy {TITLE}"], TITLE),
        ([], ["opens again"], [TITLE], ""),
        ([], [f"{TITLE} - The Wire"], ["The Wire"], ""),
        ([], [], [TITLE], ""),
    ],
)
def test_the_headline_is_the_part_of_a_title_that_a_heading_shows(
    own: list[str], shared: list[str], headings: list[str], headline: str
) -> None:
    assert headline_among(own, shared, headings) == headline


@pytest.mark.parametrize(
    ("lines", "shared", "headings", "headline"),
    [
        (["Wire", TITLE, "Text."], [f"{TITLE}_The Wire"], [], TITLE),
        (["木报", "橡谷磨坊重新开门"], ["橡谷磨坊重新开门-木报"], [], "橡谷磨坊重新开门"),
        (["News", TITLE], [f"News - {TITLE} - The Wire"], ["News"], TITLE),
        ([], ["Mill of Oak Valley to open"], ["About us", TITLE], TITLE),
        (["The mill of Oak Valley opens again. " * 4], ["News from the Wire"], [TITLE], TITLE),
        (
            ["橡谷磨坊周一重新开门，磨坊主说面粉很好，并感谢所有帮助修理磨坊的邻居和朋友。"],
            ["t"],
            ["橡谷磨坊重新开门"],
            "橡谷磨坊重新开门",
        ),
        ([], [TITLE], ["A single post"], TITLE),
        ([], [f"{TITLE} - Unknown"], [], TITLE),
        ([], ["橡谷磨坊《木报》重新开门》-木报网"], [], "橡谷磨坊《木报》重新开门》"),
        ([], ["Oak - a mill opens"], [], "Oak - a mill opens"),
        ([], [f"{TITLE} < The Wire"], [], TITLE),
        ([], ["Дуб: мельница «открыта» снова"], [], "Дуб: мельница «открыта» снова"),
        # a wide character counts like several letters
        ([], ["橡谷磨坊重新开门 - Oak Wire"], [], "橡谷磨坊重新开门"),
        (["橡谷磨坊重新开门"], ["橡谷磨坊重新开门-The Oak Valley Wire"], [], "橡谷磨坊重新开门"),
        ([], [], [TITLE], TITLE),
        ([], [], [], ""),
    ],
)
def test_without_such_a_heading_any_line_shows_it_or_what_is_most_alike(
    lines: list[str], shared: list[str], headings: list[str], headline: str
) -> None:
    assert headline_in(lines, shared, headings) == headline


@pytest.mark.parametrize(
    "masthead",
    [
        '<h1><a href="/">The Daily</a></h1>',
        '<a href="https://wire.example"><h1>Our wire</h1></a>',
        "<h1>THE WIRE</h1>",
        "<h1>Wire-Example</h1>",
        "<h1><img alt=x></h1>",
    ],
)
def test_a_masthead_is_no_headline(masthead: str) -> None:
    root = LexborHTMLParser(f'{masthead}<h1><a href="#top">{TITLE}</a></h1>').body
    assert root
    sites = ["The Wire", *site_names("https://www.wire.example/7")]
    assert own_headings(root, sites) == [TITLE]


@pytest.mark.parametrize(
    "heading",
    [
        f"<span>Economy</span> <span>{TITLE}</span>",
        f"<a href=/economy>Economy</a><br>{TITLE}",
        f"{TITLE} <small>A second line about corn</small>",
    ],
)
def test_the_title_tells_which_line_of_a_heading_is_the_headline(heading: str) -> None:
    root = LexborHTMLParser(f"<h1>{heading}</h1>").body
    assert root
    found = headline_among([], [f"{TITLE} - The Wire"], [], heading_parts(root))
    assert found == TITLE


@pytest.mark.parametrize(
    ("first", "second", "headline"),
    [
        (f"<nav><h1>{SEARCHED}</h1></nav>", TITLE, TITLE),
        (f'<ol class="page-breadcrumbs"><li><h1>{SEARCHED}</h1></ol>', TITLE, TITLE),
        (f'<h1 id="Breadcrumb">{SEARCHED}</h1>', f"<i>Economy</i> <b>{TITLE}</b>", TITLE),
        (f"<nav><h1>{SEARCHED}</h1></nav>", "More about mills", ""),
        (f"<nav><h1>{SEARCHED}</h1></nav>", SEARCHED, ""),
        (f"<nav><h1>Menu</h1></nav><h1>{SEARCHED}</h1>", TITLE, ""),
        (f"<h1>{SEARCHED}</h1>", TITLE, ""),
        ("", TITLE, ""),
    ],
)
def test_below_a_heading_in_a_breadcrumb_the_second_level_has_the_headline(
    first: str, second: str, headline: str
) -> None:
    root = LexborHTMLParser(f"{first}<h2>Weather</h2><h2>{second}</h2>").body
    assert root
    titles = [SEARCHED, f"{TITLE} - The Wire"]
    assert headline_below_breadcrumb(root, titles) == headline


def test_a_moment_at_the_end_of_a_heading_is_no_part_of_it() -> None:
    root = LexborHTMLParser(f"<h1>{TITLE} <span>06.01.12 08:49</span></h1>").body
    assert root
    assert own_headings(root, []) == [TITLE]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        (f"{TITLE} - The Wire", TITLE),
        (f"{TITLE} | Opinion | The Wire", TITLE),
        (f"{TITLE}: WIRE", TITLE),
        (f"THE WIRE: {TITLE}", f"THE WIRE: {TITLE}"),
        (f"Wire.example | {TITLE}", TITLE),
        ("Oak Valley - a mill opens", "Oak Valley - a mill opens"),
        ("The Wire", "The Wire"),
    ],
)
def test_the_name_of_the_site_and_what_follows_a_bar_are_cut_off(title: str, plain: str) -> None:
    assert without_site(title, ["The Wire", "wire", "wire.example"]) == plain
