"""An archived page for reading: nothing in it runs, and its links stay in the archive."""

from base64 import b64encode
from collections.abc import Callable
from urllib.parse import urlencode, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.extract.document import Document
from crawler.extract.media import absolute

# Elements that run code, load something or redirect.
_REMOVED = "script, iframe, frame, object, embed, applet, base, link, meta[http-equiv], template"
_LOADED = ("src", "srcset", "poster", "background", "data", "action", "formaction", "ping")
_LAZY = ("data-src", "data-original")  # where scripts find the address of a picture
_LARGEST = 30_000_000  # bytes of all pictures of a page
Find = Callable[[str], str | None]  # the path of an address on this server
Picture = Callable[[str], tuple[str, bytes] | None]  # type and content of an archived picture


def replay(document: Document, find: Find, picture: Picture) -> bytes:
    """Return a page in UTF-8, without active content. Raises ``BadBody`` if it is not text.

    A link leads to our copy, if there is one, otherwise to a page that asks before it leaves the
    archive. An archived picture becomes a part of the page.
    """
    tree = document.tree
    base = document.base_of(document.url)
    for node in tree.css(_REMOVED):
        node.decompose()
    pictures = _pictures(tree, base, picture)
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name[:2] == "on" or (name in _LOADED and not _is_inside(node, name, value)):
                del node.attrs[name]
    for node, data in pictures:
        node.attrs["src"] = data
    for node in tree.css("a[href], area[href]"):
        _lead(node, base, find)
    return f'<!doctype html>\n<meta charset="utf-8">\n{tree.html}'.encode("utf-8", "replace")


def _pictures(tree: LexborHTMLParser, base: str, picture: Picture) -> list[tuple[LexborNode, str]]:
    """Return the elements whose pictures are archived, with these pictures as ``data:`` URLs."""
    found, room = [], _LARGEST
    for node in tree.css("img"):
        named = (node.attributes.get(name) for name in (*_LAZY, "src"))
        addresses = (absolute(each, base) for each in named if each)
        shown = next(filter(None, map(picture, filter(None, addresses))), None)
        if shown and len(shown[1]) <= room:
            room -= len(shown[1])
            found.append((node, f"data:{shown[0]};base64,{b64encode(shown[1]).decode()}"))
    return found


def _is_inside(node: LexborNode, name: str, value: str | None) -> bool:
    return (node.tag, name) == ("img", "src") and (value or "").startswith("data:image/")


def _lead(node: LexborNode, base: str, find: Find) -> None:
    href = (node.attributes["href"] or "").strip()
    if href.startswith("#"):
        return
    try:
        address = urljoin(base, href)
    except ValueError:
        address = ""
    if not address.startswith(("http://", "https://")):
        del node.attrs["href"]
        return
    ours = find(address)
    node.attrs["href"] = ours or f"/leave?{urlencode({'to': address})}"
    node.attrs["title"] = "in this archive" if ours else f"leaves the archive: {address}"
    node.attrs["target"] = "_top"
    node.attrs["rel"] = "noreferrer nofollow"
