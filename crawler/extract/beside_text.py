"""Reads the lines around a story's text for its byline and dates."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.extract.blocks import letters
from crawler.extract.lines import Line
from crawler.extract.own_story import belongs
from crawler.text.dates_in_text import find_dates
from crawler.text.plain_text import fold
from crawler.text.reporters import read_announced, read_names, read_signature

_CLUE = 20  # characters of a paragraph by which its line is found
_TEASER, _LEAST_TEASERS = 40, 3  # characters of a paragraph; how many are a list
_WHOLE = 0.8  # share of a line's characters that are a link
_ABOVE, _BELOW = 4, 5  # lines around a story that may belong to it
_OPENING = 3  # first lines that may not be text yet
_NEAR = 2  # lines between two bylines of the same story
_HEAD = 25  # lines from a headline to its text, at most
_SHORTEST_TITLE = 30  # letters; a link with fewer may be a name or a section
_LONGEST_LABEL = 45  # characters beside a date; a longer line is a sentence
_LONGEST_LINE = 200
_LONGEST_DATE = 40
_SENTENCE_ENDS, _SHORTEST_SENTENCE = (".", "!", "?"), 7  # words
_RECORDING = re.compile(r"(?:audio|video|podcast|аудио|видео)\b.*\d:\d\d", re.IGNORECASE)
_PARTS = re.compile(r"\s*[|•·]\s*|\s+[–—-]\s+")
_AUTHOR = re.compile(r"author|byline|autor|writer|reporter|redakt|journalist", re.IGNORECASE)
_EMPHASIS = frozenset({"strong", "b", "em", "i"})
# A dash, a bracket, an initial, or Cyrillic, where capitals mark names even in titles.
_SIGNATURE = re.compile(r"\A[—–(-]|\b[^\W\d_]\.|[\u0400-\u04ff]")
_RIGHT = re.compile(r"text-align:\s*right")
_HEADINGS = frozenset({"h1", "h2", "h3"})
_CHANGED = re.compile(
    r"updat|modif|changed|edited|review|correct|aktual|geändert|zuletzt|stand|обнов|измен"
    r"|онов|更新|修改|수정|güncel|actuali|mis à jour|màj|aggiorn|atuali|oppdat|uppdat|opdat|ændret"
    r"|bijgewerkt|gewijzigd|päivit|muokat|módos|frissít|yangi|жаңар|تحديث|تعديل|روزرسان|ویرایش",
    re.IGNORECASE,
)


class Shown:
    """The lines of a page, and the place of its story in them."""

    def __init__(self, lines: Sequence[tuple[str, Line]], title: str, body: str) -> None:
        self.lines = lines
        self._folded = [fold(text) for text, _ in self.lines]
        self._title, self._body = fold(title), body
        self._paragraphs = {fold(text) for text in body.split("\n") if len(text) >= _TEASER}
        self._clues = [fold(text) for text in re.split(r"\n+", body) if len(text) >= _CLUE]

    @cached_property
    def headline(self) -> int | None:
        """The line with the headline: a heading, or the last such line above the text."""
        found = [place for place, text in enumerate(self._folded) if self._is_title(text)]
        headings = [place for place in found if _is_heading(self.lines[place][1])]
        above = [place for place in headings or found if place < self._first_clue]
        if above:
            return above[-1]
        return next(iter(headings or found), None)

    def _is_title(self, text: str) -> bool:
        short, long = sorted((text, self._title), key=len)
        return bool(short) and short in long and len(long) < 2 * len(short)

    @cached_property
    def _first_clue(self) -> int:
        clue = self._clues[0][:_CLUE] if self._clues else None
        places = (place for place, text in enumerate(self._folded) if clue and clue in text)
        return next(places, len(self.lines))

    @cached_property
    def start(self) -> int:
        """The first line of the text."""
        if self.headline is None or self._first_clue > self.headline:
            return self._first_clue
        return self.headline + 1

    @cached_property
    def end(self) -> int:
        """The line after the last one of the text."""
        clue = self._clues[-1][-_CLUE:] if self._clues else None
        places = range(len(self.lines) - 1, self.start - 1, -1)
        return next(
            (place + 1 for place in places if clue and clue in self._folded[place]), self.start
        )

    @property
    def _head_end(self) -> int:
        """The line after those between headline and text, and after the text's first lines."""
        top = self.start if self.headline is None else self.headline
        return min(self.start + _OPENING, top + _HEAD, max(self.start, self.end), len(self.lines))

    def is_list(self, host: str) -> bool:
        """Return whether most paragraphs of the text are teasers, which link to other stories.

        The link may be in the paragraph (at its start, or `more` at its end), or in the line above
        or below it. ``host``: the page's host; only links to it
        count. Text elsewhere below the headline means that the page is no list, though its own text
        was not found.
        """
        text = [place for place, line in enumerate(self._folded) if line in self._paragraphs]
        last = [_last_link(*self.lines[place]) for place in text]
        often = Counter(words for words, _ in last)
        more = (link if often[words] >= _LEAST_TEASERS else "" for words, link in last)
        found = {
            self._target(place)
            or self._target_below(place)
            or link
            or _first_link(*self.lines[place])
            for place, link in zip(text, more, strict=True)
        }
        targets = {target for target in found if target.strip("/")}
        teasers = [target for target in targets if urlsplit(target).hostname in (None, host)]
        is_most = len(teasers) >= _LEAST_TEASERS and 2 * len(teasers) > len(text)
        top = self.headline or 0
        others = {*range(top, min(top + _HEAD, len(self.lines)))} - {*text}
        return is_most and not any(map(self._is_text, others))

    def _is_text(self, place: int) -> bool:
        return len(self._folded[place]) >= 2 * _TEASER and not self._target(place)

    def _target(self, place: int) -> str:
        """Return the link of a paragraph, or of the line above it or above its date."""
        own, *above = (self.lines[one] for one in range(place, max(-1, place - 3), -1))
        if above and not _is_dated(above[0][0]):
            above = above[:1]
        return next(filter(None, (_target(*line) for line in (own, *above))), "")

    def _target_below(self, place: int) -> str:
        """Return the link below a paragraph, if its words are repeated often (`read more`)."""
        below = self.lines[place + 1 : place + 2]
        target = _target(*below[0]) if below and not _is_heading(below[0][1]) else ""
        often = target and self._folded.count(self._folded[place + 1]) >= _LEAST_TEASERS
        return target if often else ""

    def around(self) -> Iterator[int]:
        """Yield the lines that may be about the story, those below its headline first."""
        top = self.start if self.headline is None else self.headline
        first = max(0, top - _ABOVE)
        yield from range(top, self._head_end)
        yield from range(top - 1, first - 1, -1)
        for place in range(self.end, min(self.end + _BELOW, len(self.lines))):
            near = self.lines[place : place + 2]
            if _is_heading(self.lines[place][1]) or any(_is_teaser(*one, _CLUE) for one in near):
                return  # other stories begin here
            yield place

    def dates(self, *, day_first: bool | None) -> Iterator[str]:
        """Yield the dates of publication as written, the most credible first."""
        headline = None if self.headline is None else self.lines[self.headline][1].node
        for place in self.around():
            text, line = self.lines[place]
            is_other = _is_teaser(text, line) or self._is_sentence(text)
            if self._is_own(place, headline) and not is_other:
                yield from _dates(text, line, self._label(place), day_first)

    def _is_sentence(self, text: str) -> bool:
        """Return whether a line is a sentence of the text, in which a date may mean anything."""
        is_ended = text.endswith(_SENTENCE_ENDS) and len(text.split()) >= _SHORTEST_SENTENCE
        return is_ended and text in self._body

    def bylines(self, *, day_first: bool | None) -> list[tuple[list[str], list[str]]]:
        """Return the bylines beside the text, the most credible first: their lines and names.

        Bylines close to each other are joined.
        """
        found: list[tuple[list[int], list[str]]] = []
        for place in self._beside():
            names = self._persons(_names(*self.lines[place], day_first)) or self._signed(place)
            if names and found and place - found[-1][0][-1] <= _NEAR:
                found[-1][0].append(place)
                found[-1][1].extend(names)
            elif names:
                found.append(([place], names))
        return [([self.lines[place][0] for place in places], names) for places, names in found]

    def _persons(self, names: Sequence[str]) -> list[str]:
        """Return names without the place behind them, which the text names, too."""
        return [name for name in names if name == names[0] or not self._is_place(name)]

    def _is_place(self, name: str) -> bool:
        place = re.compile(rf"\b(?:in|at|from|near|aus|nach|bei|à|en|em)\s+{re.escape(name)}\b")
        return bool(place.search(self._body))

    def _beside(self) -> Iterator[int]:
        """Yield the lines that may name the authors."""
        top = self.start if self.headline is None else self.headline
        headline = None if self.headline is None else self.lines[self.headline][1].node
        above = range(max(0, top - 2), self._head_end)
        below = range(max(self.start, self.end - 2), min(self.end + 2, len(self.lines)))
        for place in sorted({*above, *below}):
            is_short = len(self.lines[place][0]) <= _LONGEST_LINE and place != self.headline
            if is_short and self._is_own(place, headline):
                yield place

    def _is_own(self, place: int, headline: LexborNode | None) -> bool:
        """Return whether a line may be about the story, and not about a recording in it."""
        text, line = self.lines[place]
        return belongs(line.node, headline) and not _RECORDING.match(text)

    def _signed(self, place: int) -> list[str]:
        """Return the names of a line with nothing else, set off at the start or end of the text."""
        text, line = self.lines[place]
        is_set_off = line.node.tag in _EMPHASIS or _is_right(line.node)
        is_first = is_set_off and place in (self.start - 1, self.start)
        if not is_first and place not in (self.end - 1, self.end):
            return []
        is_signature = is_set_off or _SIGNATURE.search(text) or self._body.endswith(f".\n\n{text}")
        return (read_names(text.strip("()")) if is_signature else []) or read_signature(text)

    def _label(self, place: int) -> str:
        """Return the line above, if it is a label of this one."""
        above = self.lines[place - 1][0] if place else ""
        return above if above.endswith((":", "：")) else ""


