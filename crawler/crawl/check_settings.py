"""Checks the settings of a crawl before it starts: components, contact, throttling.

Every setting that Scrapy or this project knows is checked, whichever component reads it.
"""

from __future__ import annotations

import codecs
import logging
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings, default_settings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object
from scrapy.utils.reactor import install_reactor
from w3lib.url import file_uri_to_path

from crawler import settings as project
from crawler.crawl.arguments import check_web_address, is_of_this_machine
from crawler.errors import UsageError
from crawler.system.files import check_writable

if TYPE_CHECKING:
    from crawler.store.stand_in_site import StandIn

REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"  # all waiting is asyncio's

# Without one of these, or in another order, articles would be fetched again and again.
NEEDED = {
    "ITEM_PIPELINES": (
        "pipelines.reading.Validate",
        "pipelines.recording.CompareWithLedger",
        "pipelines.recording.WriteJournal",
    ),
    "EXTENSIONS": (
        "crawler.extensions.item_outcomes.RecordOutcomes",
        "crawler.extensions.archive.KeepArchive",
    ),
}

# May be fractions, though the default is a whole number.
FRACTIONS = frozenset(
    {
        *("DNS_TIMEOUT", "DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT"),
        *("LISTINGS_MINUTES", "RUN_EVERY_MINUTES", "STALLED_MINUTES", "WAYBACK_DELAY"),
    }
)
# With 0, a run would wait for ever or end at once.
ABOVE_ZERO = frozenset(
    {
        "AUTOTHROTTLE_TARGET_CONCURRENCY",
        "CAPTURE_FILE_BYTES",
        "CDX_LINES",
        "CONCURRENT_ITEMS",
        "CONCURRENT_REQUESTS",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
        "DOWNLOAD_TIMEOUT",
        "GONE_SIGHTINGS",
        "LISTINGS_MINUTES",
        "PROGRESS_SECONDS",
        "REACTOR_THREADPOOL_MAXSIZE",
        "REFUSALS_MAX",
        "STALLED_MINUTES",
    }
)
MOST_HOURS = 1_000_000  # a hundred years: dates cannot be much later
MOST = 10**12
CONTACT = re.compile(r"[^\s()@]+@[^\s()@]+|https?://[^\s()]+")
# Examples in documents, whose domains are nobody's (RFC 2606).
EXAMPLE = re.compile(
    r"(?:you@|https?://(?:www\.)?)example\.(?:com|net|org)(?:[:/].*)?", re.IGNORECASE
)
_NUMBER = re.compile(r"-?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})")
_COMPONENT = re.compile(r"(?:[a-z_]\w*\.)+[A-Z_]\w*")
# These do not import Twisted's reactor, so they can be loaded before it is chosen.
_HARMLESS = frozenset({"crawler", "pipelines", "scrapy", "twisted", "uvloop"})

logger = logging.getLogger(__name__)


def check_settings(settings: BaseSettings) -> None:
    """Raise ``UsageError`` for a setting that would break the run later."""
    check_gone(settings)
    for name, default in defaults().items():
        check_kind(settings, name, default)
    _check_patience(settings)
    _check_hours(settings, "REVISIT_HOURS")
    check_contact(settings["CONTACT"])
    for name in ("CDX_URL", "WAYBACK_URL"):
        check_web_address(settings[name], name)
    if settings["TWISTED_REACTOR"] != REACTOR:
        raise UsageError(f"TWISTED_REACTOR={settings['TWISTED_REACTOR']}: expected {REACTOR}")
    if settings["JOBDIR"]:
        check_writable("JOBDIR", Path(settings["JOBDIR"]) / ".x", makes_folders=True)
    for name in NEEDED:
        _check_parts(settings, name)
    for name, default in defaults().items():
        check_components(settings, name, default)


