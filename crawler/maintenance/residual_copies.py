"""Where else an archive may still mention a withdrawn article: releases, reports, copies."""

import bz2
import gzip
import html
import lzma
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from re import Match, Pattern
from typing import Any
from unicodedata import normalize
from urllib.parse import unquote

import msgspec

from crawler.errors import StorageError
from crawler.report.run_report import write_report
from crawler.store.ledger import Ledger

_UNPACKED_BY = {".gz": gzip.GzipFile, ".xz": lzma.LZMAFile, ".bz2": bz2.BZ2File}
_CLOSED = (".parquet", ".zip", ".zst", ".7z")  # only other tools can search these
_OWN = re.compile(
    r"articles|journal|releases|release\.years|runs|warc|lock|browse\..*|ledger\..*"
)  # the archive's
_CHUNK = 1 << 20  # bytes
_OVERLAP = 1 << 10  # bytes; longer than an id with the characters around it

# Shorter texts would also match unrelated ones. In bytes, because one Chinese character says as
# much as three Latin letters.
LEAST = 24
LEAST_DIGITS = 5  # a shorter number is in every address
LEAST_TAIL = 6  # letters of an address

# The characters around a key in addresses and in JSON, but not around a number in a text.
_NUMBER = r"""(?:(?<=[-_/="])|(?<="id":)|(?<="id": )){}(?![^\W_])"""
_SLUG = r"""(?<=[/="]){}(?![^\W_]|-)"""
_TAIL = r"(?<![^\W_]){}(?![^\W_])"

_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\.")  # of JSON
_APOSTROPHES = re.compile("['‘’ʻʼ`´]")
_WORD = re.compile(r"[^\W_]+")

# All of these are made again when needed, or were put aside when something was made again.
_COPIES = (
    "browse*.sqlite*",
    "browse*.db*",
    "browse.index",
    "../browse*.sqlite*",  # of all archives in DATA_DIR
    "../browse.index",
    "release.years",
    "ledger.sqlite*.before-rebuild",
    "ledger.sqlite.rebuilt*",
    "articles/*.tmp",
    "journal/*.tmp",
    "warc/*.tmp",
    "warc/*.torn",
)


@dataclass(frozen=True, slots=True)
class Release:
    """A release that contains an article, or may; with its files that must be checked."""

    path: Path
    holds_it: bool
    closed: tuple[str, ...]


def releases_with(article_id: str, folder: Path) -> Iterator[Release]:
    """Yield the releases in a folder that contain an article, or may: folders or files.

    Raises ``OSError``.
    """
    return _holders(article_id, folder.iterdir() if folder.is_dir() else ())


def strays_with(article_id: str, folder: Path) -> Iterator[Release]:
    """Yield other files in an archive's folder that may contain an article, such as exports.

    Damaged lines that were moved aside cannot be searched.
    """
    paths = (path for path in folder.iterdir() if not _OWN.fullmatch(path.name))
    yield from _holders(article_id, paths)
    for pattern in ("journal/*.damaged-*", "warc/*.torn"):
        for path in sorted(folder.glob(pattern)):
            yield Release(path, holds_it=False, closed=(path.name,))


def _holders(article_id: str, paths: Iterable[Path]) -> Iterator[Release]:
    name = re.escape(article_id.encode())
    # Other rows name it as a translation, and its own may be what a withdrawal left.
    row = re.compile(rb'"id": ?"' + name + rb'", ?"agency"(?![^\n]*"change": ?"withdrawn")')
    mention = re.compile(rb"(?<![\w:])" + name + rb"(?![\w-])")
    for path in sorted(paths):
        files = _texts_in(path)
        holds_it = any(_has(each, row if ".jsonl" in each.name else mention) for each in files)
        closed = sorted(each.name for each in files if each.suffix in _CLOSED)
        if holds_it or closed:
            yield Release(path, holds_it, tuple(closed))


def _texts_in(path: Path) -> list[Path]:
    """Return the files that may have a text: in a release the lines; other files repeat these."""
    if path.is_file():
        return [path]
    files = [each for each in path.rglob("*") if each.is_file()]
    is_release = (path / "SHA256SUMS").exists() and (path / "articles").exists()
    return [each for each in files if ".jsonl" in each.name] if is_release else files


