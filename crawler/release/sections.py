"""The sections of a release: a line for each name and slug of a section in an edition."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from crawler.release.figures import Figures, Section
from crawler.text.folding import fold_spelling

FILE = "sections.jsonl.gz"
FIELDS = {
    "edition": ("string", "edition of the articles; null if it is unknown"),
    "name": ("string", "`category.name` of the articles, as the site spells it"),
    "slug": (
        "string",
        "`category.slug`, the site's own short name; null if the site shows none. Whether editions "
        "share it is up to the site",
    ),
    "key": (
        "string",
        "what `fold_spelling` of `fold.py` returns for the name: the same for its spellings in the "
        "alphabets of Uzbek and Karakalpak; to join by, not to show (`sosiety` for `Society`); two "
        "keys can be one section under another name",
    ),
    "media_topic": (
        "string",
        "code of the IPTC's Media Topics, such as `15000000` for sport "
        "(http://cv.iptc.org/newscodes/mediatopic/15000000); null if the name alone does not say "
        "it without doubt. It joins the editions: it is of the section, not of each article",
    ),
    "articles": ("integer", "number of articles with this edition, name and slug"),
    "first_month": (
        "string",
        "month of the first of them in the agency's zone, `2024-05`; or null",
    ),
    "last_month": ("string", "month of the last of them; null if no day of any is known"),
}


class _Line(Struct):
    edition: str | None
    name: str
    slug: str | None
    key: str
    media_topic: str | None
    articles: int
    first_month: str | None
    last_month: str | None


def section_key(name: str) -> str:
    """Return a key that is equal for a section's spellings in Uzbek and Karakalpak."""
    return " ".join(fold_spelling(name).split())


@cache
def _media_topics() -> dict[str, str]:
    """Return the codes by the key of the section."""
    told = tomllib.loads(files("crawler.release").joinpath("media_topics.toml").read_text("utf-8"))
    return {section_key(name): code for code, names in told.items() for name in names}


def section_lines(figures: Figures) -> Iterator[bytes]:
    """Yield the lines, by edition, key, name and slug."""
    found: dict[Section, _Line] = {}
    for (edition, name, slug), month, number in figures.by_section_and_month():
        section = Section(edition, name, slug)
        if section not in found:
            key = section_key(name)
            topic = _media_topics().get(key)
            found[section] = _Line(edition, name, slug, key, topic, 0, month, month)
        line = found[section]
        line.articles += number
        line.first_month = min(filter(None, (line.first_month, month)), default=None)
        line.last_month = max(filter(None, (line.last_month, month)), default=None)
    for line in sorted(found.values(), key=_order):
        yield msgspec.json.encode(line) + b"\n"


def _order(line: _Line) -> tuple[str, str, str, str]:
    return line.edition or "", line.key, line.name, line.slug or ""
