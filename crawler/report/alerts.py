"""Notify operators of a problem with an archive: once, not at every check.

1. A notice is sent when a trouble begins, when a new kind of problem is added, once a day while it
   lasts, and when it is over. A killed run is reported even if the next one was good before any
   check: once, and at most once a day.
2. ``alerts.json`` beside the archives contains what was already reported and all notices not sent
   yet. It is written before anything is sent, so that no notice is lost: the next check sends what
   this one cannot. A check that is killed while it sends may send one notice twice.
3. If it cannot be written, as on a full disk, all problems are sent once a day. An empty file
   remembers when: a full disk has room for that. A disk that is read-only does not, so there they
   are sent at every check.
4. The URL of a dead man's switch is requested after each good run, while nothing is wrong.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import msgspec
from scrapy.settings import BaseSettings

from crawler.crawl.arguments import check_web_address
from crawler.crawl.check_settings import CONTACT, EXAMPLE
from crawler.errors import ExitCode, UsageError
from crawler.report.overview import Overview
from crawler.system.clock import rfc3339
from crawler.system.files import replace_file

STATE = "alerts.json"
UNSAVED = "alerts.unsaved"
DAILY = timedelta(days=1)  # either way: a clock that ran ahead must not silence us until then
# A trouble is over after this time without it, so that a flapping problem is one trouble.
QUIET = timedelta(hours=1)
REMEDIES = {f"exit code {code:d}": code.remedy for code in ExitCode} | {
    "late": "check that the timer or cron starts its runs, and read the last lines of their logs",
    "killed": "read the system log of that time: too little memory, a time limit, or a restart?",
    "disk": 'free disk space: docs/operating.md, "Disk"',
    "verify": 'docs/operating.md, "After a restore", says what to do about each problem',
}
NAMED = 3  # agencies named in a subject

# Send takes address, subject and text; Ask takes a URL. Both raise ``OSError``.
Send = Callable[[str, str, str], None]
Ask = Callable[[str], None]
News = tuple[str, str]  # headline and details


class Trouble(msgspec.Struct):
    """The problems of one agency's archive.

    ``known``: names of the problems that were reported.
    """

    since: datetime
    seen_at: datetime
    told_at: datetime
    known: set[str]


class Notice(msgspec.Struct, frozen=True):
    """A message that is not sent yet."""

    to: str
    subject: str
    text: str


class Told(msgspec.Struct):
    """What was reported: troubles by agency, unsent notices, and by URL the last run pinged for.

    ``killed``: by agency, when the last killed run began that was reported. ``new``: by agency,
    when it was first seen without any run.
    """

    troubles: dict[str, Trouble] = {}
    waiting: list[Notice] = []
    pinged: dict[str, str] = {}
    killed: dict[str, str] = {}
    new: dict[str, datetime] = {}


class Alerts:
    """Decides which news of a check are reported, and sends them."""

    def __init__(self, folder: Path, longest: timedelta | None, moment: datetime) -> None:
        self.path = folder / STATE
        self.marker = folder / UNSAVED
        self.unsaved: OSError | None = None
        self.longest = longest
        self.moment = moment
        self.problems: list[str] = []
        self.told = self._read()

    def _read(self) -> Told:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Told)
        except FileNotFoundError:
            return Told()
        except ValueError as error:
            self.problems.append(
                f"{self.path}: cannot be read ({error}); all problems are reported again"
            )
            return Told()

    def _keep(self) -> None:
        self.unsaved = None
        try:
            replace_file(self.path, [msgspec.json.format(msgspec.json.encode(self.told)), b"\n"])
            self.marker.unlink(missing_ok=True)
        except OSError as error:
            self.unsaved = error

    def tell(self, overviews: Iterable[Overview], addresses: Sequence[str], send: Send) -> None:
        """Send the news to each address, and the notices that an earlier check could not send."""
        news = [each for overview in overviews for each in self._all_news(overview)]
        for address in addresses if news else ():
            self.told.waiting.append(Notice(address, _subject(news), "\n\n".join(map(_text, news))))
        self._keep()
        if self.unsaved and self._was_sent_today():
            return
        silent, waiting = set(), [*self.told.waiting] if addresses else []
        for notice in waiting:
            # The address may have been changed in the settings since.
            address = notice.to if notice.to in addresses else addresses[0]
            if address not in silent and not self._sent(notice, address, send):
                silent.add(address)

        if self.unsaved and waiting and not self.problems:
            self._note_sent(self.unsaved)

    def _was_sent_today(self) -> bool:
        with suppress(FileNotFoundError):
            sent_at = datetime.fromtimestamp(self.marker.stat().st_mtime, UTC)
            return abs(self.moment - sent_at) < DAILY
        return False

    def _note_sent(self, error: OSError) -> None:
        how_often = "once a day"
        try:
            self.marker.touch()
            os.utime(self.marker, (self.moment.timestamp(), self.moment.timestamp()))
        except OSError:
            how_often = "at every check"
        self.problems.append(
            f"{self.path}: cannot be saved ({error.strerror}); until it can, alerts are sent "
            f"{how_often}"
        )

    def _sent(self, notice: Notice, address: str, send: Send) -> bool:
        try:
            send(address, notice.subject, notice.text)
        except OSError as error:
            self.problems.append(
                f"{address}: not sent: {notice.subject} ({error}); the next check tries again"
            )
            return False
        self.told.waiting.remove(notice)
        self._keep()
        return True

    def _all_news(self, each: Overview) -> Iterator[News]:
        before = self.told.troubles.get(each.agency)
        known = set(before.known if before else ()) | self._wrong(each).keys()
        if news := self._news(each):
            yield news
        if news := self._kill_news(each, is_known="killed" in known):
            yield news

    def _wrong(self, each: Overview) -> dict[str, str]:
        """Return what is wrong; the first run of a new archive has as long as any other."""
        wrong = each.wrong(self.longest)
        if each.run or each.problem or self.longest is None:
            self.told.new.pop(each.agency, None)
        elif abs(self.moment - self.told.new.setdefault(each.agency, self.moment)) < self.longest:
            wrong.pop("late", None)
        return wrong

    def _kill_news(self, each: Overview, *, is_known: bool) -> News | None:
        """Return headline and details of a killed run that no trouble has reported."""
        killed, told = max(each.killed, default=""), self.told.killed.get(each.agency)
        if not killed or (told and not is_known and abs(_between(told, killed)) < DAILY):
            return None
        self.told.killed[each.agency] = killed
        if is_known:
            return None
        details = [f"it began {killed}", f"what to do: {REMEDIES['killed']}", *_state(each)]
        return f"{each.agency}: a run was killed", "\n".join(details)

    def _news(self, each: Overview) -> News | None:
        """Return headline and details to report for an agency, and record them; None if no news."""
        wrong, moment = self._wrong(each), self.moment
        trouble = self.told.troubles.get(each.agency)
        if not wrong:
            return self._is_over(each, trouble) if trouble else None
        details = _details(each, wrong)
        if trouble is None:
            self.told.troubles[each.agency] = Trouble(moment, moment, moment, set(wrong))
            return f"{each.agency} fails", details
        trouble.seen_at = moment
        is_new = not wrong.keys() <= trouble.known
        if not is_new and abs(moment - trouble.told_at) < DAILY:
            return None
        trouble.told_at, trouble.known = moment, trouble.known | wrong.keys()
        how = "has another problem, too" if is_new else "still fails"
        return f"{each.agency} {how}", f"since {rfc3339(trouble.since)}\n{details}"

    def _is_over(self, each: Overview, trouble: Trouble) -> News | None:
        if abs(self.moment - trouble.seen_at) < QUIET:
            return None
        del self.told.troubles[each.agency]
        last = f"; its last good run ended {each.good_at}" if each.good_at else ""
        since, seen_at = rfc3339(trouble.since), rfc3339(trouble.seen_at)
        return f"{each.agency} works again", f"it failed from {since} to {seen_at}{last}"

    def ping(self, overviews: Iterable[Overview], address: str, ask: Ask) -> None:
        """Request the URL after each good run; agencies with the same URL must all be well."""
        groups: dict[str, list[Overview]] = {}
        for each in overviews:
            groups.setdefault(address.replace("{agency}", each.agency), []).append(each)
        for url, members in groups.items():
            good_at = min(each.good_at or "" for each in members)
            is_well = not any(self._wrong(each) for each in members)
            if is_well and good_at and good_at != self.told.pinged.get(url):
                self._ping(url, good_at, ask)

    def _ping(self, url: str, good_at: str, ask: Ask) -> None:
        try:
            ask(url)
        except OSError as error:
            self.problems.append(f"{url}: the request failed ({error}); the next check tries again")
        else:
            self.told.pinged[url] = good_at
            self._keep()


def check_alerts(settings: BaseSettings) -> None:
    """Raise ``UsageError`` if no valid address or URL is set for alerts."""
    addresses = settings.getlist("ALERT")
    if not addresses and not settings["PING_URL"]:
        raise UsageError("alerts have no receiver; set ALERT=ADDRESS, or PING_URL=URL")
    for address in addresses:
        is_address = CONTACT.fullmatch(address) or _is_service(address)
        if EXAMPLE.fullmatch(address) or not is_address:
            raise UsageError(f"ALERT={address}: expected your own e-mail address or URL")
    check_mail_server(settings)
    if settings["PING_URL"]:
        check_web_address(settings["PING_URL"], "PING_URL")


def check_mail_server(settings: BaseSettings) -> None:
    """Raise ``UsageError`` unless ``ALERT_SERVER`` is the URL of a mail server."""
    if not re.fullmatch(r"smtps?://[^\s/:@]+(:\d{1,5})?/?", settings["ALERT_SERVER"]):
        raise UsageError(
            f"ALERT_SERVER={settings['ALERT_SERVER']}: expected smtp://HOST or smtps://HOST:PORT"
        )


def _is_service(address: str) -> bool:
    """Return whether an address is an Apprise URL; ``make notify`` installs Apprise."""
    if not re.fullmatch(r"\w+://\S+", address):
        return False
    if find_spec("apprise") is None:
        raise UsageError(f"ALERT={address}: Apprise is not installed; install it by: make notify")
    from apprise import Apprise

    return bool(Apprise().add(address))


@contextmanager
def one_check_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other check of these archives is active."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _subject(news: Sequence[News]) -> str:
    more = f" and {len(news) - NAMED} more" if len(news) > NAMED else ""
    return f"news archive: {'; '.join(headline for headline, _ in news[:NAMED])}{more}"


def _text(news: News) -> str:
    headline, details = news
    return "\n".join([headline, *(f"  {line}" for line in details.splitlines())])


def _details(each: Overview, wrong: dict[str, str]) -> str:
    lines = [f"made up: read from {each.stand_in}"] if each.stand_in else []
    codes = "exit code "  # the other descriptions say themselves what they are about
    named = [f"{name}: {told}" if name.startswith(codes) else told for name, told in wrong.items()]
    lines += dict.fromkeys(named)
    lines += [f"what to do: {REMEDIES[name]}" for name in wrong if name in REMEDIES]
    return "\n".join([*lines, *_state(each)])


def _state(each: Overview) -> Iterator[str]:
    if each.run:
        yield f"last run: {each.run}; last good run: {each.good_at or 'never'}"


def _between(earlier: str, later: str) -> timedelta:
    return datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