def _check_patience(settings: BaseSettings) -> None:
    """Refuse to take the silence that a site asked for as one that ends the run."""
    minutes, longest = settings.getfloat("STALLED_MINUTES"), settings.getfloat("RETRY_AFTER_MAX")
    if minutes * 60 <= longest:
        raise UsageError(
            f"STALLED_MINUTES={minutes:g}: expected more than RETRY_AFTER_MAX={longest:g} s, for "
            "which a site may ask a run to wait"
        )


def check_contact(contact: str) -> None:
    """Refuse a contact that cannot be reached, such as the example in the documents."""
    if EXAMPLE.fullmatch(contact):
        raise UsageError(
            f"CONTACT={contact} is an example; set it to a URL or e-mail address of yours, so that "
            "the site can reach you"
        )
    if contact and not CONTACT.fullmatch(contact):
        raise UsageError(f"CONTACT={contact}: expected an e-mail address or a URL")


def check_feeds(settings: BaseSettings) -> None:
    """Raise ``UsageError`` if ``-o``, ``-O`` or ``FEEDS`` name a place that cannot be written."""
    formats = settings.getwithbase("FEED_EXPORTERS")
    for place, options in settings.getdict("FEEDS").items():
        _check_feed(settings, str(place))
        if not isinstance(options, dict):
            raise UsageError(f'FEEDS: {place}: {options}: expected a mapping: {{"format": "csv"}}')
        form = options.get("format", Path(place).suffix.removeprefix("."))
        if not formats.get(form):
            raise UsageError(
                f"-o, -O or FEEDS: {place}: unknown format {form!r}; expected "
                f"{', '.join(sorted(formats))}"
            )


def _check_feed(settings: BaseSettings, place: str) -> None:
    path = file_uri_to_path(place) if place.startswith("file:") else place
    if "://" in path:
        _check_storage(settings, place)
    elif path not in ("-", "stdout:"):
        check_writable("-o, -O or FEEDS:", path.partition("%(")[0] or ".x", makes_folders=True)


def _check_storage(settings: BaseSettings, place: str) -> None:
    """Raise ``UsageError`` for a feed that Scrapy would skip with a log line."""
    scheme, storages = place.partition("://")[0], settings.getwithbase("FEED_STORAGES")
    if not storages.get(scheme):
        known = ", ".join(sorted(name for name in storages if name and storages[name]))
        raise UsageError(f"-o, -O or FEEDS: {place}: no storage {scheme!r}; there are: {known}")
    storage: Any = load_object(storages[scheme])
    try:
        build_from_crawler(storage, cast(Crawler, SimpleNamespace(settings=settings)), place)
    except (NotConfigured, ImportError) as error:
        raise UsageError(f"-o, -O or FEEDS: {place}: cannot be written ({error})") from error


def check_gone(settings: BaseSettings) -> None:
    """Raise ``UsageError`` if a setting that defines "gone" is invalid."""
    for name in ("GONE_SIGHTINGS", "GONE_HOURS"):
        check_kind(settings, name, defaults()[name])
    _check_hours(settings, "GONE_VISIT_HOURS")
    share = str(settings["GONE_SHARE_MAX"])
    if not re.fullmatch(r"0?\.[0-9]+|[01](\.0*)?", share):
        raise UsageError(f"GONE_SHARE_MAX={share}: expected a share from 0 to 1, such as 0.05")


def _check_hours(settings: BaseSettings, name: str) -> None:
    if not _ascend(settings.getlist(name)):
        raise UsageError(f"{name}={settings[name]}: expected hours that grow, such as 1,6,24")


def _check_parts(settings: BaseSettings, name: str) -> None:
    """Raise ``UsageError`` if a component that the archive needs is off or in the wrong place.

    No component is imported here: an operator's own may import Twisted's reactor too early.
    """
    try:
        chosen = build_component_list(settings.getdict(name), convert=_path)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from error
    needed = NEEDED[name]
    for path in needed:
        if path not in chosen:
            raise UsageError(
                f"{name}: {path} is disabled but required: without it no article is stored"
            )
    if sorted(needed, key=chosen.index) != [*needed]:
        raise UsageError(f"{name}: expected in this order: {', '.join(needed)}")


