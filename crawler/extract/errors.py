"""Why an answer is not read as an article.

UnreadablePage        ``reason`` names the case in the run report
├── AnotherArticle    ``another article``: what was asked for led there
├── BadBody           the bytes are no document: ``unknown coding``, ``bad coding``, ``cut short``,
│                     ``too large``, ``too deep``, ``garbled``, ``not json``
├── EmptyPage         ``no body``: an article's page without its text; the API may have it
│   └── Shell         the same; not even the article's headline is there: nothing but boilerplate
├── OtherPage         ``not an article``: a home page, a list, an answer that names no post
└── UnknownLayout     ``no layout``: text, but arranged in no way we know

InvalidArticle        it was read, and is no valid row; ``reason`` names the field
"""

import re

_LONGEST_VALUE = 80  # characters of what an error shows


class UnreadablePage(ValueError):
    """An answer that yields no article; the message names the address."""

    reason: str = "unreadable"


class AnotherArticle(UnreadablePage):
    """An answer that is not about the article that was asked for."""

    reason = "another article"


class BadBody(UnreadablePage):
    """The bytes cannot be made a document, or it is not safe to."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class EmptyPage(UnreadablePage):
    """The page of an article, without its text, pictures and videos."""

    reason = "no body"


class Shell(EmptyPage):
    """A page with nothing of any article; so may a site answer what it does not have."""


class OtherPage(UnreadablePage):
    """A page or an answer that is about no single article."""

    reason = "not an article"


class FurtherPage(UnreadablePage):
    """A page on which an article only goes on: it is read with the first one."""

    reason = "further page"


class UnknownLayout(UnreadablePage):
    """A page that none of the agency's layouts describes."""

    reason = "no layout"


class InvalidArticle(ValueError):
    """An article that is no valid row; ``reason`` names the field for counting."""

    def __init__(self, field: str, value: object, url: str, problem: str) -> None:
        shown = repr(value)
        if len(shown) > _LONGEST_VALUE:
            shown = f"{shown[:_LONGEST_VALUE]}..."
        super().__init__(f"{field} {shown}: {problem} ({url})")
        self.field = field
        self.value = value
        self.url = url
        self.reason = re.split(r"[.\[]", field)[0]
