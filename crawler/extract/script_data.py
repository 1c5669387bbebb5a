"""Reads the JSON of a Next.js or Inertia page, which has all that the page shows."""

from typing import Any

from crawler.extract.document import Document, decode_json
from crawler.extract.errors import BadBody

_NEXT = "script#__NEXT_DATA__"
_INERTIA = "[data-page]"


def embedded_json(document: Document) -> Any:
    """Return the data of a Next.js or Inertia page. None if it is neither.

    Raises BadBody if the data are not JSON.
    """
    script = document.tree.css_first(_NEXT)
    node = document.tree.css_first(_INERTIA)
    text = script.text() if script else node.attributes.get("data-page") if node else None
    if not text:
        return None
    try:
        return decode_json(text)
    except (ValueError, RecursionError) as error:
        raise BadBody("not json", f"{document.url}: {error}") from error


def dig(value: Any, path: str) -> Any:
    """Follow a path such as ``result.contents.-1.id``. None if there is no such value."""
    for step in filter(None, path.split(".")):
        if isinstance(value, list) and step.lstrip("-").isdecimal():
            place = int(step)
            value = value[place] if -len(value) <= place < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value
