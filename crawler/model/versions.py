"""Versions of an article: the change that a reading is, the differences, and tombstones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any, Literal

import msgspec

from crawler.errors import StorageError
from crawler.model.article import UNKNOWN, Article
from crawler.model.fields import CONTENT_FIELDS, content_hash
from crawler.model.link import announces

TITLE = "withdrawn"  # a row must have one
# When and where it was published, so that a reader of a year or an edition finds it withdrawn; and
# the fields that describe the record, not the article.
_KEPT = (
    "id", "agency", "url", "edition", "published_at", "published_precision",
    "version", "first_seen_at", "fetched_at", "extractor", "run",
)  # fmt: skip
_DEFAULTS = msgspec.to_builtins(Article())
_encode = msgspec.json.encode

# Fields that differ between any two versions and say nothing about the article.
OF_THE_RECORD = frozenset(
    {
        "schema", "id", "agency", "version", "change", "changed_fields", "announced", "evidence",
        "reason", "content_hash", "first_seen_at", "fetched_at", "capture", "archive_url",
        "extractor", "run",
    }
)  # fmt: skip
# Fields read from a response. The URL is set by version 1.
READ_FIELDS = tuple(
    name for name in Article.__dataclass_fields__ if name not in OF_THE_RECORD | {"url"}
)
_read = attrgetter(*READ_FIELDS)

_OF_THE_SITE = ("edited", "respelled", "back")  # changes made by the site
Change = Literal["new", "edited", "respelled", "reparsed", "back", "older"]


@dataclass(frozen=True, slots=True)
class Known:
    """A recorded version of an article, and the place of its line in the journal.

    ``fetched_at``: as in its row, but never after a visit that was recorded later.
    """

    article_id: str
    number: int
    change: str
    fetched_at: str
    content_hash: str
    source: str
    code: str
    file: str
    offset: int
    length: int
    layout: str | None = None

    @property
    def is_guess(self) -> bool:
        """Whether no layout class described the page."""
        return self.layout == UNKNOWN


def is_read_by_class(versions: Iterable[Known]) -> bool:
    """Return whether a layout class has read the article. Then a guess adds nothing."""
    content = (known for known in versions if known.change not in ("gone", "withdrawn"))
    return any(not known.is_guess for known in content)


def version_before(versions: Iterable[Mapping[str, Any]], row: Article) -> Mapping[str, Any] | None:
    """Return the version that a row superseded; None if it is not known, or was withdrawn."""
    times = {(each["fetched_at"], each["version"]): each for each in versions}
    earlier = [time for time in times if time < (row.fetched_at, row.version)]
    before = times[max(earlier)] if earlier else None
    return before if before and before["change"] != "withdrawn" else None


def judge(
    versions: Sequence[Known],
    content_hash: str,
    source: str,
    said_at: str | None,
    *,
    is_guess: bool = False,
) -> tuple[Known, Change | None]:
    """Return what a reading is: its change, and the version to compare it with.

    ``versions``: those that it can differ from, newest first. A reading with known content has no
    change. ``said_at``: when the site said so, if that was not now.

    A page and an API response may differ without an edit, so only equal sources are compared. An
    article first read from the API and now from its page was not edited but read better. So was one
    that was a guess before (``layout: "unknown"``), even with equal content.
    """
    newest = versions[0]
    if said_at and said_at < newest.fetched_at:
        return _judge_older(versions, content_hash, said_at)
    if newest.change == "gone":
        return newest, "back"
    if newest.is_guess and not is_guess:
        return newest, "reparsed"
    reader = (source, is_guess)
    alike = next((each for each in versions if (each.source, each.is_guess) == reader), None)
    if newest.content_hash == content_hash or (alike is None and source == "api"):
        return newest, None
    if alike is None:
        return newest, "reparsed"
    return alike, None if alike.content_hash == content_hash else "edited"


def _judge_older(
    versions: Sequence[Known], content_hash: str, said_at: str
) -> tuple[Known, Change | None]:
    """Return what a page is that was captured before the newest version."""
    same = next((known for known in versions if known.content_hash == content_hash), None)
    if same:
        return same, None
    return next(each for each in reversed(versions) if each.fetched_at > said_at), "older"


def number_after(versions: Iterable[Known]) -> int:
    """Return the number of an article's next version."""
    return max((known.number for known in versions), default=0) + 1


def origin(url: str) -> str:
    """Return the address of a site's front page: what an address is hidden behind."""
    return "/".join([*url.split("/")[:3], ""])


def tombstone(row: Mapping[str, Any]) -> Article:
    """Return a row as plain JSON values without the article's content."""
    kept = {name: row[name] for name in _KEPT} | {"reason": row.get("reason")}
    bare = kept | {"title": TITLE, "change": "withdrawn"}
    return msgspec.convert(bare | {"content_hash": content_hash(bare)}, Article)


def farewell(row: Mapping[str, Any]) -> str:
    """Return a line that says when and why an article was withdrawn. ``row``: its last version."""
    return f"{row['id']} was withdrawn at {row['fetched_at']}: {row['reason']}"


def blank_line(row: Mapping[str, Any], length: int) -> bytes:
    """Return the line that replaces a row: its tombstone, with exactly so many bytes.

    If there is not enough room, fields without a value are left out. Raises ``StorageError`` if
    that is still too long.
    """
    fields = msgspec.to_builtins(tombstone(row))
    line = _encode(fields)
    if len(line) >= length:
        line = _encode({name: fields[name] for name in fields if fields[name] != _DEFAULTS[name]})
    if len(line) >= length:
        raise StorageError(
            f"{row['id']} version {row['version']}: its line in the journal has {length} bytes, "
            f"and a tombstone needs {len(line) + 1}"
        )
    return line.ljust(length - 1) + b"\n"


def compare(
    row: Article, old: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]] = ()
) -> None:
    """Fill the fields of a row that say what has changed. ``old``: as plain JSON values.

    ``changed_fields``: the content fields that differ; in a ``reparsed`` row, all fields that do.
    Times are compared to the minute, as in the hash: an API has seconds that a page lacks.
    ``announced`` may already have what the response's header tells, which counts if the change is
    the site's. So do its times of change; if ``old`` has none, that of an ``earlier`` version does,
    newest first.
    """
    names = READ_FIELDS if row.change == "reparsed" else CONTENT_FIELDS
    new = msgspec.to_builtins(row)
    row.changed_fields = [name for name in names if _seen(old, name) != _seen(new, name)]
    if row.change not in _OF_THE_SITE:
        row.announced = None
    elif row.modified_at:
        before = last_time_of_change(chain([old], earlier))
        told = {row.announced, announces(before, last_time_of_change([new]))} - {None}
        row.announced = any(told) if told else None


def last_time_of_change(rows: Iterable[Mapping[str, Any]]) -> datetime | None:
    """Return the last time of change that is known. ``rows``: of versions, newest first."""
    told = next(filter(None, (row["modified_at"] for row in rows)), None)
    return datetime.fromisoformat(told) if told else None


def reads_otherwise(old: Article, new: Article) -> bool:
    """Return whether two readings of one response differ."""
    return _read(old) != _read(new)


def _seen(row: Mapping[str, Any], name: str) -> Any:
    return (row[name] or "")[:16] if name == "published_at" else row[name]
