"""The spider's arguments (``-a name=value``), checked before a crawler exists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from glob import glob
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.errors import UsageError
from crawler.model.rules import AgencyRules
from crawler.store.selection import read_day
from crawler.system.clock import now

MANUAL = {
    "editions": "en,ru          language editions to crawl (default: all of the agency's)",
    "since": "2024-05-01        read the lists down to this day of publication",
    "until": "2024-05-31        with since: nothing published after this day",
    "ids": "500000-500999       fetch these native ids (also one, or several by commas)",
    "urls": "FILE               fetch the addresses in FILE, one per line",
    "wayback": "1               fetch what a web archive has of the agency (since, until: days in "
    "addresses)",
    "warc": "'old/*.warc.gz'    import articles from existing WARC files (any origin)",
    "revisit": "due             visit stored articles again: due (default), none, all, or ids",
    "limit": "100               fetch at most so many articles; the rest stays pending",
    "minutes": "25              stop after so many minutes; the rest stays pending",
}
REVISITS = ("due", "none", "all")


@dataclass(frozen=True, slots=True)
class RunArguments:
    """The arguments of a run. The defaults are a plain run."""

    editions: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    ids: tuple[range, ...] = ()
    urls: Path | None = None
    wayback: bool = False
    warc: tuple[Path, ...] = ()
    revisit: str = "due"
    limit: int | None = None
    minutes: float | None = None

    @property
    def revisited(self) -> tuple[str, ...]:
        """The ids of the articles to visit again, if ``revisit`` lists ids."""
        return () if self.revisit in REVISITS else tuple(self.revisit.split(","))

    @property
    def is_by_name(self) -> bool:
        """Whether the user named single articles: by id, by address, or to visit again."""
        return bool(self.ids or self.urls or self.revisited)

    def newest_day(self, zone: str) -> date:
        """Return the newest day to read in archives that have one page per day."""
        return self.until or now().astimezone(ZoneInfo(zone)).date()

    @property
    def backfill(self) -> str | None:
        """Name of this backfill; equal arguments give the same name. None for a plain run."""
        parts = [
            f"since={self.since}" if self.since else "",
            f"until={self.until}" if self.until else "",
            f"editions={','.join(self.editions)}" if self.since and not self.wayback else "",
            "wayback=1" if self.wayback else "",
            "ids=" + ",".join(f"{r.start}-{r.stop - 1}" for r in self.ids) if self.ids else "",
            f"urls={self.urls}" if self.urls else "",
            f"warc={','.join(map(str, self.warc))}" if self.warc else "",
            f"revisit={self.revisit}" if self.revisit not in ("due", "none") else "",
        ]
        return " ".join(part for part in parts if part) or None

    def unconfirmed(self, rules: AgencyRules) -> list[str]:
        """Return the editions named by the user that were never confirmed to exist."""
        confirmed = rules.editions.keys() - rules.unconfirmed_editions
        asked = () if self.editions == tuple(rules.editions) else self.editions
        return [code for code in asked if code not in confirmed]


def parse_arguments(given: Mapping[str, str], rules: AgencyRules) -> RunArguments:
    """Parse and check the arguments. Raises ``UsageError`` with the expected form."""
    for name in (name for name in given if not name.startswith("_")):
        if name not in MANUAL:
            raise UsageError(f"unknown argument {name!r}; there are: {', '.join(MANUAL)}")
    arguments = RunArguments(
        editions=_editions(given.get("editions"), rules),
        since=read_day("since=", given.get("since")),
        until=read_day("until=", given.get("until")),
        ids=_ids(given.get("ids")),
        urls=_readable("urls", Path(given["urls"])) if "urls" in given else None,
        wayback=_switch("wayback", given.get("wayback")),
        warc=_files("warc", given.get("warc")),
        revisit=_revisit(given.get("revisit"), rules.name),
        limit=_whole("limit", given.get("limit")),
        minutes=_minutes(given.get("minutes")),
    )
    _check_together(arguments)
    return arguments


def time_wanted(
    arguments: RunArguments, zone: tzinfo, moment: datetime, hours: int
) -> tuple[str, str | None]:
    """Return the first and last publication time to read listings for, in the agency's zone.

    Without ``since``, the first is ``first_run_hours`` before now. Both are RFC 3339 in one zone,
    so they compare as text.
    """
    since, until = arguments.since, arguments.until
    if since is None:
        start = moment.astimezone(zone) - timedelta(hours=hours)
    else:
        start = datetime(since.year, since.month, since.day, tzinfo=zone)
    return start.isoformat(), f"{until}T23:59:59.999" if until else None


def _check_together(arguments: RunArguments) -> None:
    if arguments.until and not arguments.since:
        raise UsageError("until needs since: -a since=2024-05-01 -a until=2024-05-31")
    if arguments.since and arguments.until and arguments.until < arguments.since:
        raise UsageError(f"until={arguments.until} is before since={arguments.since}")
    listing = "wayback" if arguments.wayback else "since"
    sources = [name for name in (listing, "ids", "urls", "warc") if getattr(arguments, name)]
    if arguments.revisit not in ("due", "none"):
        sources.append("revisit")
    if len(sources) > 1:
        raise UsageError(f"{' and '.join(sources)} cannot be combined; run them one after another")


def _editions(value: str | None, rules: AgencyRules) -> tuple[str, ...]:
    if value is None:
        return tuple(rules.editions)
    codes = tuple(dict.fromkeys(code.strip() for code in value.split(",")))
    for code in codes:
        if not re.fullmatch(r"[a-z]{2,3}", code):
            raise UsageError(
                f"editions={value}: {code!r} is not an edition code; expected two or three small "
                f"letters, several by commas, such as {','.join(list(rules.editions)[:3])}"
            )
    return codes


def _ids(value: str | None) -> tuple[range, ...]:
    if value is None:
        return ()
    return tuple(_id_range(value, part.strip()) for part in value.split(","))


def _id_range(value: str, part: str) -> range:
    match = re.fullmatch(r"([1-9][0-9]{0,9})(?:-([1-9][0-9]{0,9}))?", part)
    if not match:
        raise UsageError(f"ids={value}: expected 500000-500999, or one id, several by commas")
    first, last = int(match[1]), int(match[2] or match[1])
    if last < first:
        raise UsageError(f"ids={value}: {last} is before {first}")
    return range(first, last + 1)


def _readable(name: str, path: Path) -> Path:
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise UsageError(f"{name}={path}: cannot be read ({error.strerror})") from None
    return path


def _files(name: str, value: str | None) -> tuple[Path, ...]:
    """Return the files that match a pattern. Each of them must be readable."""
    if value is None:
        return ()
    paths = sorted(Path(path) for path in glob(value, recursive=True))
    if not paths:
        raise UsageError(f"{name}={value}: no such file; expected a path such as 'old/*.warc.gz'")
    return tuple(_readable(name, path) for path in paths)


def _switch(name: str, value: str | None) -> bool:
    if value not in (None, "0", "1"):
        raise UsageError(f"{name}={value}: expected 1")
    return value == "1"


def _revisit(value: str | None, agency: str) -> str:
    """Return ``due``, ``none``, ``all``, or ids that include the agency's name."""
    if value is None or value in REVISITS:
        return value or "due"
    ids = [part.strip().removeprefix(f"{agency}:") for part in value.split(",")]
    if not all(re.fullmatch(r"[^\s/?#:]+", part) for part in ids):
        raise UsageError(
            f"revisit={value}: expected {', '.join(REVISITS)}, or ids such as {agency}:594021, "
            "several by commas"
        )
    return ",".join(f"{agency}:{part}" for part in ids)


def _whole(name: str, value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,8}", value):
        raise UsageError(f"{name}={value}: expected a whole number from 1")
    return int(value)


def _minutes(value: str | None) -> float | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", value) or not float(value):
        raise UsageError(f"minutes={value}: expected a number such as 25 or 0.5")
    return float(value)


def check_web_address(text: str, name: str) -> None:
    """Raise ``UsageError`` unless a text is a web address. ``name`` says what it is for."""
    if not _is_web(text):
        raise UsageError(f"{name} {text}: expected a web address, with http:// or https://")


def is_this_machine(host: str) -> bool:
    """Return whether a host is a loopback address, which no other machine can reach."""
    name = host.strip("[]").lower().removesuffix(".")
    try:
        return name == "localhost" or name.endswith(".localhost") or ip_address(name).is_loopback
    except ValueError:
        return False


def is_of_this_machine(address: str) -> bool:
    """Return whether this machine answers a web address."""
    return _is_web(address) and is_this_machine(urlsplit(address).hostname or "")


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:  # such as an unclosed bracket in the host, or a port that is no number
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
