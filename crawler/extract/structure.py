"""The structure of a text, which ``body`` lacks: headings, lists, quotations and links.

Each is a place in ``body``. Elements of the page are compared with the lines of ``body`` by their
letters and digits alone, because reading a page cleans white space and punctuation, and removes
bylines. A line that no element equals is a paragraph.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal

from msgspec import Struct
from selectolax.lexbor import LexborNode

from crawler.extract.document import Document
from crawler.extract.html import BLOCKS, parse_fragment
from crawler.extract.media import absolute
from crawler.text.folding import APOSTROPHES

Kind = Literal["heading", "paragraph", "list_item", "quote"]
Place = tuple[int, int]  # begin and end, in characters of a body, or of letters

_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list_item"),
    "blockquote": "quote",
}
_UNSEEN = frozenset({"script", "style", "noscript", "template", "iframe", "figcaption"})
_MOST = 0.6  # share of the text's letters that its element has at least
_LONG = 20  # letters of a text that is recognised inside another one


class TextBlock(Struct, frozen=True):
    """A part of ``body``: its kind, its place, and the level of a heading, 1 to 6."""

    kind: Kind
    start: int
    end: int
    level: int | None = None


class TextLink(Struct, frozen=True):
    """A link in ``body``: the place of its text, and where it leads."""

    start: int
    end: int
    url: str


class Structure(Struct, frozen=True):
    """The blocks, which together are the whole ``body``, and the links in it, both in order."""

    blocks: list[TextBlock]
    links: list[TextLink]


@dataclass
class _Part:
    """The text that a block element itself has. ``path``: the element and its ancestors."""

    path: list[LexborNode]
    letters: str = ""
    links: list[tuple[int, int, int, str]] = field(default_factory=list)  # id, begin, end, href

    def add(self, text: str, link: LexborNode | None) -> None:
        begin = len(self.letters)
        self.letters += _letters(text)
        if link is None or not (href := link.attributes.get("href")):
            return
        if self.links and self.links[-1][0] == link.mem_id:
            begin = self.links.pop()[1]
        if begin < len(self.letters):
            self.links.append((link.mem_id, begin, len(self.letters), href))


def read_structure(body: str, summary: str | None, document: Document) -> Structure:
    """Return the structure of a text that was read from a page, or from an API's answer.

    A lead, which many sites show as a heading, is a paragraph. Raises BadBody.
    """
    root = parse_fragment(_html_in(document.json)) if document.is_json else document.root
    text = _Text(body)
    parts = text.within_its_element(_parts(root))
    kinds: dict[Place, tuple[Kind, int | None]] = {}
    links: dict[Place, str] = {}
    base = document.base_of(document.url)
    for part in parts:
        place = text.take(part.letters)
        if place and (kind := _kind(part.path)) and body[slice(*place)] != summary:
            kinds[place] = kind
        for begin, end, href in text.links_of(part, place):
            url = None if href.startswith("#") else absolute(href, base)
            if url and url.startswith(("http://", "https://")):
                links[begin, end] = url
    return Structure(
        list(text.blocks(kinds)), [TextLink(*place, url) for place, url in sorted(links.items())]
    )


def _html_in(value: Any) -> str:
    """Return the pieces of HTML in an API's answer, one after the other."""
    if isinstance(value, str):
        return f"<div>{value}</div>" if "<" in value else ""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return "".join(map(_html_in, inner))


def _parts(root: LexborNode) -> list[_Part]:
    """Return the parts of a page that have text, in its order."""
    found: dict[int, _Part] = {}
    for node in root.traverse(include_text=True):
        if node.tag != "-text":
            continue
        above = list(_ancestors(node))
        if any(each.tag in _UNSEEN for each in above):
            continue
        depth = next((i for i, each in enumerate(above) if each.tag in BLOCKS), len(above) - 1)
        part = found.setdefault(above[depth].mem_id, _Part(above[depth:]))
        part.add(node.text_lexbor(), next((each for each in above if each.tag == "a"), None))
    return [part for part in found.values() if part.letters]


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None and above.tag not in ("html", "-document"):
        yield above
        above = above.parent