def _is_heading(line: Line) -> bool:
    node: LexborNode | None = line.node
    for _ in range(3):
        if node is not None and node.tag in _HEADINGS:
            return True
        node = node.parent if node else None
    return False


def _dates(text: str, line: Line, label: str, day_first: bool | None) -> Iterator[str]:
    """Yield the dates of a line with few other words, except dates of a change."""
    if len(text) > _LONGEST_LINE:
        return
    found = list(find_dates(text, day_first=day_first))
    if len(text) - sum(date.end - date.start for date in found) > _LONGEST_LABEL:
        return
    if line.stamps and not _CHANGED.search(label + text):
        yield from line.stamps
    end = 0
    for date in found:
        if not _CHANGED.search(label + text[end : date.start]):
            yield text[date.start : date.end]
        end, label = date.end, ""


def _names(text: str, line: Line, day_first: bool | None) -> list[str]:
    """Return the names of a line that announces them, has a date, or is marked as a byline."""
    dates = list(find_dates(text, day_first=day_first))
    for date in reversed(dates):
        text = f"{text[: date.start]}|{text[date.end :]}"
    parts = [part for part in _PARTS.split(text) if part]
    announced = (read_announced(part) for part in parts)
    if names := next(filter(None, announced), []):
        return names
    is_byline = (dates and len(parts) > 1) or _is_byline(line.node)
    return [name for part in parts for name in read_names(part)] if is_byline else []


