"""Reads a page of a known agency in an unknown layout, by what all pages have in common.

After a redesign, every page is one. The result is a guess: its row has the layout ``unknown``, and
``scrapy reparse`` reads it again once there is a class for the layout. A response with status 200
may also be an error, a paywall, a list or another story, so a page is read only if it shows that it
is the requested article:

1. It states no address of another article as its own.
2. It has the title in the listing. If the listing has none, it states the article's address as its
   own, and a date of publication.
3. It has enough text, which is not a list of teasers, and does not state that it is only a part for
   readers who do not pay.
4. The text has words of the title. If not, the page alone is no evidence (``is_sure``);
   ``crawler.crawl.guessed_articles`` compares it with others.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cached_property
from typing import ClassVar

from crawler.extract.document import Document
from crawler.extract.generic import SemanticPage
from crawler.extract.headline import is_site, own_headings
from crawler.extract.html import plain_text
from crawler.model.article import UNKNOWN
from crawler.model.link import Link
from crawler.model.rules import AgencyRules
from crawler.text.dates import UnreadableDate, choose_date, read_timestamp
from crawler.text.plain_text import flatten, fold

_PAID = (False, "False", "false")
# Separates a title from the site's name: a bar, a dash or a dot between spaces, or a colon. In
# languages without spaces also a dash alone.
_APART = re.compile(
    r"\s*[|_»]+\s*|\s+[\-–—·•/]+\s+|\s*:\s+|(?<=[\u3040-\u9fff])[\-–—]+(?=[\u3040-\u9fff])"
)
_WORD = re.compile(r"[^\W_]+")
# Chinese and Japanese; also Korean, where words are short and have many endings.
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_STEM = 5  # letters; what follows is mostly an ending
_LEAST_CUT = 20  # letters of a title that a listing has cut
_SHARE = 3  # one word in so many must be in the text


class UnknownPage(SemanticPage):
    """A page in no layout of the agency. ``link``: the article's entry in the listing."""

    layout = UNKNOWN
    link: Link | None = None

    @cached_property
    def title(self) -> str:
        """The listing's title, as the page spells it. Without one, the page's best title."""
        return next(filter(self._is_told, self._titles), "") if self._told else super().title

    @property
    def _told(self) -> str:
        return flatten(plain_text((self.link and self.link.title) or ""))

    @property
    def _titles(self) -> Iterator[str]:
        """The titles of the whole page, with and without the name of the site.

        One of several headings may belong to an entry of a list, so only a single one counts.
        """
        sites = (*self.metadata.metas("og:site_name"), *self.rules.byline.agency)
        headings = set(own_headings(self.root, sites))
        for title in map(flatten, (*self.titles, *(headings if len(headings) == 1 else ()))):
            yield title
            for sign in _APART.finditer(title):
                yield title[: sign.start()]
                if is_site(title[: sign.start()], sites):
                    yield title[sign.end() :]

    def _is_told(self, title: str) -> bool:
        shown, told = fold(title), fold(self._told)
        cut = told.removesuffix("…").removesuffix("...").rstrip()
        return shown == told or (_LEAST_CUT <= len(cut) < len(told) and shown.startswith(cut))

    @property
    def ids(self) -> Collection[str]:
        """The articles whose addresses the page states as its own."""
        return self.own_ids

    def is_of(self, article_id: str) -> bool:
        """Return whether the page shows that it is a certain article's."""
        ids = self.ids
        is_told = bool(self._told) or (bool(ids) and self._is_dated)
        is_whole = self.metadata.article.get("isAccessibleForFree") not in _PAID
        is_own = not ids or article_id in ids
        is_text = bool(self.title) and self._has_text and not self._is_list
        return is_own and is_told and is_whole and is_text

    @property
    def _is_dated(self) -> bool:
        """Whether the structured data have a date; one in the text may mean anything."""
        with suppress(UnreadableDate):
            date = choose_date(self.metadata.published, self.rules.timestamp)
            return bool(read_timestamp(date or "", self.rules.timestamp))
        return False

    @property
    def is_sure(self) -> bool:
        """Whether the text has words of the title."""
        return speaks_of(self.title, self.body)


def guess(
    document: Document, rules: AgencyRules, article_id: str, link: Link | None
) -> UnknownPage | None:
    """Return the article on a page in no known layout. None if there is no evidence for it."""
    agency = rules

    class Unknown(UnknownPage):
        """The layout with an agency's rules."""

        rules: ClassVar[AgencyRules] = agency

    page = Unknown(document)
    page.link = link
    return page if page.is_of(article_id) else None


def speaks_of(title: str, text: str) -> bool:
    """Return whether a text has words of a title, apart from the title itself."""
    words = _stems(title)
    said = fold(text).replace(fold(title), "")
    return _SHARE * len(words & _stems(said)) >= max(1, len(words))


def _stems(text: str) -> set[str]:
    """Return the beginnings of a text's words, or pairs of characters if it has no spaces."""
    found = set()
    for word in _WORD.findall(fold(text)):
        if _WITHOUT_SPACES.search(word):
            found |= {word[place : place + 2] for place in range(len(word) - 1)}
        elif len(word) >= _STEM - 1 or word.isdigit():
            found.add(word[:_STEM])
    return found
