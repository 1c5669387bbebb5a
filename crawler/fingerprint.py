"""What makes two readings of an article the same content."""

import hashlib
import json
import re
from collections.abc import Mapping
from re import Pattern
from typing import Any

_SECONDS = re.compile(r"(?<=T\d\d:\d\d):\d\d")


def content_hash(article: Mapping[str, Any], image_size: Pattern[str] | None = None) -> str:
    """Return SHA-256, in hex, over title, body, byline, publication minute and picture addresses.

    ``image_size`` finds the size in a picture's address, which is cut out. Nothing counts that
    depends on the road an article came by, nor anything that changes with every visit.
    """
    content = [
        article.get("title") or "",
        article.get("body") or "",
        article.get("byline_raw") or "",
        _SECONDS.sub("", article.get("published_at") or ""),
        [_address(image, image_size) for image in article.get("images") or ()],
    ]
    # An array of JSON strings cannot be read in two ways, whatever the texts contain.
    return hashlib.sha256(json.dumps(content).encode("ascii")).hexdigest()


def _address(image: Any, image_size: Pattern[str] | None) -> str:
    address: str = image["url"] if isinstance(image, Mapping) else image.url
    return image_size.sub("", address) if image_size else address
