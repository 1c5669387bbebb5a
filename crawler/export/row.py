"""The parts of a row that several formats need in the same form."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

from crawler.model.article import Article

Row: TypeAlias = Mapping[str, Any]  # an article as plain JSON values, with every field

RIGHTS = "The texts and pictures belong to their publisher."
_IN_ADDRESS = "%/:?#[]@!$&'()*+,;=~"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _not_known(article_id: str) -> None:
    """Return when an article was last seen, where nothing tells it."""


@dataclass(frozen=True, slots=True)
class Source:
    """The site that articles were read from, such as ``https://example.org``.

    ``notice``: a sentence for readers if the articles are made up. ``kind``: of the rows, whose
    fields are the columns of tables. ``last_seen``: returns the last visit that found an article.
    """

    site: str
    notice: str = ""
    kind: type[Article] = Article
    last_seen: Callable[[str], str | None] = _not_known

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the fields of a row."""
        return tuple(self.kind.__dataclass_fields__)

    @property
    def host(self) -> str:
        """The site's host, which is used as the publisher's name."""
        return self.site.rpartition("/")[2]


def uri(address: str) -> str:
    """Return an address in ASCII, as in URIs. One in ASCII is unchanged."""
    return quote(address, safe=_IN_ADDRESS)


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are neither null nor empty."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def persons(row: Row, *roles: str) -> Iterator[str]:
    """Yield the names in the byline with one of these roles."""
    return (person["name"] for person in row["authors"] if person["role"] in roles)


def terms(row: Row) -> list[str]:
    """Return the site's signals about the use of an article, such as ``tdm-reservation: 1``."""
    return [f"{each['name']}: {each['value']}" for each in row["rights"]]


def in_xml(text: str) -> str:
    """Return a text with U+FFFD for each character that XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
