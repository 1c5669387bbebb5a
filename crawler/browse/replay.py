"""An archived page for reading: nothing in it runs, and its links stay in the archive."""

from collections.abc import Callable
from urllib.parse import urlencode, urljoin

from selectolax.lexbor import LexborNode

from crawler.extract.page import Document

# Elements that run code, load something or redirect.
_REMOVED = "script, iframe, frame, object, embed, applet, base, link, meta[http-equiv], template"
_LOADED = ("src", "srcset", "poster", "background", "data", "action", "formaction", "ping")
Find = Callable[[str], str | None]  # the path of an address on this server


def replay(document: Document, find: Find) -> bytes:
    """Return a page in UTF-8, without active content. Raises ``BadBody`` if it is not text.

    A link leads to our copy, if there is one, otherwise to a page that asks before it leaves the
    archive. Only pictures within the page itself are archived.
    """
    tree = document.tree
    base = document.base_of(document.url)
    for node in tree.css(_REMOVED):
        node.decompose()
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name[:2] == "on" or (name in _LOADED and not _is_inside(node, name, value)):
                del node.attrs[name]
    for node in tree.css("a[href], area[href]"):
        _lead(node, base, find)
    return f'<!doctype html>\n<meta charset="utf-8">\n{tree.html}'.encode("utf-8", "replace")


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
