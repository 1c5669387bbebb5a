"""Send the due announcements: to several receivers in parallel, to each in order.

After a failure a receiver gets nothing more in this round, so that it does not delay the others.
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

_SENDERS = 8  # receivers served in parallel


class Announcer:
    """Sends the due announcements.

    ``sent``: number of announcements sent. ``problems``: announcements that failed, with the
    reason.
    """

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
        """Send all due announcements; stop at the first failure of each receiver."""
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
        finally:  # after a signal, too: finish and record the sends in flight
            pool.shutdown(cancel_futures=True)
            for future in [each for each in self._running if not each.cancelled()]:
                self._settle(future, self._running.pop(future))

    def _receiver(self, announcement: Announcement) -> str:
        """Return the name of the receiver; a webhook's host, without secrets in its path."""
        to = urlsplit(self.searches[announcement.search].channels[announcement.channel])
        return {"webhook": to.netloc, "service": to.scheme}.get(
            announcement.channel, announcement.channel
        )

    def _start(self, pool: ThreadPoolExecutor, receiver: str) -> None:
        """Start to send the next announcement of a receiver, if there is one."""
        queue = self._queues[receiver]
        while queue:
            announcement = queue.popleft()
            if message := self._message(announcement):
                self._running[pool.submit(self.send, message)] = announcement
                return

    def _message(self, announcement: Announcement) -> Message | None:
        """Return the message to send; None if its article was withdrawn or cannot be read."""
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
        """Record that an announcement was sent, or postpone it; return whether it was sent."""
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
    """Return the version that matched, if it still exists."""
    for row in reader.versions(announcement.article):
        if row["version"] == announcement.version and row["change"] != "withdrawn":
            return msgspec.convert(row, Article)
    return None
