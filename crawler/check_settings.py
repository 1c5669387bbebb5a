"""The settings of a crawl, checked before anything happens."""

import logging
import math
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from scrapy.settings import BaseSettings
from scrapy.utils.conf import build_component_list

from crawler.clock import ahead
from crawler.errors import UsageError
from crawler.web_address import check_web_address

SWITCHES = ("AUTOTHROTTLE_ENABLED", "CAPTURE", "PROGRESS", "ROBOTSTXT_OBEY", "YEAR_FILES")
NUMBERS = (
    "FIRST_RUN_HOURS",
    "FAILED_RETRY_SECONDS",
    "FAILED_RETRY_TIMES",
    "RETRY_AFTER_MAX",
    "STOP_SECONDS",
    "PROGRESS_SECONDS",
    "CAPTURE_FILE_BYTES",
    "CDX_LINES",
)
# Without one of these, and in this order, an article would be fetched again and again.
NEEDED = {
    "ITEM_PIPELINES": (
        "pipelines.validate.Validate",
        "pipelines.compare_with_ledger.CompareWithLedger",
        "pipelines.write_journal.WriteJournal",
    ),
    "EXTENSIONS": (
        "crawler.extensions.note_outcomes.NoteOutcomes",
        "crawler.extensions.keep_archive.KeepArchive",
    ),
}


def check_settings(settings: BaseSettings) -> None:
    """Raise ``UsageError`` for a setting, or a clock, that would break the run later."""
    ahead()
    for name in SWITCHES:
        if str(settings[name]) not in ("0", "1", "False", "True", "false", "true"):
            raise UsageError(f"{name}={settings[name]}: expected 0 or 1")
    _check_numbers(settings, NUMBERS)
    _check_hours(settings, "REVISIT_HOURS")
    check_gone(settings)
    if not _ascend([settings["LISTINGS_MINUTES"]]):
        raise UsageError(f"LISTINGS_MINUTES={settings['LISTINGS_MINUTES']}: expected minutes")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(settings["WAYBACK_DELAY"])):
        raise UsageError(f"WAYBACK_DELAY={settings['WAYBACK_DELAY']}: expected seconds")
    for name in ("CDX_URL", "WAYBACK_URL"):
        check_web_address(settings[name], name)
    _check_log_level(settings["LOG_LEVEL"])
    for name in NEEDED:
        _check_parts(settings, name)


def check_gone(settings: BaseSettings) -> None:
    """Raise ``UsageError`` for a setting that says what counts as gone, and is wrong."""
    _check_numbers(settings, ("GONE_SIGHTINGS", "GONE_HOURS"))
    _check_hours(settings, "GONE_VISIT_HOURS")
    share = str(settings["GONE_SHARE_MAX"])
    if not re.fullmatch(r"0?\.[0-9]+|[01](\.0*)?", share):
        raise UsageError(f"GONE_SHARE_MAX={share}: expected a share from 0 to 1, such as 0.05")


def _check_numbers(settings: BaseSettings, names: Iterable[str]) -> None:
    for name in names:
        if not str(settings[name]).isdecimal():
            raise UsageError(f"{name}={settings[name]}: expected a whole number")


def _check_hours(settings: BaseSettings, name: str) -> None:
    if not _ascend(settings.getlist(name)):
        raise UsageError(f"{name}={settings[name]}: expected hours that grow, such as 1,6,24")


def _check_parts(settings: BaseSettings, name: str) -> None:
    """Raise ``UsageError`` if a part that the archive needs is off, or not in its place.

    None is loaded yet: an operator's own may import Twisted's reactor, before Scrapy chose one.
    """
    try:
        chosen = build_component_list(settings.getdict(name), convert=_path)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from error
    needed = NEEDED[name]
    for path in needed:
        if path not in chosen:
            raise UsageError(
                f"{name}: {path} is off, but without it no article is recorded and done with"
            )
    if sorted(needed, key=chosen.index) != [*needed]:
        raise UsageError(f"{name}: expected in this order: {', '.join(needed)}")


def _path(part: str | type) -> str:
    return part if isinstance(part, str) else f"{part.__module__}.{part.__qualname__}"


def _check_log_level(level: str | int) -> None:
    """Raise ``UsageError`` for a level that logging does not know; it knows no ``"20"``."""
    if isinstance(level, str) and level not in logging.getLevelNamesMapping():
        raise UsageError(f"LOG_LEVEL={level}: expected DEBUG, INFO, WARNING, ERROR or CRITICAL")


def _ascend(values: list[Any]) -> bool:
    """Tell whether there are values, all numbers above 0, each greater than the one before."""
    try:
        numbers = [0.0, *map(float, values)]
    except (TypeError, ValueError):
        return False
    growing = all(before < after < math.inf for before, after in pairwise(numbers))
    return growing and len(numbers) > 1
