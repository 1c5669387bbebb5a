"""Articles that are requested by number or by address, without a listing."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from crawler.crawl.run import Run
from crawler.model.link import Link

CHUNK = 1000  # ids recorded in the ledger at a time; a backfill may ask for a million


class IdWalk:
    """Records ids as pending articles, some at a time. ``left``: ids still to be recorded."""

    def __init__(self, run: Run, ranges: Sequence[range]) -> None:
        self.run = run
        self.left = sum(map(len, ranges))
        self._ids = chain.from_iterable(ranges)

    def look(self) -> bool:
        """Record some more ids. Return whether there were any."""
        numbers = list(islice(self._ids, CHUNK))
        self.left -= len(numbers)
        for native_id in numbers:
            self.run.find(Link(self.run.agency.article_address(native_id), "ids"))
        return bool(numbers)


def read_addresses(path: Path) -> Iterator[Link]:
    """Read a file of addresses line by line; skip blank lines and lines that begin with #."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for line in lines:
            if (address := line.strip()) and not address.startswith("#"):
                yield Link(address, "urls")
