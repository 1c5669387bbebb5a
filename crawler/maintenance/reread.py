"""Reads an archived response again with the present code, in this process or in a pool."""

import logging
import pickle
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from threading import local
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import msgspec
from scrapy.exceptions import DropItem
from scrapy.settings import BaseSettings

from crawler.crawl.normalisers import load_normalisers
from crawler.crawl.spider import AgencySpider
from crawler.errors import OutOfReach, StorageError
from crawler.extract.article import Normaliser, Steps, finish, interleave, read_draft, settle
from crawler.extract.document import Document, Site
from crawler.extract.errors import AnotherArticle, BadBody, FurtherPage, UnreadablePage
from crawler.extract.memento import FalseTime, check_time, original_document, read_memento
from crawler.extract.page import ArticlePage
from crawler.model.article import Article, Capture, Draft
from crawler.model.identity import Identity, NotAnArticle, identify
from crawler.model.link import Link, read_link
from crawler.model.versions import reads_otherwise
from crawler.store.journal import Journal, damaged_line
from crawler.system.files import GrowingFiles
from crawler.system.processes import WorkerPool, without_gc
from crawler.warc.index import CaptureIndex, CaptureRecord
from crawler.warc.record import Record
from crawler.warc.writer import Captures

logger = logging.getLogger(__name__)

Place = tuple[str, int, int]  # in the journal: file, offset, length

# The size of a worker's chunk: larger ones need more memory, smaller ones more messages.
CHUNK = 100  # captures
CHUNK_BYTES = 10_000_000  # in their files


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """How an agency's responses are read: its site, its layouts, and the pipelines.

    ``guesses``: also read pages that no layout describes.
    """

    site: Site
    layouts: Sequence[type[ArticlePage]]
    normalisers: Sequence[Normaliser]
    guesses: bool = False

    @classmethod
    def of(cls, spider: AgencySpider, settings: BaseSettings) -> Self:
        """Return how a crawl with these settings reads the responses of a spider's agency."""
        return cls(
            spider.site,
            spider.layouts,
            load_normalisers(settings, spider.rules),
            settings.getbool("READ_UNKNOWN_LAYOUTS"),
        )


class Reading(NamedTuple):
    """What the present code reads in a response: a row as JSON, or why there is none.

    The row is left out if it has the expected content. ``is_archived``: the response was captured
    by a web archive or stands in an imported file. ``is_better``: the content is as recorded from
    this response, but another field differs, or it was a guess. ``is_damaged``: the response cannot
    be read now, but perhaps later. ``is_guess``: no layout describes the page. ``own_ids``: the
    articles whose addresses the page gives as its own.
    """

    content_hash: str = ""
    source: str = ""
    row: bytes = b""
    problem: str = ""
    is_archived: bool = False
    is_better: bool = False
    is_damaged: bool = False
    is_guess: bool = False
    own_ids: tuple[str, ...] = ()


