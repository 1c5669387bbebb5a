"""A page as lines of text, in order, each with its element."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from crawler.extract.html import BLOCKS, UNSEEN_STYLE

_BREAKS = BLOCKS | {"br", "option"}
_PARTS = frozenset({"a", "span", "time"})  # side by side, they are labels of their own
_HIDDEN = frozenset(
    {"script", "style", "noscript", "iframe", "template", "svg", "select", "textarea", "button"}
    | {"object", "head", "title", "-comment"}
)


@dataclass(slots=True)
class Line:
    """The text between two line breaks. ``stamps``: the machine-readable times in it."""

    node: LexborNode
    pieces: list[str] = field(default_factory=list)
    stamps: list[str] = field(default_factory=list)
    _last: LexborNode | None = field(default=None, init=False)

    @property
    def text(self) -> str:
        """The words of the line."""
        return " ".join("".join(self.pieces).split())

    def add(self, node: LexborNode) -> None:
        """Add a piece of text. The line's element is that of its first piece."""
        text = node.text_lexbor()
        if not self.pieces and node.parent:
            if text.isspace():
                return
            self.node = node.parent
        if self.pieces and self._is_beside(node):
            self.pieces.append(" ")
        self.pieces.append(text)
        self._last = node.parent

    def _is_beside(self, node: LexborNode) -> bool:
        """Return whether a piece and the last one are in two elements side by side."""
        last, own = self._last, node.parent
        if last is None or own is None or last.tag not in _PARTS or own.tag not in _PARTS:
            return False
        return last.mem_id != own.mem_id and last.parent == own.parent


def page_lines(root: LexborNode) -> Sequence[tuple[str, Line]]:
    """Return the lines below an element that are not empty, with their text."""
    return [(line.text, line) for line in _lines(root)]


def _lines(root: LexborNode) -> Iterator[Line]:
    """Walk the tree without recursion. None marks the end of a block."""
    line, unseen = Line(root), _unseen(root)
    todo: list[LexborNode | None] = [root]
    while todo:
        node = todo.pop()
        tag = node.tag if node else None
        if node and tag == "-text":
            line.add(node)
            continue
        is_break = tag is None or tag in _BREAKS
        if is_break and line.pieces:
            yield line
        if is_break and (line.pieces or line.stamps):
            line = Line(node or line.node)
        if node and tag not in _HIDDEN and node.mem_id not in unseen:
            if tag == "time" and (stamp := node.attributes.get("datetime")):
                line.stamps.append(stamp)
            if tag in _BREAKS:
                todo.append(None)
            todo += reversed([*node.iter(include_text=True)])
    if line.pieces:
        yield line


def _unseen(root: LexborNode) -> set[int]:
    """Return the ``mem_id`` of each element that is hidden from readers."""
    found = root.css("[hidden], [style]")
    return {node.mem_id for node in found if _is_unseen(node.attributes)}


def _is_unseen(attributes: Mapping[str, str | None]) -> bool:
    return "hidden" in attributes or bool(UNSEEN_STYLE.search(attributes.get("style") or ""))
