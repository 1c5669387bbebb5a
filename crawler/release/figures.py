"""Counts made while a release is written: for the data card, its plots and the checks."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

import msgspec
from msgspec import Struct, field
from msgspec.structs import astuple

from crawler.release.rows import GONE, UNKNOWN, Told, partition_of
from crawler.release.similarity.stories import Link

Counts: TypeAlias = dict[str, int]  # at run time a Counter, so a missing key is 0
CONFIRMED = "confirm-gone-"  # how the run begins that records what a person confirmed
FIELDS = Told.__struct_fields__
_ANNOUNCED = FIELDS.index("announced")  # false is a value, too


class Section(NamedTuple):
    """A section of an edition, by the name and the slug that the site gives it."""

    edition: str | None
    name: str
    slug: str | None


class Figures(Struct):
    """Counts of a release, mostly of newest versions. In keys, a space separates the parts."""

    articles: int = 0
    days: Counts = field(default_factory=Counter)  # edition and day or "undated"
    hours: Counts = field(default_factory=Counter)  # day and hour
    filled: Counts = field(default_factory=Counter)  # 1 or 0 for each of FIELDS
    authors: Counts = field(default_factory=Counter)  # not photo, video or translator
    languages: Counts = field(default_factory=Counter)  # edition and language
    sections: Counts = field(default_factory=Counter)  # JSON of edition, name, slug and month
    precisions: Counts = field(default_factory=Counter)
    versions: Counts = field(default_factory=Counter)  # number of versions of an article
    changes: Counts = field(default_factory=Counter)  # of all versions
    announced: Counts = field(default_factory=Counter)  # of all edits: true, false or null
    evidence: Counts = field(default_factory=Counter)
    near_duplicates: int = 0
    rights: Counts = field(default_factory=Counter)  # signals about their use
    gone: int = 0
    confirmed: int = 0  # gone ones that a person confirmed
    left_out: int = 0  # reserved ones, if the release leaves them out
    first_fetch: str = ""
    last_fetch: str = ""  # of the last visit, also if it found no change

    def count(self, row: Told) -> None:
        """Count an article by its newest version."""
        self.articles += 1
        self.versions["1"] += 1
        self._count_change(row)
        self.days[f"{row.edition} {(row.published_at or 'undated')[:10]}"] += 1
        if row.published_at and len(row.published_at) > 10:
            self.hours[f"{row.published_at[:10]} {row.published_at[11:13]}"] += 1
        self._count_fields(row)
        for name in authors_of(row):
            self.authors[name] += 1
        self.languages[f"{row.edition or UNKNOWN} {row.language or UNKNOWN}"] += 1
        self.precisions[row.published_precision or "unknown"] += 1
        for section in section_of(row):
            self.sections[section] += 1
        for signal in said_of(row):
            self.rights[signal] += 1
        self.gone += row.change in GONE
        self.confirmed += row.change == "gone" and row.run.startswith(CONFIRMED)
        if not self.first_fetch or row.first_seen_at < self.first_fetch:
            self.first_fetch = row.first_seen_at

    def add(self, other: "Figures") -> None:
        """Add the counts of another."""
        for name in self.__struct_fields__:
            ours, theirs = getattr(self, name), getattr(other, name)
            if isinstance(ours, Counter):
                ours.update(theirs)
            elif isinstance(ours, int):
                setattr(self, name, ours + theirs)
        self.first_fetch = min(filter(None, (self.first_fetch, other.first_fetch)), default="")

    def count_superseded(self, row: Told) -> None:
        """Count a version that was superseded."""
        self._count_change(row)

    def count_link(self, link: Link) -> None:
        """Count a pair of articles by its evidence."""
        for each in link.evidence:
            self.evidence[f"{link.kind} {each}"] += 1

    def _count_change(self, row: Told) -> None:
        self.changes[row.change] += 1
        if row.change == "edited":
            self.announced[msgspec.json.encode(row.announced).decode()] += 1

    def _count_fields(self, row: Told) -> None:
        filled = bytes(map(bool, astuple(row)[: len(FIELDS)])).translate(_DIGITS).decode()
        if row.announced is False:
            filled = f"{filled[:_ANNOUNCED]}1{filled[_ANNOUNCED + 1 :]}"
        self.filled[filled] += 1

    def fill_rates(self) -> dict[str, float]:
        """Return the share of articles in which each field is neither null nor empty."""
        counts = {
            name: sum(number for which, number in self.filled.items() if which[place] == "1")
            for place, name in enumerate(FIELDS)
        }
        counts |= {"near_duplicate_of": self.near_duplicates}
        counts |= dict.fromkeys(("story", "row_hash"), self.articles)
        return {name: number / self.articles for name, number in counts.items()}

    def by_edition_and_year(self) -> Counter[tuple[str, str]]:
        """Return the number of articles in each partition."""
        found: Counter[tuple[str, str]] = Counter()
        for edition, day, number in self._edition_days():
            known = None if edition == "None" else edition
            found[partition_of(known, None if day == "undated" else day)] += number
        return found

    def by_edition_and_month(self) -> dict[str, Counter[str]]:
        """Return the number of articles per month, by edition, without undated ones."""
        found: dict[str, Counter[str]] = {}
        for edition, day, number in self._edition_days():
            if day != "undated":
                found.setdefault(edition, Counter())[day[:7]] += number
        return found

    def by_edition_and_day(self) -> dict[str, dict[date, int]]:
        """Return the number of articles per day, by edition, without undated ones."""
        found: dict[str, dict[date, int]] = {}
        for edition, day, number in self._edition_days():
            if day != "undated":
                found.setdefault(edition, {})[date.fromisoformat(day)] = number
        return found

    def by_weekday_and_hour(self) -> list[list[int]]:
        """Return the number of articles by weekday (Monday first) and local hour of the agency."""
        found = [[0] * 24 for _ in range(7)]
        for key, number in self.hours.items():
            day, _, hour = key.partition(" ")
            found[date.fromisoformat(day).weekday()][int(hour)] += number
        return found

    def by_section_and_month(self) -> Iterator[tuple[Section, str | None, int]]:
        """Yield the number of articles of each section and month; undated ones have no month."""
        for key, number in self.sections.items():
            edition, name, slug, month = msgspec.json.decode(key)
            yield Section(edition, name, slug), month, number

    def by_section(self) -> Counts:
        """Return the number of articles by the name of their section, of all editions."""
        found: Counter[str] = Counter()
        for section, _, number in self.by_section_and_month():
            found[section.name] += number
        return found

    def _edition_days(self) -> list[tuple[str, str, int]]:
        return [(*key.split(" "), self.days[key]) for key in sorted(self.days)]  # type: ignore[misc]


def authors_of(row: Any) -> list[str]:
    """Return the authors of a row, without photographers, video makers and translators."""
    return [person.name for person in row.authors if person.role == "author"]


def section_of(row: Any) -> list[str]:
    """Return the section of a row with its edition and month, as a key to count by, if any."""
    if row.category is None:
        return []
    month = row.published_at[:7] if row.published_at else None
    section = row.edition, row.category.name, row.category.slug, month
    return [msgspec.json.encode(section).decode()]


def said_of(row: Any) -> set[str]:
    """Return the signals of a row about its use, as keys to count by."""
    return {
        f"{each.source} {each.name}{'' if each.name == 'tdm-policy' else f' {each.value}'}"
        for each in row.rights
    }


_DIGITS = bytes.maketrans(b"\0\1", b"01")


def most(counts: Counts, number: int) -> list[tuple[str, int]]:
    """Return the largest counts. Equal ones are sorted by name, so the order is always the same."""
    return sorted(sorted(counts.items()), key=itemgetter(1), reverse=True)[:number]


def by_key(counts: Counts, key: Callable[[str], str]) -> Counts:
    """Return the sums of names with the same key, each under its most frequent name."""
    names: dict[str, Counts] = {}
    for name, number in counts.items():
        names.setdefault(key(name), {})[name] = number
    return {most(each, 1)[0][0]: sum(each.values()) for each in names.values()}


def as_json(figures: Figures) -> bytes:
    """Return the figures as JSON, in an order that does not depend on the order of counting."""
    return msgspec.json.encode(figures, order="sorted")