class Rereader:
    """Reads archived responses as a crawl reads fresh ones. ``journal``: the recorded rows."""

    def __init__(
        self, captures: Captures, context: ReadingContext, journal: GrowingFiles | None = None
    ) -> None:
        self.captures = captures
        self.context = context
        self.journal = journal

    def read(self, place: Capture) -> Article:
        """Return the row.

        Raises UnreadablePage, NotAnArticle, FalseTime, DropItem or StorageError.
        """
        return finish(self._read(place))[0]

    def _read(self, place: Capture) -> Steps[tuple[Article, tuple[str, ...]]]:
        record = self.captures.read(place)
        yield
        draft = self._draft(record, place)
        own_ids = draft.own_ids
        del record
        yield
        row = yield from settle(draft, self.context.normalisers)
        row.capture = place
        return row, own_ids

    def _draft(self, record: Record, place: Capture) -> Draft:
        if "x-part" in record.fields:
            raise FurtherPage(record.fields["warc-target-uri"])
        status, headers, body = record.answer
        link = read_link(record.fields.get("x-found", "null"))
        article_id = record.fields.get("x-article-id")
        site = self._site(record.fields["warc-target-uri"], link, article_id)
        url, fetched_at = site.public(record.fields["warc-target-uri"]), record.fields["warc-date"]
        document = Document(url, status, headers, body)
        if memento := read_memento(url, headers):
            document = original_document(memento, status, headers, body)
        check_time(memento.taken_at if memento else fetched_at)
        first = (fetched_at, place.file, place.offset)
        asked = site.public(link.url) if link else document.url
        if document.url != asked:
            self._check_whose(document.url, article_id)
        draft = read_draft(
            document,
            self.context.layouts,
            identity=self._identity(article_id, asked),
            link=link,
            fetched_at=fetched_at,
            archived_as=memento,
            guesses=self.context.guesses,
            follow=partial(self._part, article_id, first, site) if article_id else None,
        )
        draft.archive_url = draft.archive_url or record.fields.get("x-archive-url")
        return draft

    def _part(
        self, article_id: str, first: tuple[str, str, int], site: Site, address: str
    ) -> Document:
        """Return a further page of an article, as captured after the first one."""
        uri = site.local(address)
        for held in self.captures.index.of_article(article_id):
            is_behind = (held.taken_at, held.file, held.offset) > first
            if held.uri == uri and held.status == 200 and is_behind:
                return Document(address, *self.captures.read(held.place).answer)
        raise BadBody("page missing", address)

    def _site(self, uri: str, link: Link | None, article_id: str | None) -> Site:
        """Return the site that was crawled: perhaps a stand-in for the agency's, as in a demo.

        Only one of our own runs can have recorded whose page such an address is.
        """
        own = self.context.site
        if article_id is None or uri.startswith(f"{own.root}/"):
            return own
        for address in (uri, link.url if link else uri):
            parts = urlsplit(address)
            other = Site(f"{parts.scheme}://{parts.netloc}", own.rules)
            with suppress(NotAnArticle):
                if self._identity(None, other.public(address)).id == article_id:
                    return own if parts.hostname in own.rules.hosts else other
        return own

    def _check_whose(self, url: str, article_id: str | None) -> None:
        """Raise ``AnotherArticle`` for a redirect to another article; not for an API's address."""
        with suppress(NotAnArticle):
            if article_id not in (None, self._identity(None, url).id):
                raise AnotherArticle(url)

    def _identity(self, article_id: str | None, url: str) -> Identity:
        rules = self.context.layouts[0].rules
        known = identify(url, rules.address, rules.name)
        return Identity(article_id or known.id, known.url)

    def attempt(self, place: Capture) -> Article | None:
        """Return the row. None if the response cannot be read, or the present code refuses it."""
        try:
            return self.read(place)
        except OutOfReach:
            raise
        except (UnreadablePage, NotAnArticle, FalseTime, DropItem, StorageError) as error:
            logger.info("%s, byte %d: cannot be read again (%s)", place.file, place.offset, error)
            return None

    def readings(self, tasks: Iterable["Task"]) -> list[Reading]:
        """Read responses. Rows with the expected content are left out."""
        with without_gc():
            return interleave(map(self._try, tasks))

    def _try(self, task: "Task") -> Steps[Reading]:
        place = task.place
        try:
            row, own_ids = yield from self._read(place)
            yield
            return self._reading(row, task)._replace(own_ids=own_ids)
        except (UnreadablePage, NotAnArticle, FalseTime) as error:
            return Reading(problem=error.reason)
        except DropItem as error:
            return Reading(problem=f"refused: {getattr(error, 'reason', 'dropped')}")
        except OutOfReach:
            raise
        except StorageError as error:
            return Reading(problem=str(error), is_damaged=True)
        except Exception as error:
            error.add_note(f"while {place.file}, byte {place.offset}, was read again")
            raise

    def _reading(self, row: Article, task: "Task") -> Reading:
        assert row.extractor is not None
        is_expected = row.content_hash == task.expected
        is_better = is_expected and task.recorded is not None and self._differs(row, task.recorded)
        told = b"" if is_expected and not is_better else msgspec.json.encode(row)
        is_archived = row.archive_url is not None
        return Reading(
            row.content_hash,
            row.extractor.source,
            told,
            is_archived=is_archived,
            is_better=is_better,
            is_guess=row.is_guess,
        )

    def _differs(self, row: Article, recorded: Place) -> bool:
        assert self.journal is not None
        try:
            before = msgspec.json.decode(self.journal.read_bytes(*recorded), type=Article)
        except (OSError, ValueError) as error:
            path, offset = self.journal.folder / recorded[0], recorded[1]
            raise damaged_line(path, offset, f"a version of {row.id}", error) from error
        return reads_otherwise(before, row) or (before.is_guess and not row.is_guess)


class Task(NamedTuple):
    """The place of a response, and the content hash that is expected.

    ``original``: what it refers to if it is a revisit. ``recorded``: the place in the journal of
    the version that was read from it. ``others``: captures of the article, if it has several pages.
    """

    place: Capture
    expected: str
    original: CaptureRecord | None
    recorded: Place | None
    others: Sequence[CaptureRecord] = ()


def read_all(
    tasks: Iterable[Task], rereader: Rereader, folder: Path, pool: WorkerPool | None
) -> Iterator[Reading]:
    """Yield the reading of each task in order, from a pool if there is one.

    ``folder``: the agency's. Only a few chunks are read ahead.
    """
    if pool is None:
        yield from chain.from_iterable(map(rereader.readings, _chunks(tasks)))
        return
    pool.share(folder)
    job = pickle.dumps((folder.resolve(), rereader.context))
    yield from chain.from_iterable(pool.spread(partial(_read_chunk, job), _chunks(tasks)))


def _chunks(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    chunk, size = list[Task](), 0
    for task in tasks:
        chunk.append(task)
        size += task.place.length
        if len(chunk) == CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


class _Originals(CaptureIndex):
    """The originals of revisits. SQLite does not let another machine read the ledger itself."""

    def __init__(self) -> None:
        self.known: dict[str, CaptureRecord] = {}
        self.others: dict[str, Sequence[CaptureRecord]] = {}

    def response(self, digest: str) -> CaptureRecord | None:
        """Return a capture that holds the payload with the digest."""
        return self.known.get(digest)

    def of_article(self, article_id: str) -> list[CaptureRecord]:
        """Return an article's captures in order of time, if it has several pages."""
        return list(self.others.get(article_id, ()))


class _Worker(local):
    """The data that a worker keeps from one chunk of a job to the next."""

    job = b""
    rereader: Rereader
    originals: _Originals


_worker = _Worker()


def _read_chunk(job: bytes, chunk: Sequence[Task]) -> list[Reading]:
    if job != _worker.job:
        folder, context = pickle.loads(job)
        _worker.originals = _Originals()
        captures = Captures(folder / "warc", _worker.originals)
        _worker.rereader = Rereader(captures, context, Journal(folder / "journal"))
        _worker.job = job
    others = [each for task in chunk for each in task.others]
    known = {each.digest: each for each in others if each.kind == "response"}
    known |= {task.place.digest: task.original for task in chunk if task.original}
    _worker.originals.known = known
    _worker.originals.others = {
        task.others[0].article_id or "": task.others for task in chunk if task.others
    }
    return _worker.rereader.readings(chunk)
