"""An archive as a notebook reads it: articles, their versions, the responses behind them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from crawler.errors import UsageError
from crawler.extract.agencies import charset_of
from crawler.extract.page import Document
from crawler.model.arrow import arrow_fields, has_arrow
from crawler.model.article import Article
from crawler.model.versions import farewell
from crawler.store.archive import Reader
from crawler.store.export import newest_places
from crawler.store.selection import check_editions, choose
from crawler.warc.index import CaptureIndex
from crawler.warc.record import Record
from crawler.warc.writer import Captures

_BATCH = 5_000  # rows that are turned into columns at a time

Day = str | date | None


@dataclass(frozen=True, slots=True)
class History:
    """All that is recorded of one article; ``versions`` has the oldest first."""

    id: str
    versions: list[Article]


class Answer(Document):
    """The response an article was read from; ``body`` is as received, perhaps compressed."""

    @property
    def html(self) -> str:
        """The page as text; raises UnreadablePage if the bytes are none."""
        return self.text


class OpenArchive(Reader):
    """One moment of an agency's archive: nothing is written or locked, whatever a crawl does.

    Close it, or use it in a ``with`` block: while it is open, the ledger's log cannot shrink.
    """

    def articles(
        self, *, editions: Iterable[str] = (), since: Day = None, until: Day = None
    ) -> Iterator[Article]:
        """Yield the newest version of each article, by year and id, undated ones first.

        ``since`` and ``until``: the first and the last day of publication; with either, undated
        articles are left out. Raises ``UsageError`` for an edition that is not there.
        """
        selection = choose(since, until, editions)
        check_editions(self.database, selection)
        places = newest_places(
            self.database, selection.published | selection.of_editions, order="article.id"
        )
        return (
            self.journal.row(article_id, number, file, offset, length)
            for file, offset, length, article_id, number in places
        )

    def __iter__(self) -> Iterator[Article]:
        return self.articles()

    def __contains__(self, article_id: object) -> bool:
        return bool(self.versions(str(article_id)))

    def __getitem__(self, article_id: str) -> History:
        rows = self.versions(article_id)
        if not rows:
            raise UsageError(f"{article_id}: no version of it is recorded in {self.folder}")
        return History(article_id, msgspec.convert(rows, list[Article]))

    def capture(self, article: Article) -> Answer:
        """Return the archived response that a version was read from."""
        record = self.record(article)
        status, headers, body = record.answer
        url = record.fields.get("warc-target-uri", article.url)
        return Answer(url, status, headers, body, charset_of(article.agency))

    def record(self, article: Article) -> Record:
        """Return the WARC record of that response; raise ``UsageError`` if there is none."""
        if article.change == "withdrawn":
            raise UsageError(farewell(msgspec.to_builtins(article)))
        if article.capture is None:
            raise UsageError(
                f"{article.id} version {article.version} ({article.change}) has no capture: it was "
                "not read from a response, or captures were switched off"
            )
        return Captures(self.folder / "warc", CaptureIndex(self.database)).read(article.capture)

    def to_arrow(
        self, *, editions: Iterable[str] = (), since: Day = None, until: Day = None
    ) -> Any:
        """Return what ``articles`` yields as a table of ``pyarrow``; times are text."""
        if not has_arrow():
            raise UsageError("to_arrow needs pyarrow; install it by: pip install pyarrow")
        import pyarrow

        rows = map(msgspec.to_builtins, self.articles(editions=editions, since=since, until=until))
        schema, batches = pyarrow.schema(arrow_fields()), []
        while batch := list(islice(rows, _BATCH)):
            batches.append(pyarrow.RecordBatch.from_pylist(batch, schema))
        return pyarrow.Table.from_batches(batches, schema)

    def close(self) -> None:
        """Let go of the ledger."""
        self.database.close()


def open_archive(folder: str | Path) -> OpenArchive:
    """Open the archive in a folder; ``crawler.open`` under its public name."""
    path = Path(folder).expanduser()
    if not path.is_dir():
        raise UsageError(f"{path}: there is no such folder; name that of an archive: data/AGENCY")
    if not (path / "ledger.sqlite").exists():
        inside = sorted(file.parent.as_posix() for file in path.glob("*/ledger.sqlite"))
        hint = f"there are: {', '.join(inside)}" if inside else "crawl first"
        raise UsageError(f"{path}: there is no archive in this folder; {hint}")
    return OpenArchive(path)
