"""What is, and what is no article among pages that no layout of the agency describes."""

import pytest

import crawler
from crawler.extract.article import Normalise, guess_page, read_article
from crawler.extract.document import Document
from crawler.extract.errors import OtherPage, UnknownLayout, UnreadablePage
from crawler.extract.unknown_layout import UnknownPage, guess
from crawler.model.identity import identify
from crawler.model.link import Link
from pages import uza
from pages.yonhap import LAYOUTS, RULES
from replica import markup
from replica.world import World
from tests.days import NOW

URL = "https://en.yna.co.kr/view/AEN20240501001200315"
OTHER = "https://en.yna.co.kr/view/AEN20240501009900315"
ID = "yonhap:AEN20240501001200315"
TITLE = "A mill opens in Oak Valley"
TEXT = [f"The mill of Oak Valley ground {number} tons of grain this year." for number in range(9)]
WALL = [f"Sign in to go on. Members read {n}00 stories and save what they like." for n in range(9)]
TEASERS = [
    f'<a href="/view/AEN{n}">The mill no. {n}</a></p><p>{text}' for n, text in enumerate(TEXT)
]
DATED = '<meta property="article:published_time" content="2024-05-01T10:00:00+09:00">'
HEADING = f'<meta property="og:title" content="{TITLE}">'
DATA = (
    '<script type="application/ld+json">{{"@type": "NewsArticle", "headline": '
    f'"{TITLE}", "url": "{URL}"{{}}}}}}</script>'
)
OWN = f'<link rel="canonical" href="{URL}">{DATED}'


def page(title: str = TITLE, text: list[str] = TEXT, head: str = "", above: str = "") -> Document:
    story = "".join(f"<p>{sentence}</p>" for sentence in text)
    html = f"<title>{title}</title>{head}<body>{above}<div>{story}</div>"
    return Document(URL, 200, {}, html.encode())


def guessed(document: Document, told: str | None = TITLE) -> UnknownPage | None:
    return guess(document, RULES, ID, Link(URL, "rss", title=told))


@pytest.mark.parametrize(
    ("shown", "told", "title"),
    [
        (TITLE, TITLE, TITLE),
        (f"{TITLE} | The Wire", TITLE, TITLE),
        (f"{TITLE} - Society - The Wire", TITLE, TITLE),
        (f"Yonhap: {TITLE}", TITLE, TITLE),
        ("A  &quot;mill&quot; opens", "A “mill” opens", 'A "mill" opens'),
        (TITLE, "A mill opens in <b>Oak Valley</b>", TITLE),
        ("Bread - and butter - The Wire", "Bread - and butter", "Bread - and butter"),
        (TITLE, "A mill opens in Oak V...", TITLE),
        ("山谷里的磨坊开业-世界新闻", "山谷里的磨坊开业", "山谷里的磨坊开业"),
        (f"{TITLE} — The Wire", TITLE, TITLE),
    ],
)
def test_the_title_that_the_listing_told_shows_whose_page_it_is(
    shown: str, told: str, title: str
) -> None:
    found = guessed(page(shown), told)
    assert found
    assert found.title == title


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (page("The bridge is closed"), "another story"),
        (page(f"{TITLE} and in Ash Valley"), "another story"),
        (page("Oak Valley: all stories", above=f'<a href="{URL}"><h2>{TITLE}</h2></a>'), "a list"),
        (
            page("All stories", above=f"<h1>{TITLE}</h1><h1>A bridge</h1>"),
            "a list of stories with headings of the first order",
        ),
        (page("All stories", head=DATA.format("")), "a list with data of its entries"),
        (page(text=TEASERS), "teasers below its title"),
        (page("Page not found", WALL, head=OWN), "an error"),
        (page(f"Search results: {TITLE}"), "a search for it"),
        (page(head=f'<link rel="canonical" href="{OTHER}">'), "another address"),
        (page(head=f'<meta property="og:url" content="{OTHER}">'), "another address"),
        (page(text=TEXT[:3]), "a teaser"),
        (page(head=DATA.format(', "isAccessibleForFree": false')), "for those who pay"),
        (page(title="", above=f"<p>{TITLE}</p>"), "no title"),
    ],
)
def test_what_is_not_the_article_that_was_asked_for_is_no_guess(
    document: Document, why: str
) -> None:
    assert guessed(document) is None, why


