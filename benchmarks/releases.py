"""What a release costs: rows, Parquet, its check, and the next release after a day's news.

Beside it DuckDB, with one thread, makes Parquet of the same lines. Processor time and memory are
those of the whole process.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec

from benchmarks.cores import Usage, run
from benchmarks.results import Goal, Result
from benchmarks.scale import Scale
from crawler.model.article import Article, Extractor, Image, Label, Person
from crawler.model.fingerprint import content_hash
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.archive import Archive
from replica.texts import VOCABULARIES

ROOT = Path(__file__).parents[1]
LANGUAGES = {"uz": "uz-Cyrl", "oz": "uz-Latn", "ru": "ru", "en": "en"}
SCRIPTS = {"uz": "Cyrl", "oz": "Latn", "ru": "Cyrl", "en": "Latn"}
_FIRST = datetime(2017, 1, 1, tzinfo=UTC)
_LAST = datetime(2026, 11, 23, tzinfo=UTC)
_EDITED = 20  # each so many-th article has a second version
_MOMENTS = "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"
DAY = 300  # articles of the last day
_WHOLE = "release with Parquet"
_DAY = f"release with {DAY} more, `--previous`"
_DUCKDB = """
import sys
import duckdb

lines, out = sys.argv[1:]
duckdb.sql("SET threads = 1")
duckdb.sql(f'''COPY (SELECT *, edition AS e, published_at[:4] AS y
    FROM read_json('{lines}/*/*/*.jsonl.gz', sample_size = -1, timestampformat = 'none',
        dateformat = 'none'))
    TO '{out}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (e, y))''')
"""


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
            yield self.article(first + each, begin + (end - begin) * each / number)


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
    share = used[_DAY].cpu / used[_WHOLE].cpu
    return Result(
        title=f"A release of {scale.released:,} made-up articles of ten years",
        head=["", "seconds CPU", "MB"],
        rows=[[what, f"{each.cpu:.1f}", f"{each.memory:.0f}"] for what, each in used.items()],
        goals=[Goal("memory of a release", 400, used[_WHOLE].memory, "MB")],
        notes=[f"The release of the next day costs {share:.0%} of a whole one."],
        raw={what: [each.cpu, each.memory] for what, each in used.items()},
    )


def _used(folder: Path, number: int) -> dict[str, Usage]:
    room, first = Newsroom(), str(folder / "first")
    log, data = folder / "log", folder / "data"
    scrapy = (sys.executable, "-m", "scrapy")
    release = (*scrapy, "release", "uza", "--jobs", "1", "-s", f"DATA_DIR={data}", "--out")
    duckdb = (sys.executable, "-c", _DUCKDB, first, str(folder / "duckdb"))
    fill(data / "uza", room.articles(0, number, _FIRST, _LAST))
    used = {
        "release without Parquet": run([*release, str(folder / "rows"), "--no-parquet"], ROOT, log),
        _WHOLE: run([*release, first], ROOT, log),
        "the same Parquet by DuckDB": run(duckdb, ROOT, log),
        "`verify-release`": run([*scrapy, "verify-release", first], ROOT, log),
    }
    fill(data / "uza", room.articles(number, DAY, _LAST, _LAST + timedelta(days=1)))
    used[_DAY] = run([*release, str(folder / "second"), "--previous", first], ROOT, log)
    return used
