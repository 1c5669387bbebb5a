"""TASS: its rules, and one class for each layout of its pages."""

import re
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.extract.document import dig, embedded_json
from crawler.extract.html import parse_fragment
from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules

RULES = AgencyRules(
    name="tass",
    editions={"ru": "ru", "en": "en"},
    address=AddressRules(
        site="https://tass.ru",
        hosts=frozenset({"tass.ru", "www.tass.ru", "tass.com", "www.tass.com"}),
        articles=(re.compile(r"(?P<path>/[\w-]+(?:/[\w-]+)?/(?P<id>[1-9]\d{4,9}))"),),
        canonical="/{}",
        apart={"tass.com": "en", "www.tass.com": "en"},
    ),
    timestamp=TimestampRules(zone="Europe/Moscow"),
    byline=BylineRules(agency=("ТАСС", "TASS", "ИТАР-ТАСС", "ITAR-TASS")),
    text=TextRules(
        datelines=(re.compile(r"[А-ЯЁA-Z -]+, [\w ]+\. ?/(?:ТАСС|TASS)/\."),),
        boilerplate=(re.compile(r".*\{\{.*\}\}.*"),),  # a template that no script filled in
    ),
)


class TassPage(NewsPage):
    """The sites until 2022, and the English one; ``news-content__lead`` is another story's."""

    rules = RULES
    layout = "2020"

    BODY = "div.text-block"
    TITLE = "h1.news-header__title"
    LEAD = "div.news-header__lead"
    TAGS = "a.tags__item"
    STAMP = "div.news-header__date dateformat"

    @property
    def published_raw(self) -> str | None:
        """The date in structured data, otherwise the seconds that a script shows as a date."""
        node = self.root.css_first(self.STAMP)
        seconds = node.attributes.get("time") if node else None
        shown = _moment(int(seconds)) if seconds and seconds.isdecimal() else None
        return super().published_raw or shown


class TassNextPage(NewsPage):
    """The Russian site since 2022, read from its scripts' data; known only from other programs."""

    rules = RULES
    layout = "current"

    DATA = "props.pageProps.data"

    def matches(self) -> bool:
        """Return whether the page has an article's blocks."""
        return not self.document.is_json and bool(self.body)

    def _told(self, path: str) -> Any:
        return dig(embedded_json(self.document), f"{self.DATA}.{path}")

    @cached_property
    def content(self) -> LexborNode:
        """The blocks of text."""
        blocks = self._told("content_blocks") or ()
        return parse_fragment("".join(dig(block, "text") or "" for block in blocks))

    @property
    def summary(self) -> str | None:
        """The lead."""
        return self._told("lead") or None

    @property
    def published_raw(self) -> str | None:
        """The time in seconds since 1970, otherwise the date in structured data."""
        seconds = self._told("published_dt")
        return _moment(seconds) if isinstance(seconds, int) else super().published_raw


def _moment(seconds: int) -> str:
    """Return seconds since 1970 as a date with its zone."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


LAYOUTS: tuple[type[ArticlePage], ...] = (TassPage, TassNextPage)
