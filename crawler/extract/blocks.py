"""A page as blocks of text, each an element, and what of it is boilerplate by its name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from selectolax.lexbor import LexborNode

from crawler.extract.html import BLOCKS, UNSEEN_STYLE

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NAMELESS = frozenset({"body", "html", "article", "main"})  # whatever else these are called
_KINDS = frozenset({"header", "nav", "form", "dialog", "menu"})
_ROLES = frozenset({"navigation", "dialog", "complementary", "search", "banner", "contentinfo"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of class names and ids; first those that never name the text.
_NEVER = _words(
    """
    aside comment comments commentlist disqus consent onetrust cookie cookies gdpr related relateds
    recommend recommended recommendation recommendations footer social share sharing sharebar
    addthis sharethis teaser teasers popular trending recirc outbrain taboola
    """
)
_RARELY = _words(
    """
    nav navigation navbar menu sidebar breadcrumb breadcrumbs crumbs newsletter subscribe
    subscription signup paywall promo promotion promoted advert advertisement advertising ad ads
    adslot banner sponsor sponsored tag tags taglist topics keywords byline meta dateline timestamp
    caption copyright credit credits login popup modal overlay tooltip print toolbar tools
    pagination pager skip hidden invisible widget slider carousel gallery player rating vote poll
    feedback disclaimer toc
    """
)
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।|:;”\"»)]$")
_WIDE = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]")
_SHORTEST_SENTENCE, _SURE_SENTENCE = 40, 200  # letters; the longer needs no full stop
SHORTEST_PARAGRAPH = 120  # letters; what is shorter counts less
_MOST_NEVER, _MOST_RARELY, _MOST_OF_WORD = 0.75, 0.4, 0.5  # shares of the page's sentences


def letters(text: str) -> int:
    """Count characters; one of Chinese, Japanese or Korean says as much as three letters."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


@dataclass
class Block:
    """An element with text of its own; ``path`` leads from it up to the body."""

    path: list[LexborNode]
    pieces: list[str] = field(default_factory=list)
    letters: int = 0
    linked: int = 0

    def add(self, text: str, *, is_linked: bool) -> None:
        """Add a piece of text that stands in the element."""
        self.pieces.append(text)
        size = letters(text.strip())
        self.letters += size
        if is_linked or any(above.tag == "a" for above in self.path[:3]):
            self.linked += size

    @property
    def node(self) -> LexborNode:
        """The element."""
        return self.path[0]

    @property
    def is_link(self) -> bool:
        """Whether the text is but a link."""
        return 10 * self.linked > 7 * self.letters

    @property
    def is_about_links(self) -> bool:
        """Whether so much of the text are links that it may only introduce them."""
        return 10 * self.linked > 3 * self.letters

    def below(self, holder: LexborNode) -> list[LexborNode] | None:
        """Return the elements from the block up to a holder, without it; None if not in it."""
        for depth, node in enumerate(self.path):
            if node.mem_id == holder.mem_id:
                return self.path[:depth]
        return None

    @cached_property
    def text(self) -> str:
        """The text on one line."""
        return " ".join("".join(self.pieces).split())

    @cached_property
    def sentences(self) -> float:
        """The letters of sentences; those of a short paragraph count less."""
        plain = self.letters - self.linked
        if plain < _SHORTEST_SENTENCE or 2 * self.linked > self.letters:
            return 0.0
        if self.node.tag in HEADINGS and plain < SHORTEST_PARAGRAPH:
            return 0.0
        if plain < _SURE_SENTENCE and not _SENTENCE_END.search(self.text):
            return 0.0
        return plain * min(1.0, plain / SHORTEST_PARAGRAPH)

    @property
    def worth(self) -> float:
        """How much the block speaks for the elements around it, or against."""
        if self.sentences:
            return self.sentences - self.linked / 2
        if self.node.tag in HEADINGS:
            return -float(self.linked)
        return -self.linked - (self.letters - self.linked) / 10


