"""Commits at least once a second, and updates year files and indexes at the end."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from crawler.errors import DiskLow, Interrupted, StorageError
from crawler.extensions.base import RunExtension
from crawler.report.run_report import fail_at_end
from crawler.store.archive import Archive
from crawler.store.newest_versions import write_changed_years
from crawler.warc.index import write_indexes

INTERVAL = 1.0  # seconds; the articles of this time are fetched again after a kill


class KeepArchive(RunExtension):
    """Commits by a timer (the archive itself commits every full group), and closes the archive.

    Before that, it writes ``articles/<year>.jsonl`` for the years that changed, unless
    ``YEAR_FILES`` is off, and ``warc/*.cdxj`` for the files that grew. An interrupted run leaves
    them to the next one, because it must end at once.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.has_years = crawler.settings.getbool("YEAR_FILES")
        self.timer = create_looping_call(self.commit)

    def spider_opened(self) -> None:
        """Start the timer."""
        self.timer.start(INTERVAL, now=False)

    def spider_closed(self) -> None:
        """Write the files, commit the rest and release the folder."""
        if self.timer.running:
            self.timer.stop()
        archive = self.run.archive
        try:
            if self.has_years:
                self._write(write_years, archive.folder / "articles")
            self._write(list_captures, archive.captures.files.folder)
        finally:
            try:
                archive.close()
            except StorageError as error:
                fail_at_end(self.run, error)

    def _write(self, write: Callable[[Archive], None], folder: Path) -> None:
        """Write files into a folder. A failure becomes the reason for the end of the run."""
        if isinstance(self.run.stopped_by, DiskLow | Interrupted | StorageError):
            return
        try:
            write(self.run.archive)
        except StorageError as error:
            fail_at_end(self.run, error)
        except (OSError, sqlite3.Error) as error:
            fail_at_end(self.run, StorageError(f"{folder}: cannot be written ({error})"))

    def commit(self) -> None:
        """Commit. If the disk cannot be written, end the run."""
        archive = self.run.archive
        try:
            if archive.is_whole:
                archive.commit()
        except StorageError as error:
            self.run.stop_for(error)


def write_years(archive: Archive) -> None:
    """Write the year files from committed rows. The run's last commit clears their marks."""
    archive.commit()
    write_changed_years(archive.ledger.database, archive.folder)


def list_captures(archive: Archive) -> None:
    """Write the indexes. The run's last commit, which follows, covers what they list."""
    captures = archive.captures
    captures.keep_all()  # nothing is in flight any more, so all captures can be listed
    write_indexes(captures.index, captures.files.folder)
