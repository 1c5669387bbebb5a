"""Pages of UzA's legacy site, 2008 to 2019: desktop, mobile and print.

Its class names are unknown. The order of its text is certain: brand line, date, title, title again,
paragraphs, byline, view counter.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from selectolax.lexbor import LexborNode

from crawler.extract.errors import OtherPage, UnreadablePage
from crawler.extract.html import one_line, paragraphs
from crawler.extract.media import pictures, videos
from crawler.extract.page import ArticlePage
from crawler.model.article import Image, Video
from crawler.text.body import is_glued, may_be_year
from crawler.text.byline import read_byline
from pages.uza_rules import RULES

_TOKEN = r"(?:UzA|OuzA|O.?zA|ЎзА|УзА|ӨзА)(?:\.uz)?"
_LABEL = r"(?:\s[^.!?]{1,160})?"  # a year's motto is long


class UzaLegacyPage(ArticlePage):
    """The common part of the legacy site's three forms. A form sets the format of its date."""

    rules = RULES

    # A campaign's label may follow the time.
    DATE = re.compile(rf"\d\d\.\d\d\.\d{{4}}(?:\s\d\d:\d\d{_LABEL})?")
    LISTED = re.compile(r"\d\d\.\d\d\.\d\d\s\d\d:\d\d\b.*")  # lists have years of two digits
    BRAND = re.compile(rf"{_TOKEN}(?:\s\S+){{0,2}}")
    COUNTER = re.compile(r"\d{1,3}(?:\s?\d{3})*")
    SENTENCE = 80  # letters; a line with as many is certainly text
    SENTENCE_BREAK = re.compile(r"(?<=[.!?…»”])\n(?=\S)")
    OPENING = re.compile(r"[“„«\"'‘]*[^\W_]")  # of a sentence; lower case is excluded elsewhere
    CLEAR_TITLE = 3  # words; a sentence may begin with a shorter title
    NEAR = 3  # lines below the title, where it is repeated

    def matches(self) -> bool:
        """Return whether there is a date line, a title that is shown twice, and text."""
        if self.document.is_json:
            return False
        return bool(self.title and self._text and self._is_titled() and self._is_of_this_form())

    def explain(self) -> UnreadablePage | None:
        """Return ``OtherPage`` for a list, known by its dates. None for other pages."""
        if self.document.is_json:
            return None
        lines = "\n".join(paragraphs(self.document.root)).split("\n")
        if sum(bool(self.LISTED.fullmatch(line)) for line in lines) > 1:
            return OtherPage(f"{self.document.url}: a list of articles")
        return None

    def _is_of_this_form(self) -> bool:
        raise NotImplementedError

    def _is_titled(self) -> bool:
        """Return whether the line below the date is a title: repeated, or below a brand line."""
        head = self.document.tree.css_first("title")
        return (
            self._stands_again(self._date_place)
            or bool(head and one_line(head).startswith(self.title))
            or any(self.BRAND.fullmatch(line) for line in self._lines[: self._date_place])
        )

    def _stands_again(self, place: int) -> bool:
        """Return whether a date line is followed by a title that is soon repeated."""
        title, *below = [line for line in self._lines[place + 1 :] if line] or [""]
        return bool(title) and any(line.startswith(title) for line in below[: self.NEAR])

    @cached_property
    def _lines(self) -> list[str]:
        """The lines of the page, with an empty one between paragraphs."""
        lines = "\n\n".join(paragraphs(self.document.root)).split("\n")
        return [" ".join(line.split()) for line in lines]

    @cached_property
    def _date_place(self) -> int:
        """The line of the article's date, not of a header's. Past the last line if missing."""
        dates = [place for place, line in enumerate(self._lines) if self.DATE.fullmatch(line)]
        return next(filter(self._stands_again, dates), dates[0] if dates else len(self._lines))

    @cached_property
    def _below_date(self) -> list[str]:
        below = self._lines[self._date_place + 1 :]
        while below and not below[0]:
            below.pop(0)
        return below

    @cached_property
    def _text(self) -> list[str]:
        """The lines below the title and its repetition, down to byline and counter."""
        lines = self._below_date[1:]
        while lines and lines[0] in ("", self.title):
            lines.pop(0)
        if lines and self.title not in self._below_date[1:]:
            lines[0] = self._without_title(lines[0])
        return lines[: self._end(lines)]

    def _without_title(self, opening: str) -> str:
        """Cut off the repeated title where it is glued to the first sentence."""
        rest = opening.removeprefix(self.title)
        sentence = rest.lstrip()
        if rest == opening or not self.OPENING.match(sentence) or sentence[0].islower():
            return opening
        is_short = len(self.title.split()) < self.CLEAR_TITLE
        return opening if is_short and not is_glued(self.title, rest, shortest=2) else sentence

    def _end(self, lines: list[str]) -> int:
        """Return the line where the text ends and the page's footer may begin."""
        filled = [place for place, line in enumerate(lines) if line]
        for place, after in pairwise(filled):
            kinds = {self._kind(lines[place]), self._kind(lines[after])}
            if kinds == {"byline", "counter"}:
                return after + 1
        return self._end_without_pair(lines, filled)

    def _end_without_pair(self, lines: list[str], filled: list[int]) -> int:
        for place in reversed(filled):
            byline = read_byline(lines[place], RULES.byline)
            if byline and byline.authors:  # strict enough to outweigh any footer
                return place + 1
        for place in reversed(filled):
            kind = self._kind(lines[place])
            if kind == "byline" or (kind == "counter" and not self._may_be_text(lines[place])):
                return place + 1
            if len(lines[place]) >= self.SENTENCE:
                break
        return len(lines)

    def _may_be_text(self, number: str) -> bool:
        """Return whether a number may belong to the text: a year, or the number of a page."""
        return len(number) < 3 or may_be_year(number, RULES.timestamp)

    def _kind(self, line: str) -> str | None:
        if self.COUNTER.fullmatch(line):
            return "counter"
        return "byline" if read_byline(line, RULES.byline) else None

    @property
    def title(self) -> str:
        """The line below the date."""
        return self._below_date[0] if self._below_date else ""

    @property
    def body(self) -> str:
        """Everything below the title. A line that ends a sentence also ends a paragraph."""
        if "" not in self._text:
            return "\n\n".join(self._text)
        return self.SENTENCE_BREAK.sub("\n\n", "\n".join(self._text))

    @property
    def published_raw(self) -> str | None:
        """The date line."""
        return self._lines[self._date_place]

    @cached_property
    def images(self) -> list[Image]:
        """The pictures between the date and the end of the text."""
        return pictures(self._pictures_of_text(), self.base, RULES.image_size)

    def _pictures_of_text(self) -> Iterator[LexborNode]:
        below_date = False
        for node in self.document.root.traverse(include_text=True):
            if node.tag == "img" and below_date:
                yield node
            elif node.tag == "-text":
                line = " ".join(node.text_lexbor().split())
                if below_date and line == self._text[-1]:
                    return
                below_date = below_date or bool(self.DATE.fullmatch(line))

    @cached_property
    def videos(self) -> list[Video]:
        """All players on the page."""
        return videos(self.document.root, self.base)


class UzaLegacyPrintPage(UzaLegacyPage):
    """The page for printing: its date has seconds."""

    layout = "legacy-print"

    DATE = re.compile(rf"\d\d\.\d\d\.\d{{4}}\s\d\d:\d\d:\d\d{_LABEL}")

    def _is_of_this_form(self) -> bool:
        return True


class UzaLegacyDesktopPage(UzaLegacyPage):
    """The page for a large screen, with controls for the visually impaired."""

    layout = "legacy-desktop"

    CONTROLS = re.compile(r"(?:Размер шрифта|Цвет сайта):.*")

    def _is_of_this_form(self) -> bool:
        return any(self.CONTROLS.fullmatch(line) for line in self._lines)


class UzaLegacyMobilePage(UzaLegacyPage):
    """The page for phones: it is neither of the other forms."""

    layout = "legacy-mobile"

    def _is_of_this_form(self) -> bool:
        return True
