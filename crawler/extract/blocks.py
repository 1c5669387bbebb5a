"""Divides a page into blocks of text, and finds boilerplate by the names of elements."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from selectolax.lexbor import LexborNode

from crawler.extract.html import BLOCKS, UNSEEN_STYLE

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_OF_PICTURES = "figcaption, noscript, iframe"  # their text is about a picture or a video
_NAMELESS = frozenset({"body", "html", "article", "main"})  # whatever their class or id
_KINDS = frozenset({"header", "nav", "form", "dialog", "menu"})
_ROLES = frozenset({"navigation", "dialog", "complementary", "search", "banner", "contentinfo"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of class names and ids: first those that the text never has, then those it rarely has.
_NEVER = _words(
    """
    aside comment comments commentlist responses replies disqus consent onetrust cookie
    cookies gdpr related relateds
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
    feedback disclaimer toc author authors bio cta pullquote
    """
)
_PICTURES = frozenset({"carousel", "gallery", "slider"})  # of the story, unless they link
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PULL_QUOTE = re.compile(r"pull[-_]?quote", re.IGNORECASE)
# Also in Burmese, Khmer, Amharic and Armenian; Thai and Lao have no full stop.
_SENTENCE_END = re.compile(r"[.!?…。！？؟।|:;”\"»)။។።։\u0e00-\u0eff]$")
_WIDE = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]")
_SHORTEST_SENTENCE, _SURE_SENTENCE = 40, 200  # letters; the longer one needs no full stop
SHORTEST_PARAGRAPH = 120  # letters; shorter ones count less
_MOST, _NEARLY_ALL = 0.5, 0.75  # shares of the page's sentences


def letters(text: str) -> int:
    """Count characters; one of Chinese, Japanese or Korean counts as three letters."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


Path = tuple[list[LexborNode], list[int]]  # an element and its ancestors, and their ids


@dataclass
class Block:
    """An element with text of its own.

    ``path``: the element and its ancestors, up to the body; ``ids``: their ids.
    """

    path: list[LexborNode]
    ids: list[int]
    pieces: list[str] = field(default_factory=list)
    letters: int = 0
    linked: int = 0

    def add(self, text: str, *, is_linked: bool) -> None:
        """Add a piece of text inside the element."""
        self.pieces.append(text)
        size = letters(text.strip())
        self.letters += size
        if is_linked or self._is_in_link:
            self.linked += size

    @cached_property
    def _is_in_link(self) -> bool:
        return any(above.tag == "a" for above in self.path[:3])

    @property
    def node(self) -> LexborNode:
        """The element."""
        return self.path[0]

    @property
    def is_link(self) -> bool:
        """Whether the text is mostly a link, and does not introduce what follows."""
        return 10 * self.linked > 7 * self.letters and not self.introduces

    @property
    def is_ended(self) -> bool:
        """Whether the text ends as a sentence does."""
        return bool(_SENTENCE_END.search(self.text))

    @property
    def introduces(self) -> bool:
        """Whether the text ends with a colon, as before a list or a quotation."""
        return self.text.endswith((":", "："))

    @property
    def is_about_links(self) -> bool:
        """Whether so much of the text is links that it may only introduce them."""
        return 10 * self.linked > 3 * self.letters

    @cached_property
    def text(self) -> str:
        """The text on one line."""
        return " ".join("".join(self.pieces).split())

    @cached_property
    def sentences(self) -> float:
        """The number of letters in sentences; those of a short paragraph count less."""
        plain = self.letters - self.linked
        if plain < _SHORTEST_SENTENCE or 2 * self.linked > self.letters:
            return 0.0
        if self.node.tag in HEADINGS and plain < SHORTEST_PARAGRAPH:
            return 0.0
        if plain < _SURE_SENTENCE and not self.is_ended:
            return 0.0
        return plain * min(1.0, plain / SHORTEST_PARAGRAPH)

    @property
    def worth(self) -> float:
        """How strongly the block suggests that the elements around it hold the text.

        Negative if it suggests that they do not.
        """
        if self.sentences:
            return self.sentences - self.linked / 2
        if self.node.tag in HEADINGS:
            return -float(self.linked)
        return -self.linked - (self.letters - self.linked) / 10


