"""Read an archive without its lock, as far as it is committed, also while a run writes to it."""

import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crawler.errors import StorageError, UsageError
from crawler.journal import Journal


class Reader:
    """Opens an agency's data folder for reading.

    Raises ``UsageError`` if there is no archive, ``StorageError`` if it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "ledger.sqlite"
        if not path.exists():
            raise UsageError(
                f"{path}: there is no archive; crawl first, or name its place with -s DATA_DIR=PATH"
            )
        self.folder = folder
        self.journal = Journal(folder / "journal")
        try:
            self.database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            # One view of the ledger, whatever a run commits meanwhile.
            self.database.execute("BEGIN")
            self.database.execute("SELECT count(*) FROM meta").fetchone()
        except sqlite3.Error as error:
            raise StorageError(
                f"{path}: cannot be read ({error}); run scrapy rebuild {folder.name}"
            ) from error

    def versions(self, article_id: str) -> list[dict[str, Any]]:
        """Return the rows of an article in order of recording; none if it is not known."""
        places = self.database.execute(
            "SELECT file, offset, length FROM version WHERE article_id = ? ORDER BY number",
            (article_id,),
        )
        return [self.journal.read(*place) for place in places]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.database.close()
