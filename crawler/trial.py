"""An archive that takes versions and forgets them: what a dry run records in."""

from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import msgspec

from crawler.archive import Archive
from crawler.growing_files import GrowingFiles
from crawler.items import Article
from crawler.journal import GROUP_BYTES
from crawler.ledger import Known

FILE = "trial"  # no file of the journal has this name


class Trial:
    """Stands in for an archive within a ``with`` block; at its end the archive is as before.

    Ledger and rows answer meanwhile as if all had been recorded.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.ledger, self.folder = archive.ledger, archive.folder

    def __enter__(self) -> Self:
        self._place = TemporaryDirectory()
        self._rows = GrowingFiles(Path(self._place.name))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ledger.roll_back()
        self._place.cleanup()

    def record(self, row: Article, *, visited: bool = True) -> None:
        """Take a version."""
        place = self._rows.add(FILE, msgspec.json.encode(row))
        self.ledger.record(row, place, visited=visited)
        if self._rows.waiting_bytes > GROUP_BYTES:
            self._rows.write()

    def read(self, known: Known) -> Any:
        """Return a version as plain JSON values."""
        if known.file != FILE:
            return self.archive.read(known)
        return msgspec.json.decode(self._rows.read_bytes(FILE, known.offset, known.length))

    def counted(self, article_id: str) -> None:
        """Do nothing: there is no group to complete."""

    def commit(self) -> None:
        """Do nothing: nothing is to last."""
