"""Finds on a page the content whose selector no longer works."""

from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

from crawler.extract.html import one_line

_BOILERPLATE = (
    "header, header *, footer, footer *, nav, nav *"  # menus contain sections and titles, too
)
_LONGEST_LINE = 200  # characters; longer lines are no date, and slow to compare


def place_of(root: LexborNode, text: str) -> LexborNode | None:
    """Return the element that has exactly this text."""
    return place_where(root, lambda line: line == text)


def place_where(root: LexborNode, fits: Callable[[str], bool]) -> LexborNode | None:
    """Return the first element whose one line of text fits: the innermost with a class."""
    node = next(_fitting(root, fits), None)
    while node is not None:
        inner = next(_fitting(node, fits), None)
        if inner is None or not inner.attributes.get("class"):
            return node
        node = inner
    return None


def first_picture(root: LexborNode) -> LexborNode | None:
    """Return the first picture outside of menus."""
    passed_over = {node.mem_id for node in root.css(_BOILERPLATE)}
    pictures = (node for node in root.css("img[src]") if node.mem_id not in passed_over)
    return next(pictures, None)


def _fitting(root: LexborNode, fits: Callable[[str], bool]) -> Iterator[LexborNode]:
    """Yield the elements below a node whose text fits, in the order of the page."""
    passed_over = {root.mem_id} | {node.mem_id for node in root.css(_BOILERPLATE)}
    for node in root.css("*"):
        is_short = node.mem_id not in passed_over and len(node.text_lexbor()) <= 2 * _LONGEST_LINE
        line = one_line(node) if is_short else ""
        if line and len(line) <= _LONGEST_LINE and fits(line):
            yield node
