"""Lists how a release differs from an earlier one, article by article."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from crawler.errors import UsageError
from crawler.release.documents.manifest import Release, digest_of, read_sums, write_text
from crawler.release.files import BROKEN, is_linked, open_rows
from crawler.release.rows import GONE

KINDS = {
    "new": "Articles that the earlier release does not have.",
    "edited": "A later version is the newest, with other content.",
    "respelled": "A later version is the newest: the same content in another alphabet.",
    "reparsed": "A later version is the newest: the same page, read by better code.",
    "withdrawn": "Removed from the archive permanently: delete them from your copy, too.",
    "gone": "No longer on the site.",
    "back": "On the site again.",
    "left out": "In the earlier release, but not in this one, which was made with other options.",
}


class _Known(Struct):
    id: str
    edition: str | None
    version: int
    change: str


_decode = msgspec.json.Decoder(_Known).decode


def check_previous(folder: Path) -> None:
    """Raise ``UsageError`` unless the folder is a complete release with unchanged articles."""
    for path, digest in read_sums(folder).items():
        if path.startswith("articles/"):
            file = folder / path
            if not file.is_file() or digest_of(file) != digest:
                raise UsageError(
                    f"--previous {folder}: {path} is missing or was changed; name a whole release"
                )


def write_changes(release: Release, previous: Path) -> None:
    """Write ``CHANGES.md``."""
    path = release.folder / "work" / "changes.sqlite"
    path.unlink(missing_ok=True)  # left by a release that was killed
    database = sqlite3.connect(path)
    try:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        _fill(database, "old", previous, release.folder)
        _fill(database, "new", release.folder, previous)
        _fill_edits(database, release.folder)
        write_text(release, "CHANGES.md", "\n".join(_lines(database, release, previous)) + "\n")
    finally:
        database.close()


def _fill(database: sqlite3.Connection, table: str, folder: Path, other: Path) -> None:
    database.execute(
        f"CREATE TABLE {table} (id TEXT PRIMARY KEY, edition, version, change) WITHOUT ROWID"
    )
    rows = (
        (row.id, row.edition or "unknown", row.version, row.change) for row in _rows(folder, other)
    )
    database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", rows)


def _rows(folder: Path, other: Path) -> Iterator[_Known]:
    """Yield the rows of a release, without those of files that are linked in both."""
    for path in sorted(folder.glob("articles/*/*.jsonl.gz")):
        if is_linked(path, other / path.relative_to(folder)):
            continue
        try:
            with open_rows(path) as file:
                yield from map(_decode, file)
        except (*BROKEN, msgspec.DecodeError) as error:
            raise UsageError(f"--previous {path}: cannot be read ({error})") from error


def _fill_edits(database: sqlite3.Connection, folder: Path) -> None:
    """Record each article's last edit that was superseded, for example by a better reading."""
    database.execute("CREATE TABLE edit (id TEXT PRIMARY KEY, version) WITHOUT ROWID")
    for path in sorted(folder.glob("versions/*/*.jsonl.gz")):
        with open_rows(path) as lines:
            rows = map(_decode, lines)
            database.executemany(
                "INSERT INTO edit VALUES (?, ?) ON CONFLICT DO UPDATE "
                "SET version = max(version, excluded.version)",
                ((row.id, row.version) for row in rows if row.change == "edited"),
            )


def _lines(database: sqlite3.Connection, release: Release, previous: Path) -> Iterator[str]:
    changed = _by_kind(_compared(database))
    yield f"# Changes since {previous.name}\n"
    yield f"Release {release.version} of {release.name}.\n"
    yield "| change | articles | what it means |\n|---|---|---|"
    for kind, meaning in KINDS.items():
        number = sum(map(len, changed[kind].values()))
        yield f"| {kind} | {number:,} | {meaning} |"
    for kind in KINDS:
        for edition, ids in sorted(changed[kind].items()):
            yield f"\n## {kind}: {edition} ({len(ids):,})\n\n{' '.join(ids)}"


def _compared(database: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield the kind of change, the edition and the id of each article, in order of id."""
    rows = database.execute(
        "SELECT id, new.edition, old.version, new.version, old.change, "
        "iif(new.change IN ('reparsed', 'respelled') AND edit.version > old.version, "
        "'edited', new.change) "
        "FROM new LEFT JOIN old USING (id) LEFT JOIN edit USING (id) UNION ALL "
        "SELECT id, edition, version, NULL, change, NULL FROM old WHERE id NOT IN "
        "(SELECT id FROM new) ORDER BY id"
    )
    for name, edition, *told in rows:
        if kind := _kind(*told):
            yield kind, edition, name


def _kind(before: int | None, now: int | None, old: str | None, new: str | None) -> str | None:
    if now is None:
        return "left out"
    if new in GONE and new != old:
        return new
    if before is None:
        return "new"
    if before == now or new is None:
        return None
    return new if new in KINDS else "edited"


def _by_kind(found: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, list[str]]]:
    changed: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for kind, edition, name in found:
        changed[kind][edition].append(name)
    return changed
