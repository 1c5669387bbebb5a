"""What makes two readings of an article the same content, and whether a row still says it."""

import hashlib
import re
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii as _quoted
from re import Pattern
from typing import Any

_SECONDS = re.compile(r"(?<=T\d\d:\d\d):\d\d")
MISFIT = "its content_hash does not fit what it says: it was changed, or is damaged"


def content_hash(article: Mapping[str, Any], image_size: Pattern[str] | None = None) -> str:
    """Return SHA-256, in hex, over title, body, byline, publication minute and picture addresses.

    ``image_size`` finds the size in a picture's address, which is cut out. Nothing counts that
    depends on the source an article came by, nor anything that changes with every visit.
    """
    return _digest(
        article.get("title"),
        article.get("body"),
        article.get("byline_raw"),
        article.get("published_at"),
        [_address(image, image_size) for image in article.get("images") or ()],
    )


def fits(row: Any, image_size: Pattern[str] | None = None) -> bool:
    """Tell whether a row's ``content_hash`` is that of its content, whatever its ``change``.

    ``row`` has its fields as attributes. An agency's ``image_size`` may have been another when the
    row was read; its pictures have no size in their addresses any more, but for rare oddities: so
    addresses as they stand are right, too.
    """
    addresses = [image.url for image in row.images]
    told = row.title, row.body, row.byline_raw, row.published_at
    if row.content_hash == _digest(*told, addresses):
        return True
    if image_size is None:
        return False
    cut = [image_size.sub("", address) for address in addresses]
    return cut != addresses and row.content_hash == _digest(*told, cut)


def _digest(
    title: str | None,
    body: str | None,
    byline: str | None,
    published_at: str | None,
    addresses: list[str],
) -> str:
    minute = _SECONDS.sub("", published_at or "")
    texts = ", ".join(map(_quoted, (title or "", body or "", byline or "", minute)))
    # What json.dumps makes of the list, in four fifths of its time. An array of JSON strings
    # cannot be read in two ways, whatever the texts contain.
    content = f"[{texts}, [{', '.join(map(_quoted, addresses))}]]"
    return hashlib.sha256(content.encode("ascii")).hexdigest()


def _address(image: Any, image_size: Pattern[str] | None) -> str:
    address: str = image["url"] if isinstance(image, Mapping) else image.url
    return image_size.sub("", address) if image_size else address