def _path(part: str | type) -> str:
    return part if isinstance(part, str) else f"{part.__module__}.{part.__qualname__}"


def _ascend(values: list[Any]) -> bool:
    """Return whether the values are numbers above 0 in ascending order. False if there are none."""
    try:
        numbers = [0.0, *map(float, values)]
    except (TypeError, ValueError):
        return False
    growing = all(before < after < math.inf for before, after in pairwise(numbers))
    return growing and len(numbers) > 1 and numbers[-1] <= MOST_HOURS


@cache
def defaults() -> Mapping[str, Any]:
    """Return all known settings with their default values."""
    ours, theirs = vars(project), vars(default_settings)
    return {name: value for name, value in (theirs | ours).items() if name.isupper()}


def check_kind(settings: BaseSettings, name: str, default: object) -> None:
    """Raise ``UsageError`` if a setting has another type than its default."""
    expected = _complaint(settings, name, default)
    if expected:
        raise UsageError(f"{name}={settings[name]}: expected {expected}")


def _complaint(settings: BaseSettings, name: str, default: object) -> str | None:
    """Return what was expected if the value is wrong, else None."""
    value = settings[name]
    if isinstance(default, bool):
        return None if str(value).lower() in ("0", "1", "false", "true") else "0 or 1"
    if isinstance(default, int | float):
        is_whole = isinstance(default, int) and name not in FRACTIONS
        return _number(name, value, is_whole=is_whole)
    if isinstance(default, dict):
        return _mapping(settings, name)
    if isinstance(default, list) and default and all(isinstance(each, int) for each in default):
        fine = all(str(each).strip().isdecimal() for each in settings.getlist(name))
        return None if fine or name.endswith("_HOURS") else "whole numbers, such as 500,503"
    return _text(name, value)


def _number(name: str, value: object, *, is_whole: bool) -> str | None:
    text = str(int(value) if isinstance(value, bool) else value)
    if not _NUMBER.fullmatch(text) or (is_whole and "." in text):
        return "a whole number" if is_whole else "a number"
    if float(text) < 0 and "PRIORITY" not in name:
        return "a number that is not below 0"
    if float(text) == 0 and name in ABOVE_ZERO:
        return "a number above 0"
    most = MOST_HOURS if name.endswith("_HOURS") else MOST
    return f"at most {most}" if float(text) > most else None


def _mapping(settings: BaseSettings, name: str) -> str | None:
    try:
        given = settings.getdict(name)
    except (TypeError, ValueError):
        return 'a mapping as JSON, such as {"name": 1}'
    if name == "DOWNLOAD_SLOTS" and not all(map(_is_slot, given.values())):
        return 'hosts with numbers, such as {"agency.example": {"delay": 2}}'
    return None


def _is_slot(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(each, int | float) for each in value.values()
    )


def _text(name: str, value: Any) -> str | None:
    """Return what was expected of a text value that another program must understand."""
    if name.endswith("LOG_LEVEL"):  # logging does not know "20"
        known = not isinstance(value, str) or value in logging.getLevelNamesMapping()
        return None if known else "DEBUG, INFO, WARNING, ERROR or CRITICAL"
    if name.endswith("_ENCODING") and value:
        return None if _knows(codecs.lookup, value) else "an encoding, such as utf-8"
    if name == "LOG_FORMAT":
        return None if _knows(_format, value) else "a format of logging, such as %(message)s"
    return None


def _knows(function: Any, value: Any) -> bool:
    try:
        function(value)
    except (LookupError, TypeError, ValueError):
        return False
    return True


def _format(text: str) -> str:
    return logging.Formatter(text).format(logging.makeLogRecord({}))


