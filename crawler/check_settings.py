"""The settings of a crawl, checked before anything happens."""

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings
from scrapy.utils.conf import build_component_list
from w3lib.url import file_uri_to_path

from crawler.errors import UsageError
from crawler.setting_kinds import MOST_HOURS, check_components, check_kind, defaults
from crawler.web_address import check_web_address
from crawler.writable import check_writable

REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"  # all waiting is asyncio's

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
    """Raise ``UsageError`` for a setting that would break the run later."""
    check_gone(settings)
    for name, default in defaults().items():
        check_kind(settings, name, default)
    _check_hours(settings, "REVISIT_HOURS")
    for name in ("CDX_URL", "WAYBACK_URL"):
        check_web_address(settings[name], name)
    if settings["TWISTED_REACTOR"] != REACTOR:
        raise UsageError(f"TWISTED_REACTOR={settings['TWISTED_REACTOR']}: expected {REACTOR}")
    for name in NEEDED:
        _check_parts(settings, name)
    for name, default in defaults().items():
        check_components(settings, name, default)


def check_feeds(settings: BaseSettings) -> None:
    """Raise ``UsageError`` if ``-o``, ``-O`` or ``FEEDS`` name what cannot be written."""
    formats = settings.getwithbase("FEED_EXPORTERS")
    for place, options in settings.getdict("FEEDS").items():
        _check_feed(str(place))
        if not isinstance(options, dict):
            raise UsageError(f'FEEDS: {place}: {options}: expected a mapping: {{"format": "csv"}}')
        form = options.get("format", Path(place).suffix.removeprefix("."))
        if not formats.get(form):
            raise UsageError(
                f"-o, -O or FEEDS: {place}: unknown format {form!r}; expected "
                f"{', '.join(sorted(formats))}"
            )


def _check_feed(place: str) -> None:
    path = file_uri_to_path(place) if place.startswith("file:") else place
    if path not in ("-", "stdout:") and "://" not in path:
        check_writable("-o, -O or FEEDS:", path.partition("%(")[0] or ".x", makes_folders=True)


def check_gone(settings: BaseSettings) -> None:
    """Raise ``UsageError`` for a setting that says what counts as gone, and is wrong."""
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


def _ascend(values: list[Any]) -> bool:
    """Tell whether there are values, all numbers above 0, each greater than the one before."""
    try:
        numbers = [0.0, *map(float, values)]
    except (TypeError, ValueError):
        return False
    growing = all(before < after < math.inf for before, after in pairwise(numbers))
    return growing and len(numbers) > 1 and numbers[-1] <= MOST_HOURS
