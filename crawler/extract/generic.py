"""Reads any news article by what pages have in common: for sites and layouts without a class."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import ClassVar
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.extract.beside_text import Shown
from crawler.extract.blocks import letters
from crawler.extract.document import Document
from crawler.extract.errors import OtherPage, UnreadablePage
from crawler.extract.headline import (
    heading_parts,
    headline_among,
    headline_below_breadcrumb,
    headline_in,
    is_site,
    own_headings,
    site_names,
    without_site,
)
from crawler.extract.html import parse_fragment, plain_text
from crawler.extract.json_ld import texts
from crawler.extract.main_text import LEAST_TEXT
from crawler.extract.news_page import NewsPage
from crawler.extract.page import ArticlePage
from crawler.extract.parameters import article_parameters
from crawler.extract.structured_data import Metadata
from crawler.model.article import Person
from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TimestampRules
from crawler.text.dates import (
    UnreadableDate,
    as_known,
    choose_date,
    is_timed,
    names_zone,
    read_timestamp,
    with_offset,
)
from crawler.text.dates_in_text import find_dates, read_date
from crawler.text.language import detect
from crawler.text.persons import read_authors, read_organisations
from crawler.text.reporters import find_reporters

_EDGE = 3  # first and last paragraphs that may be a byline
_LONGEST_DATE = 40  # characters
_SAMPLE = 2000  # characters that show a text's language
_YEAR_FIRST = frozenset({"zh", "ja", "ko", "hu", "mn"})
_ENGLISH_DAY_FIRST = frozenset(
    {"gb", "uk", "ie", "au", "nz", "in", "pk", "ng", "ke", "gh", "sg", "ru"}
)


class SemanticPage(NewsPage):
    """A page whose text is found by what all articles have in common."""

    layout = "semantic"

    def matches(self) -> bool:
        """Return whether there is a title and enough text, which is not a list of articles."""
        return self._has_text and bool(self.title) and not self._is_list

    def explain(self) -> UnreadablePage | None:
        """Return ``OtherPage`` for a list of articles. None for other pages."""
        if self._has_text and self._is_list:
            return OtherPage(f"{self.document.url}: a list of articles")
        return None

    @property
    def _is_list(self) -> bool:
        return self.shown.is_list(urlsplit(self.document.url).hostname or "")

    @property
    def _has_text(self) -> bool:
        return letters("\n\n".join(self._paragraphs)) >= LEAST_TEXT

    @cached_property
    def content(self) -> LexborNode:
        """The element that holds the text, without anything else in it."""
        found = self.document.main_text
        return found.content if found else parse_fragment("")

    @cached_property
    def holders(self) -> list[LexborNode]:
        """The element that holds the text, if there is one."""
        return [self.content] if self.document.main_text else []

    @property
    def summary(self) -> str | None:
        """The lead above the text: it begins like the page's description, or is named a lead."""
        found = self.document.main_text
        return found.lead if found else None

    @cached_property
    def title(self) -> str:
        """The headline, without what the site adds to it."""
        sites = (*self.rules.byline.agency, *site_names(self.document.url))
        own = [title for title in self.metadata.own_headlines if not is_site(title, sites)]
        headings = own_headings(self.root, sites)
        title = headline_below_breadcrumb(self.root, (*own, *self.titles)) or headline_among(
            own, self.titles, headings, heading_parts(self.root)
        )
        return without_site(title or headline_in(self.lines, self.titles, headings), sites)

    @cached_property
    def titles(self) -> Sequence[str]:
        """The page's titles for those who link to it, and for browsers."""
        head = self.document.tree.css_first("title")
        titles = [*self.metadata.shared_titles, plain_text(head.text()) if head else ""]
        return [title for title in titles if title]

    @property
    def lines(self) -> list[str]:
        """All lines that the page shows."""
        return [text for text, _ in self.document.lines]

    @cached_property
    def shown(self) -> Shown:
        """The lines of the page around the story."""
        return Shown(self.document.lines, self.title, "\n\n".join(self._paragraphs))

    @property
    def published_raw(self) -> str | None:
        """The date in the structured data, or if that has no time, the best one on the page.

        If it has no zone, it gets that of the date of the last change, if both are the same time. A
        date in a format that the agency's rules do not know is rewritten in ISO 8601.
        """
        rules = replace(self.rules.timestamp, any_shape=True)
        told = choose_date(self.metadata.published, rules)
        if told and is_timed(told, rules):
            return told
        chosen = choose_date([told or "", *self._shown_dates], rules)
        chosen = chosen and with_offset(chosen, self.metadata.modified, rules)
        return chosen and as_known(chosen, self.rules.timestamp)

    @cached_property
    def authors(self) -> Sequence[Person]:
        """The persons in the structured data, otherwise those beside or within the text."""
        beside = (names for _, names in self.bylines)
        sources = chain(self.metadata.authors, beside, find_reporters(self.body))
        sites = site_names(self.document.url)
        for names in sources:
            persons = read_authors(names, self.rules.byline)
            if own := [person for person in persons if not is_site(person.name, sites)]:
                return own
        return []

    @property
    def credit(self) -> str | None:
        """The organisations in the structured data; the site only if nobody else is named there."""
        if self.rules.byline.ends_text:
            return None
        names = chain.from_iterable(self.metadata.authors)
        told = [*self.metadata.organisations, *read_organisations(names, self.rules.byline)]
        sites = (*self.rules.byline.agency, *site_names(self.document.url))
        others = [name for name in told if not is_site(name, sites)]
        chosen = others or ([] if self.authors else told[:1])
        return ", ".join(dict.fromkeys(chosen)) or None

    @property
    def byline_raw(self) -> str | None:
        """The byline beside the text."""
        lines = next((lines for lines, _ in self.bylines), [])
        return "\n".join(lines) or super().byline_raw

    @cached_property
    def bylines(self) -> list[tuple[list[str], list[str]]]:
        """The lines beside the text that name the authors, and the names in them.

        Empty if the agency's rules read the byline at the end of the text.
        """
        if self.rules.byline.ends_text:
            return []
        return self.shown.bylines(day_first=self.rules.timestamp.day_first)

    @cached_property
    def body(self) -> str:
        """The paragraphs of the text, without a date at its start or a byline at either end."""
        parts = [*self._paragraphs]
        bylines = {line for lines, _ in self.bylines for line in lines}
        first, last = range(_EDGE), range(len(parts) - _EDGE, len(parts))
        for place in {*first, *last} & {*range(len(parts))}:
            dates = set(filter(_is_date, parts[place].split("\n"))) if place in first else set()
            parts[place] = _without(parts[place], bylines | dates)
        return "\n\n".join(filter(None, parts))

    @property
    def _paragraphs(self) -> list[str]:
        found = self.document.main_text
        return found.paragraphs if found else []

    @property
    def _shown_dates(self) -> Iterator[str]:
        """Dates beside the headline, then those in the page's titles."""
        day_first = self.rules.timestamp.day_first
        yield from self.shown.dates(day_first=day_first)
        for title in self.titles:
            yield from (
                title[date.start : date.end] for date in find_dates(title, day_first=day_first)
            )


