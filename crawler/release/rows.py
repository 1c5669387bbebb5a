"""A row of a release: a row of the journal, with fields that depend on the whole data set."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice, tee
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeAlias

import msgspec
from msgspec import Meta, Struct

from crawler.errors import StorageError
from crawler.model.article import SCHEMA, Article, RightsSignal
from crawler.model.fields import MISFIT
from crawler.model.schema import is_newer, row_schema
from crawler.release.similarity.near_duplicates import Sketch, sketch
from crawler.store.journal import line_at
from crawler.store.newest_versions import Place, lines_at
from crawler.system.processes import WorkerPool

UNKNOWN = "unknown"  # folder of articles with an unknown edition
UNDATED = "undated"  # file name of articles without a day of publication
GONE = ("gone", "withdrawn")  # changes of an article that is gone from the site, or from here
_RULES = row_schema()["$defs"]["Article"]["properties"]
_ARTICLE_ID, _SHA256 = (_RULES[name]["pattern"] for name in ("id", "content_hash"))
_SAFE = re.compile(r"[^A-Za-z0-9-]")

_Id = Annotated[str, Meta(pattern=_ARTICLE_ID)]

_CHUNK = 1_000  # rows that are sketched at a time, about 20 ms of work


@dataclass(slots=True, kw_only=True)
class ReleasedArticle(Article):
    """One version of one article: a line of a release, in which every field is present."""

    near_duplicate_of: Annotated[
        _Id | None,
        Meta(
            description="id of the first article with nearly the same text and the same figures "
            "and names, in any spelling, of the same month or the month before; that article is "
            "not a near-duplicate itself; null if there is none, and in superseded versions"
        ),
    ] = None
    story: Annotated[
        _Id | None,
        Meta(
            description="id of the first article of the story, in any edition, of the same month "
            "or the month before; the article's own id if it is the first, or has no translation; "
            "`links/` has the evidence, of which `content` alone is the weakest; null in "
            "superseded versions"
        ),
    ] = None
    row_hash: Annotated[
        str,
        Meta(
            description="SHA-256 of the whole row without this field, in canonical JSON (RFC 8785)",
            pattern=_SHA256,
        ),
    ] = ""


class _Any(Struct, gc=False):
    """A value of which only the presence matters."""


class _Person(Struct, gc=False):
    name: str
    role: str


class _Category(Struct, gc=False):
    name: str
    slug: str | None


class _Image(Struct, gc=False):
    url: str


class _Translation(Struct, gc=False):
    id: str


class Told(Struct, gc=False, kw_only=True):
    """The fields of a row that a release uses, in the order and with the names of ``Article``."""

    schema: str
    id: str
    agency: str
    url: str
    edition: str | None
    language: str | None
    script: str | None
    orthography: str | None = None  # since schema 1.4
    other_languages: list[str] = msgspec.field(default_factory=list)  # since schema 1.5
    title: str
    summary: str | None
    body: str
    published_at: str | None
    published_precision: str | None
    published_raw: str | None
    published_source: str | None
    modified_at: str | None
    authors: list[_Person]
    byline_raw: str | None
    credit: str | None
    category: _Category | None
    tags: list[_Any]
    images: list[_Image]
    videos: list[_Any]
    translations: list[_Translation]
    rights: list[RightsSignal] = msgspec.field(default_factory=list)  # since schema 1.5
    version: int
    change: str
    changed_fields: list[str]
    announced: bool | None
    evidence: list[_Any]
    reason: str | None = None  # since schema 1.1
    content_hash: str
    first_seen_at: str
    fetched_at: str
    capture: _Any | None
    archive_url: str | None
    extractor: _Any | None
    run: str


class Partition(NamedTuple):
    """The place of a row: edition and year of publication, each perhaps unknown."""

    edition: str
    year: str

    @property
    def path(self) -> str:
        """Path below ``articles/`` and ``versions/``."""
        return f"{self.edition}/{self.year}.jsonl.gz"


# `gc=False` above: the garbage collector need not look for cycles in rows, which have none.
_told = msgspec.json.Decoder(Told).decode
_released = msgspec.json.Decoder(ReleasedArticle).decode
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode
# RFC 8785 for rows: field names are ASCII and numbers are small integers, so sorting is enough. A
# test compares it with a complete library, which takes twenty times as long.
_canonical = msgspec.json.Encoder(order="deterministic").encode
ROW_MISFIT = MISFIT.replace("content_hash", "row_hash")


def read_told(line: bytes) -> Told:
    """Read a line of the journal. Raises ``ValueError`` for a newer schema or no row."""
    row = _told(line)
    if is_newer(row.schema):
        raise ValueError(f"schema {row.schema} is newer than {SCHEMA}, which this program knows")
    return row


def partition_of(edition: str | None, published_at: str | None) -> Partition:
    """Return the partition of an edition and a time of publication."""
    return _partition(edition, published_at[:4] if published_at else UNDATED)


@lru_cache
def _partition(edition: str | None, year: str) -> Partition:
    return Partition(_SAFE.sub("_", edition) if edition else UNKNOWN, year)


def released_line(line: bytes, row: Told, duplicate_of: str | None, story: str | None) -> bytes:
    """Return a line of the journal with the release's own fields added at its end."""
    # Rows of older schemas and of withdrawn articles lack fields, which are added here.
    is_whole = row.schema == SCHEMA and line.endswith(b"}\n")
    told = _decode(line) if is_whole else msgspec.to_builtins(_released(line))
    told |= {"near_duplicate_of": duplicate_of, "story": story}
    return _encode(told | {"row_hash": row_hash(told)}) + b"\n"


def row_hash(row: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hex, of a row without its ``row_hash``, in canonical JSON."""
    told = {name: value for name, value in row.items() if name != "row_hash"}
    return hashlib.sha256(_canonical(told)).hexdigest()


Row: TypeAlias = tuple[Told, bytes, Sketch]  # the row, its line, its sketch


def read_rows(places: Iterable[Place], journal: Path, pool: WorkerPool | None) -> Iterator[Row]:
    """Yield the rows at these places. Raises ``StorageError``."""
    if pool is None:
        for row, line in read_checked(places, journal):
            yield row, line, sketch(row.body, row.script)
        return
    here, there = tee(places)
    chunks = iter(lambda: list(islice(there, _CHUNK)), [])
    found = pool.spread(partial(_sketches, journal.resolve()), chunks)
    sketches = (each for chunk in found for each in chunk)
    for line, sketched in zip(lines_at(here, journal, checked=True), sketches, strict=True):
        yield read_told(line), line, sketched


def _sketches(journal: Path, places: Sequence[Place]) -> list[Sketch]:
    return [sketch(row.body, row.script) for row, _ in read_checked(places, journal)]


def read_checked(places: Iterable[Place], journal: Path) -> Iterator[tuple[Told, bytes]]:
    """Yield the rows with their lines. Raises ``StorageError`` if one differs from the record."""
    here, there = tee(places)
    for (name, offset, _, *wanted), line in zip(here, lines_at(there, journal), strict=True):
        try:
            row = read_told(line)
        except ValueError as error:
            raise StorageError(
                f"{line_at(journal / name, offset)}: {wanted[0]} version {wanted[1]} cannot be "
                f"released ({error}); update the project, or go on without damaged lines by: "
                f"scrapy rebuild {journal.parent.name} --skip-damaged"
            ) from error
        yield row, line
