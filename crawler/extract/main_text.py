"""Finds the text of an article on a page without a known layout.

Every piece of text belongs to the block around it. Sentences raise the score of the elements around
them, links and labels lower it. The element with the highest score holds the text, above all if it
has the words of the title. Boilerplate, known by an element's tag, class or id, does not count,
unless it has most of the sentences: then its name means something else. From the holder we remove
boilerplate, boxes of links, repetitions, and everything above the headline, before the first
sentence or after the last.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import pairwise, takewhile
from re import Match

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.blocks import (
    HEADINGS,
    Block,
    find_blocks,
    find_boilerplate,
    name_of,
    sums,
)
from crawler.extract.html import BLOCKS, paragraphs, parse_fragment
from crawler.extract.media import CAPTION, PICTURES
from crawler.text.body import without_second_copy
from crawler.text.boilerplate import without_boilerplate

_NEVER_TEXT = (
    "script, style, template, svg, button, select, textarea, input, label, .twitter-tweet,"
    ".instagram-media, .tiktok-embed, .fb-post"
)
_IN_LINE = ", ".join(f'{tag}[class*="caption" i]' for tag in ("span", "small", "em", "i"))
_TITLES = 'head title, meta[property="og:title"], meta[name="twitter:title"]'
_DESCRIPTIONS = (
    'meta[name="description" i], meta[property="og:description"], meta[name="twitter:description"]'
)
# In JSON, perhaps within a string of JSON: any number of backslashes.
_ESCAPED_PARAGRAPH = re.compile(
    r"(?:\\+u003[cC]|<)p\b(?:(?!\\*u003[cC]p\b|<p\b).){20,3000}?(?:\\+u003[cC]|<)\\*/p(?:\\+u003[eE]|>)"
)
_ESCAPE = re.compile(r"\\+(u[0-9a-fA-F]{4}|.)")
_PARAGRAPHS = frozenset({"p", "li"})
_NO_CAPTIONS = HEADINGS | {"li", "blockquote"}
_LEAD_NAMES = re.compile(
    r"lead|lede|standfirst|intro|summary|sub-?(?:title|head)|dek\b|deck|excerpt|abstract|chapo"
    r"|chapeau|description|ingress|sapo|spot|vorspann|entradilla|bajada|sommario",
    re.IGNORECASE,
)
_STEM = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]{2}|[^\W_]{4,}")
_NO_WORD = re.compile(r"\W+")

_SHORTEST_TITLE = 12
_SHORTEST_LEAD = 60
_LEAD_DISTANCE = 25  # blocks
_KNOWN_LEAD = 40  # letters of a description that the lead must begin with
_LINK_BOX = 0.12  # share of the letters that are links
_SHORTEST_ROW, _MOST_TEASERS = 3, 0.4  # teasers in a row; share of the page's sentences
_LONGEST_TEASER = 300  # letters
_LONGEST_CAPTION, _LONGEST_SENTENCE, _LONGEST_CREDIT = 250, 120, 25  # letters
LEAST_TEXT = 250  # characters; a page with fewer is a list, a video or a notice
_CANDIDATES, _TRIED = 4, 40
_STEM_LENGTH = 6  # letters; what follows is mostly an ending
_LEAST_SAID = 0.4  # share of the words of title and description that it needs
_WITHOUT_STEMS = 0.25  # factor for an element with no word of the title
_SEVERAL = 3  # parts of a text
_BELOW_TITLE = 0.4  # share of the sentences; with less it is not the headline


def _plain(text: str) -> str:
    return _NO_WORD.sub(" ", text).lower().strip()


@dataclass
class MainText:
    """The element that holds a page's text and nothing else, and a lead outside of it."""

    content: LexborNode
    lead: str | None

    @cached_property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the text, which may stand twice in it, for telephones as well."""
        found = filter(None, map(without_boilerplate, paragraphs(self.content)))
        return without_second_copy(list(found))


def find_main_text(tree: LexborHTMLParser) -> MainText | None:
    """Find the text of a page. Changes its tree. None if there is no text."""
    body = tree.body
    if body is None:
        return None
    for node in body.css(_NEVER_TEXT):
        if node.parent is not None:
            node.decompose()
    _move_captions(body)
    page = _Page(find_blocks(body), _own(tree, _TITLES), _own(tree, _DESCRIPTIONS))
    holder = page.holder()
    if holder is None:
        return None
    boxes, rest = page.boxes(holder.mem_id)
    lead = page.lead(rest)
    page.drop([*boxes, *page.dropped(rest)])
    _show(holder)
    return MainText(holder, lead)


def _move_captions(body: LexborNode) -> None:
    """Move captions in the line of a picture to the picture."""
    for node in body.css(_IN_LINE):
        picture = node.parent.css_first(PICTURES) if node.parent else None
        if picture:
            picture.attrs[CAPTION] = node.text()
            node.decompose()


def find_in_scripts(tree: LexborHTMLParser) -> MainText | None:
    """Find a text that a page has only in the data of its scripts, as escaped HTML.

    None if it does not have the words of the title, because it may be anything.
    """
    found = [_ESCAPED_PARAGRAPH.findall(node.text()) for node in tree.css("script")]
    pieces = max(found, key=lambda pieces: sum(map(len, pieces)), default=[])
    content = parse_fragment("".join(_ESCAPE.sub(_unescaped, piece) for piece in pieces))
    own = [*_own(tree, _TITLES), *_own(tree, _DESCRIPTIONS)]
    return MainText(content, None) if _said(content, _stems(own)) >= _LEAST_SAID else None


def _stems(texts: Iterable[str]) -> set[str]:
    return {stem[:_STEM_LENGTH] for text in texts for stem in _STEM.findall(text)}


def _said(node: LexborNode, stems: Collection[str]) -> float:
    """Return the share of words, given by their beginnings, that an element has."""
    text = node.text(deep=True, separator=" ").lower()
    return sum(stem in text for stem in stems) / max(1, len(stems))


def _unescaped(escape: Match[str]) -> str:
    code = escape[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else " " if code in "nrt" else code


def _own(tree: LexborHTMLParser, selector: str) -> list[str]:
    """Return the titles or descriptions in a page's head, by selector."""
    nodes = tree.css(selector)
    texts = (node.attributes.get("content") or node.text() for node in nodes)
    return [plain for text in texts if (plain := _plain(text))]