def _has(path: Path, wanted: Pattern[bytes]) -> bool:
    """Return whether a file contains a text, even if it is compressed."""
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


class ArticleMatcher:
    """Recognises an article by its key and addresses, and by its texts in any form."""

    def __init__(
        self, article_id: str, addresses: Iterable[str] = (), texts: Iterable[str] = ()
    ) -> None:
        """``addresses``: the known ones. ``texts``: its headlines and paragraphs."""
        self._key = key = article_id.partition(":")[2]
        form = _NUMBER if key.isdecimal() and len(key) >= LEAST_DIGITS else _SLUG
        tails = {tail for address in addresses if (tail := _tail(address, key))}
        forms = [form.format(re.escape(key)), *(_TAIL.format(re.escape(tail)) for tail in tails)]
        self._names = re.compile("|".join(forms)).search
        folded = {_folded(text) for text in texts}
        self._texts = [f" {text} " for text in folded if len(text.encode()) >= LEAST]

    def names(self, text: str) -> bool:
        """Return whether an address of the article, or its number, is in a text."""
        plain = text.replace(r"\/", "/")
        forms = (plain, unquote(plain)) if "%" in plain else (plain,)
        # Few texts contain the key, and searching for it alone is fast.
        return any(self._key in form and self._names(form) for form in forms)

    def shows(self, text: str) -> bool:
        """Return whether HTML, XML, JSON or plain text names the article, or has its text."""
        if self.names(text):
            return True
        folded = f" {_folded(text)} "
        return any(each in folded for each in self._texts)


def _tail(address: str, key: str) -> str | None:
    """Return the end of an address that contains the key: ``slug_594021``, ``posts/7``."""
    parts = unquote(address).split("/")
    tails = ("/".join(parts[-number:]) for number in range(1, len(parts) - 2))  # without the host
    return next((tail for tail in tails if key in tail and len(tail) >= LEAST_TAIL), None)


def _folded(text: str) -> str:
    """Return only the words, so that escaping, quotes and spaces make no difference."""
    plain = html.unescape(html.unescape(_ESCAPES.sub(_unescaped, text)))
    return " ".join(_WORD.findall(_APOSTROPHES.sub("", normalize("NFC", plain)).casefold()))


def _unescaped(found: Match[str]) -> str:
    return found[0].encode().decode("unicode_escape") if len(found[0]) > 2 else " "


def remove_copies(folder: Path) -> Iterator[str]:
    """Remove what may have any article's text. Yields the names. Raises ``OSError``."""
    for pattern in _COPIES:
        for path in sorted((folder / pattern).parent.glob(pattern.rpartition("/")[2])):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            yield Path(os.path.relpath(path, folder)).as_posix()


def clean_reports(ledger: Ledger, folder: Path, matcher: ArticleMatcher) -> Iterator[str]:
    """Remove an article from the run reports that name it. Yields the runs' ids."""
    reports = ledger.database.execute("SELECT id, ended, report FROM run").fetchall()
    kept = {run: (report, bool(ended)) for run, ended, report in reports}
    files = {path.stem: path.read_text("utf-8", "replace") for path in folder.glob("*.json")}
    for run in sorted(kept.keys() | files.keys()):
        report, ended = kept.get(run, ("", True))
        if matcher.shows(report):
            ledger.keep_report(run, _cleaned(run, report, matcher), ended=ended)
        if matcher.shows(files.get(run, "")):
            write_report(folder, run, _cleaned(run, files[run], matcher))
        if matcher.shows(report + files.get(run, "")):
            yield run


def _cleaned(run: str, report: str, matcher: ArticleMatcher) -> bytes:
    try:
        return msgspec.json.encode(_without(msgspec.json.decode(report), matcher))
    except msgspec.DecodeError as error:
        raise StorageError(
            f"runs/{run}.json: names the article, but is not a report ({error}); remove it"
        ) from error


def _without(value: Any, matcher: ArticleMatcher) -> Any:
    """Return a value without texts that name an article, or what a list says about it."""
    if isinstance(value, dict):
        return {name: _without(value[name], matcher) for name in value}
    if isinstance(value, list):
        plain = (each for each in value if not _tells(each, matcher))
        return [_without(each, matcher) for each in plain]
    return "withdrawn" if _tells(value, matcher) else value


def _tells(value: Any, matcher: ArticleMatcher) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, str) and matcher.shows(first)