def _kind(path: Sequence[LexborNode]) -> tuple[Kind, int | None] | None:
    """Return the kind of a part by its innermost element that tells one. None for a paragraph."""
    for node in path:
        if kind := _KINDS.get(node.tag or ""):
            return kind, int(str(node.tag)[1]) if kind == "heading" else None
    return None


def _letters(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum() and sign not in APOSTROPHES)


class _Text:
    """A body, with the places of its paragraphs and lines by their letters."""

    def __init__(self, body: str) -> None:
        self.paragraphs = list(_places(body, "\n\n", 0))
        self.lines = {
            (begin, end): list(_places(body[begin:end], "\n", begin))
            for begin, end in self.paragraphs
        }
        self._letters, self._at = "", list[int]()  # all letters, and where each is in the body
        for number, sign in enumerate(body):
            letters = _letters(sign)
            self._letters += letters
            self._at += [number] * len(letters)
        self._known: dict[str, list[Place]] = {}  # places of equal letters, in order
        for place in sorted({*self.paragraphs, *chain.from_iterable(self.lines.values())}):
            if letters := self._letters_at(place):
                self._known.setdefault(letters, []).append(place)

    def _letters_at(self, place: Place) -> str:
        begin, end = (bisect_left(self._at, each) for each in place)
        return self._letters[begin:end]

    def within_its_element(self, parts: Sequence[_Part]) -> list[_Part]:
        """Return the parts in the innermost element with most of the text; paths end below it.

        One paragraph may be most of the text, so this element is never a part's own.
        """
        weights, depths = Counter[int](), dict[int, int]()
        own = [part for part in parts if part.letters in self._known]
        for part in own:
            for depth, node in enumerate(reversed(part.path[1:])):
                weights[node.mem_id] += len(part.letters)
                depths[node.mem_id] = depth
        least = _MOST * sum(len(part.letters) for part in own)
        holders = [key for key, weight in weights.items() if weight >= least]
        if not holders:
            return []
        holder = max(holders, key=depths.__getitem__)
        found = []
        for part in parts:
            ids = [node.mem_id for node in part.path]
            if holder in ids:
                found.append(_Part(part.path[: ids.index(holder)], part.letters, part.links))
        return found

    def take(self, letters: str) -> Place | None:
        """Return the place of a paragraph or line; if it is there twice, each once, in order."""
        places = self._known.get(letters, [])
        return places.pop(0) if len(places) > 1 else places[0] if places else None

    def links_of(self, part: _Part, place: Place | None) -> Iterator[tuple[int, int, str]]:
        """Yield begin, end and address of the links in a part, which may differ at its ends."""
        if not part.links:
            return
        place = place or self._similar(part.letters)
        if place is None:
            return
        first, last = (bisect_left(self._at, each) for each in place)
        own = self._letters[first:last]
        shift = -part.letters.find(own) if own in part.letters else own.find(part.letters)
        for _, begin, end, href in part.links:
            if begin + shift >= 0 and end + shift <= len(own):
                begin, end = first + begin + shift, first + end + shift
                yield self._at[begin], self._at[end - 1] + 1, href

    def _similar(self, letters: str) -> Place | None:
        """Return the paragraph that holds the letters, or is held by them."""
        for place in self.paragraphs:
            own = self._letters_at(place)
            if min(len(own), len(letters)) >= _LONG and (own in letters or letters in own):
                return place
        return None

    def blocks(self, kinds: Mapping[Place, tuple[Kind, int | None]]) -> Iterator[TextBlock]:
        """Yield the blocks: paragraphs, or their lines if one of these has a kind of its own."""
        for paragraph in self.paragraphs:
            lines = self.lines[paragraph]
            is_whole = paragraph in kinds or kinds.keys().isdisjoint(lines)
            for place in [paragraph] if is_whole else lines:
                kind, level = kinds.get(place, ("paragraph", None))
                yield TextBlock(kind, *place, level)


def _places(text: str, separator: str, begin: int) -> Iterator[Place]:
    for piece in text.split(separator) if text else ():
        yield begin, begin + len(piece)
        begin += len(piece) + len(separator)
