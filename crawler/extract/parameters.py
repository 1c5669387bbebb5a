"""Which parameters of an address tell the article, where its path alone does not."""

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from crawler.extract.page import Document

# The last part of a path that is a program, or the name of one: any article may be shown by it.
_PROGRAM = re.compile(
    r"(?:[\w-]*\.(?:php\d?|aspx?|jspx?|cgi|do|cfm|pl|dll|action|s?html?))?|[a-z]*", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"[a-z_-]*(?:id|no|num|nr|seq|code)|p|n|a|article|story|news|post|item|doc|document", re.I
)
_OF_VISITS = re.compile(
    r"utm_|clid\Z|sess|\A[cgsu]id\Z|campaign|partner|user|client|visitor|token|\Aref", re.I
)
_OF_VIEWS = re.compile(
    r"lang(?:uage)?|locale|page|print|output|format|amp|mobile|share|from|source|src|via|theme|mode",
    re.I,
)


def article_parameters(document: Document) -> tuple[str, ...]:
    """Return the names of the parameters that tell which article a page's address is of.

    The page says so in its canonical address; else a number tells that is called like one, with
    what else the page may need to be found, but for traces of visits and forms of the page.
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
        with suppress(ValueError):  # no address
            yield urlsplit(urljoin(document.url, address))


def _is_number(name: str, value: str) -> bool:
    return bool(_NUMBERED.fullmatch(name)) and any(sign.isdigit() for sign in value)
