"""Cost of saved searches per version: reading the journal, checking, folding and matching.

Texts consist of generated words, some as common as ``the``, half of them in Cyrillic; there are six
kinds of searches.
"""

import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import msgspec

from benchmarks.results import Goal, Result, middle, spread
from benchmarks.scale import Scale
from crawler.feeds.matching import Matcher, wanted
from crawler.feeds.saved_searches import SavedSearch
from crawler.model.article import Article, Extractor, Label, Person
from crawler.model.fields import content_hash
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.archive import Archive
from crawler.store.changes import Position, changes
from crawler.store.reader import ArchiveReader
from crawler.text.search_query import parse

_COUNTS = (0, 1, 100, 1_000, 10_000)  # numbers of searches
GOAL = 1_000, 100  # searches, and versions per second on one core
_LETTERS = ("bdfgklmnprstvz", "aeiou"), ("бдфгклмнпрствз", "аеиоу")
_MOMENT = "2026-11-23T00:00:00Z"


class _Words:
    """Words of one alphabet; the first are the most common, as in any language."""

    def __init__(self, consonants: str, vowels: str, chance: Random) -> None:
        self._chance = chance
        self._words = [
            "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(length))
            for length in (1 + number % 4 if number < 100 else 2 + number % 4
                           for number in range(20_000))
        ]  # fmt: skip
        self._weights = [1 / (number + 3) for number in range(len(self._words))]

    def some(self, number: int) -> str:
        """Return that many words, common ones more often."""
        return " ".join(self._chance.choices(self._words, self._weights, k=number))

    def rare(self) -> str:
        """Return a word that a user would search for."""
        return self._chance.choice(self._words[200:])


def fill(folder: Path, number: int) -> None:
    """Record that many versions, each of about 500 words."""
    chance = Random(5)
    words = [_Words(*letters, chance) for letters in _LETTERS]
    with closing(Archive(folder)) as archive:
        for each in range(number):
            row = _row(each, words[each % 2])
            identity = Identity(row.id, row.url)
            archive.ledger.frontier.discover(identity, Link(row.url, "api"))
            archive.record(row)
            archive.counted(row.id)


def _row(number: int, words: _Words) -> Article:
    row = Article(
        id=f"uza:{number}",
        agency="uza",
        url=f"https://example.org/{number}",
        edition=f"e{number % 10}",
        language=("en", "ru")[number % 2],
        title=words.some(9),
        body="\n\n".join(words.some(60) for _ in range(8)),
        authors=[Person(f"{words.rare()} {words.rare()}".title())],
        category=Label(f"section {number % 10}"),
        published_at=_MOMENT,
        first_seen_at=_MOMENT,
        fetched_at=_MOMENT,
        extractor=Extractor("current", "page", "c0de"),
    )
    row.content_hash = content_hash(msgspec.to_builtins(row))
    return row


def searches(number: int) -> list[SavedSearch]:
    """Return that many searches: words, alternatives, phrases, headlines, authors, filters."""
    chance = Random(6)
    words = [_Words(*letters, chance) for letters in _LETTERS]
    found = []
    for each in range(number):
        rare = words[each % 2].rare
        text = (
            f"{rare()} {rare()}",
            f"{rare()} OR {rare()} -{rare()}",
            f'"{rare()} {rare()}"',
            f"title:{rare()} edition:e{each % 10}",
            f"author:{rare()} after:2026-01",
            f"edition:e{each % 10} changed:title",
        )[each % 6]
        query = parse(text)
        assert query
        found.append(SavedSearch(f"s{each}", text, query))
    return found


def seconds(folder: Path, matcher: Matcher) -> float:
    """Return the CPU time to match all versions."""
    with ArchiveReader(folder) as reader:
        began = time.process_time()
        for _ in wanted(reader, changes(reader, Position({})), matcher):
            pass
        return time.process_time() - began


def measure(scale: Scale) -> Result:
    """Match the same versions with growing numbers of searches."""
    known = searches(max(_COUNTS))
    matchers = {count: Matcher(known[:count]) for count in _COUNTS}
    taken: dict[int, list[float]] = {count: [] for count in _COUNTS}
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name, "uza"), scale.sample)
        for _ in range(2 * scale.rounds - 1):
            for count, matcher in matchers.items():
                taken[count].append(seconds(Path(name, "uza"), matcher))
    rates = {count: scale.sample / middle(taken[count]) for count in taken}
    asked, least = GOAL
    goal = f"versions a second for {asked:,} saved searches, on a core"
    return Result(
        f"Saved searches over {scale.sample} versions of 500 words",
        ("searches", "versions a second", "ms CPU a version", "spread"),
        [_cells(count, taken[count], scale.sample) for count in taken],
        goals=[Goal(goal, least, rates[asked], "versions/s", at_least=True)],
        raw=taken,
    )


def _cells(count: int, times: Sequence[float], number: int) -> list[str]:
    each = middle(times) / number
    return [f"{count:,}", f"{1 / each:,.0f}", f"{1000 * each:.3f}", f"{spread(times):.0%}"]
