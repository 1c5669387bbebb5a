"""What a source says of an address, and how far down a listing was read."""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

Source = Literal["rss", "api", "html", "sitemap", "ids", "urls", "wayback", "warc"]

# Sources on which the site itself says that the article is there.
LISTING_SOURCES: tuple[Source, ...] = ("rss", "api", "html", "sitemap")


@dataclass(frozen=True, slots=True)
class Link:
    """An address with the hints that came with it; every hint may be missing.

    ``edition`` is the code the listing was asked for, dates are raw as the listing writes them.
    """

    url: str
    source: Source
    edition: str | None = None
    title: str | None = None
    published_raw: str | None = None
    modified_raw: str | None = None
    category: str | None = None


def read_link(told: str | bytes) -> Link | None:
    """Read a link as a capture has it, of which older ones call the source a road.

    Raises ``msgspec.DecodeError``.
    """
    fields: Any = msgspec.json.decode(told)
    if isinstance(fields, dict) and "road" in fields:
        fields["source"] = fields.pop("road")
    return msgspec.convert(fields, Link | None)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Page 1 of the last complete crawl: its articles, and the order to read down to from then on.

    ``total``: how many articles the listing then said it had.
    """

    floor: str | None
    page_one: tuple[str, ...]
    total: int | None = None
