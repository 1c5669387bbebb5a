"""Write feeds as files for a web server; a file with unchanged content is not touched."""

from collections.abc import Iterable
from pathlib import Path

from crawler.feeds.formats import FORMATS, Feed
from crawler.system.files import replace_file


def write_feeds(feeds: Iterable[tuple[str, Feed]], out: Path) -> tuple[int, int]:
    """Write each feed in both formats; return the number of feeds and of changed files.

    An unchanged file keeps its modification time, so that the web server can respond with HTTP 304.
    Raises ``OSError``.
    """
    number = changed = 0
    for number, (path, feed) in enumerate(feeds, 1):  # noqa: B007
        for ending, (write, _) in FORMATS.items():
            changed += _replace(out / f"{path}.{ending}", write(feed))
    return number, changed


def _replace(path: Path, data: bytes) -> bool:
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, [data])
    return True
