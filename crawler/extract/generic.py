"""Any news article, by what pages have in common: for sites and layouts nobody has described."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.extract.blocks import letters
from crawler.extract.html import parse_fragment
from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage, Document
from crawler.extract.structured_data import Metadata, texts
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TimestampRules
from crawler.text.dates import UnreadableDate, names_zone, read_timestamp

LEAST_TEXT = 250  # characters; a page with fewer is a list, a video or a notice


class SemanticPage(NewsPage):
    """A page whose text is found by what texts of articles have in common."""

    layout = "semantic"
    guesses = True

    @classmethod
    def matches(cls, document: Document) -> bool:
        """Tell whether there is a title and enough text for an article."""
        return super().matches(document) and letters(cls(document).body) >= LEAST_TEXT

    @cached_property
    def content(self) -> LexborNode:
        """The element that holds the text, without what is no text in it."""
        found = self.document.main_text
        return found.content if found else parse_fragment("")

    @property
    def holders(self) -> list[LexborNode]:
        """The element that holds the text, if there is one."""
        return [self.content] if self.document.main_text else []

    @property
    def summary(self) -> str | None:
        """What stands above the text and opens as the page's description, or is called a lead."""
        found = self.document.main_text
        return found.lead if found else None


class _WithoutZone(NewsPage):
    """A page of a site whose zone nobody knows: of a time that names none, only the day is sure."""

    @property
    def published_raw(self) -> str | None:
        """The date, without the time if that means nothing."""
        return self._sure(super().published_raw)

    @property
    def modified_raw(self) -> str | None:
        """The date of the last change, if its time means anything."""
        return self._sure(super().modified_raw)

    def _sure(self, raw: str | None) -> str | None:
        if raw is None or names_zone(raw):
            return raw
        try:
            return read_timestamp(raw, self.rules.timestamp).value[:10]
        except UnreadableDate:
            return raw  # for people to see: it costs the date alone


def unknown_layouts(rules: AgencyRules) -> Sequence[type[ArticlePage]]:
    """Return the layouts to try on an agency's page that none of its own describes."""
    return [_of(rules, SemanticPage)]


def generic_layouts(document: Document, zone: str | None) -> Sequence[type[ArticlePage]]:
    """Return layouts for the page of a site nobody knows; ``zone`` is its times', if known."""
    rules = _rules(document, zone)
    bases = () if zone else (_WithoutZone,)
    return [_of(rules, *bases, SemanticPage)]


def _of(agency: AgencyRules, *bases: type[NewsPage]) -> type[ArticlePage]:
    class Unknown(*bases):  # type: ignore[misc]
        """A layout with an agency's rules."""

        rules: ClassVar[AgencyRules] = agency

    return Unknown


def _rules(document: Document, zone: str | None) -> AgencyRules:
    """Make rules for a page's site from its address and from what it calls itself."""
    parts = urlsplit(document.url)
    metadata = Metadata(document.tree, document.root, document.url)
    publisher, names = texts(metadata.article.get("publisher")), metadata.metas("og:site_name")
    return AgencyRules(
        name="page",
        editions={},
        address=AddressRules(
            site=f"{parts.scheme}://{parts.netloc}",
            hosts=frozenset({parts.netloc}),
            articles=(re.compile(r"(?P<path>(?:/[^/]*)*/(?P<slug>[^/]+))"),),
            canonical="{}",
        ),
        timestamp=TimestampRules(zone=zone or "UTC"),
        byline=BylineRules(agency=(*publisher, *names)),
    )