def _show(holder: LexborNode) -> None:
    """Unhide the text, which a script or a payment would show. Hidden words within it stay so."""
    hidden = (node for node in holder.css("[hidden], [style]") if node.tag in BLOCKS)
    full = (node for node in hidden if node.text_lexbor().strip())
    for node in (holder, *full):
        for name in ("hidden", "style"):
            if name in node.attributes:
                del node.attrs[name]


class _Page:
    """A page as blocks, with sums for each element."""

    def __init__(
        self, blocks: list[Block], titles: Sequence[str], descriptions: Sequence[str]
    ) -> None:
        self.blocks = blocks
        self.nodes: dict[int, LexborNode] = {}
        self.above: dict[int, list[int]] = {}  # the ids from an element up to the body
        for block in blocks:
            for depth, key in enumerate(block.ids):
                if key in self.nodes:
                    break
                self.nodes[key], self.above[key] = block.path[depth], block.ids[depth:]
        self.titles, self.descriptions = titles, descriptions
        self.sentences = sums(blocks, [block.sentences for block in blocks])
        self.letters = sums(blocks, [block.letters for block in blocks])
        self.linked = sums(blocks, [block.letters * block.is_link for block in blocks])
        self.longest = self._longest()
        self.boilerplate = find_boilerplate(blocks, self.sentences)
        self.teasers = self._teasers()

    def holder(self) -> LexborNode | None:
        """Return the element that holds the text."""
        worth = sums(self.blocks, [self._worth(block) for block in self.blocks])
        stems = _stems((*self.titles, *self.descriptions))

        def rank(node: LexborNode) -> float:
            return worth[node.mem_id] * (_WITHOUT_STEMS + _said(node, stems))

        best = max(self._candidates(worth), key=rank, default=None)
        while best is not None and best.tag in _PARAGRAPHS:
            best = best.parent
        return best and self._whole(best)

    def _whole(self, part: LexborNode) -> LexborNode:
        """Return an element around a part of the text that holds several times as much text.

        Without this, long lists of links between the parts lower the score of their common element.
        """
        apart = self.boilerplate | self.teasers
        least = _SEVERAL * self.sentences[part.mem_id]
        for key in self.above[part.mem_id][1:-1]:
            text = (block for block in self.blocks if key in block.ids)
            own = (block.sentences for block in text if apart.isdisjoint(block.ids))
            if self.sentences[key] > least and sum(own) > least:
                return self.nodes[key]
        return part

    def _candidates(self, worth: Mapping[int, float]) -> list[LexborNode]:
        """Return the elements with the highest scores, none within another."""
        found = list[int]()
        for key in nlargest(_TRIED, worth, key=worth.__getitem__):
            within = {above for other in found for above in self.above[other]}
            is_apart = key not in within and not set(found) & set(self.above[key])
            if worth[key] > 0 and is_apart and len(found) < _CANDIDATES:
                found.append(key)
        return [self.nodes[key] for key in found]

    def drop(self, keys: Iterable[int]) -> None:
        """Remove elements from the page, with everything in them."""
        dropped = set(keys)
        for key in [key for key in dropped if dropped.isdisjoint(self.above[key][1:])]:
            self.nodes[key].decompose()

    def _longest(self) -> Mapping[int, float]:
        """Return the number of letters in the longest paragraph of each element."""
        found = defaultdict[int, float](float)
        for block in self.blocks:
            for key in block.ids if block.sentences else ():
                found[key] = max(found[key], block.sentences)
        return found

    def _teasers(self) -> frozenset[int]:
        """Return the elements with one paragraph and a linked title, if there are several in a row.

        A row with most of the page's sentences is the text: a list of recommendations.
        """
        count = sums(self.blocks, [block.sentences > 0 for block in self.blocks])
        rows = defaultdict[tuple[int, str | None], set[int]](set)
        for block in self.blocks:
            for key, above in pairwise(block.ids if block.sentences else ()):
                if count[key] == 1 and self.linked[key] >= _SHORTEST_TITLE:
                    rows[above, self.nodes[key].tag].add(key)
        most = _MOST_TEASERS * sum(block.sentences for block in self.blocks)
        long = [row for row in rows.values() if len(row) >= _SHORTEST_ROW]
        return frozenset().union(
            *(row for row in long if self._said_in(row) < most or self._is_nested(row))
        )

    def _is_nested(self, row: Collection[int]) -> bool:
        """Return whether elements are articles within an article, and not posts of its own."""
        key = next(iter(row))
        around = (self.nodes[above].tag for above in self.above[key][1:])
        to_post = self.nodes[key].css_first('a[href*="#"]')
        return self.nodes[key].tag == "article" and "article" in around and to_post is None

    def _said_in(self, keys: Iterable[int]) -> float:
        return sum(self.sentences[key] for key in keys)

    def _worth(self, block: Block) -> float:
        is_text = self.boilerplate.isdisjoint(block.ids)
        return block.worth if is_text else -block.letters / 5

    def lead(self, text: Sequence[Block]) -> str | None:
        """Return the text above that begins as a description, or is named a lead."""
        first = next((block for block in text if block.sentences), None)
        if first is None:
            return None
        above = self.blocks[: self.blocks.index(first)][::-1]
        openings = [text[:_KNOWN_LEAD] for text in self.descriptions if len(text) > _KNOWN_LEAD]
        for block in above:
            if 2 * block.linked < block.letters and _plain(block.text).startswith(tuple(openings)):
                return block.text
        for block in above[:_LEAD_DISTANCE]:
            if block.node.tag == "h1":
                break
            is_text = block.letters >= _SHORTEST_LEAD and 3 * block.linked < block.letters
            if is_text and any(_LEAD_NAMES.search(name_of(node)) for node in block.path[:2]):
                return block.text
        return None

    def boxes(self, holder: int) -> tuple[list[int], list[Block]]:
        """Return the elements in a holder that are no part of the text, and the other blocks."""
        inside = [block for block in self.blocks if holder in block.ids]
        boxes = [self._box(block.ids[: block.ids.index(holder)]) for block in inside]
        pairs = zip(inside, boxes, strict=True)
        return [box for box in boxes if box], [block for block, box in pairs if box is None]

    def dropped(self, blocks: Sequence[Block]) -> Iterator[int]:
        """Yield the elements that repeat the text, or are outside of it."""
        seen, captions = set[str](), self._captions(blocks)
        for key, picture in captions.items():
            picture.attrs[CAPTION] = self.nodes[key].text()
        start, first, last = self._edges(blocks)
        for number, block in enumerate(blocks):
            is_copy = block.sentences > 0 and block.text in seen
            is_outside = number < start or number > last or (not block.sentences and number < first)
            if not is_outside:
                seen.add(block.text)
            is_alone = self.sentences[block.ids[0]] <= block.sentences
            if is_alone and (is_copy or is_outside or block.ids[0] in captions):
                yield block.ids[0]

    def _captions(self, blocks: Sequence[Block]) -> Mapping[int, LexborNode]:
        """Return captions by id, with their pictures. Empty if they would be most of the text."""
        pairs = [(block, self._picture_of(block)) for block in blocks]
        found = {block.ids[0]: picture for block, picture in pairs if picture}
        total = sum(block.letters for block in blocks)
        is_text = sum(self.letters[key] for key in found) > _MOST_TEASERS * total
        return {} if is_text else found

    def _picture_of(self, block: Block) -> LexborNode | None:
        """Return the picture in a box with only this line, if the line is hardly a sentence."""
        longest = _LONGEST_SENTENCE if block.is_ended else _LONGEST_CAPTION
        if block.letters > longest or block.node.tag in _NO_CAPTIONS:
            return None
        for node, key in zip(block.path[1:], block.ids[1:], strict=True):
            if self.letters[key] > block.letters + _LONGEST_CREDIT:
                return None
            if picture := node.css_first(PICTURES):
                return picture
        return None

    def _edges(self, blocks: Sequence[Block]) -> tuple[int, int, int]:
        """Return the places of headline (or what follows it), first sentence and end.

        A similar heading further down is ignored: a recipe has one of its own.
        """
        outside = takewhile(lambda block: not self._is_title(block), self.blocks)
        above = {block.ids[0] for block in outside}
        start = sum(block.ids[0] in above for block in blocks)
        total = sum(block.sentences for block in blocks)
        if sum(block.sentences for block in blocks[start:]) < _BELOW_TITLE * total:
            start = 0
        places = range(start, len(blocks))
        full = [place for place in places if blocks[place].sentences]
        if not full:
            return start, 0, 0
        own = [place for place in full if not blocks[place].is_about_links] or full
        return start, full[0], _with_short_lines(blocks, own[-1])

    def _is_title(self, block: Block) -> bool:
        text = _plain(block.text) if block.node.tag in HEADINGS else ""
        return len(text) > _SHORTEST_TITLE and any(
            title.startswith(text) or text.startswith(title) for title in self.titles
        )

    def _box(self, around: Sequence[int]) -> int | None:
        """Return the outermost element around a block that is no part of the text."""
        for key in reversed(around):
            if key in self.boilerplate or key in self.teasers:
                return key
            tag = self.nodes[key].tag
            is_text = self.longest[key] > (_LONGEST_TEASER if tag != "p" else 0)
            is_linked = self.linked[key] > _LINK_BOX * self.letters[key]
            if is_linked and not is_text and tag in BLOCKS - HEADINGS:
                return key
        return None


def _with_short_lines(blocks: Sequence[Block], last: int) -> int:
    """Return the place of the last block of the text, with short lines after the last sentence.

    Such lines are in the same kind of element.
    """
    tag, above = blocks[last].node.tag, blocks[last].ids[1:]
    for place in range(last + 1, len(blocks)):
        block = blocks[place]
        is_alike = block.node.tag == tag and block.ids[1:] == above
        is_listed = blocks[last].introduces and block.node.tag == "li" and block.ids[2:] == above
        if block.is_about_links or not (is_alike or is_listed):
            return place - 1
    return len(blocks) - 1
