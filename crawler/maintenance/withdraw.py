"""Withdraws an article from an archive: journal, captures, year files, reports, ledger."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, islice
from operator import attrgetter
from typing import Any
from urllib.parse import quote

import msgspec

from crawler.errors import OutOfReach, StorageError
from crawler.extract.document import Document
from crawler.extract.errors import UnreadablePage
from crawler.maintenance.offload import Offload
from crawler.maintenance.residual_copies import ArticleMatcher, clean_reports, remove_copies
from crawler.model.article import Article, Extractor
from crawler.model.versions import blank_line, origin, tombstone
from crawler.store.archive import Archive
from crawler.store.newest_versions import write_changed_years
from crawler.store.reader import ArchiveReader
from crawler.store.states import begin_withdrawal, end_withdrawal
from crawler.system.clock import now, rfc3339
from crawler.system.offloaded import bring_back, is_kept, name_of, read_manifest
from crawler.system.signals import in_one_piece
from crawler.warc.index import CaptureIndex, CaptureRecord, write_indexes
from crawler.warc.record import LEAST_BLANK, digest_of, write_blank
from crawler.warc.scan import scan

PROGRESS = 10_000  # captures between two progress messages
_NOTHING = digest_of(b"")  # the payload of redirects and of 304 responses


class Withdrawal:
    """Withdraws one article. ``say`` gets the progress.

    ``hide_address``: replace its address by that of the site's front page, since many addresses
    contain words of the headline.

    1. Everything that names the article is found. If one of these files cannot be read, nothing is
       changed.
    2. One commit records the tombstone, removes the ledger's data about the article, and marks its
       captures. From now on no run fetches it, and no command shows it.
    3. The captures are overwritten in their files, each by a record of the same length without
       content. Files made from captures and journal are written again, and deleted content is
       overwritten in the ledger.
    4. Last, the article's lines in the journal are overwritten. Lists are searched for the content
       of these lines, and while they exist, a rebuilt ledger knows that the withdrawal is
       incomplete.

    If it is interrupted after 2, the ledger remembers that it is unfinished, and the next call
    completes it.
    """

    def __init__(
        self,
        archive: Archive,
        article_id: str,
        say: Callable[[str], None],
        *,
        hide_address: bool = False,
    ) -> None:
        self.archive = archive
        self.folder = archive.folder
        self.id = article_id
        self.say = say
        self.database = archive.ledger.database
        self.captures = WithdrawnCaptures(self.database)
        self.rows = self._versions()
        self.hidden = self._hidden(asked=hide_address)
        self.unblanked = [row for row in self.rows if self._tells(row)]
        self.matcher = ArticleMatcher(article_id, self._addresses(), self._texts())

    def _versions(self) -> list[dict[str, Any]]:
        with ArchiveReader(self.folder) as reader:
            return reader.versions(self.id)

    def _hidden(self, *, asked: bool) -> str | None:
        """Return the replacement for its address; None if the address stays.

        The replacement is also needed if an earlier call was interrupted, or if captures were added
        since.
        """
        (url,) = self.database.execute(
            "SELECT url FROM article WHERE id = ?", (self.id,)
        ).fetchone()
        return origin(url) if asked or url == origin(url) else None

    def _tells(self, row: dict[str, Any]) -> bool:
        """Return whether something in a row must be removed."""
        return row["change"] != "withdrawn" or self.hidden not in (None, row["url"])

    def _addresses(self) -> list[str]:
        found = self.database.execute(
            "SELECT url FROM article WHERE id = ?1 UNION SELECT address FROM article WHERE id = ?1 "
            "UNION SELECT url FROM sighting WHERE article_id = ?1",
            (self.id,),
        )
        return [address for (address,) in found.fetchall()]

    def _texts(self) -> Iterator[str]:
        """Yield the texts of the article and of its listings, as far as they are known."""
        for row in self.unblanked:
            yield from (row["title"], row["summary"] or "", *row["body"].split("\n\n"))
        titles = self.database.execute(
            "SELECT title FROM sighting WHERE article_id = ? AND title IS NOT NULL", (self.id,)
        )
        yield from (title for (title,) in titles.fetchall())

    def work(self, reason: str | None) -> None:
        """Withdraw the article, or complete it. Raises ``StorageError`` if that is not possible."""
        lines = self._blank_lines()
        found = self._found()
        self._bring_back(found)
        with in_one_piece():
            self._record(reason, found)
        self._blank_captures()
        self._write_anew()
        self._scrub_ledger()
        self._blank_journal(lines)
        end_withdrawal(self.database, self.id)
        self.archive.commit()

    # Finding.

    def _found(self) -> list[CaptureRecord]:
        """Return the captures to remove. Raises ``StorageError`` if one cannot be read."""
        key = self.id.partition(":")[2]
        own = [capture for capture in self.captures.own(self.id, key) if self._is_own(capture)]
        listings = list(self.captures.listings(self._first_day(own)))
        self._check(own + listings)
        self.say(f"{len(own)} captures of it; {len(listings)} of lists and feeds to search")
        found = own + [capture for capture in self._counted(listings) if self._shows(capture)]
        payloads = {capture.digest for capture in found if capture.kind != "revisit"} - {_NOTHING}
        found += self.captures.with_payload(payloads)
        self._check(found)
        self._tell_of_others(found)
        return list({(capture.file, capture.offset): capture for capture in found}.values())

    def _tell_of_others(self, found: Sequence[CaptureRecord]) -> None:
        """Report other articles that share a response with this one, and so lose captures."""
        named = {capture.article_id for capture in found} - {self.id, None}
        for other in sorted(filter(None, named)):
            self.say(f"{other}: what it has in common with {self.id} is removed from its captures")
        for capture in found:
            kept = self.captures.response(capture.digest) if capture.kind == "revisit" else None
            if kept and capture.status == 200 and kept.article_id not in (self.id, None, *named):
                self.say(f"{kept.article_id}: has the same page, and keeps it: withdraw it, too?")

    def _is_own(self, capture: CaptureRecord) -> bool:
        return capture.article_id == self.id or self.matcher.names(capture.uri)

    def _first_day(self, own: Sequence[CaptureRecord]) -> str:
        """Return a day before which no list can have shown the article."""
        known = self.database.execute(
            "SELECT found_at, first_seen_at, published_at FROM article WHERE id = ?", (self.id,)
        ).fetchone()
        published = [row["published_at"] for row in self.unblanked]
        moments = filter(None, [*known, *published, *(capture.taken_at for capture in own)])
        return str(date.fromisoformat(min(moments)[:10]) - timedelta(days=1))

    def _check(self, captures: Sequence[CaptureRecord]) -> None:
        """Raise ``StorageError``, with nothing changed, if something cannot be removed."""
        folder = self.archive.captures.files.folder
        missing = [
            name for name in {capture.file for capture in captures} if not is_kept(folder / name)
        ]
        if missing:
            raise StorageError(
                f"{folder}: bring back {', '.join(sorted(missing))}, which may contain it, too; "
                "nothing was changed"
            )
        for capture in captures:
            if capture.length < LEAST_BLANK:
                raise StorageError(
                    f"{folder / capture.file}: the record at byte {capture.offset} has "
                    f"{capture.length} bytes, too few to be overwritten; nothing was changed"
                )

    def _counted(self, captures: Sequence[CaptureRecord]) -> Iterator[CaptureRecord]:
        for number, capture in enumerate(captures, 1):
            yield capture
            if number % PROGRESS == 0:
                self.say(f"{number} of {len(captures)} searched")

    def _shows(self, capture: CaptureRecord) -> bool:
        """Return whether a list names the article. An unreadable one may."""
        try:
            status, headers, body = self.archive.captures.read(capture.place).answer
            return bool(body) and self.matcher.shows(
                Document(capture.uri, status, headers, body).text
            )
        except OutOfReach:
            raise
        except (StorageError, UnreadablePage, ValueError):
            return True

    def _bring_back(self, found: Sequence[CaptureRecord]) -> None:
        """Copy the files to change from the bucket; they stay here until all is done."""
        paths = {self.folder / "warc" / capture.file for capture in found}
        versions = self.archive.ledger.versions(self.id)
        paths |= {self.folder / "journal" / known.file for known in versions}
        for path in sorted(paths):
            if bring_back(path):
                self.say(f"{name_of(path)}: brought back from the bucket")

    def _blank_lines(self) -> dict[int, bytes]:
        """Return the replacement for the journal's line of each remaining version."""
        rows = {row["version"]: row for row in self.unblanked}
        return {
            known.number: blank_line(self._without_address(rows[known.number]), known.length)
            for known in self.archive.ledger.versions(self.id)
            if known.number in rows
        }

    def _without_address(self, row: dict[str, Any]) -> dict[str, Any]:
        return row | {"url": self.hidden} if self.hidden else row

    # Removing.

    def _record(self, reason: str | None, found: Sequence[CaptureRecord]) -> None:
        self.database.execute("PRAGMA secure_delete = ON")
        self.captures.mark(found)
        begin_withdrawal(self.database, self.id)
        states = self.archive.ledger.states
        if self.hidden:
            states.hide_address(self.id, self.hidden)
        if states.state(self.id) != "withdrawn" or self._tells(self.rows[-1]):
            self.archive.record(self._tombstone(reason))
            self.archive.counted(self.id)
        self.archive.commit()
        self.say(f"{self.id} is withdrawn; {len(found)} captures are being removed")

    def _tombstone(self, reason: str | None) -> Article:
        """Return the version that records the withdrawal and its reason."""
        moment = rfc3339(now())
        last = self.rows[-1] if self.rows else self._unread(moment)
        row = tombstone(self._without_address(last))
        row.reason, row.version = reason or row.reason, len(self.rows) + 1
        row.fetched_at = moment
        row.run = f"withdraw-{moment.replace('-', '').replace(':', '')}"
        return row

    def _unread(self, moment: str) -> Any:
        """Return a row for an article that was discovered but never read."""
        url, edition = self.database.execute(
            "SELECT url, edition FROM article WHERE id = ?", (self.id,)
        ).fetchone()
        row = Article(
            id=self.id,
            agency=self.id.partition(":")[0],
            url=url,
            edition=edition,
            first_seen_at=moment,
            fetched_at=moment,
            extractor=Extractor("none", "page", ""),
        )
        return msgspec.to_builtins(row)

    def _blank_captures(self) -> None:
        """Overwrite marked captures, file by file, with a commit after each."""
        moment = rfc3339(now())
        for file, marked in groupby(list(self.captures.marked()), attrgetter("file")):
            lengths = {capture.offset: capture.length for capture in marked}
            if self.hidden:
                lengths |= self._requests(file, lengths)
            blanks = {start: write_blank(length, moment) for start, length in lengths.items()}
            self.archive.captures.files.overwrite(file, blanks)
            self.captures.forget(file)
            self.archive.commit()
            self.say(f"{file}: {len(blanks)} records overwritten")

    def _requests(self, file: str, captures: Collection[int]) -> dict[int, int]:
        """Return offset and length of the requests after captures: they contain the address."""
        path = self.archive.captures.files.folder / file
        following = (next(islice(scan(path, start), 1, None), None) for start in captures)
        return {
            each.offset: each.length
            for each in following
            if each and each.record and each.record.kind == "request"
        }

    def _write_anew(self) -> None:
        """Write files made from journal and captures again, or remove them."""
        write_indexes(self.captures, self.archive.captures.files.folder)
        if (self.folder / "articles").is_dir():
            for year in write_changed_years(self.database, self.folder):
                self.say(f"articles/{year}.jsonl: written again")
        for report in clean_reports(self.archive.ledger, self.folder / "runs", self.matcher):
            self.say(f"runs/{report}.json: no longer names it")
        self.archive.commit()
        if address := read_manifest(self.folder).to:
            Offload(self.folder, address, self.say).drop_superseded()
        for name in remove_copies(self.folder):
            self.say(f"{name}: removed; it may have contained the text")

    def _scrub_ledger(self) -> None:
        if not self.database.scrub():
            raise StorageError(
                f"{self.archive.ledger.path}: another program reads it, so its log "
                "cannot be emptied; when that has ended, run the same command again"
            )
        self.say("ledger.sqlite: deleted content overwritten")

    def _blank_journal(self, lines: dict[int, bytes]) -> None:
        ledger, journal = self.archive.ledger, self.archive.journal
        places = [known for known in ledger.versions(self.id) if known.number in lines]
        by_file = attrgetter("file")
        for file, versions in groupby(sorted(places, key=by_file), by_file):
            blanks = {known.offset: lines[known.number] for known in versions}
            journal.overwrite(file, blanks)
            self.say(f"journal/{file}: {len(blanks)} lines overwritten")
        hashes = {row["version"]: row["content_hash"] for row in self._versions()}
        ledger.withdraw_versions(self.id, hashes)
        self.archive.commit()


