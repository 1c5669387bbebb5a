"""What a crawl archived, read as everybody reads WARC files."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from tests.crawls.harness import Crawl


def warc_records(crawl: Crawl) -> Iterator[Any]:
    """Yield every record in order; raise if a digest does not hold."""
    for path in sorted((crawl.data / "uza" / "warc").glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.raw_stream.read()
                yield record


def answers(crawl: Crawl) -> Counter[tuple[str, int]]:
    """Count the archived answers by target and status."""
    return Counter(
        (_target(record), int(record.http_headers.get_statuscode()))
        for record in warc_records(crawl)
        if record.rec_type in ("response", "revisit")
    )


def _target(record: Any) -> str:
    uri: str = record.rec_headers.get_header("WARC-Target-URI")
    return f"/{uri.split('/', 3)[3]}"
