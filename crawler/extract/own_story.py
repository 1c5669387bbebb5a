"""Whether a piece of a page belongs to its headline or to something else: a menu, another story."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from crawler.extract.blocks import name_of

_ELSEWHERE = frozenset({"nav", "form", "select"})
_MARGINS = frozenset({"aside", "footer"})  # of the site, unless they are within the article
_LEAST_PARAGRAPHS = 2
_LINKED = frozenset({"a", "li"})
# Class names and ids begin so of what is said of other stories, by readers, or of the present day.
_NAMED_ELSEWHERE = re.compile(
    r"(?<![\w-])(?:comment|disqus|related|recommend|popular|trending|teaser|ticker|marquee|sidebar"
    r"|promo|most|clock|weather|today|current-?(?:date|time))",
    re.IGNORECASE,
)
_LONGEST_LABEL = 60  # characters; a link or a list item with more is a teaser


def belongs(node: LexborNode, headline: LexborNode | None) -> bool:
    """Tell whether an element can say something of the story under a headline."""
    above = list(_ancestors(headline))
    around = {one.mem_id for one in above}
    has_article = any(one.tag == "article" for one in above)
    for parent in (node, *_ancestors(node)):
        if parent.mem_id in around:
            return True
        if parent.tag == "article" and (has_article or not _is_long(parent)):
            return False
        if _is_elsewhere(parent):
            return False
    return True


def _is_elsewhere(node: LexborNode) -> bool:
    if node.tag in _MARGINS:
        return not any(one.tag == "article" for one in _ancestors(node))
    words = " ".join(node.text_lexbor().split()) if node.tag in _LINKED else ""
    is_teaser = len(words) > _LONGEST_LABEL
    return node.tag in _ELSEWHERE or is_teaser or bool(_NAMED_ELSEWHERE.search(name_of(node)))


def _is_long(article: LexborNode) -> bool:
    """Tell an article under a headline that stands above it from a teaser."""
    return len(article.css("p")) >= _LEAST_PARAGRAPHS


def _ancestors(node: LexborNode | None) -> Iterator[LexborNode]:
    parent = node.parent if node else None
    while parent is not None:
        yield parent
        parent = parent.parent
