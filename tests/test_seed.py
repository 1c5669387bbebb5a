"""A real article as plain text, wrapped in every layout: each field has to come back exactly.

The text stays outside the repository, in ``../shared/seed``: title; date line; blank; paragraphs;
byline.
"""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import NamedTuple

import pytest
from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.extract.article import read_article
from crawler.extract.document import Document
from crawler.model.article import Article
from pages.uza import LAYOUTS, RULES

SEED = Path(__file__).parent.parent.parent / "shared" / "seed"
FILES = sorted(SEED.glob("*.txt"))
NORMALISERS = load_normalisers(get_project_settings(), RULES)

pytestmark = pytest.mark.skipif(not FILES, reason="no articles in ../shared/seed to try")


class Story(NamedTuple):
    """A text that was written on the current site: its date line is `HH:MM / YYYY-MM-DD`."""

    title: str
    date_line: str
    paragraphs: list[str]
    byline: str

    @property
    def minute(self) -> str:
        return self.date_line.split(" / ")[0]

    @property
    def day(self) -> str:
        return self.date_line.split(" / ")[1]

    @property
    def dotted(self) -> str:
        year, month, day = self.day.split("-")
        return f"{day}.{month}.{year} {self.minute}"


def load(file: Path) -> Story:
    """Read a seed file; its last line is the byline."""
    title, date_line, _, *rest = file.read_text("utf-8").strip().split("\n")
    *paragraphs, byline = [line for line in rest if line.strip()]
    return Story(title, date_line, paragraphs, byline)


def tags(name: str, lines: list[str]) -> str:
    return "".join(f"<{name}>{escape(line)}</{name}>\n" for line in lines)


def on_current_site(story: Story, below_lead: list[str]) -> str:
    return (
        f"<title>{escape(story.title)}</title><div class=news-top-head>"
        f"<div class=news-top-head__title>{escape(story.title)}</div>"
        f"<div class=news-top-head__date>{story.date_line}</div></div>"
        f"<div class=content-block><h4>{escape(story.paragraphs[0])}</h4>"
        f"{tags('p', [*below_lead, story.byline])}</div>"
    )


def current(story: Story) -> str:
    return on_current_site(story, story.paragraphs[1:])


def imported_repeating(story: Story) -> str:
    return on_current_site(story, story.paragraphs)


def imported_continuing(story: Story) -> str:
    lead, second, *others = story.paragraphs
    return on_current_site(story, [f"{lead} {second}", *others])


def imported_varying(story: Story) -> str:
    """The lead is written with two words more than the paragraph, which is the text."""
    lead, *others = story.paragraphs
    varied = story._replace(paragraphs=[f"Today, {lead[0].lower()}{lead[1:]}", *others])
    return on_current_site(varied, story.paragraphs)


def imported_gluing(story: Story) -> str:
    lead, second, *others = story.paragraphs
    return on_current_site(story, [f"{lead}{second}", *others])


def legacy_desktop(story: Story) -> str:
    controls = ["Размер шрифта: A A A", "Цвет сайта: A A A A"]
    lines = [*controls, "UzA English", story.dotted, story.title, story.title]
    return tags("div", [*lines, *story.paragraphs, story.byline, "5 153"])


def legacy_mobile(story: Story) -> str:
    lines = ["UzA English", story.dotted, story.title, story.title]
    return "<br><br>\n".join(
        escape(line) for line in [*lines, *story.paragraphs, "9 941", story.byline]
    )


def legacy_print(story: Story) -> str:
    lead, *others = story.paragraphs
    lines = ["UzA English", f"{story.dotted}:00", story.title, f"{story.title} {lead}"]
    return tags("p", [*lines, *others, story.byline, "5 153"])


def api(story: Story) -> str:
    post = {
        "id": 594021,
        "title": story.title,
        "description": story.paragraphs[0],
        "content": tags("p", [*story.paragraphs[1:], story.byline]),
        "publish_time": f"{story.day} {story.minute}:00",
    }
    return json.dumps({"data": post})


WRAPS: dict[Callable[[Story], str], str] = {
    current: "current",
    imported_repeating: "imported",
    imported_continuing: "imported",
    imported_varying: "imported",
    imported_gluing: "imported",
    legacy_desktop: "legacy-desktop",
    legacy_mobile: "legacy-mobile",
    legacy_print: "legacy-print",
    api: "api",
}


def read(story: Story, wrap: Callable[[Story], str]) -> Article:
    body = wrap(story).encode()
    document = Document("https://uza.uz/en/posts/a-story_594021", 200, {}, body)
    return read_article(document, LAYOUTS, NORMALISERS)


@pytest.fixture(params=FILES, ids=lambda file: str(file.stem))
def story(request: pytest.FixtureRequest) -> Story:
    return load(request.param)


@pytest.fixture(params=WRAPS, ids=lambda wrap: str(wrap.__name__))
def wrap(request: pytest.FixtureRequest) -> Callable[[Story], str]:
    chosen: Callable[[Story], str] = request.param
    return chosen


def test_seed_is_read_in_its_layout(story: Story, wrap: Callable[[Story], str]) -> None:
    extractor = read(story, wrap).extractor
    assert extractor is not None
    assert extractor.layout == WRAPS[wrap]


def test_seed_keeps_its_title(story: Story, wrap: Callable[[Story], str]) -> None:
    assert read(story, wrap).title == story.title


def test_seed_keeps_its_text(story: Story, wrap: Callable[[Story], str]) -> None:
    paragraphs = [" ".join(paragraph.split()) for paragraph in story.paragraphs]
    if wrap in (imported_continuing, imported_gluing):
        paragraphs[:2] = [" ".join(paragraphs[:2])]  # the page says they are one
    assert read(story, wrap).body.split("\n\n") == paragraphs


def test_seed_keeps_its_time(story: Story, wrap: Callable[[Story], str]) -> None:
    article = read(story, wrap)
    assert article.published_at == f"{story.day}T{story.minute}:00+05:00"
    exact = wrap in (legacy_print, api)
    assert article.published_precision == ("second" if exact else "minute")


def test_seed_keeps_its_byline(story: Story, wrap: Callable[[Story], str]) -> None:
    article = read(story, wrap)
    name, _, agency = story.byline.rpartition(", ")
    assert article.byline_raw == story.byline
    assert article.credit == agency
    assert [(person.name, person.role) for person in article.authors] == [(name, "author")]


def test_seed_is_known_to_be_english(story: Story, wrap: Callable[[Story], str]) -> None:
    article = read(story, wrap)
    assert (article.language, article.script) == ("en", "Latn")