def _is_dated(text: str) -> bool:
    """Return whether a short line has a date."""
    return len(text) <= _LONGEST_LINE and any(find_dates(text, day_first=True))


def _is_teaser(text: str, line: Line, least: int = _SHORTEST_TITLE) -> bool:
    """Return whether a line, without its date, is the title of another story and links to it."""
    dates = sum(date.end - date.start for date in find_dates(text, day_first=True))
    return letters(text) - dates >= least and bool(_target(text, line))


def _target(text: str, line: Line) -> str:
    """Return the link of a line that, without its date, is all link. Empty otherwise."""
    link = _link_around(line.node)
    if link is None and len(text) <= _LONGEST_LINE:  # it may stand behind the date
        links = line.node.css("a[href]")
        link = links[0] if len(links) == 1 else None
    size = len(link.text_lexbor().strip()) if link else 0
    if link is None or size < _WHOLE * (len(text) - _LONGEST_DATE):
        return ""
    dates = sum(date.end - date.start for date in find_dates(text, day_first=True))
    is_whole = size >= _WHOLE * (len(text) - dates)
    return (link.attributes.get("href") or "").partition("#")[0] if is_whole else ""


def _link_around(node: LexborNode) -> LexborNode | None:
    """Return the link that an element is in, or None."""
    parent: LexborNode | None = node
    for _ in range(4):
        if parent is not None and parent.tag == "a":
            return parent
        parent = parent.parent if parent else None
    return None


def _is_right(node: LexborNode) -> bool:
    """Return whether an element is aligned to the right."""
    style = node.attributes.get("style") or ""
    return node.attributes.get("align") == "right" or bool(_RIGHT.search(style))


def _first_link(text: str, line: Line) -> str:
    """Return the address of a link that a line begins with, if it may be a title."""
    link = line.node if line.node.tag == "a" else line.node.css_first("a[href]")
    words = " ".join(link.text_lexbor().split()) if link else ""
    is_title = letters(words) >= _CLUE and text.startswith(words)
    return (link.attributes.get("href") or "").partition("#")[0] if link and is_title else ""


def _last_link(text: str, line: Line) -> tuple[str, str]:
    """Return the words and the address of a link at the end of a line. Empty if there is none."""
    links = line.node.css("a[href]")
    words = " ".join(links[-1].text_lexbor().split()) if links else ""
    is_end = words and text.endswith(words)
    return (words, links[-1].attributes.get("href") or "") if is_end else ("", "")


def _is_byline(node: LexborNode) -> bool:
    """Return whether an element, or one close above it, is named byline or links to an author."""
    parent: LexborNode | None = node
    for _ in range(3):
        if parent is None:
            return False
        attributes = parent.attributes
        values = (attributes.get(name) or "" for name in ("class", "id", "rel", "href", "itemprop"))
        if parent.tag == "address" or any(map(_AUTHOR.search, values)):
            return True
        parent = parent.parent
    return False
