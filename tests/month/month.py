"""A month of several agencies with bad days: each day its runs, a check, and what that told."""

import socket
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from prometheus_client.openmetrics import parser
from selectolax.lexbor import LexborHTMLParser

from replica import Replica, faults
from replica.faults import Fault
from replica.world import World
from tests.commands import command, scrapy, start
from tests.commands import run as run_command
from tests.crawls.harness import NOW, QUICK, Crawl, wait_until
from tests.days import pass_time, start_day
from tests.month.expected import (
    DAYS,
    FAILS,
    GOOD,
    GOOD_AFTER_KILL,
    KILLED,
    MAIL_REFUSED,
    NOT_STARTED,
    REFUSED,
    WELL,
    codes,
    headlines,
    plans,
    subjects,
    wrong_days,
)
from tests.month.sites import SAVED, SavedSite, saved_site_of
from tests.sinks import MailServer, WebServer, serving

AGENCIES = ("uza", *SAVED)
UZA = ("-a", "editions=en", "-a", "revisit=none")
_QUICK = {"CAPTURE": 0, "YEAR_FILES": 0}  # half of the time
_CODES = {GOOD: 0, FAILS: 3, REFUSED: 6}


@dataclass(slots=True)
class Found:
    """What the checks have told: each list has an entry a day, and the pings their days."""

    subjects: dict[int, list[str]] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # on standard error
    failing: list[set[str]] = field(default_factory=list)  # agencies, by the page
    exit_codes: list[dict[str, float]] = field(default_factory=list)  # by the metrics
    pings: dict[str, list[int]] = field(default_factory=dict)


