"""Addresses from a file, one a line."""

from collections.abc import Iterator
from pathlib import Path

from crawler.discovery.found import Found


def read_addresses(path: Path) -> Iterator[Found]:
    """Read a file of addresses lazily; blank lines and lines that begin with # are passed over."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            if (address := line.strip()) and not address.startswith("#"):
                yield Found(address, "urls")
