"""Files made from ledger and journal: year files, indexes; and the reports of runs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from crawler.errors import OutOfReach, StorageError
from crawler.store.newest_versions import UNDATED, newest_lines
from crawler.system.offloaded import files_in, is_kept, is_offloaded, open_file
from crawler.verify.context import Context
from crawler.warc.index import CaptureIndex, index_lines


def check_derived(context: Context) -> Iterator[str]:
    """Yield what is wrong, one line each."""
    yield from _check_years(context)
    yield from _check_indexes(context)
    yield from _check_reports(context)


def _check_years(context: Context) -> Iterator[str]:
    """Compare the year files, except those that the next run rewrites."""
    database = context.database
    stale = {year for (year,) in database.execute("SELECT year FROM changed_year")}
    known = {
        year or ""
        for (year,) in database.execute(
            "SELECT DISTINCT year FROM article WHERE version IS NOT NULL"
        )
    }
    folder = context.folder / "articles"
    present = {path.stem.replace(UNDATED, "") for path in files_in(folder, "*.jsonl")}
    is_far = any(map(is_offloaded, files_in(context.folder / "journal", "*.jsonl")))
    unknown: dict[str, list[Path]] = {}  # by the reason, which often is one for all: the journal
    for year in sorted((known | present) - stale):
        path = folder / f"{year or UNDATED}.jsonl"
        if is_far and not context.is_turn(path.name):
            context.checked["year files, not compared with a journal in the bucket"] += 1
            continue
        lines = newest_lines(database, context.folder / "journal", {"year IS ?": year or None})
        try:
            yield from _compared(path, lines, "the newest version in the journal")
        except OutOfReach:
            raise
        except (OSError, StorageError) as error:
            unknown.setdefault(str(error), []).append(path)
        context.checked["year files"] += 1
    for reason, paths in unknown.items():
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield f"{paths[0]}{more}: cannot be compared ({reason})"
    if stale:
        context.notes.append(
            f"{folder}: {len(stale)} years changed; the next run writes their files"
        )


def _compared(path: Path, expected: Iterable[bytes], what: str) -> Iterator[str]:
    """Yield the first line of a file that is not as expected; raise if it cannot be read."""
    with open_file(path) as file:
        number = 0
        for number, line in enumerate(expected, 1):
            if file.readline() != line:
                yield f"{path}: line {number} is not {what}"
                return
        if file.readline():
            yield f"{path}: line {number + 1} and the following lines should not be there"


def _check_indexes(context: Context) -> Iterator[str]:
    """Compare the indexes of the files that exist, except of those that have grown since."""
    captures = CaptureIndex(context.database)
    grown = set(captures.grown_files())
    for (name,) in context.database.execute("SELECT DISTINCT file FROM capture").fetchall():
        if name in grown or not is_kept(context.folder / "warc" / name):
            continue
        path = context.folder / "warc" / f"{name.removesuffix('.warc.gz')}.cdxj"
        context.checked["indexes"] += 1
        try:
            problems = list(_compared(path, index_lines(captures, name), "what the captures say"))
        except OSError as error:
            yield f"{path}: cannot be compared ({error})"
            continue
        if problems and _says_the_same(path, index_lines(captures, name)):
            context.notes.append(f"{path}: has the keys of an earlier release")
        else:
            yield from problems


def _says_the_same(path: Path, expected: Iterable[bytes]) -> bool:
    """Return whether an index lists the same captures, under any keys."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError:
        return False
    return sorted(map(_without_key, lines)) == sorted(map(_without_key, expected))


def _without_key(line: bytes) -> bytes:
    return line.partition(b" ")[2]


def _check_reports(context: Context) -> Iterator[str]:
    for path in sorted((context.folder / "runs").glob("*.json")):
        context.checked["run reports"] += 1
        try:
            report = msgspec.json.decode(path.read_bytes())
        except (OSError, ValueError) as error:
            yield f"{path}: is not a run report ({error})"
            continue
        if not isinstance(report, dict) or report.get("run") != path.stem:
            yield f"{path}: is not the report of run {path.stem}"
