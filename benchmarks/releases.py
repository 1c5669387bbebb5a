"""What a release costs: rows, Parquet, its check, and the next release after a day's news.

Beside it DuckDB, with one thread, does what it can do of it (``duckdb_release.py``). Processor time
and memory are those of the whole process.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import msgspec

from benchmarks.cores import Usage, run
from benchmarks.results import Goal, Result
from benchmarks.scale import Scale
from crawler.model.article import Article, Extractor, Image, Label, Person
from crawler.model.fields import content_hash
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.release.rows import read_checked
from crawler.release.similarity.marks import Marks
from crawler.release.similarity.near_duplicates import sketch
from crawler.store.archive import Archive
from crawler.store.newest_versions import newest_places
from crawler.store.reader import ArchiveReader
from crawler.system.processes import without_gc
from replica.texts import VOCABULARIES

ROOT = Path(__file__).parents[1]
LANGUAGES = {"uz": "uz-Cyrl", "oz": "uz-Latn", "ru": "ru", "en": "en"}
SCRIPTS = {"uz": "Cyrl", "oz": "Latn", "ru": "Cyrl", "en": "Latn"}
_FIRST = datetime(2017, 1, 1, tzinfo=UTC)
_LAST = datetime(2026, 11, 23, tzinfo=UTC)
_EDITED = 20  # each so many-th article has a second version
_MOMENTS = "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"
DAY = 300  # articles of the last day
_ROWS, _WHOLE = "`scrapy release --no-parquet`", "`scrapy release`, with Parquet"
_MARKS = "near-duplicates and translations, of these"
_DUCKDB = "rows and Parquet by DuckDB, one thread"
_PLAIN = "the same, lines without gzip"
_VERIFY = "`scrapy verify-release`"
_DAY = f"`scrapy release --previous`, with {DAY} more articles"


class Newsroom:
    """Writes articles of 3 KB whose sentences are alike and whose words are not.

    ``stock``: how many sentences of a language it has.
    """

    def __init__(self, seed: int = 1, stock: int = 20_000) -> None:
        self.random = Random(seed)
        self._stock = {
            edition: self._sentences(language, stock) for edition, language in LANGUAGES.items()
        }

    def _sentences(self, language: str, number: int) -> list[str]:
        words, chance = VOCABULARIES[language], self.random
        letters = "абвгдежзиклмнопрстуф" if language in ("uz-Cyrl", "ru") else "abdefghiklmnoprstuv"
        return [
            chance.choice(words.sentences).format(
                place=chance.choice(words.places),
                person=chance.choice(words.people),
                number=chance.randrange(10_000),
            )
            + " ".join("".join(chance.choices(letters, k=7)) for _ in "abcd")
            for _ in range(number)
        ]

    def article(self, number: int, at: datetime) -> Article:
        """Return an article of any edition."""
        edition = self.random.choice(tuple(LANGUAGES))
        parts = self.random.choices(self._stock[edition], k=16)
        people = VOCABULARIES[LANGUAGES[edition]].people
        row = Article(
            id=f"uza:{number}",
            agency="uza",
            url=f"https://uza.uz/posts/{number}",
            edition=edition,
            language=LANGUAGES[edition],
            script=SCRIPTS[edition],
            title=parts[0],
            summary=parts[1],
            body="\n\n".join(parts[1:]),
            published_at=f"{at:%Y-%m-%dT%H:%M}:00+05:00",
            published_precision="minute",
            authors=[Person(self.random.choice(people))],
            category=Label("Society", f"society_{number % 7}"),
            images=[Image(f"https://cdn.uza.uz/{self.random.getrandbits(128):032x}.jpg")],
            first_seen_at=_MOMENTS[0],
            fetched_at=_MOMENTS[0],
            extractor=Extractor("current", "page", "0123456789abcdef"),
            run="20261123T000000Z",
        )
        row.content_hash = content_hash(msgspec.to_builtins(row))
        return row

    def articles(
        self, first: int, number: int, begin: datetime, end: datetime
    ) -> Iterator[Article]:
        """Yield so many articles, evenly from one moment to another."""
        for each in range(number):
            yield self.article(first + each, begin + (end - begin) * (each / number))


def fill(folder: Path, rows: Iterator[Article]) -> None:
    """Record articles, some of them edited."""
    with closing(Archive(folder)) as archive:
        for count, row in enumerate(rows, 1):
            archive.ledger.frontier.discover(Identity(row.id, row.url), Link(row.url, "api"))
            _record(archive, row)
            if count % _EDITED == 0:
                row.version, row.change, row.body = 2, "edited", f"{row.body} Again."
                row.changed_fields, row.fetched_at = ["body"], _MOMENTS[1]
                row.content_hash = content_hash(msgspec.to_builtins(row))
                _record(archive, row)


def _record(archive: Archive, row: Article) -> None:
    archive.record(row)
    archive.counted(row.id)


def measure(scale: Scale) -> Result:
    """Release, check, and release again after a day."""
    with tempfile.TemporaryDirectory() as name:
        used = _used(Path(name), scale.released)
    whole, duckdb = used[_WHOLE].cpu, used[_DUCKDB].cpu
    apart, together, day = (
        (whole - used[_MARKS].cpu) / duckdb,
        whole / duckdb,
        used[_DAY].cpu / whole,
    )
    return Result(
        title=f"A release of {scale.released:,} made-up articles of ten years",
        head=["", "seconds CPU", "MB"],
        rows=[
            [what, f"{each.cpu:.1f}", f"{each.memory:.0f}" if each.memory else ""]
            for what, each in used.items()
        ],
        goals=[
            Goal("rows and Parquet, to DuckDB", 1.5, apart, "times"),
            Goal("the same with near-duplicates and translations", 1.5, together, "times"),
            Goal(f"a release with {DAY} more articles", 0.1, day, "of a whole one"),
            Goal("memory of a release", 400, used[_WHOLE].memory, "MB"),
        ],
        notes=[
            f"DuckDB finds no near-duplicates or translations. Without them, a release costs "
            f"{apart:.2f} times what DuckDB does, with them {together:.2f} times. The release of "
            f"the next day costs {day:.0%} of a whole one."
        ],
        raw={what: [each.cpu, each.memory] for what, each in used.items()},
    )


def _used(folder: Path, number: int) -> dict[str, Usage]:
    room = Newsroom(stock=min(20_000, 100 * number))
    first, log, data = str(folder / "first"), folder / "log", folder / "data"
    python = sys.executable, "-m"
    release = (*python, "scrapy", "release", "uza", "--jobs", "1", "-s", f"DATA_DIR={data}")
    duckdb = *python, "benchmarks.duckdb_release", str(data / "uza" / "journal")
    fill(data / "uza", room.articles(0, number, _FIRST, _LAST))
    used = {
        _ROWS: run([*release, "--out", str(folder / "rows"), "--no-parquet"], ROOT, log),
        _WHOLE: run([*release, "--out", first], ROOT, log),
        _MARKS: _marks(data / "uza"),
        _DUCKDB: run([*duckdb, str(folder / "duckdb"), "gzip"], ROOT, log),
        _PLAIN: run([*duckdb, str(folder / "plain"), "none"], ROOT, log),
        _VERIFY: run([*python, "scrapy", "verify-release", first], ROOT, log),
    }
    fill(data / "uza", room.articles(number, DAY, _LAST, _LAST + timedelta(days=1)))
    used[_DAY] = run([*release, "--out", str(folder / "second"), "--previous", first], ROOT, log)
    return used


def _marks(archive: Path) -> Usage:
    """Return what finding near-duplicates and translations costs, in this process."""
    marks, cpu = Marks(), 0.0
    with ArchiveReader(archive) as reader, without_gc():
        places = newest_places(reader.database, {}, "article.published_at, article.id")
        rows = read_checked(places, reader.journal.folder)
        while some := list(islice(rows, 1_000)):
            began = time.process_time()
            for row, _ in some:
                marks.find(row, sketch(row.body, row.script))
            cpu += time.process_time() - began
    return Usage(cpu=cpu, seconds=cpu, memory=0)
