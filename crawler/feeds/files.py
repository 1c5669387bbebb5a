"""Feeds as files for a web server: each is replaced at once, or left as it is with its time."""

from collections.abc import Iterable
from pathlib import Path

from crawler.feeds.formats import FORMATS, Feed
from crawler.system.files import replace_file


def write_feeds(feeds: Iterable[tuple[str, Feed]], out: Path) -> tuple[int, int]:
    """Write each feed in both formats; return how many feeds there are, and how many files changed.

    A feed that says the same keeps its file, so that whoever asks for what is newer gets nothing.
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
