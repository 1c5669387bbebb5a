"""Finds the parameters that identify an article, where the path alone does not."""

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from crawler.extract.document import Document

# The last part of a path that names a program: it may show any article. That of a file surely does;
# a word alone may also be an article's.
_FILE = re.compile(
    r"(?:[\w-]*\.(?:php\d?|phtml|aspx?|jspx?|cgi|do|cfm|pl|dll|action)"
    r"|[a-z]*[_-]?[a-z]*\d?\.s?html?)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+[_-]?[a-z]*", re.IGNORECASE)
_NUMBERED = re.compile(
    r"[a-z_-]*(?:id|idx|no|num|nr|seq|sn|code)|p|n|a|article|story|news|post|item|doc|document",
    re.I,
)
_SEVERAL_WORDS = re.compile(r"[^\W_]+(?:[-_][^\W_]+){2,}")
_OF_VISITS = re.compile(
    r"utm_|cl(?:k)?id\Z|sess|\A[cgsu]id\Z|campaign|partner|user|client|visitor|token|\Aref|\A_"
    r"|openstat|\Amc_|\Aigsh|\Aspm\Z|\Afb_|\Acmp|\Axtor|\Aerid|\A[no]cid\Z|\Aito\Z|\Ahscta",
    re.I,
)
_OF_VIEWS = re.compile(
    r"lang(?:uage)?|locale|page|print|output|format|amp|mobile|share|from|source|src|via|theme|mode"
    r"|tmpl|rss|comments?|replytocom|highlight|cache|rand(?:om)?|v|ver(?:sion)?|t|time(?:stamp)?|s",
    re.I,
)
# They count visits or views, but in some old systems articles.
_EITHER = re.compile(r"[cgsu]id|[ts]", re.I)
_SHORT_NUMBER = re.compile(r"[0-9]{1,8}")


def article_parameters(document: Document) -> tuple[str, ...]:
    """Return the names of the parameters of a page's address that identify the article.

    They are those in its canonical address. If it has none, a numbered one is needed, and all
    others are kept that do not track visits or select a view of the page.
    """
    address = urlsplit(document.url)
    told = {name.removeprefix("amp;"): value for name, value in parse_qsl(address.query)}
    last = address.path.rstrip("/").rpartition("/")[2]
    is_file = _FILE.fullmatch(last) is not None
    if not told or not (is_file or _WORD.fullmatch(last)):
        return ()
    for parts in _canonical_addresses(document):
        if parts.path == address.path:
            named = dict(parse_qsl(parts.query))
            if own := tuple(name for name in told if named.get(name) == told[name]):
                return own
    kept = [name for name, value in told.items() if _may_identify(name, value)]
    if any(_identifies(name, told[name], is_file=is_file) for name in kept):
        return tuple(kept)
    other = [
        name for name in told if _EITHER.fullmatch(name) and _SHORT_NUMBER.fullmatch(told[name])
    ]
    return (*kept, *other) if is_file and other else ()


def _canonical_addresses(document: Document) -> Iterator[SplitResult]:
    for address in document.own_addresses:
        with suppress(ValueError):  # not an address
            yield urlsplit(urljoin(document.url, address))


def _may_identify(name: str, value: str) -> bool:
    """Return whether a parameter may be the article's. A path is not: no id has a slash."""
    return not (_OF_VISITS.search(name) or _OF_VIEWS.fullmatch(name) or "/" in value)


def _identifies(name: str, value: str, *, is_file: bool) -> bool:
    """Return whether a value is a number, or words, of an article. A file has no other number."""
    has_number = any(sign.isdigit() for sign in value)
    if not _NUMBERED.fullmatch(name):
        return is_file and has_number
    return has_number or _SEVERAL_WORDS.fullmatch(value) is not None
