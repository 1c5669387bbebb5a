"""What a listing says of an address, and how far down a listing was read."""

from dataclasses import dataclass
from typing import Literal

Road = Literal["rss", "api", "html", "sitemap", "ids", "urls", "wayback", "warc"]

# Roads on which the site itself says that the article is there.
LISTING_ROADS: tuple[Road, ...] = ("rss", "api", "html", "sitemap")


@dataclass(frozen=True, slots=True)
class Found:
    """An address with the hints that came with it; every hint may be missing.

    ``edition`` is the code the listing was asked for, dates are raw as the listing writes them.
    """

    url: str
    road: Road
    edition: str | None = None
    title: str | None = None
    published_raw: str | None = None
    modified_raw: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Page 1 of the last complete walk: its articles, the order down to which to read from then on.

    ``total``: how many articles the listing then said it had.
    """

    floor: str | None
    page_one: tuple[str, ...]
    total: int | None = None
