"""Saved searches: a TOML file of queries, and the addresses to notify of new results.

    [headlines]
    query = "headline changed AND agency:NAME"
    webhook = "https://desk.example.org/changes"
    mail = "desk@example.org"

Queries have the syntax of ``scrapy browse``, and ``FIELD changed`` means ``changed:FIELD``.
"""

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import UsageError
from crawler.model.fields import CONTENT_FIELDS
from crawler.text.search_query import All, BadQuery, Either, Filter, Not, Query, parse

_KEYS = ("query", "webhook", "mail", "service")
_FIELDS = {
    "headline": "title",
    "text": "body",
    "byline": "byline_raw",
    "date": "published_at",
    "pictures": "images",
} | {name: name for name in CONTENT_FIELDS}
_SPOKEN = re.compile(rf"\b({'|'.join(_FIELDS)}) changed\b")
_NAME = re.compile(r"[A-Za-z0-9][\w-]*", re.ASCII)
_MAIL = re.compile(r"[^\s()@,]+@[^\s()@,]+")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search whose new results are sent to ``webhook`` (by POST) or ``mail``, or are printed.

    ``service``: an Apprise URL, such as ``discord://...``.
    """

    name: str
    text: str
    query: Query
    webhook: str | None = None
    mail: str | None = None
    service: str | None = None

    @property
    def channels(self) -> dict[str, str]:
        """The channels for new results, each with its address."""
        told = {"webhook": self.webhook, "mail": self.mail, "service": self.service}
        return {name: to for name, to in told.items() if to} or {"print": "standard output"}


def read_searches(path: Path, agencies: Collection[str]) -> list[SavedSearch]:
    """Return the searches in a file.

    Raises ``UsageError`` with the line of the first error.
    """
    text, tables = _read(path)
    searches = []
    for name, table in tables.items():
        try:
            searches.append(_search(name, table, agencies))
        except _Wrong as wrong:
            line = _line(text, name, wrong.key)
            raise UsageError(f"{path}: line {line}: [{name}] {wrong}") from wrong
    return searches


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a file, and the TOML tables in it."""
    try:
        text = path.read_text("utf-8-sig")  # Windows editors begin a file with a byte order mark
        tables = tomllib.loads(text)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise UsageError(
            f"{path}: not TOML ({error}); see scrapy watch -h for an example"
        ) from error
    if not tables:
        raise UsageError(f"{path}: contains no searches; see scrapy watch -h for an example")
    return text, tables


class _Wrong(Exception):
    """An error in a search; ``key``: the key with the error, "" for the table's name."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(what)
        self.key = key


def _search(name: str, table: Any, agencies: Collection[str]) -> SavedSearch:
    if not isinstance(table, dict):
        raise _Wrong(name, 'is not a table; write [NAME], and query = "..." below it')
    if not _NAME.fullmatch(name):
        raise _Wrong("", "the name may only have English letters, digits, - and _")
    for key, value in table.items():
        if key not in _KEYS:
            near = get_close_matches(key, _KEYS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_KEYS)}"
            raise _Wrong(key, f"{key} is not known; {hint}")
        if not isinstance(value, str):
            raise _Wrong(key, f"{key}: expected a text between double quotes")
    addresses = {key: table.get(key) for key in _KEYS[1:]}
    _check_addresses(**addresses)
    text = table.get("query", "")
    return SavedSearch(name, text, _query(text, agencies), **addresses)


def _check_addresses(webhook: str | None, mail: str | None, service: str | None) -> None:
    if webhook is not None and not _is_address(webhook):
        raise _Wrong("webhook", f"webhook: {webhook!r} is not a URL with http:// or https://")
    if mail is not None and not _MAIL.fullmatch(mail):
        raise _Wrong("mail", f"mail: {mail!r} is not an e-mail address")
    if service is not None:
        _check_service(service)


def _check_service(service: str) -> None:
    if find_spec("apprise") is None:
        raise _Wrong("service", "service: Apprise is not installed; install it by: make notify")
    from apprise import Apprise

    if "://" not in service or not Apprise().add(service):
        raise _Wrong("service", "service: Apprise does not support this URL")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    if not (text.isascii() and text.isprintable()) or " " in text or parts.username is not None:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _query(text: str, agencies: Collection[str]) -> Query:
    try:
        query = parse(_in_filters(text))
    except BadQuery as error:
        raise _Wrong("query", str(error)) from error
    if query is None:
        raise _Wrong("query", "query: has no words and no filters, so nothing would be found")
    for each in _filters(query):
        known = {"agency": agencies, "changed": CONTENT_FIELDS}.get(each.name)
        if known is not None and each.value not in known:
            told = f"query: {each.name}:{each.value} is not known; there are "
            raise _Wrong("query", told + ", ".join(known))
    return query


def _in_filters(text: str) -> str:
    """Replace ``headline changed`` by its filter, except between quotes."""
    parts = text.split('"')
    parts[::2] = [
        _SPOKEN.sub(lambda found: f"changed:{_FIELDS[found[1]]}", part) for part in parts[::2]
    ]
    return '"'.join(parts)


def _filters(query: Query) -> Iterator[Filter]:
    match query:
        case Filter():
            yield query
        case Not(part):
            yield from _filters(part)
        case All(parts) | Either(parts):
            for part in parts:
                yield from _filters(part)


def _line(text: str, name: str, key: str) -> int:
    """Return the line number of a search's key, else of its heading, counted from 1."""
    heading = re.compile(rf"\s*\[\s*[\"']?{re.escape(name)}[\"']?\s*\]")
    entry = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if heading.match(line)), 0)
    for number, line in enumerate(lines[first:], first):
        if number > first and line.lstrip().startswith("["):
            break
        if key and entry.match(line):
            return number + 1
    return first + 1