def test_a_boilerplate_text_below_the_right_title_is_not_sure() -> None:
    for wall in (WALL, [f"To go on with “{TITLE}”, sign in.", *WALL]):
        walled = guessed(page(text=wall))
        assert walled
        assert not walled.is_sure
    read = guessed(page())
    assert read
    assert read.is_sure


@pytest.mark.parametrize(
    ("title", "text", "is_sure"),
    [
        ("山谷里的磨坊开业", "今年山谷里的磨坊磨了很多粮食。" * 20, True),
        ("山谷里的磨坊开业", "登录后继续阅读本网站的全部内容。" * 20, False),
        ("В долине открылась мельница", "Мельницу в долине строили пять лет. " * 9, True),
        ("계곡에 방앗간이 문을 열다", "계곡의 방앗간은 올해 곡식을 많이 빻았다. " * 30, True),
    ],
)
def test_words_are_compared_without_their_endings_and_where_none_are_parted(
    title: str, text: str, is_sure: bool
) -> None:
    found = guessed(page(title, [text]), title)
    assert found
    assert found.is_sure is is_sure


@pytest.mark.parametrize(("head", "is_one"), [(OWN, True), (DATED, False), ("", False)])
def test_where_no_title_was_told_a_page_must_give_its_own_address_and_date(
    head: str, is_one: bool
) -> None:
    assert bool(guessed(page(head=HEADING + head), None)) is is_one
    undated = OWN.replace(DATED, "")
    assert guessed(page(head=HEADING + undated), None) is None


def test_a_guess_is_marked_and_read_by_the_rules_of_the_agency() -> None:
    link = Link(URL, "rss", "en", TITLE, "Wed, 01 May 2024 10:00:00 +0900")
    article = read_article(page(), LAYOUTS, [Normalise(RULES)], link=link, guesses=True)
    assert article.is_guess
    assert article.extractor
    assert (article.extractor.layout, article.extractor.source) == ("unknown", "page")
    assert (article.id, article.edition, article.title) == (ID, "en", TITLE)
    # What a feed tells is better than nothing, but the page did not say it.
    assert (article.published_at, article.published_source) == ("2024-05-01T10:00:00+09:00", None)


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("2024-05-01T10:00:00+09:00", ("2024-05-01T10:00:00+09:00", "page")),
        ("2024-05-01T10:30:00+09:00", ("2024-05-01T10:00:00+09:00", None)),
        ("2023-11-20T08:00:00+09:00", ("2024-05-01T10:00:00+09:00", None)),  # another article's
        ("soon", ("2024-05-01T10:00:00+09:00", None)),
    ],
)
def test_the_listing_s_time_goes_before_a_date_that_may_be_another_article_s(
    shown: str, read: tuple[str, str | None]
) -> None:
    link = Link(URL, "rss", "en", TITLE, "Wed, 01 May 2024 10:00:00 +0900")
    dated = page(head=f'<meta property="article:published_time" content="{shown}">')
    article = read_article(dated, LAYOUTS, [Normalise(RULES)], link=link, guesses=True)
    assert (article.published_at, article.published_source) == read


@pytest.mark.parametrize("edition", ["en", "uz"])
@pytest.mark.parametrize("redesigned", [True, "body"])
def test_all_posts_of_a_redesigned_site_are_read(redesigned: bool | str, edition: str) -> None:
    world = World(seed=7, posts=120, now=NOW)
    for post in world.listing(edition):
        url = f"https://uza.uz{post.path}"
        html = markup.article(post, world.listing(post.edition)[-9:], redesigned=redesigned)
        found = guess_page(
            Document(url, 200, {}, html.encode()),
            uza.LAYOUTS,
            identify(url, uza.RULES.address, "uza"),
            Link(url, "rss", post.edition, post.title),
            OtherPage(),  # it links to others, as a list does
        )
        assert found, url
        assert all(post.shown(text) in found.body for text in post.paragraphs), url


def test_nothing_is_guessed_unless_asked_for_nor_of_another_article() -> None:
    link = Link(URL, "rss", "en", TITLE)
    with pytest.raises(UnknownLayout):
        read_article(page(), LAYOUTS, [Normalise(RULES)], link=link)
    with pytest.raises(UnknownLayout):
        read_article(page(text=WALL), LAYOUTS, [Normalise(RULES)], link=link, guesses=True)


def test_the_library_guesses_too() -> None:
    article = crawler.extract(page(head=HEADING + OWN).body, url=URL, agency="yonhap")
    assert article.is_guess
    with pytest.raises(UnreadablePage):
        crawler.extract(page().body, url=URL, agency="yonhap")
