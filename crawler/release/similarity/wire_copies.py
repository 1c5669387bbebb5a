"""Finds which article of one agency was copied from an earlier one of another.

Many equal words in a row are taken as copied, in any spelling of Uzbek. The source is the earlier
article with most of them, among the given releases: all may have copied another one. If the order
is uncertain, as for two with only the same day, nothing is recorded.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import takewhile
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct, field

from crawler.errors import StorageError
from crawler.release.files import BROKEN, open_rows
from crawler.release.similarity.content import mentioned_in
from crawler.release.similarity.near_duplicates import Text, TextIndex, agree, sketch
from crawler.text.folding import APOSTROPHES, fold_spelling

IN_A_ROW = 8  # equal words; in Chinese and Japanese, twice as many characters
LEAST_SHARE = 0.5  # share of the words of a copy
DAYS = 15  # days back that an article is compared with, up to twice as many
_SHARED = 2  # shingles
_CANDIDATES = 5
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W{_IDEOGRAPH}]+(?:[{APOSTROPHES}][^\W{_IDEOGRAPH}]+)*")
_HAS_IDEOGRAPH = re.compile(f"[{_IDEOGRAPH}]").match
_ANY_ZONE = timedelta(hours=14)  # how much earlier or later a day begins or ends than in UTC


class ReleasedRow(Struct, gc=False):
    """The fields of a row of a release that are needed here."""

    id: str
    agency: str
    script: str | None
    title: str
    body: str
    published_at: str


class Span(Struct, frozen=True):
    """Copied words: their places in the body of the copy, and in that of the source."""

    start: int
    end: int
    source_start: int
    source_end: int


class WireCopy(Struct, frozen=True):
    """A line of the file: an article, its source, the share of its words, and their places."""

    id: str
    wire_copy_of: str
    share: float  # of the words of the copy
    spans: list[Span]


class Published(NamedTuple):
    """A row, with the first and the last moment at which it may have been published."""

    earliest: datetime
    latest: datetime
    row: ReleasedRow


_row = msgspec.json.Decoder(ReleasedRow).decode


def published_rows(folders: Iterable[Path]) -> Iterator[Published]:
    """Yield the dated articles of several releases in order of publication."""
    by_edition: dict[Path, list[Path]] = {}
    for folder in folders:
        for path in sorted(folder.glob("articles/*/[0-9]*.jsonl.gz")):
            by_edition.setdefault(path.parent, []).append(path)
    yield from merge(*map(_rows_in, by_edition.values()), key=attrgetter("earliest", "row.id"))


def _rows_in(paths: Iterable[Path]) -> Iterator[Published]:
    for path in paths:
        try:
            with open_rows(path) as lines:
                for row in map(_row, lines):
                    yield Published(*_moments(row.published_at), row)
        except (*BROKEN, ValueError) as error:
            raise StorageError(
                f"{path}: cannot be read ({error}); see what is wrong by scrapy verify-release "
                f"{path.parents[2]}"
            ) from error


def _moments(published_at: str) -> tuple[datetime, datetime]:
    if len(published_at) > len("2026-01-01"):
        moment = datetime.fromisoformat(published_at)
        return moment, moment
    day = datetime.fromisoformat(published_at).replace(tzinfo=UTC)
    return day - _ANY_ZONE, day + timedelta(days=1) + _ANY_ZONE


class WireCopies(Struct):
    """Compares each article with earlier ones of other agencies."""

    index: TextIndex = field(default_factory=TextIndex)
    published: dict[str, Published] = field(default_factory=dict)
    turned: datetime | None = None

    def find(self, article: Published) -> WireCopy | None:
        """Return the source of an article, if it is certain. Remember the article."""
        self._turn(article.earliest)
        row = article.row
        sketched = sketch(row.body, row.script)
        keys = sketched.shingles + sketched.pairs
        mentioned = mentioned_in(row.title, row.body)
        text = Text(row.id, sketched, row.title, row.body, row.published_at[:10], mentioned)
        found = self._found(article, text, keys.tolist()) if keys else None
        self.index.add(text, keys)
        self.published[row.id] = article
        return found

    def _turn(self, moment: datetime) -> None:
        if self.turned is None or moment - self.turned > timedelta(days=DAYS):
            self.turned = moment
            self.index.turn()
            known = {text.id for text in self.index.texts.before.values()}
            self.published = {each: self.published[each] for each in known}

    def _found(self, article: Published, text: Text, keys: list[int]) -> WireCopy | None:
        best: WireCopy | None = None
        shared = sorted(self.index.sharing(keys, _SHARED), key=itemgetter(0), reverse=True)
        earlier = [each for _, each in shared if self._is_source(article, each)]
        for source in earlier[:_CANDIDATES]:
            copy = compared(text, source)
            if copy and (best is None or copy.share > best.share):
                best = copy
        return best

    def _is_source(self, article: Published, text: Text) -> bool:
        other = self.published[text.id]
        return other.row.agency != article.row.agency and other.latest < article.earliest


def compared(text: Text, source: Text) -> WireCopy | None:
    """Return the copied part of a text. None if it is too small, or the subject differs."""
    words, known = words_of(text.body), words_of(source.body)
    runs = list(_runs([word for word, _, _ in words], [word for word, _, _ in known]))
    share = sum(length for _, _, length in runs) / (len(words) or 1)
    if share < LEAST_SHARE or not agree(text, source):
        return None
    spans = [
        Span(words[at][1], words[at + length - 1][2], known[there][1], known[there + length - 1][2])
        for at, there, length in runs
    ]
    return WireCopy(text.id, source.id, round(share, 3), spans)


@lru_cache(64)
def words_of(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text in one spelling, each with its start and end."""
    return [(_folded(match[0]), *match.span()) for match in _WORD.finditer(text)]


_folded = lru_cache(50_000)(fold_spelling)


def _runs(words: list[str], known: list[str]) -> Iterator[tuple[int, int, int]]:
    """Yield runs of equal words: their start in both texts, and their length."""
    least = IN_A_ROW * (2 if any(map(_HAS_IDEOGRAPH, words)) else 1)
    places = {tuple(known[at : at + least]): at for at in range(len(known) - least, -1, -1)}
    at = 0
    while at <= len(words) - least:
        there = places.get(tuple(words[at : at + least]))
        if there is None:
            at += 1
            continue
        length = least + _alike(words[at + least :], known[there + least :])
        yield at, there, length
        at += length


def _alike(words: list[str], known: list[str]) -> int:
    """Return the number of equal words at the beginning of both."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, known, strict=False))
    )


def find_wire_copies(folders: Iterable[Path]) -> Iterator[tuple[Published, WireCopy | None]]:
    """Yield all dated articles of several releases, each with its source, if any."""
    copies = WireCopies()
    for article in published_rows(folders):
        yield article, copies.find(article)
