"""``articles/<year>.jsonl``: the newest version of each article by year of publication."""

import sqlite3
from pathlib import Path

from crawler.durable import replace_file
from crawler.newest import newest_lines

UNDATED = "undated"


def note_written_years(database: sqlite3.Connection, folder: Path) -> None:
    """Let the next run write each file that is there, also of a year that has no article now."""
    years = [path.stem.replace(UNDATED, "") for path in (folder / "articles").glob("*.jsonl")]
    database.executemany("INSERT OR IGNORE INTO changed_year VALUES (?)", [(y,) for y in years])


def write_changed_years(database: sqlite3.Connection, folder: Path) -> list[str]:
    """Rewrite the files of the years that changed since they were written; return their names.

    The ledger forgets each of these years with its next commit: if that is not reached, the
    files are written once more. A year that has no article any more loses its file. Raises
    ``OSError`` and ``StorageError``.
    """
    years = [year for (year,) in database.execute("SELECT year FROM changed_year ORDER BY year")]
    if years:
        (folder / "articles").mkdir(exist_ok=True)
    for year in years:
        path = folder / "articles" / f"{year or UNDATED}.jsonl"
        lines = newest_lines(database, folder / "journal", {"year IS ?": year or None})
        if replace_file(path, lines) == 0:
            path.unlink()
        database.execute("DELETE FROM changed_year WHERE year = ?", (year,))
    return [year or UNDATED for year in years]
