"""A page of a known agency that none of its layouts describes, read by what pages have in common.

After a redesign every page is one. What is read so is a guess: the row is marked by the layout
``unknown``, and read again by ``scrapy reparse`` once a class describes the page. An answer with
status 200 may as well be an error, a wall, a list or another story, so that a guess is made only
where the page itself tells that it is the article that was asked for:

1. It gives no address of another article as its own.
2. It has the title that the listing told. Where none did, it gives the article's address as its
   own, and a date of publication.
3. It has text enough, which is no list of teasers, and does not say that this is only a part for
   those who do not pay.
4. The text speaks of what the title says. If it does not, the page alone is no evidence
   (``is_sure``); ``crawler.crawl.guesses`` compares it with others.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cached_property
from typing import ClassVar

from crawler.extract.generic import SemanticPage
from crawler.extract.headline import is_site, own_headings
from crawler.extract.html import plain_text
from crawler.extract.page import Document
from crawler.model.article import UNKNOWN
from crawler.model.link import Link
from crawler.model.rules import AgencyRules
from crawler.text.dates import UnreadableDate, choose_date, read_timestamp
from crawler.text.plain_text import flatten, fold

_PAID = (False, "False", "false")
# What parts a title from the site's name: a bar, a dash or a dot among spaces, or a colon; where
# words are not parted, a dash without spaces, too.
_APART = re.compile(
    r"\s*[|_»]+\s*|\s+[\-–—·•/]+\s+|\s*:\s+|(?<=[\u3040-\u9fff])[\-–—]+(?=[\u3040-\u9fff])"
)
_WORD = re.compile(r"[^\W_]+")
# Chinese and Japanese; Korean words are short, and end in many ways.
_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_STEM = 5  # letters; what comes after them is mostly an ending
_LEAST_CUT = 20  # letters of a title that a listing cuts short
_SHARE = 3  # one word of so many must come back in the text


class UnknownPage(SemanticPage):
    """A page in no layout of the agency; ``link`` is what the listing told of the article."""

    layout = UNKNOWN
    link: Link | None = None

    @cached_property
    def title(self) -> str:
        """The listing's title, as the page writes it; where none was told, the page's best."""
        return next(filter(self._is_told, self._titles), "") if self._told else super().title

    @property
    def _told(self) -> str:
        return flatten(plain_text((self.link and self.link.title) or ""))

    @property
    def _titles(self) -> Iterator[str]:
        """What the whole page is called, with and without the name of the site beside it.

        Of several headings, each may be that of an entry in a list.
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
        """The articles whose addresses the page gives as its own."""
        return self.own_ids

    def is_of(self, article_id: str) -> bool:
        """Tell whether the page shows itself to be an article's."""
        ids = self.ids
        is_told = bool(self._told) or (bool(ids) and self._is_dated)
        is_whole = self.metadata.article.get("isAccessibleForFree") not in _PAID
        is_own = not ids or article_id in ids
        is_text = bool(self.title) and self._has_text and not self._is_list
        return is_own and is_told and is_whole and is_text

    @property
    def _is_dated(self) -> bool:
        """Whether the page tells machines a date; one that only stands there may be any."""
        with suppress(UnreadableDate):
            date = choose_date(self.metadata.published, self.rules.timestamp)
            return bool(read_timestamp(date or "", self.rules.timestamp))
        return False

    @property
    def is_sure(self) -> bool:
        """Whether the text speaks of what the title says."""
        return speaks_of(self.title, self.body)


def guess(
    document: Document, rules: AgencyRules, article_id: str, link: Link | None
) -> UnknownPage | None:
    """Return the article on a page that no layout describes; None if nothing shows it to be one."""
    agency = rules

    class Unknown(UnknownPage):
        """The layout with an agency's rules."""

        rules: ClassVar[AgencyRules] = agency

    page = Unknown(document)
    page.link = link
    return page if page.is_of(article_id) else None


def speaks_of(title: str, text: str) -> bool:
    """Tell whether a text speaks of what a title says; boilerplate may repeat it, no more."""
    words = _stems(title)
    said = fold(text).replace(fold(title), "")
    return _SHARE * len(words & _stems(said)) >= max(1, len(words))


def _stems(text: str) -> set[str]:
    """Return the beginnings of a text's words, or pairs of signs where words are not parted."""
    found = set()
    for word in _WORD.findall(fold(text)):
        if _WITHOUT_SPACES.search(word):
            found |= {word[place : place + 2] for place in range(len(word) - 1)}
        elif len(word) >= _STEM - 1 or word.isdigit():
            found.add(word[:_STEM])
    return found
