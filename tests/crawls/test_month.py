"""A month of two agencies, with bad days: who is told what, and how often."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from prometheus_client.openmetrics import parser
from selectolax.lexbor import LexborHTMLParser

from crawler.system.clock import now
from replica import Replica, faults
from replica.faults import Fault
from replica.world import World
from tests.commands import command, scrapy
from tests.commands import run as run_command
from tests.crawls.harness import NOW, QUICK, Archives, Crawl, wait_until
from tests.crawls.sites import FEED, saved_site
from tests.days import pass_time, start_day
from tests.sinks import MailServer, WebServer, serving

pytestmark = pytest.mark.slow
DAYS = 28
FEED_FAILS, KILLED, NOT_STARTED, REFUSED, BOTH_FAIL = {5, 6}, {10, 11}, {14, 15, 16, 17}, {20}, {24}
MAIL_REFUSED = {20}
OF_OTHER = {*range(0, DAYS, 3), 25}  # when the other agency is crawled
ARGUMENTS = ("-a", "editions=en", "-a", "revisit=none")
CODES = dict.fromkeys(FEED_FAILS | BOTH_FAIL, 3) | dict.fromkeys(REFUSED, 6)
TOLD = {
    5: ["uza fails"],
    6: ["uza still fails"],
    7: ["uza works again"],
    11: ["uza fails"],
    12: ["uza works again"],
    17: ["uza fails"],
    18: ["uza works again"],
    21: ["uza fails", "uza works again"],  # the first could not be sent the day before
    24: ["khabaronline fails; uza fails"],
    25: ["khabaronline works again; uza works again"],
}


class Month:
    """Two agencies, crawled day after day; a check after the day's runs."""

    def __init__(
        self, crawl: Crawl, other: str, folder: Path, mails: MailServer, web: WebServer
    ) -> None:
        self.crawl, self.mails, self.web = crawl, mails, web
        self.other, self.folder = other, folder  # address and files of the other agency's site
        self.checks: list[CompletedProcess[str]] = []
        self.told: dict[int, list[str]] = {}
        self.pinged: dict[str, list[int]] = {"uza": [], "khabaronline": []}

    def day(self, day: int) -> None:
        """Let a day pass."""
        self.crawl.replica.world.publish("en", at=NOW + timedelta(days=day))
        if day not in NOT_STARTED:
            self._run(day)
        if day in OF_OTHER:
            self._run_other(day)
        self._check(day)
        pass_time(timedelta(days=1))

    def _run(self, day: int) -> None:
        site = self.crawl.replica
        site.faults.clear()
        if day in FEED_FAILS | BOTH_FAIL:
            site.faults.append(Fault("en/rss", faults.status(500)))
        if day in REFUSED:
            site.faults.append(Fault("robots", faults.status(503)))
        if day in KILLED:
            site.faults.append(Fault("/posts/", faults.hang()))
            before = len(site.requests)
            with self.crawl.start(*ARGUMENTS):  # which kills it at its end
                wait_until(lambda: any("/posts/" in each.target for each in site.requests[before:]))
        else:
            self.crawl(*ARGUMENTS, exit_code=CODES.get(day, 0))

    def _run_other(self, day: int) -> None:
        (self.folder / "rss").write_text(FEED.format(format_datetime(now())))  # its news of today
        where = "http://127.0.0.1:9" if day in BOTH_FAIL else self.other
        settings = {**QUICK, "DATA_DIR": self.crawl.data, "KHABARONLINE_SITE_URL": where}
        done = run_command(command("crawl", "khabaronline", "-L", "ERROR", **settings))
        assert done.returncode == (3 if day in BOTH_FAIL else 0), done.stderr

    def _check(self, day: int) -> None:
        self.mails.refuses = day in MAIL_REFUSED
        mailed, asked = len(self.mails.mails), len(self.web.asked)
        folder = self.crawl.data
        outputs = ("--html", folder / "page.html", "--openmetrics", folder / "metrics.prom")
        settings = {
            "DATA_DIR": folder,
            "DISK_FREE_LEAST": 0,
            "ALERT": "ops@example.org",
            "ALERT_SERVER": self.mails.address,
            "PING_URL": self.web.address + "/{agency}",
        }
        self.checks.append(scrapy("status", "--max-age", "80h", "--alert", *outputs, **settings))
        subjects = [each.removeprefix("news archive: ") for each in self.mails.subjects[mailed:]]
        self.told |= {day: subjects} if subjects else {}
        for _, path, _ in self.web.asked[asked:]:
            self.pinged[path.strip("/")].append(day)

    @property
    def metrics(self) -> dict[tuple[str, str], float]:
        """The metrics of the last check, by name and agency."""
        text = (self.crawl.data / "metrics.prom").read_text()
        families: Any = parser.text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
        samples = [each for family in families for each in family.samples]
        return {(each.name, each.labels["agency"]): each.value for each in samples}

    @property
    def states(self) -> list[str]:
        """The states on the page of the last check."""
        page = LexborHTMLParser((self.crawl.data / "page.html").read_bytes())
        return [node.text() for node in page.css("main > .wide td:nth-child(2)")]


@pytest.fixture
def month(tmp_path: Path, archives: Archives) -> Iterator[Month]:
    start_day()
    mails, web = MailServer(), WebServer()
    world = World(seed=7, posts=12, now=NOW, imported=0, legacy=0)
    with ExitStack() as opened:
        replica: Replica = opened.enter_context(archives.serve(world))
        other = opened.enter_context(saved_site(tmp_path / "site"))
        opened.enter_context(serving(mails))
        opened.enter_context(serving(web))
        crawl = Crawl(replica, tmp_path)
        crawl.settings |= {"CAPTURE": 0, "YEAR_FILES": 0}  # half of the time
        yield Month(crawl, other, tmp_path / "site", mails, web)


def test_a_month_is_told_as_it_was_each_thing_once(month: Month) -> None:
    states, codes = [], []
    for day in range(DAYS):
        month.day(day)
        states.append(month.states)
        codes.append(month.metrics.get(("news_archive_exit_code", "uza")))
    assert month.told == TOLD
    bad = FEED_FAILS | {11, 17} | REFUSED | BOTH_FAIL
    assert {day for day in range(DAYS) if "fails" in states[day][1]} == bad
    assert {day for day in range(DAYS) if "fails" in states[day][0]} == BOTH_FAIL
    assert [codes[day] for day in (4, 5, 11, 20, 27)] == [0, 3, None, 6, 0]
    ended = [check.returncode for check in month.checks]
    expected = {**CODES, 17: 3, 20: 2}  # late; nobody could be told
    assert {day: code for day, code in enumerate(ended) if code} == expected
    assert ": not sent: " in month.checks[20].stderr
    good = set(range(DAYS)) - bad - KILLED - NOT_STARTED
    assert month.pinged["uza"] == sorted(good)
    assert month.pinged["khabaronline"] == sorted(OF_OTHER - BOTH_FAIL)
