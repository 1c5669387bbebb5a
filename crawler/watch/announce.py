"""Send what is due in the outbox: to several receivers at once, and to each in order.

A receiver that fails is left alone until the next time, so that it holds up nobody else.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from urllib.parse import urlsplit

import msgspec

from crawler.errors import ArchiveError
from crawler.feeds.entry import entry_of
from crawler.feeds.saved_searches import SavedSearch
from crawler.model.article import Article
from crawler.store.reader import ArchiveReader
from crawler.system.clock import now
from crawler.watch.messages import Message
from crawler.watch.outbox import Announcement, Outbox

_SENDERS = 8  # receivers at a time


class Announcer:
    """Sends what is due; ``sent`` counts it, ``problems`` says what was not sent, and why."""

    def __init__(
        self,
        outbox: Outbox,
        searches: Mapping[str, SavedSearch],
        open_reader: Callable[[str], ArchiveReader],
        send: Callable[[Message], None],
        reading_room: str | None = None,
    ) -> None:
        self.outbox = outbox
        self.searches = searches
        self.open_reader = open_reader
        self.send = send
        self.reading_room = reading_room
        self.sent = 0
        self.problems: list[str] = []
        self._running: dict[Future[None], Announcement] = {}
        self._queues: defaultdict[str, deque[Announcement]] = defaultdict(deque)

    def run(self) -> None:
        """Send all that is due, or as much of it as the receivers take."""
        for each in self.outbox.due(now().timestamp()):
            self._queues[self._receiver(each)].append(each)
        pool = ThreadPoolExecutor(_SENDERS)
        try:
            for receiver in self._queues:
                self._start(pool, receiver)
            while self._running:
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                for future in done:
                    announcement = self._running.pop(future)
                    if self._settle(future, announcement):
                        self._start(pool, self._receiver(announcement))
        finally:  # also when a signal ends it: what is under way is sent, and noted
            pool.shutdown(cancel_futures=True)
            for future in [each for each in self._running if not each.cancelled()]:
                self._settle(future, self._running.pop(future))

    def _receiver(self, announcement: Announcement) -> str:
        """Return whom to ask for one thing at a time, without any secret of an address."""
        to = urlsplit(self.searches[announcement.search].channels[announcement.channel])
        return {"webhook": to.netloc, "service": to.scheme}.get(
            announcement.channel, announcement.channel
        )

    def _start(self, pool: ThreadPoolExecutor, receiver: str) -> None:
        """Begin to send the next thing to a receiver, if there is one."""
        queue = self._queues[receiver]
        while queue:
            announcement = queue.popleft()
            if message := self._message(announcement):
                self._running[pool.submit(self.send, message)] = announcement
                return

    def _message(self, announcement: Announcement) -> Message | None:
        """Return what is to be sent; None if that was withdrawn, or cannot be read."""
        try:
            with self.open_reader(announcement.article.partition(":")[0]) as reader:
                row = _version(reader, announcement)
                entry = entry_of(reader, row, self.reading_room) if row else None
        except ArchiveError as error:
            self._postpone(announcement, str(error))
            return None
        if entry is None:
            self.outbox.remove(announcement)
            return None
        search = self.searches[announcement.search]
        return Message(announcement.key, search, announcement.channel, entry)

    def _settle(self, future: Future[None], announcement: Announcement) -> bool:
        """Note that an announcement was sent, or why not; return whether it was."""
        try:
            future.result()
        except OSError as error:
            receiver = self._receiver(announcement)
            self._postpone(announcement, f"{receiver}: {error}", getattr(error, "wait", 0))
            return False
        self.outbox.remove(announcement)
        self.sent += 1
        return True

    def _postpone(self, announcement: Announcement, why: str, asked: float = 0) -> None:
        self.outbox.postpone(announcement, now().timestamp(), asked)
        what = f"[{announcement.search}] {announcement.article} version {announcement.version}"
        tried = f"(attempt {announcement.attempts + 1})"
        self.problems.append(f"{what} is not announced yet {tried}: {why}")


def _version(reader: ArchiveReader, announcement: Announcement) -> Article | None:
    """Return the version that was found, if it is still there."""
    for row in reader.versions(announcement.article):
        if row["version"] == announcement.version and row["change"] != "withdrawn":
            return msgspec.convert(row, Article)
    return None
