"""Decides whether an element belongs to its headline or not: a menu, another story."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawler.extract.blocks import name_of

_ELSEWHERE = frozenset({"nav", "form", "select"})
_MARGINS = frozenset({"aside", "footer"})  # the site's, unless they are within the article
_LEAST_PARAGRAPHS = 2
_LINKED = frozenset({"a", "li"})
# Beginnings of class names and ids for other stories, comments, or today's date and weather.
_NAMED_ELSEWHERE = re.compile(
    r"(?<![\w-])(?:comment|disqus|related|recommend|popular|trending|teaser|ticker|marquee|sidebar"
    r"|promo|most|clock|weather|today|current-?(?:date|time))",
    re.IGNORECASE,
)
_LONGEST_LABEL = 60  # characters; a longer link or list item is a teaser


def belongs(node: LexborNode, headline: LexborNode | None) -> bool:
    """Return whether an element may be about the story under a headline."""
    above = list(ancestors(headline))
    around = {one.mem_id for one in above}
    has_article = any(one.tag == "article" for one in above)
    for parent in (node, *ancestors(node)):
        if parent.mem_id in around:
            return True
        if parent.tag == "article" and (has_article or not _is_long(parent)):
            return False
        if _is_elsewhere(parent):
            return False
    return True


def _is_elsewhere(node: LexborNode) -> bool:
    if node.tag in _MARGINS:
        return not any(one.tag == "article" for one in ancestors(node))
    words = " ".join(node.text_lexbor().split()) if node.tag in _LINKED else ""
    is_teaser = len(words) > _LONGEST_LABEL
    return node.tag in _ELSEWHERE or is_teaser or bool(_NAMED_ELSEWHERE.search(name_of(node)))


def _is_long(article: LexborNode) -> bool:
    """Return whether an ``article`` element is an article, not a teaser."""
    return len(article.css("p")) >= _LEAST_PARAGRAPHS


def ancestors(node: LexborNode | None) -> Iterator[LexborNode]:
    """Yield the elements around another, the innermost first."""
    parent = node.parent if node else None
    while parent is not None:
        yield parent
        parent = parent.parent