def find_blocks(body: LexborNode) -> list[Block]:
    """Gather the page's text by the elements that it stands in, in the order of the page."""
    found: dict[int, Block] = {}
    for node in body.traverse(include_text=True):
        if node.tag != "-text" or (text := node.text_lexbor()).isspace():
            continue
        holder, is_linked = _holder(node)
        if holder.mem_id not in found:
            found[holder.mem_id] = Block(path_of(holder))
        found[holder.mem_id].add(text, is_linked=is_linked)
    return list(found.values())


def _holder(text: LexborNode) -> tuple[LexborNode, bool]:
    """Return the element that a text stands in as a line, and whether it is a link there."""
    holder, is_linked = text.parent, False
    while holder is not None and holder.tag not in BLOCKS:
        is_linked = is_linked or holder.tag == "a"
        holder = holder.parent
    assert holder is not None, "the body is a block"
    return holder, is_linked


def path_of(node: LexborNode) -> list[LexborNode]:
    """Return an element and those that it stands in, up to the body."""
    path = []
    above: LexborNode | None = node
    while above is not None and above.tag != "html":
        path.append(above)
        above = above.parent
    return path


def sums(blocks: Iterable[Block], values: Iterable[float]) -> Mapping[int, float]:
    """Add up values of blocks for each element around them, by its id."""
    found = defaultdict[int, float](float)
    for block, value in zip(blocks, values, strict=True):
        for node in block.path:
            found[node.mem_id] += value
    return found


class Boilerplate:
    """Which elements of a page are boilerplate by what they are and are called."""

    def __init__(self, blocks: Sequence[Block], sentences: Mapping[int, float]) -> None:
        self._sentences = sentences
        self._words: dict[int, str | None] = {}
        full = [block for block in blocks if block.sentences]
        self._all = sum(block.sentences for block in full)
        self._left = sum(block.sentences for block in full if not self._is_never(block))
        self._meaningless = self._too_frequent(full)

    def covers(self, block: Block) -> bool:
        """Tell whether a block stands in boilerplate."""
        return any(map(self.__contains__, block.path))

    def __contains__(self, node: LexborNode) -> bool:
        word = self._word(node)
        if word is None:
            return False
        part = self._sentences[node.mem_id]
        if word in _NEVER:
            return part <= _MOST_NEVER * self._all
        return part <= _MOST_RARELY * self._left and word not in self._meaningless

    def _is_never(self, block: Block) -> bool:
        return any(
            self._word(node) in _NEVER and self._sentences[node.mem_id] <= _MOST_NEVER * self._all
            for node in block.path
        )

    def _too_frequent(self, blocks: Sequence[Block]) -> frozenset[str]:
        """Return the words by which most of the sentences would be boilerplate."""
        self._meaningless = frozenset[str]()
        found = defaultdict[str, float](float)
        for block in blocks:
            for word in {self._word(node) or "" for node in block.path if node in self}:
                found[word] += block.sentences
        most = _MOST_OF_WORD * self._left
        return frozenset(word for word, part in found.items() if part > most)

    def _word(self, node: LexborNode) -> str | None:
        """Return the word that calls an element boilerplate."""
        if node.mem_id not in self._words:
            self._words[node.mem_id] = _boilerplate_word(node)
        return self._words[node.mem_id]


def _boilerplate_word(node: LexborNode) -> str | None:
    tag = node.tag or ""
    if tag in _NAMELESS:
        return None
    if tag in _KINDS or tag in _NEVER:
        return tag
    attributes = node.attributes
    if not attributes:
        return None
    name = attributes.get("id") or ""
    # What React streams stands hidden, with such ids, until a script shows it.
    if "hidden" in attributes and not name.startswith("S:"):
        return "hidden"
    if attributes.get("aria-hidden") == "true" or UNSEEN_STYLE.search(
        attributes.get("style") or ""
    ):
        return "hidden"
    if attributes.get("role") in _ROLES:
        return "aside"
    words = {word.lower() for word in _NAME_WORD.findall(name_of(node))}
    return min(words & _NEVER or words & _RARELY, default=None)


def name_of(node: LexborNode) -> str:
    """Return an element's class and id."""
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
