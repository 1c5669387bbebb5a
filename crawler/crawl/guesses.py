"""Guesses of a run: articles that only the generic reader finds on their pages.

A guess is recorded only for an article that no class has read: read otherwise, the same text would
seem to be edited. What such a page says now is not known, its capture is kept, and the article
fails until a class reads it. One whose text others have too shows a wall or boilerplate. One that
nothing on the page makes sure (``crawler.extract.unknown``) is believed if most of it was recorded
before; if nothing was, it is looked at once more, behind all others, and believed if there were
others and none had its text.
"""

from collections import Counter
from itertools import islice
from typing import NamedTuple

from scrapy.http import Response

from crawler.crawl.run import Run
from crawler.extract.article import guess_page
from crawler.extract.errors import UnreadablePage
from crawler.extract.page import Document
from crawler.extract.unknown import UnknownPage
from crawler.model.identity import Identity
from crawler.model.versions import is_read_by_class
from crawler.store.archive import Archive
from crawler.store.frontier import PendingArticle

_KEPT = 0.5  # of a text's letters in paragraphs that were recorded: what an edit leaves
_SHARED = 0.8  # of a text's letters in another's paragraphs; true texts have a sentence in common
_MOST = 100_000  # paragraphs remembered, the newest


class Guess(NamedTuple):
    """What was found on a page that no layout describes."""

    page: UnknownPage
    response: Response

    @property
    def text(self) -> str:
        """What it says, to be compared with a second look."""
        return f"{self.page.title}\n\n{self.page.body}"


class Guesses:
    """Reads pages that no layout describes, and compares what they say."""

    def __init__(self, run: Run, archive: Archive, *, is_on: bool) -> None:
        self.run = run
        self.archive = archive
        self.is_on = is_on
        self._texts = Texts()
        # Of articles that are looked at once more, the text and the answer of the first look.
        self._doubted: dict[str, tuple[str, Response]] = {}

    def read(
        self, document: Document, response: Response, pending: PendingArticle, error: UnreadablePage
    ) -> Guess | None:
        """Return the article on a page that no layout could read, if there is one to record."""
        if not self.is_on or is_read_by_class(self.archive.ledger.versions(pending.id)):
            return None
        identity = Identity(pending.id, pending.url)
        page = guess_page(document, self.run.layouts, identity, pending.link, error)
        if page is None:
            return None
        self._texts.note(pending.id, page.body)
        guess = Guess(page, response)
        text, first = self._doubted.get(pending.id, ("", response))
        return guess._replace(response=first) if text == guess.text else guess

    def is_believed(self, guess: Guess, pending: PendingArticle) -> bool | None:
        """Tell whether a page's text is the article's; None: it must be looked at once more."""
        is_second_look = self._doubted.pop(pending.id, None) is not None
        if self._texts.are_shared(pending.id, guess.page.body):
            return False
        if guess.page.is_sure:
            return True
        if versions := self.archive.ledger.versions(pending.id):
            return _is_mostly(guess.page.body, self.archive.read(versions[0])["body"])
        if is_second_look:
            return self._texts.has_others(pending.id)
        self._doubted[pending.id] = guess.text, guess.response
        return None

    def is_second_look(self, pending: PendingArticle) -> bool:
        """Tell whether an article is looked at once more."""
        return pending.id in self._doubted


def _is_mostly(text: str, recorded: str) -> bool:
    kept = (paragraph for paragraph in text.split("\n\n") if paragraph in recorded)
    return sum(map(len, kept)) > _KEPT * len(text)


class Texts:
    """The paragraphs of a run's guesses, and the first two articles that have each."""

    def __init__(self) -> None:
        self._holders: dict[int, tuple[str, ...]] = {}
        self._articles: set[str] = set()  # two are enough to know that there are others

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
        """Tell whether one other article has nearly all of a text."""
        letters = Counter[str]()
        for paragraph in text.split("\n\n"):
            for holder in self._holders.get(hash(paragraph), ()):
                letters[holder] += len(paragraph)
        del letters[article_id]
        return max(letters.values(), default=0) > _SHARED * len(text)

    def has_others(self, article_id: str) -> bool:
        """Tell whether there is a text of another article."""
        return bool(self._articles - {article_id})
