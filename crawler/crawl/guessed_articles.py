"""Guesses: articles that only the generic reader finds on their pages.

A guess is recorded only for an article that no layout class has read before. Otherwise the same
text, read in another way, would look like an edit. In that case the capture is kept, and the
article fails until a class can read the page. A text that other articles have, too, is a paywall or
boilerplate. If nothing on the page proves that it shows this article
(``crawler.extract.unknown_layout``), the guess is believed if most of its text was recorded before.
If there is no earlier version, the page is read a second time at the end of the run. It is then
believed if other articles were read and none of them has the same text.
"""

from collections import Counter
from itertools import islice
from typing import NamedTuple

from scrapy.http import Response

from crawler.crawl.run import Run
from crawler.extract.article import guess_page
from crawler.extract.document import Document
from crawler.extract.errors import UnreadablePage
from crawler.extract.unknown_layout import UnknownPage
from crawler.model.identity import Identity
from crawler.model.versions import is_read_by_class
from crawler.store.archive import Archive
from crawler.store.frontier import PendingArticle

_KEPT = 0.5  # share of a text's letters in paragraphs recorded before: what an edit leaves
_SHARED = 0.8  # share of a text's letters in another's paragraphs; real articles share a sentence
_MOST = 100_000  # the newest paragraphs that are remembered


class Guess(NamedTuple):
    """The data found on a page that no layout describes."""

    page: UnknownPage
    response: Response

    @property
    def text(self) -> str:
        """Its text, to compare it with a second reading."""
        return f"{self.page.title}\n\n{self.page.body}"


class Guesses:
    """Reads pages that no layout describes, and compares their texts."""

    def __init__(self, run: Run, archive: Archive, *, is_on: bool) -> None:
        self.run = run
        self.archive = archive
        self.is_on = is_on
        self._texts = Texts()
        # Text and response of the first reading, for articles that are read a second time.
        self.doubted: dict[str, tuple[str, Response]] = {}

    def read(
        self, document: Document, response: Response, pending: PendingArticle, error: UnreadablePage
    ) -> Guess | None:
        """Return the article on a page that no layout could read, if it can be recorded."""
        if not self.is_on or is_read_by_class(self.archive.ledger.versions(pending.id)):
            return None
        identity = Identity(pending.id, pending.url)
        page = guess_page(document, self.run.layouts, identity, pending.link, error)
        if page is None:
            return None
        self._texts.note(pending.id, page.body)
        guess = Guess(page, response)
        text, first = self.doubted.get(pending.id, ("", response))
        return guess._replace(response=first) if text == guess.text else guess

    def is_believed(self, guess: Guess, pending: PendingArticle) -> bool | None:
        """Return whether a page's text is the article's. None: it must be read a second time."""
        is_second_look = self.doubted.pop(pending.id, None) is not None
        if self._texts.are_shared(pending.id, guess.page.body):
            return False
        if guess.page.is_sure:
            return True
        if versions := self.archive.ledger.versions(pending.id):
            return _is_mostly(guess.page.body, self.archive.read(versions[0])["body"])
        if is_second_look:
            return self._texts.has_others(pending.id)
        self.doubted[pending.id] = guess.text, guess.response
        return None


def _is_mostly(text: str, recorded: str) -> bool:
    kept = (paragraph for paragraph in text.split("\n\n") if paragraph in recorded)
    return sum(map(len, kept)) > _KEPT * len(text)


class Texts:
    """The paragraphs of a run's guesses, and the first two articles that have each."""

    def __init__(self) -> None:
        self._holders: dict[int, tuple[str, ...]] = {}
        self._articles: set[str] = set()  # two are enough to know that another article has it

    def note(self, article_id: str, text: str) -> None:
        """Remember an article's paragraphs."""
        for paragraph in map(hash, text.split("\n\n")):
            holders = self._holders.get(paragraph, ())
            if article_id not in holders:
                self._holders[paragraph] = (*holders, article_id)[:2]
        for oldest in list(islice(self._holders, max(0, len(self._holders) - _MOST))):
            del self._holders[oldest]
        if len(self._articles) < 2:
            self._articles.add(article_id)

    def are_shared(self, article_id: str, text: str) -> bool:
        """Return whether one other article has nearly all of a text."""
        letters = Counter[str]()
        for paragraph in text.split("\n\n"):
            for holder in self._holders.get(hash(paragraph), ()):
                letters[holder] += len(paragraph)
        del letters[article_id]
        return max(letters.values(), default=0) > _SHARED * len(text)

    def has_others(self, article_id: str) -> bool:
        """Return whether another article's text was read."""
        return bool(self._articles - {article_id})
