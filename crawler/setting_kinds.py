"""What a setting can be: a switch, a number, a mapping or a component, as its default is.

So every setting is checked that Scrapy or this project knows, whoever reads it, and when.
"""

import codecs
import logging
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

from scrapy.settings import BaseSettings, default_settings
from scrapy.utils.misc import load_object
from scrapy.utils.reactor import install_reactor

from crawler import settings as project
from crawler.errors import UsageError

# Read as fractions, though the default is a whole number.
FRACTIONS = frozenset(
    {"DNS_TIMEOUT", "DOWNLOAD_DELAY", "DOWNLOAD_TIMEOUT", "LISTINGS_MINUTES", "WAYBACK_DELAY"}
)
# Of nothing a run would wait for ever, or end at once.
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
    }
)
MOST_HOURS = 1_000_000  # a hundred years; calendars end somewhere
MOST = 10**12
_NUMBER = re.compile(r"-?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})")
_COMPONENT = re.compile(r"(?:[a-z_]\w*\.)+[A-Z_]\w*")
# They do not import Twisted's reactor, so they can be loaded before it is chosen.
_HARMLESS = frozenset({"crawler", "pipelines", "scrapy", "spidermon", "twisted", "uvloop"})


@cache
def defaults() -> Mapping[str, Any]:
    """Return the settings that are known, with what they are if nobody says otherwise."""
    ours, theirs = vars(project), vars(default_settings)
    return {name: value for name, value in (theirs | ours).items() if name.isupper()}


def check_kind(settings: BaseSettings, name: str, default: object) -> None:
    """Raise ``UsageError`` if a setting is not of the kind that its default is."""
    expected = _complaint(settings, name, default)
    if expected:
        raise UsageError(f"{name}={settings[name]}: expected {expected}")


def _complaint(settings: BaseSettings, name: str, default: object) -> str | None:
    """Return what was expected, if the setting is anything else."""
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
    """Return what was expected of a text that others have to understand."""
    if name.endswith("LOG_LEVEL"):  # logging knows no "20"
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
    """Raise ``UsageError`` for a class that is named, and cannot be imported."""
    for path in _components(settings, name, default):
        try:
            _load(settings, path)
        except Exception as error:  # a module of the operator's may raise anything
            raise UsageError(f"{name}: {path} cannot be imported ({error})") from error


def _components(settings: BaseSettings, name: str, default: object) -> Iterator[str]:
    """Yield the components of a setting, as far as they are paths."""
    if isinstance(default, dict):
        for key, value in settings.getdict(name).items():
            yield from (each for each in (key, value) if _is_path(each))
    elif (_is_path(default) or name == "ASYNCIO_EVENT_LOOP") and settings[name]:
        yield str(settings[name])


def _is_path(value: object) -> bool:
    return isinstance(value, str) and bool(_COMPONENT.fullmatch(value))


def _load(settings: BaseSettings, path: str) -> None:
    """Load a component; others' modules may import the reactor, which is to be ours then."""
    package = path.partition(".")[0]
    if package not in _HARMLESS:
        if find_spec(package) is None:
            raise ImportError(f"there is no module {package}")
        install_reactor(settings["TWISTED_REACTOR"], settings["ASYNCIO_EVENT_LOOP"])
    load_object(path)
