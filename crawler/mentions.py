"""Releases and other files that hold an article: given out, or none of the archive's own."""

import bz2
import gzip
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from re import Pattern

_UNPACKED_BY = {".gz": gzip.GzipFile, ".xz": lzma.LZMAFile, ".bz2": bz2.BZ2File}
_CLOSED = (".parquet", ".zip", ".zst", ".7z")  # what can only be looked into by other tools
_OWN = re.compile(
    r"articles|journal|releases|runs|warc|lock|browse\..*|ledger\..*"
)  # the archive's
_CHUNK = 1 << 20  # bytes
_OVERLAP = 1 << 10  # bytes; longer than an id and what is looked for around it


@dataclass(frozen=True, slots=True)
class Release:
    """A release that holds an article, or of which that cannot be told: files to look into."""

    path: Path
    holds_it: bool
    closed: tuple[str, ...]


def releases_with(article_id: str, folder: Path) -> Iterator[Release]:
    """Yield those releases in a folder that hold an article, or may; each is a folder or a file.

    Raises ``OSError``.
    """
    return _holders(article_id, folder.iterdir() if folder.is_dir() else ())


def strays_with(article_id: str, folder: Path) -> Iterator[Release]:
    """Yield what else in an archive's folder holds an article, or may: exports, say, and copies.

    Of what was damaged, and moved aside, nobody can tell.
    """
    paths = (path for path in folder.iterdir() if not _OWN.fullmatch(path.name))
    yield from _holders(article_id, paths)
    for pattern in ("journal/*.damaged-*", "warc/*.torn"):
        for path in sorted(folder.glob(pattern)):
            yield Release(path, holds_it=False, closed=(path.name,))


def _holders(article_id: str, paths: Iterable[Path]) -> Iterator[Release]:
    name = re.escape(article_id.encode())
    row = re.compile(rb'"id": ?"' + name + rb'", ?"agency"')  # other rows name it as a translation
    mention = re.compile(rb"(?<![\w:])" + name + rb"(?![\w-])")
    for path in sorted(paths):
        files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
        holds_it = any(_has(each, row if ".jsonl" in each.name else mention) for each in files)
        closed = sorted(each.name for each in files if each.suffix in _CLOSED)
        if holds_it or closed:
            yield Release(path, holds_it, tuple(closed))


def _has(path: Path, wanted: Pattern[bytes]) -> bool:
    """Tell whether something stands in a file, also in a packed one."""
    if path.suffix in _CLOSED:
        return False
    tail = b""
    with _open(path) as file:
        while chunk := file.read(_CHUNK):
            if wanted.search(tail + chunk):
                return True
            tail = chunk[-_OVERLAP:]
    return False


def _open(path: Path) -> BufferedIOBase:
    opener = _UNPACKED_BY.get(path.suffix)
    return opener(path) if opener else path.open("rb")
