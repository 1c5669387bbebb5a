"""What the raw archive must hold once runs that were killed have finished."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

Place = tuple[str, int]


def faults(folder: Path, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with an agency's captures; ``rows`` are those of its journal.

    Every record is read, digests checked. An article's page must be there once: where captures
    were written apart from what was read from them, kills doubled them.
    """
    kept = {place: told for path in _files(folder) for place, told in _answers(path).items()}
    pages = Counter(article for article, status in kept.values() if article and status == 200)
    wrong = [f"{article}: {count} captures" for article, count in pages.items() if count > 1]
    if set(kept) != _known(folder / "ledger.sqlite"):
        wrong.append("the ledger knows other captures than there are")
    for row in rows:
        place = (row["capture"]["file"], row["capture"]["offset"])
        if kept.get(place, ("", 0))[0] != row["id"]:
            wrong.append(f"{row['id']}: no capture at {place}")
    return wrong


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("warc/*.warc.gz"))


def _answers(path: Path) -> dict[Place, tuple[str | None, int]]:
    """Return whose answer stands where, with its status; raise if a record does not hold."""
    found = {}
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        for record in records:
            record.raw_stream.read()
            if record.rec_type in ("response", "revisit"):
                status = int(record.http_headers.get_statuscode())
                told = (record.rec_headers.get_header("X-Article-ID"), status)
                found[path.name, records.get_record_offset()] = told
    return found


def _known(ledger: Path) -> set[Place]:
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as database:
        return set(database.execute("SELECT file, offset FROM capture"))