def find_blocks(body: LexborNode) -> list[Block]:
    """Return the blocks of a page, in its order."""
    found: dict[int, Block] = {}
    above: dict[int, Path] = {body.mem_id: ([body], [body.mem_id])}
    beside = {
        node.mem_id for part in body.css(_OF_PICTURES) for node in part.traverse(include_text=True)
    }
    for node in body.traverse(include_text=True):
        if node.tag != "-text" or (text := node.text_lexbor()).isspace():
            continue
        if node.mem_id in beside:
            continue
        holder, is_linked = _holder(node)
        key = holder.mem_id
        if key not in found:
            found[key] = Block(*_path(holder, above))
        found[key].add(text, is_linked=is_linked)
    return list(found.values())


def _path(node: LexborNode, known: dict[int, Path]) -> Path:
    """Return an element and its ancestors up to the body, with their ids."""
    new = [node]
    while (key := new[-1].mem_id) not in known:
        assert new[-1].parent is not None, "the body is known"
        new.append(new[-1].parent)
    path, ids = known[key]
    for below in reversed(new[:-1]):
        path, ids = [below, *path], [below.mem_id, *ids]
        known[ids[0]] = path, ids
    return path, ids


def _holder(text: LexborNode) -> tuple[LexborNode, bool]:
    """Return the block element of a text, and whether the text is a link in it."""
    holder, is_linked = text.parent, False
    while holder is not None and holder.tag not in BLOCKS:
        is_linked = is_linked or holder.tag == "a"
        holder = holder.parent
    assert holder is not None, "the body is a block"
    return holder, is_linked


def sums(blocks: Iterable[Block], values: Iterable[float]) -> Mapping[int, float]:
    """Sum values of blocks for each element around them, by its id."""
    found = defaultdict[int, float](float)
    for block, value in zip(blocks, values, strict=True):
        if value:
            for key in block.ids:
                found[key] += value
    return found


def find_boilerplate(blocks: Sequence[Block], sentences: Mapping[int, float]) -> frozenset[int]:
    """Return the ids of elements that are boilerplate by tag, role, class or id.

    ``sentences``: the letters of sentences in each element. An element with most of them is not
    boilerplate, unless it is a footer: small print may be longer than the text.
    """
    nodes = {key: node for block in blocks for key, node in zip(block.ids, block.path, strict=True)}
    found = ((key, _boilerplate_word(node)) for key, node in nodes.items())
    words = {
        key: word
        for key, word in found
        if word and not (word in _PICTURES and _is_of_story(nodes[key], key, blocks))
    }
    most = _NEARLY_ALL * _said(blocks, frozenset())
    surely = {key for key in words if nodes[key].tag == "footer" or sentences[key] <= most}
    never = frozenset(key for key in surely if words[key] in _NEVER)
    left = _said(blocks, never)
    rarely = {
        key: word
        for key, word in words.items()
        if word not in _NEVER and sentences[key] <= _MOST * left
    }
    by_word = defaultdict[str, float](float)
    for block in blocks:
        for word in {rarely[key] for key in rarely.keys() & set(block.ids)}:
            by_word[word] += block.sentences
    return never | {key for key, word in rarely.items() if by_word[word] <= _MOST * left}


def _is_of_story(gallery: LexborNode, key: int, blocks: Iterable[Block]) -> bool:
    """Return whether an element has pictures and no words that are links."""
    has_pictures = gallery.css_first("img, amp-img") is not None
    return has_pictures and not any(block.linked for block in blocks if key in block.ids)


def _said(blocks: Iterable[Block], without: frozenset[int]) -> float:
    """Return the letters of all sentences outside certain elements."""
    return sum(block.sentences for block in blocks if without.isdisjoint(block.ids))


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
    # React streams content in hidden elements with such ids, until a script shows it.
    if "hidden" in attributes and not name.startswith("S:"):
        return "hidden"
    if attributes.get("aria-hidden") == "true" or UNSEEN_STYLE.search(
        attributes.get("style") or ""
    ):
        return "hidden"
    if attributes.get("role") in _ROLES:
        return "aside"
    return _word_of(f"{attributes.get('class') or ''} {name}")


@lru_cache(maxsize=4096)
def _word_of(name: str) -> str | None:
    """Return the word in a name that marks boilerplate. Cached, because a site has few names."""
    words = {word.lower() for word in _NAME_WORD.findall(_PULL_QUOTE.sub("pullquote", name))}
    return min(words & _NEVER or words & _RARELY, default=None)


def name_of(node: LexborNode) -> str:
    """Return an element's class and id."""
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
