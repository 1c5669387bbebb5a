"""Why a response is not read as an article.

UnreadablePage        ``reason`` names the case in the run report
├── AnotherArticle    ``another article``: the request led to another article
├── BadBody           the bytes are no document: ``unknown coding``, ``bad coding``, ``cut short``,
│                     ``too large``, ``too deep``, ``garbled``, ``not json``
├── EmptyPage         ``no body``: an article's page without its text; the API may have it
│   └── Shell         the same, and not even the article's headline: nothing but boilerplate
├── OtherPage         ``not an article``: a home page, a list, a response that names no post
└── UnknownLayout     ``no layout``: text in an unknown layout

InvalidArticle        it was read, but is not a valid row; ``reason`` names the field
"""

import re

_LONGEST_VALUE = 80  # characters of a value in a message


class UnreadablePage(ValueError):
    """A response that yields no article. The message names the address."""

    reason: str = "unreadable"


class AnotherArticle(UnreadablePage):
    """A response that is about another article than the requested one."""

    reason = "another article"


class BadBody(UnreadablePage):
    """The bytes cannot be decoded to a document, or parsing them is not safe."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class EmptyPage(UnreadablePage):
    """The page of an article, without its text, pictures and videos."""

    reason = "no body"


class Shell(EmptyPage):
    """A page with nothing of any article; sites may send it for articles that do not exist."""


class OtherPage(UnreadablePage):
    """A page or response that is not about one article."""

    reason = "not an article"


class FurtherPage(UnreadablePage):
    """A later page of an article on several pages: it is read together with the first one."""

    reason = "further page"


class UnknownLayout(UnreadablePage):
    """A page that matches none of the agency's layouts."""

    reason = "no layout"


class InvalidArticle(ValueError):
    """An article that is not a valid row. ``reason`` names the field for counting."""

    def __init__(self, field: str, value: object, url: str, problem: str) -> None:
        shown = repr(value)
        if len(shown) > _LONGEST_VALUE:
            shown = f"{shown[:_LONGEST_VALUE]}..."
        super().__init__(f"{field} {shown}: {problem} ({url})")
        self.field = field
        self.value = value
        self.url = url
        self.reason = re.split(r"[.\[]", field)[0]
