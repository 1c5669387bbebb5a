"""One story in several editions: which articles belong together, and how we know.

Evidence, the strongest first:

    api      one of the two lists the other as its translation
    text     nearly the same text in another edition (Uzbek in both scripts)
    image    the same picture within three days
    minute   the same minute and category

A picture can stand for anything and a minute be planned, so by these two only articles are joined
that have half of their figures and names in common.

Figures are the same in every language, and a name, once it is in one script, begins with the same
letters in most. Pages of one agency share pictures, minutes and sections far more often than that.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from msgspec import Struct, field

from crawler.release.near_duplicates import Recent
from crawler.release.rows import Told
from crawler.text.orthography import fold_spelling

EVIDENCE = ("api", "text", "image", "minute")
_IMAGE_DAYS = 3

AGREE = 0.5  # share of the content tokens of the text that has fewer from which both tell the same
LETTERS = 400  # of a body that are looked at
_FIGURE = re.compile(r"\d+(?:[ \u00a0.,]\d+)*")
_WORD = re.compile(r"[^\W\d_][\w‘’'`]{3,}")
_STEM = 5  # letters of a name that its endings leave alone


class Seen(Struct, gc=False):
    """An article that was seen, as far as stories go."""

    id: str
    edition: str | None
    story: str
    day: str | None
    head: str  # of its text


class Link(Struct, omit_defaults=False):
    """A line of ``links/``: two articles that belong together, with the evidence."""

    kind: str  # translation, near_duplicate
    id: str
    earlier: str  # of the two, the one published first
    evidence: list[str]
    likeness: float | None = None


class Stories(Struct):
    """Gives each article its story, in order of publication."""

    articles: Recent[str, Seen] = field(default_factory=Recent[str, Seen])
    awaited: Recent[str, str] = field(default_factory=Recent[str, str])  # listed: by whom
    pictured: Recent[str, list[Seen]] = field(default_factory=Recent[str, list[Seen]])
    joined: Recent[str, list[str]] = field(default_factory=Recent[str, list[str]])  # editions
    minute: str | None = None
    at_minute: dict[str, list[Seen]] = field(default_factory=dict)  # by category

    def turn(self) -> None:
        """Begin a new month."""
        for each in (self.articles, self.awaited, self.pictured, self.joined):
            each.turn()

    def find(self, row: Told, near_duplicate: str | None) -> tuple[str, Link | None]:
        """Return an article's story, and its link to an earlier article of it, if there is one.

        ``near_duplicate``: the earlier article with nearly the same text. The strongest evidence
        decides.
        """
        self._turn_minute(row)
        found = self._found(row, near_duplicate)
        if not found:
            self._remember(row, row.id)
            return row.id, None
        first = next(iter(found.values()))
        self.joined.now[first.story] = [*self._editions(first.story), row.edition or ""]
        self._remember(row, first.story)
        told = [kind for kind, seen in found.items() if seen.id == first.id]
        return first.story, Link("translation", row.id, first.id, told)

    def _found(self, row: Told, near_duplicate: str | None) -> dict[str, Seen]:
        """Return the earlier article that each kind of evidence points to, strongest first."""
        pointed = {
            "api": self._listed(row),
            "text": self.articles.get(near_duplicate) if near_duplicate else None,
            "image": _most_similar(row, self._with_image(row)),
            "minute": _most_similar(row, self.at_minute.get(_category(row), ())),
        }
        return {kind: seen for kind, seen in pointed.items() if seen and self._joins(row, seen)}

    def _joins(self, row: Told, seen: Seen) -> bool:
        """Tell whether the story has no article yet in the row's edition."""
        first = self.articles.get(seen.story) or seen
        taken = {first.edition or "", seen.edition or "", *self._editions(seen.story)}
        return (row.edition or "") not in taken

    def _editions(self, story: str) -> list[str]:
        return self.joined.get(story) or []

    def _listed(self, row: Told) -> Seen | None:
        found = [each.id for each in row.translations if self.articles.get(each.id)]
        lister = min(found) if found else self.awaited.get(row.id)
        return self.articles.get(lister) if lister else None

    def _with_image(self, row: Told) -> list[Seen]:
        return [
            seen
            for image in row.images
            for seen in self.pictured.get(image.url) or ()
            if _is_recent(seen, row)
        ]

    def _turn_minute(self, row: Told) -> None:
        at = row.published_at if row.published_precision not in (None, "day") else None
        minute = at[:16] if at else None
        if minute is None or minute != self.minute:
            self.minute, self.at_minute = minute, {}

    def _remember(self, row: Told, story: str) -> None:
        seen = Seen(row.id, row.edition, story, _day(row), _head(row))
        self.articles.now[row.id] = seen
        for translation in row.translations:
            self.awaited.now[translation.id] = row.id
        for image in row.images:
            known = self.pictured.get(image.url) or ()
            recent = [each for each in known if _is_recent(each, row)]
            self.pictured.now[image.url] = [*recent, seen]
        if self.minute and row.category:
            self.at_minute.setdefault(_category(row), []).append(seen)


def _category(row: Told) -> str:
    return (row.category.slug or row.category.name) if row.category else ""


def _day(row: Told) -> str | None:
    return row.published_at[:10] if row.published_at else None


def _head(row: Told) -> str:
    return f"{row.title}\n{row.body[:LETTERS]}"


def _most_similar(row: Told, known: Iterable[Seen]) -> Seen | None:
    """Return what agrees most with the row in another edition; None if two stories do so."""
    others = [seen for seen in known if seen.edition != row.edition]
    if not others:
        return None
    agreed = [agreement(_head(row), seen.head) for seen in others]
    best = max([AGREE, *agreed])
    found = [seen for seen, each in zip(others, agreed, strict=True) if each == best]
    return found[0] if len({seen.story for seen in found}) == 1 else None


def _is_recent(seen: Seen, row: Told) -> bool:
    day = _day(row)
    if day is None or seen.day is None:
        return True
    return (date.fromisoformat(day) - date.fromisoformat(seen.day)).days <= _IMAGE_DAYS


def agreement(one: str, other: str) -> float:
    """Return the share of common tokens, of those of the text that has fewer; 0 without any."""
    ours, theirs = content_tokens(one), content_tokens(other)
    return len(ours & theirs) / (min(len(ours), len(theirs)) or 1)


@lru_cache(maxsize=1_000)
def content_tokens(text: str) -> frozenset[str]:
    """Return figures of two digits and more, and how words that begin with a capital begin."""
    figures = (re.sub(r"\D", "", each) for each in _FIGURE.findall(text))
    names = (each for each in _WORD.findall(text) if each[0].isupper())
    return frozenset(
        [
            *(each for each in figures if len(each) > 1),
            *(fold_spelling(each)[:_STEM] for each in names),
        ]
    )
