"""A guard for the HTML parser, whose time grows with the square of the nesting.

Measured: 10,000 nested ``div`` take lexbor 0.15 s, 100,000 more than 15 s.
"""

import re

from crawler.unreadable import BadBody

DEEPEST = 2_000  # elements in each other; a real page has fewer than 50
MOST_TAGS = 200_000  # a real page has fewer than 5,000
MOST_COPIES = 5_000_000  # formatting left open is repeated in every block: depth times tags

# Elements that hold nothing, or that a following one of their kind closes.
_FLAT = (
    rb"(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|param"
    rb"|p|li|dt|dd|tr|td|th|thead|tbody|tfoot|option|optgroup|html|head|body)[\s/>]"
    rb"|(?:path|circle|rect|use|line|polyline|polygon|ellipse|stop|image)\b[^<>]*/>"
)
_NESTING = re.compile(rb"<(?:(/)|(?=[a-z]))(?!%s)[a-z]" % _FLAT, re.IGNORECASE)


def check_depth(source: bytes) -> bytes:
    """Return HTML that is safe to parse.

    Raises BadBody: ``too deep``, or ``too large`` for too many tags.
    """
    tags = source.count(b"<")
    if tags <= DEEPEST:  # nearly always; to count which of them close is another long search
        return source
    opened = tags - source.count(b"</")
    if opened > MOST_TAGS:
        raise BadBody("too large", f"{opened} tags")
    if opened > DEEPEST:
        depth = _depth(source)
        if depth > DEEPEST or depth * opened > MOST_COPIES:
            raise BadBody("too deep", f"{depth} elements in each other, {opened} tags")
    return source


def _depth(source: bytes) -> int:
    """Count how deep elements stand in each other, or more if tags are left open."""
    depth = deepest = 0
    for match in _NESTING.finditer(source):
        depth = max(depth - 1, 0) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest
