"""``scrapy watch``: announce new results of saved searches by webhook or mail."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, archives_there, searches_in, web_address, whole_number
from crawler.errors import ArchiveError, UsageError
from crawler.system.clock import now

if TYPE_CHECKING:
    from crawler.feeds.saved_searches import SavedSearch
    from crawler.watch.watch import Watch

_MANUAL = """\
FILE contains searches in TOML. Queries have the syntax of scrapy browse; "headline changed" (or
text, byline, date, pictures) means changed:title. A search may have a webhook, a mail and a
service, which is an Apprise URL (make notify). Without any, results are printed, one per line.

  [headlines]
  query = "headline changed AND agency:NAME"
  webhook = "https://desk.example.org/changes"

  [minister]
  query = 'title:minister (resigns OR "steps down") -edition:ru'
  mail = "desk@example.org"

Only versions that the archives record after the first call are announced. A webhook gets JSON by
POST, with the header Idempotency-Key; if it does not respond with HTTP 2xx within 10 seconds, or
redirects, it is tried again after 1, 2, 4 ... 60 minutes. Even if the command is killed, each
change is announced at least once; if twice, with the same key, a mail with the same Message-ID.
Waiting announcements are stored in DATA_DIR/watch-FILE.sqlite. Mails go to ALERT_SERVER.

examples:
  scrapy watch --searches searches.toml --try 7            the results of the last 7 days
  scrapy watch --searches searches.toml                    after each crawl, or from a timer
  scrapy watch --searches searches.toml --every 60 AGENCY  checks every minute, until interrupted

exit codes: 0 everything is announced; 2 usage, an invalid search, or no archive; 3 an announcement
could not be sent yet; 5 another scrapy watch uses the same FILE; 7 an archive is damaged, or
announcements cannot be stored; 130, 143 ended by a signal"""


class Command(AgencyCommand):
    """Reads the data committed since the last call, and announces matches of searches."""

    usage = "[options] --searches FILE [AGENCY ...]"
    summary = "Send new results of saved searches by webhook or mail"
    manual = _MANUAL
    after_interrupt = "the next call announces the rest"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for searches and interval."""
        super().add_options(parser)
        parser.add_argument("--searches", metavar="FILE", help="the saved searches, in TOML")
        parser.add_argument("--every", metavar="SECONDS", help="check again after so many seconds")
        parser.add_argument(
            "--try",
            dest="days",
            metavar="DAYS",
            help="only print the results of the last DAYS days",
        )
        parser.add_argument(
            "--browse-url", metavar="URL", help="where scrapy browse is; messages link to versions"
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Read and announce, once or until interrupted."""
        searches = self._searches(opts.searches)
        archives_there(self.settings, args)  # checks the names before anything is read
        room = web_address("--browse-url", opts.browse_url)
        pause = whole_number("--every", opts.every) if opts.every else 0
        if opts.days:
            self._try(searches, args, whole_number("--try", opts.days), room)
            return
        with self._watch(Path(opts.searches).stem, searches, room) as watch:
            self._once(watch, args)
            while pause:
                time.sleep(pause)
                self._once(watch, args)

    def _searches(self, file: str | None) -> list[SavedSearch]:
        from crawler.report.alerts import check_mail_server

        if not file:
            raise UsageError("expected --searches FILE; see scrapy watch -h for an example")
        searches = searches_in(self.settings, file)
        if any(search.mail for search in searches):
            check_mail_server(self.settings)
        return searches

    def _try(
        self, searches: Sequence[SavedSearch], args: list[str], days: int, room: str | None
    ) -> None:
        """Print the recent matches of the searches, and their number."""
        from crawler.feeds.entry import entry_of
        from crawler.feeds.matching import Matcher, wanted
        from crawler.store.changes import recent_changes
        from crawler.store.reader import ArchiveReader
        from crawler.watch.messages import line_of

        matcher, counts = Matcher(searches), Counter(dict.fromkeys((s.name for s in searches), 0))
        since = now() - timedelta(days=days)
        for agency in archives_there(self.settings, args):
            try:
                with ArchiveReader(self.folder(agency)) as reader:
                    for row, search in wanted(reader, recent_changes(reader, since), matcher):
                        counts[search.name] += 1
                        print(line_of(search, entry_of(reader, row, room)))
            except ArchiveError as error:
                print(f"scrapy watch: {error}", file=sys.stderr)
                self.exitcode = error.exit_code
        for name, number in counts.items():
            print(f"{name}: found {number} in {days} days")

    @contextmanager
    def _watch(
        self, name: str, searches: Sequence[SavedSearch], room: str | None
    ) -> Iterator[Watch]:
        """Yield the watch for a file of searches; hold its lock."""
        from crawler.store.archive import lock_folder
        from crawler.watch.messages import sender
        from crawler.watch.outbox import Outbox
        from crawler.watch.watch import Watch

        folder = Path(self.settings["DATA_DIR"])
        try:
            lock = lock_folder(folder / f"watch-{name}.lock")
        except OSError as error:
            raise UsageError(f"{folder}: cannot be written ({error.strerror})") from error
        with lock, Outbox(folder / f"watch-{name}.sqlite") as outbox:
            watch = Watch(folder, outbox, searches, sender(self.settings["ALERT_SERVER"]), room)
            if dropped := watch.drop_others():
                print(f"{dropped} announcements dropped: their searches are no longer in the file")
            yield watch

    def _once(self, watch: Watch, args: list[str]) -> None:
        """Read and announce once; archives may have been added since."""
        done = watch.once(archives_there(self.settings, args))
        for agency in done.begun:
            print(f"{agency}: watched from now on")
        for problem in done.problems:
            print(f"scrapy watch: {problem}", file=sys.stderr)
        if done.sent or done.waiting:
            print(f"{done.sent} announced, {done.waiting} waiting", flush=True)
        self.exitcode = done.exit_code
