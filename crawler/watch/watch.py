"""A watch: read the changes recorded in the archives since the last time, and announce them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler.errors import ArchiveError, ExitCode
from crawler.feeds.matching import Matcher, wanted
from crawler.feeds.saved_searches import SavedSearch
from crawler.model.article import Article
from crawler.store.changes import Position, changes
from crawler.store.reader import ArchiveReader
from crawler.watch.announce import Announcer
from crawler.watch.messages import Message
from crawler.watch.outbox import Outbox


@dataclass(slots=True)
class Done:
    """The result of one round.

    ``begun``: archives that are read from now on, without earlier changes. ``waiting``:
    announcements not sent yet.
    """

    begun: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    sent: int = 0
    waiting: int = 0
    exit_code: ExitCode = ExitCode.FINE


class Watch:
    """Reads archives below a folder for matches of searches; ``send`` sends a message."""

    def __init__(
        self,
        folder: Path,
        outbox: Outbox,
        searches: Sequence[SavedSearch],
        send: Callable[[Message], None],
        reading_room: str | None = None,
    ) -> None:
        self.folder = folder
        self.outbox = outbox
        self.searches = {search.name: search for search in searches}
        self.send = send
        self.reading_room = reading_room
        self._matcher = Matcher(searches)
        self._checked: set[str] = set()

    def drop_others(self) -> int:
        """Delete the announcements of removed searches and channels; return their number."""
        searches = self.searches.values()
        return self.outbox.keep_only(
            (each.name, name) for each in searches for name in each.channels
        )

    def once(self, agencies: Sequence[str]) -> Done:
        """Read the new changes of some archives, and send all due announcements."""
        done = Done()
        for agency in agencies:
            self._look(agency, done)
        announcer = Announcer(self.outbox, self.searches, self._open, self.send, self.reading_room)
        announcer.run()
        done.problems += announcer.problems
        done.sent, done.waiting = announcer.sent, self.outbox.waiting()
        if done.waiting and not done.exit_code:
            done.exit_code = ExitCode.SOURCE_FAILED
        return done

    def _open(self, agency: str) -> ArchiveReader:
        reader = ArchiveReader(self.folder / agency, checked=agency in self._checked)
        self._checked.add(agency)
        return reader

    def _look(self, agency: str, done: Done) -> None:
        try:
            with self._open(agency) as reader:
                is_known = self._take(reader)
        except ArchiveError as error:
            done.problems.append(str(error))
            done.exit_code = error.exit_code
            return
        if not is_known:
            done.begun.append(agency)

    def _take(self, reader: ArchiveReader) -> bool:
        """Store new matches in the outbox; return whether the archive was read before."""
        agency, here = reader.folder.name, Position.here(reader)
        before = self.outbox.position(agency)
        if before is None or before.lengths != here.lengths:
            self.outbox.take(agency, here, self._found(reader, before) if before else ())
        return before is not None

    def _found(self, reader: ArchiveReader, before: Position) -> Iterator[tuple[str, str, Article]]:
        for row, search in wanted(reader, changes(reader, before), self._matcher):
            for channel in search.channels:
                yield search.name, channel, row
