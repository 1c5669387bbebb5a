"""Cost of searches in ``scrapy browse``, compared with SQLite's FTS5 on the same articles.

To measure any number of generated articles: ``python -m benchmarks.reading_room 1000000``. They are
generated while they are indexed, in ``TMPDIR``. One article in ten has a second version. There are
six kinds of queries, half with common words and half with rare ones. Every word has a stem, as in
English.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.results import Goal, Result
from benchmarks.scale import Scale
from crawler.text.search_query import Document, label, parse, words_of
from crawler.text.stems import stems

if TYPE_CHECKING:
    from crawler.browse.engine import Engine

GOAL = 50  # ms, 95th percentile
_MOST_FTS5 = 300_000  # articles: filling more takes minutes
_TITLE, _BODY = 9, 170  # words
_COUNT = 720  # queries: with 72, chance alone moved the figure by a half
_SCHEMA = "CREATE VIRTUAL TABLE search USING fts5 (title, body, author, label, content = '')"
_RANKED = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 4, 1, 2, 0) LIMIT 20"


class _Question(NamedTuple):
    """One query in the languages of both engines."""

    ours: str
    fts5: str


class _Words:
    """Words with a natural distribution: the first are the most common."""

    def __init__(self) -> None:
        import numpy as np  # make data installs it, as tantivy

        self.chance = Random(7)
        letters = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
        lengths = (1 + number % 4 if number < 100 else 2 + number % 4 for number in range(60_000))
        made = ("".join(self.chance.choices(letters, k=length)) for length in lengths)
        self.words = list(dict.fromkeys(made))
        weights = 1 / np.arange(3, len(self.words) + 3)
        self._shares = np.cumsum(weights) / weights.sum()
        self._draw = np.random.default_rng(7)

    def some(self, number: int) -> str:
        """Return that many words, common ones more often."""
        drawn = self._shares.searchsorted(self._draw.random(number), side="right")
        return f" {' '.join([self.words[each] for each in drawn.tolist()])} "

    def one(self) -> str:
        """Return a common word, a word of every newspaper page, or a rare one."""
        first, last = self.chance.choice([(0, 20), (200, 1_000), (5_000, len(self.words))])
        return self.words[self.chance.randrange(first, last)]


def articles(number: int, words: _Words) -> Iterator[Document]:
    """Yield that many articles, folded."""
    for each in range(number):
        labels = frozenset({("edition", f"e{each % 4}")})
        day = f"{2010 + each * 16 // number}-01-01"
        author = words.words[500 + each % 1_000]
        yield Document(words.some(_TITLE), words.some(_BODY), f" {author} ", labels, day)


def questions(words: _Words) -> list[_Question]:
    """Return queries: a word, two, either of two, a phrase, within an edition, without a word."""
    return [_question(number % 6, words.one(), words.one()) for number in range(_COUNT)]


def _question(kind: int, one: str, two: str) -> _Question:
    ours = (one, f"{one} {two}", f"{one} OR {two}", f'"{one} {two}"', f"{one} edition:e1",
            f"{one} -{two}")[kind]  # fmt: skip
    texts = "{title body author}"
    fts5 = (f"{texts} : {_start(one)}", f"{texts} : ({_start(one)} AND {_start(two)})",
            f"{texts} : ({_start(one)} OR {_start(two)})", f'{texts} : "{one} {two}"',
            f"({texts} : {_start(one)}) AND label : e1",
            f"({texts} : {_start(one)}) NOT ({texts} : {_start(two)})")[kind]  # fmt: skip
    return _Question(ours, fts5)


def _start(word: str) -> str:
    (found,) = words_of(parse(word))
    return f'"{found.text}"' + ("*" if len(word) > 3 else "")


def fill(folder: Path, number: int, words: _Words) -> "tuple[Engine, float]":
    """Index that many articles; return the index, and the CPU ms per article."""
    from crawler.browse.engine import Engine

    engine, spent = Engine(folder), 0.0
    for each, made in enumerate(articles(number, words)):
        began = time.process_time()
        article = _with_stems(made)
        facets = {"agency": "wire", "edition": f"e{each % 4}", "year": article.day[:4],
                  "category": f"c{each % 20}", "author": [article.author.strip()]}  # fmt: skip
        key, labels = (f"wire:{each}", each, 1), [label("agency", "wire")]
        engine.add(article, key, labels, facets)
        if each % 10 == 0:
            before = _with_stems(made._replace(body=f" once{made.body}"))
            engine.add(before, key, labels, facets, article)
        spent += time.process_time() - began
    began = time.process_time()
    engine.commit()
    return engine, 1000 * (spent + time.process_time() - began) / number


def _with_stems(article: Document) -> Document:
    of_title = stems(article.title, "en")
    return article._replace(title_stems=of_title, stems=of_title | stems(article.body, "en"))


def fill_fts5(path: Path, number: int, words: _Words) -> sqlite3.Connection:
    """Index the same articles with SQLite."""
    database = sqlite3.connect(path)
    with database:
        database.execute(_SCHEMA)
        database.executemany(
            "INSERT INTO search (rowid, title, body, author, label) VALUES (?, ?, ?, ?, ?)",
            ((each, *article[:3], f"e{each % 4}")
             for each, article in enumerate(articles(number, words))),
        )  # fmt: skip
    return database


class Times(NamedTuple):
    """The ms of each query, the fastest first: of CPU, and until the answer was there."""

    cpu: list[float]
    wall: list[float]


def times(ask: Callable[[_Question], object], asked: Sequence[_Question]) -> Times:
    """Ask all queries, one after the other."""
    ask(asked[0])
    taken = []
    for question in asked:
        began = time.process_time(), time.perf_counter()
        ask(question)
        taken.append((time.process_time() - began[0], time.perf_counter() - began[1]))
    cpu, wall = zip(*taken, strict=True)
    return Times(sorted(1000 * each for each in cpu), sorted(1000 * each for each in wall))


def compare(number: int) -> Result:
    """Run the same queries on both."""
    from crawler.browse.engine import Sought

    with tempfile.TemporaryDirectory() as name:
        words = _Words()
        began = time.perf_counter()
        engine, each = fill(Path(name, "index"), number, words)
        minutes = (time.perf_counter() - began) / 60
        size = sum(path.stat().st_size for path in Path(name, "index").iterdir())
        told = (
            f"Searches of {number:,} articles, each indexed in {each:.2f} ms CPU, with generating "
            f"them in {minutes:.1f} minutes; {size / number:,.0f} bytes each on disk"
        )
        asked = questions(words)
        found = {
            "ranked": times(lambda q: engine.find(Sought(parse(q.ours)), 20, ranked=True), asked),
            "newest first": times(
                lambda q: engine.find(Sought(parse(q.ours)), 20, ranked=False), asked
            ),
            "counted, with facets": times(lambda q: engine.facets(Sought(parse(q.ours))), asked),
            "what was edited out": times(
                lambda q: engine.find_old(Sought(parse(q.ours)), 300, ranked=True), asked
            ),
        }
        if number > _MOST_FTS5:
            return _result(number, told, found)
        with closing(fill_fts5(Path(name, "fts5"), number, _Words())) as database:
            found["SQLite's FTS5, ranked"] = times(
                lambda q: database.execute(_RANKED, (q.fts5,)).fetchall(), asked
            )
    return _result(number, told, found)


def _result(number: int, told: str, found: dict[str, Times]) -> Result:
    ranked = _of(found["ranked"].cpu, 0.95)
    memory = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    return Result(
        told,
        ("search", "ms CPU, median", "19 of 20", "longest", "ms waited, median", "19 of 20"),
        [[name, *(f"{each:.1f}" for each in (_of(taken.cpu, 0.5), _of(taken.cpu, 0.95),
                                             taken.cpu[-1], _of(taken.wall, 0.5),
                                             _of(taken.wall, 0.95)))]
         for name, taken in found.items()],
        goals=[Goal(f"ms for 19 of 20 ranked searches of {number:,} articles", GOAL, ranked, "ms")],
        raw={name: taken._asdict() for name, taken in found.items()},
        notes=[f"The process took at most {memory:,.0f} MB, with what it maps of the index."],
    )  # fmt: skip


def _of(taken: Sequence[float], share: float) -> float:
    return taken[int(len(taken) * share)]


def measure(scale: Scale) -> Result:
    """Measure as many articles as time allows; nothing if tantivy is not installed."""
    if not find_spec("tantivy"):
        return Result("Searches: run make data first", ("search",), [], goals=[], raw={})
    return compare(3 * scale.reread)


if __name__ == "__main__":
    print("\n".join(compare(int(sys.argv[1])).lines()))
