"""Pictures and videos of a piece of a page."""

import re
from collections.abc import Iterable, Iterator
from re import Pattern
from urllib.parse import urljoin

from selectolax.lexbor import LexborNode

from crawler.blocks import parse_fragment
from crawler.items import Image, Video

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
# As most are written: to resolve them would give them back, twenty times as slowly.
_RESOLVED = re.compile(r"https?://[a-z0-9.-]+/[\w./-]*", re.ASCII)
_PLAYERS = "iframe, video, video source, oembed"
_PLAYER_CODE = "pre code"


def absolute(address: str | None, base: str) -> str | None:
    """Resolve an address of a page; None if it leads nowhere else on the web."""
    address = (address or "").strip().replace(" ", "%20")
    if not address or address.lower().startswith("data:"):
        return None
    if address != base and _RESOLVED.fullmatch(address):
        return address
    try:
        resolved = urljoin(base, address)
    except ValueError:  # such as an unclosed bracket in the host: no address
        return None
    if resolved == base or re.search(r"\s", resolved):
        return None
    return resolved if _WEB.match(resolved) else None


def largest(address: str, size: Pattern[str] | None) -> str:
    """Return the address of a picture's largest size."""
    return size.sub("", address) if size else address


def pictures(nodes: Iterable[LexborNode], base: str, size: Pattern[str] | None) -> list[Image]:
    """Return the pictures among the nodes, each once, with the captions of their figures."""
    found: dict[str, Image] = {}
    for node in nodes:
        attributes = node.attributes
        address = absolute(attributes.get("data-src"), base)
        address = address or absolute(attributes.get("src"), base)
        if address:
            image = Image(largest(address, size), caption=_caption(node))
            known = found.setdefault(image.url, image)
            known.caption = known.caption or image.caption
    return list(found.values())


def _caption(node: LexborNode) -> str | None:
    """Read the caption of the figure a picture stands in, if it stands in one."""
    parent = node.parent
    while parent is not None and parent.tag in ("a", "picture", "div", "span"):
        parent = parent.parent
    if parent is None or parent.tag != "figure":
        return None
    caption = parent.css_first("figcaption")
    # Read without its blocks: as text of the article a caption is hidden.
    return " ".join(caption.text_lexbor().split()) or None if caption else None


def videos(node: LexborNode, base: str) -> list[Video]:
    """Return the videos below a node, each once; players written as escaped code count."""
    return [Video(address) for address in dict.fromkeys(_players(node, base))]


def _players(node: LexborNode, base: str) -> Iterator[str]:
    """Find the addresses of players, in the order of the page."""
    for player in _player_nodes(node):
        attributes = player.attributes
        address = attributes.get("src") or attributes.get("data-src") or attributes.get("url")
        if resolved := absolute(address, base):
            yield resolved


def _player_nodes(node: LexborNode) -> Iterator[LexborNode]:
    for found in node.css(f"{_PLAYERS}, {_PLAYER_CODE}"):
        is_code = found.tag == "code"
        yield from parse_fragment(found.text_lexbor()).css(_PLAYERS) if is_code else [found]
    text = node.text_lexbor()
    if "<" in text and "<iframe" in text.lower():  # code may stand in a plain paragraph as well
        yield from parse_fragment(text).css(_PLAYERS)
