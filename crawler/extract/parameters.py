"""Finds the parameters that identify an article, where the path alone does not."""

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from crawler.extract.document import Document

# The last part of a path that names a program: it may show any article.
_PROGRAM = re.compile(
    r"(?:[\w-]*\.(?:php\d?|aspx?|jspx?|cgi|do|cfm|pl|dll|action|s?html?))?|[a-z]*", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"[a-z_-]*(?:id|idx|no|num|nr|seq|sn|code)|p|n|a|article|story|news|post|item|doc|document",
    re.I,
)
_OF_VISITS = re.compile(
    r"utm_|clid\Z|sess|\A[cgsu]id\Z|campaign|partner|user|client|visitor|token|\Aref", re.I
)
_OF_VIEWS = re.compile(
    r"lang(?:uage)?|locale|page|print|output|format|amp|mobile|share|from|source|src|via|theme|mode",
    re.I,
)


def article_parameters(document: Document) -> tuple[str, ...]:
    """Return the names of the parameters of a page's address that identify the article.

    They are those in its canonical address. If it has none, a numbered one is needed, and all
    others are kept that do not track visits or select a view of the page.
    """
    address = urlsplit(document.url)
    told = dict(parse_qsl(address.query))
    if not told or not _PROGRAM.fullmatch(address.path.rpartition("/")[2]):
        return ()
    for parts in _canonical_addresses(document):
        if parts.path == address.path and parts.query:
            named = dict(parse_qsl(parts.query))
            return tuple(name for name in told if named.get(name) == told[name])
    kept = [name for name in told if not (_OF_VISITS.search(name) or _OF_VIEWS.fullmatch(name))]
    return tuple(kept) if any(_is_number(name, told[name]) for name in kept) else ()


def _canonical_addresses(document: Document) -> Iterator[SplitResult]:
    for address in document.own_addresses:
        with suppress(ValueError):  # not an address
            yield urlsplit(urljoin(document.url, address))


def _is_number(name: str, value: str) -> bool:
    return bool(_NUMBERED.fullmatch(name)) and any(sign.isdigit() for sign in value)