class WithdrawnCaptures(CaptureIndex):
    """Finds captures that name an article, marks them, and forgets them once overwritten.

    Marked captures are not read any more, and no other capture refers to them.
    """

    def own(self, article_id: str, key: str) -> Iterator[CaptureRecord]:
        """Yield an article's captures, and those of addresses that may be its own."""
        condition = "article_id = ? OR instr(uri, ?) > 0 OR instr(uri, ?) > 0"
        return self._where(condition, article_id, key, quote(key))

    def listings(self, since: str) -> Iterator[CaptureRecord]:
        """Yield the captures of no article since a day (UTC), in order of place."""
        return self._where(
            "article_id IS NULL AND kind IN ('response', 'truncated') AND taken_at >= ? "
            "ORDER BY file, offset",
            since,
        )

    def with_payload(self, digests: Collection[str]) -> Iterator[CaptureRecord]:
        """Yield every capture whose payload has one of the digests."""
        given = msgspec.json.encode(sorted(digests)).decode()
        return self._where("digest IN (SELECT value FROM json_each(?))", given)

    def mark(self, captures: Iterable[CaptureRecord]) -> None:
        """Mark captures. The indexes of their files are written again, without them."""
        places = [(capture.file, capture.offset) for capture in captures]
        self.database.executemany(
            "UPDATE capture SET kind = 'withdrawn' WHERE file = ? AND offset = ?", places
        )
        self.database.executemany(
            "INSERT OR IGNORE INTO grown_file VALUES (?)", {(file,) for file, _ in places}
        )

    def marked(self) -> Iterator[CaptureRecord]:
        """Yield the marked captures, in order of place."""
        return self._where("kind = 'withdrawn' ORDER BY file, offset")

    def forget(self, file: str) -> None:
        """Forget the captures that were removed from a file."""
        self.database.execute("DELETE FROM capture WHERE kind = 'withdrawn' AND file = ?", (file,))