class Month:
    """The agencies' sites, their archives in one folder, a mail server and a dead man's switch."""

    def __init__(self, agencies: Sequence[str], folder: Path, opened: ExitStack) -> None:
        start_day()
        self.plans = plans(agencies)
        self.found = Found()
        self.runs: Counter[str] = Counter()
        world = World(seed=7, posts=12, now=NOW, imported=0, legacy=0)
        self.uza = Crawl(opened.enter_context(Replica(world)), folder)
        self.uza.settings |= _QUICK
        self.sites = [
            opened.enter_context(saved_site_of(name, folder / name))
            for name in agencies
            if name in SAVED
        ]
        self.mails, self.switch, self.refusing = MailServer(), WebServer(), WebServer()
        self.refusing.status = 503
        for server in (self.mails, self.switch, self.refusing):
            opened.enter_context(serving(server))

    def days(self) -> Iterator[int]:
        """Let the month pass, and yield each day."""
        for day in range(DAYS):
            self._crawl_uza(day)
            for site in self.sites:
                site.publish(day)
                self._crawl(site, self._event(site.agency, day))
            self._check(day)
            pass_time(timedelta(days=1))
            yield day

    def _event(self, agency: str, day: int) -> str:
        event = self.plans[agency].get(day, GOOD)
        self.runs[event] += 1
        return event

    def _crawl_uza(self, day: int) -> None:
        """Crawl the replica, whose feed fails, whose pages hang, or whose robots.txt is broken."""
        site, event = self.uza.replica, self._event("uza", day)
        site.world.publish("en", at=NOW + timedelta(days=day))
        broken = {
            FAILS: Fault("en/rss", faults.status(500)),
            REFUSED: Fault("robots", faults.status(503)),
            **dict.fromkeys((KILLED, GOOD_AFTER_KILL), Fault("/posts/", faults.hang())),
        }
        site.faults[:] = [broken[event]] if event in broken else []
        if event in (KILLED, GOOD_AFTER_KILL):
            before = len(site.requests)
            with self.uza.start(*UZA):  # which kills it at its end
                wait_until(lambda: any("/posts/" in each.target for each in site.requests[before:]))
        if event == GOOD_AFTER_KILL:
            site.faults.clear()
            self.uza(*UZA)
        elif event not in (KILLED, NOT_STARTED):
            self.uza(*UZA, exit_code=_CODES[event])

    def _crawl(self, site: SavedSite, event: str) -> None:
        """Crawl a site, or an address that refuses connections or requests, or never responds."""
        if event == KILLED:
            self._kill(site)
        elif event != NOT_STARTED:
            bad = {FAILS: "http://127.0.0.1:9", REFUSED: self.refusing.address}
            done = run_command(self._command(site, bad.get(event, site.address)))
            assert done.returncode == _CODES[event], f"{site.agency}: {done.stderr}"

    def _kill(self, site: SavedSite) -> None:
        with _silent() as listener:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            process = start(self._command(site, address))
            listener.accept()
            process.kill()
            process.communicate()

    def _command(self, site: SavedSite, address: str) -> list[str]:
        chosen = ("-L", "ERROR", "-a", f"editions={site.edition}", "-a", "revisit=none")
        named = {f"{site.agency.upper()}_SITE_URL": address, "DATA_DIR": self.uza.data}
        return command("crawl", site.agency, *chosen, **QUICK, **_QUICK, **named)

    def _check(self, day: int) -> None:
        self.mails.refuses = day == MAIL_REFUSED
        mailed, asked = len(self.mails.mails), len(self.switch.asked)
        done = self._status()
        self.found.codes.append(done.returncode)
        self.found.said.append(done.stderr)
        told = [each.removeprefix("news archive: ") for each in self.mails.subjects[mailed:]]
        self.found.subjects |= {day: told} if told else {}
        for _, path, _ in self.switch.asked[asked:]:
            self.found.pings.setdefault(path.strip("/"), []).append(day)
        self.found.failing.append(self._failing())
        self.found.exit_codes.append(self._exit_codes())

    def _status(self) -> CompletedProcess[str]:
        folder = self.uza.data
        outputs = ("--html", folder / "page.html", "--openmetrics", folder / "metrics.prom")
        settings = {
            "DATA_DIR": folder,
            "DISK_FREE_LEAST": 0,
            "ALERT": "ops@example.org",
            "ALERT_SERVER": self.mails.address,
            "PING_URL": self.switch.address + "/{agency}",
        }
        return scrapy("status", "--max-age", "80h", "--alert", *outputs, **settings)

    def _failing(self) -> set[str]:
        page = LexborHTMLParser((self.uza.data / "page.html").read_bytes())
        rows = page.css("main > .wide tbody tr")
        return {row.css("th")[0].text() for row in rows if "fails" in row.css("td")[0].text()}

    def _exit_codes(self) -> dict[str, float]:
        text = (self.uza.data / "metrics.prom").read_text()
        families: Any = parser.text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
        samples = [each for family in families for each in family.samples]
        name = "news_archive_exit_code"
        return {each.labels["agency"]: each.value for each in samples if each.name == name}

    def differences(self) -> list[str]:
        """Return where mails, page, metrics, pings and exit codes are not what the days were."""
        wrong = {agency: wrong_days(plan) for agency, plan in self.plans.items()}
        failing = [{name for name in wrong if wrong[name][day]} for day in range(DAYS)]
        good = {
            name: [day for day in range(DAYS) if plan.get(day, GOOD) in WELL]
            for name, plan in self.plans.items()
        }
        pairs: dict[str, tuple[object, object]] = {
            "mails": (self.found.subjects, subjects(headlines(wrong, self.plans))),
            "page": (self.found.failing, failing),
            "exit codes": (self.found.codes, codes(wrong, self.plans)),
            "metrics": (self.found.exit_codes, [_exit_codes(wrong, day) for day in range(DAYS)]),
            "pings": (self.found.pings, good),
        }
        return [
            f"{name}: {was} instead of {due}" for name, (was, due) in pairs.items() if was != due
        ]


def _exit_codes(wrong: dict[str, Sequence[set[str]]], day: int) -> dict[str, float]:
    """Return the codes of the last runs; a killed one has none, and one that is late was good."""
    told = {name: wrong[name][day] for name in wrong}
    return {
        name: next((int(each[-1]) for each in names if each.startswith("exit code")), 0)
        for name, names in told.items()
        if "killed" not in names
    }


@contextmanager
def _silent() -> Iterator[socket.socket]:
    """Listen, and never respond."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(60)
        yield listener
