"""What a source says about an address, and how far down a listing was read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

Source = Literal["rss", "api", "html", "sitemap", "ids", "urls", "wayback", "warc"]

# On these sources, the site itself says that the article exists.
LISTING_SOURCES: tuple[Source, ...] = ("rss", "api", "html", "sitemap")


@dataclass(frozen=True, slots=True)
class Link:
    """An address with the hints of its source. Every hint may be missing.

    ``edition``: the code of the listing's edition. Dates are raw, as the listing writes them.
    ``last_modified``: the page's field at the last visit, if it is the article's time of change.
    """

    url: str
    source: Source
    edition: str | None = None
    title: str | None = None
    published_raw: str | None = None
    modified_raw: str | None = None
    category: str | None = None
    last_modified: str | None = None


def read_link(told: str | bytes) -> Link | None:
    """Read a link from a capture. Older captures have the field ``road`` instead of ``source``.

    Raises ``msgspec.DecodeError``.
    """
    fields: Any = msgspec.json.decode(told)
    if isinstance(fields, dict) and "road" in fields:
        fields["source"] = fields.pop("road")
    return msgspec.convert(fields, Link | None)


def announces(before: datetime | None, after: datetime | None) -> bool | None:
    """Return whether a site announced a change between two times of change that it showed.

    None, which is unknown, if one is missing, or the second is earlier.
    """
    if before is None or after is None or after < before:
        return None
    return after > before


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Page 1 of the last complete crawl: its articles, and how far down the next crawl must read.

    ``total``: the number of articles that the listing gave then.
    """

    floor: str | None
    page_one: tuple[str, ...]
    total: int | None = None
