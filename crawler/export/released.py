"""The articles of a release, for the formats of other programs: who has one needs no archive."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from crawler.errors import StorageError, UsageError
from crawler.export.formats import check_none_withdrawn, write
from crawler.export.row import Source
from crawler.release.documents.manifest import read_sums
from crawler.release.files import BROKEN, open_rows
from crawler.release.rows import ReleasedArticle
from crawler.release.states import FILE as STATES
from crawler.release.states import State, read_states
from crawler.store.selection import Selection, check_none_absent

Told = TypeVar("Told")

LINES = "jsonl"  # the release's own, byte for byte
_PACKAGE = "datapackage.json"
_decode = msgspec.json.Decoder(ReleasedArticle).decode


def agency_of(folder: Path) -> str:
    """Return the agency of a release. Raises ``UsageError`` if the folder is none."""
    read_sums(folder)
    return _told(folder, lambda package: str(package["name"]).removesuffix("-news-articles"))


def write_released(form: str, folder: Path, selection: Selection) -> Iterator[bytes]:
    """Yield the file of a format, or the lines, by edition and year.

    The checksums are not checked: ``scrapy verify-release`` does that. Raises ``UsageError`` if the
    folder is no release, or lacks an edition or an article that is named.
    """
    read_sums(folder)
    editions = {path.name for path in folder.glob("articles/*")}
    for code in sorted(set(selection.editions) - editions):
        known = ", ".join(sorted(editions))
        raise UsageError(f"editions: no edition {code!r} in {folder}; there are: {known}")
    _check_ids(folder, selection.ids, form)
    chosen = islice(_chosen(folder, selection), selection.limit)
    if form == LINES:
        return (line for _, line in chosen)
    return write(form, (msgspec.to_builtins(row) for row, _ in chosen), _source(folder))


def _check_ids(folder: Path, ids: tuple[str, ...], form: str) -> None:
    """Raise ``UsageError`` that lists the ids without an article, or without one in this format."""
    if not ids:
        return
    wanted = frozenset(ids)
    found = {each.id: each.state for each in _states(folder) if each.id in wanted}
    check_none_absent(each for each in ids if each not in found)
    if form != LINES:
        check_none_withdrawn(form, (each for each in ids if found[each] == "withdrawn"))


def _states(folder: Path) -> Iterator[State]:
    try:
        yield from read_states(folder)
    except (*BROKEN, msgspec.DecodeError) as error:
        raise _damaged(folder / STATES, error) from error


def _chosen(folder: Path, selection: Selection) -> Iterator[tuple[ReleasedArticle, bytes]]:
    for path in sorted(folder.glob("articles/*/*.jsonl.gz")):
        if selection.editions and path.parent.name not in selection.editions:
            continue
        try:
            with open_rows(path) as lines:
                for line in lines:
                    if _is_within(row := _decode(line), selection):
                        yield row, line
        except (*BROKEN, msgspec.DecodeError) as error:
            raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> StorageError:
    return StorageError(f"{path}: cannot be read ({error}); take another copy")


def _is_within(row: ReleasedArticle, selection: Selection) -> bool:
    """Return whether an article is one of the ids, and of the days; one without a day is not."""
    if selection.ids and row.id not in selection.ids:
        return False
    if not (selection.since or selection.until):
        return True
    day = (row.published_at or "")[:10]
    first, last = (each and each.isoformat() for each in (selection.since, selection.until))
    return bool(day) and (first or day) <= day <= (last or day)


def _source(folder: Path) -> Source:
    site, notice = _told(folder, _site_and_notice)
    return Source(site, notice, ReleasedArticle, _last_seen(folder))


def _site_and_notice(package: Any) -> tuple[str, str]:
    return package["sources"][0]["path"], package.get("notice", "")


def _last_seen(folder: Path) -> Callable[[str], str | None]:
    """Return what tells when a gone article was last seen. It reads the states when first asked."""
    known = cache(
        lambda: {each.id: each.last_seen_at for each in _states(folder) if each.state == "gone"}
    )
    return lambda article_id: known().get(article_id)


def _told(folder: Path, read: Callable[[Any], Told]) -> Told:
    """Return what is read from the data package."""
    try:
        return read(msgspec.json.decode((folder / _PACKAGE).read_bytes()))
    except (OSError, LookupError, TypeError, AttributeError, msgspec.DecodeError) as error:
        raise StorageError(
            f"{folder / _PACKAGE}: does not name the site ({error}); take another copy"
        ) from error