def check_components(settings: BaseSettings, name: str, default: object) -> None:
    """Raise ``UsageError`` for a component that cannot be imported."""
    for path in _components(settings, name, default):
        try:
            _load(settings, path)
        except Exception as error:  # an operator's module may raise anything
            raise UsageError(f"{name}: {path} cannot be imported ({error})") from error


def _components(settings: BaseSettings, name: str, default: object) -> Iterator[str]:
    """Yield the components that a setting names as import paths."""
    if isinstance(default, dict):
        usual = default | defaults().get(f"{name}_BASE", {})
        sides = zip(*settings.getdict(name).items(), strict=True)
        for side, usually in zip(sides, (usual.keys(), usual.values()), strict=False):
            if name == "ADDONS" or any(map(_is_path, usually)):
                yield from (each for each in side if isinstance(each, str))
    elif (_is_path(default) or name == "ASYNCIO_EVENT_LOOP") and settings[name]:
        yield str(settings[name])


def _is_path(value: object) -> bool:
    return isinstance(value, str) and bool(_COMPONENT.fullmatch(value))


def _load(settings: BaseSettings, path: str) -> None:
    """Import a component. It may import the reactor, which must then be the chosen one."""
    package = path.partition(".")[0]
    if package not in _HARMLESS:
        if find_spec(package) is None:
            raise ImportError(f"there is no module {package}")
        install_reactor(settings["TWISTED_REACTOR"], settings["ASYNCIO_EVENT_LOOP"])
    load_object(path)


def name_contact(settings: BaseSettings) -> None:
    """Add the operator's contact to the User-Agent. Warn if there is none.

    A User-Agent from the command line or from a spider is not changed.
    """
    contact = settings["CONTACT"]
    if contact:
        settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="project")
    elif "+" not in settings["USER_AGENT"]:
        logger.warning(
            "CONTACT is not set. Set it to a URL or e-mail address so that the site can reach you: "
            "-s CONTACT=https://example.org/our-archive"
        )


def go_slowly(settings: BaseSettings) -> None:
    """Give the hosts of the web archive a delay of their own, and one request at a time.

    An operator's own ``DOWNLOAD_SLOTS`` for these hosts are not changed.
    """
    from crawler.extract.memento import SCHEME

    hosts = {urlsplit(settings[name]).hostname for name in ("CDX_URL", "WAYBACK_URL")}
    slot = {"concurrency": 1, "delay": settings.getfloat("WAYBACK_DELAY")}
    slots = {host: slot for host in hosts if host} | settings.getdict("DOWNLOAD_SLOTS")
    slots.setdefault(SCHEME, {"concurrency": 8, "delay": 0})  # local files need no throttling
    settings.set("DOWNLOAD_SLOTS", slots, priority="spider")


def stand_in_asked(
    settings: BaseSettings, names: Iterable[str], archives: Iterable[str] = ()
) -> StandIn | None:
    """Return the stand-in site that the run will use, if it uses one.

    ``names``: settings with the addresses of site and API. ``archives``: those of web archives that
    are used, too. Raises ``UsageError`` if a stand-in and a real site would be used together.
    """
    from crawler.store.stand_in_site import MIRROR, StandIn

    given = {name: str(settings.get(name, "")).rstrip("/") for name in names}
    here = {name: address for name, address in given.items() if is_of_this_machine(address)}
    if not here or settings.getbool("SITE_IS_MIRROR"):
        return None
    others = [name for name in given if name not in here]
    others += [name for name in archives if not is_of_this_machine(str(settings.get(name, "")))]
    if others:
        raise UsageError(
            f"{', '.join(here)} names a stand-in on this machine, {', '.join(others)} does not: "
            "made-up articles would be mixed with those of the site; set both, or say "
            f"{MIRROR} if it is a mirror or a proxy of the site"
        )
    return StandIn(next(iter(here.values())), here, str(settings.get("STAND_IN_COMMAND", "")))