def _without(paragraph: str, lines: Collection[str]) -> str:
    """Return a paragraph without certain lines."""
    return "\n".join(line for line in paragraph.split("\n") if line not in lines)


def _is_date(line: str) -> bool:
    """Return whether a line is a date, without other letters."""
    found = read_date(line, day_first=True) if len(line) <= _LONGEST_DATE else None
    return found is not None and not any(map(str.isalpha, line[: found.start] + line[found.end :]))


class _WithoutZone(NewsPage):
    """A page of a site with an unknown zone.

    Of a time without a zone, only the day is certain.
    """

    @property
    def published_raw(self) -> str | None:
        """The date, without its time if that has no zone."""
        return self._sure(super().published_raw)

    @property
    def modified_raw(self) -> str | None:
        """The date of the last change, without its time if that has no zone."""
        return self._sure(super().modified_raw)

    def _sure(self, raw: str | None) -> str | None:
        if raw is None or names_zone(raw):
            return raw
        try:
            return read_timestamp(raw, self.rules.timestamp).value[:10]
        except UnreadableDate:
            return raw  # kept for people to see; only the date is lost


def generic_layouts(document: Document, zone: str | None) -> Sequence[type[ArticlePage]]:
    """Return the layouts for a page of an unknown site. ``zone``: of its times, if known."""
    rules = _rules(document, zone)
    bases = () if zone else (_WithoutZone,)
    return [_of(rules, *bases, SemanticPage)]


def _of(agency: AgencyRules, *bases: type[NewsPage]) -> type[ArticlePage]:
    class Unknown(*bases):  # type: ignore[misc]
        """A layout with an agency's rules."""

        rules: ClassVar[AgencyRules] = agency

    return Unknown


def _rules(document: Document, zone: str | None) -> AgencyRules:
    """Make rules for a page's site from its address and from the names it gives itself."""
    parts = urlsplit(document.url)
    metadata = Metadata(document.tree, document.root, document.article)
    publisher, names = texts(metadata.article.get("publisher")), metadata.metas("og:site_name")
    parameters = article_parameters(document)
    front = [re.compile(r"(?P<slug>)")] if parameters else []  # it may show any article
    return AgencyRules(
        name="page",
        editions={},
        address=AddressRules(
            site=f"{parts.scheme}://{parts.netloc}",
            hosts=frozenset({parts.netloc}),
            articles=(
                re.compile(r"(?P<path>(?:/[^/]*)*/(?P<slug>[^/]+))"),
                *front,
            ),
            canonical="{}",
            parameters=parameters,
        ),
        timestamp=TimestampRules(
            zone=zone or "UTC", any_shape=True, day_first=_puts_day_first(document)
        ),
        byline=BylineRules(agency=(*publisher, *names)),
    )


def _puts_day_first(document: Document) -> bool | None:
    """Return whether a page writes the day before the month. None if unsure."""
    root = document.tree.css_first("html")
    told = (root.attributes.get("lang") or root.attributes.get("xml:lang")) if root else None
    language, _, country = (told or "").lower().partition("-")
    if not language and document.main_text:
        detected = detect(document.main_text.content.text_lexbor()[:_SAMPLE])
        language = detected.tag if detected else ""
    if language == "en":
        country = country or (urlsplit(document.url).hostname or "").rpartition(".")[2]
        return True if country in _ENGLISH_DAY_FIRST else None
    return None if language.partition("_")[0] in ("", *_YEAR_FIRST) else True
