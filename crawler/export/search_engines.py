"""Articles for a search engine on several machines: OpenSearch's bulk format, and its mapping.

Quickwit takes plain JSON Lines. ``docs/search-engines.md`` explains how to fill both.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import inspect

from crawler.export.row import Row, Source
from crawler.release.rows import ReleasedArticle

_TEXTS = frozenset({"title", "summary", "body", "caption", "byline_raw"})
_TIMES = frozenset({"published_at", "modified_at", "first_seen_at", "fetched_at", "at"})
# An article with a longer value in such a field would be refused: a term has at most 32,766 bytes.
_KEYWORD = {"type": "keyword", "ignore_above": 8191}
_KINDS = {inspect.IntType: "long", inspect.BoolType: "boolean", inspect.FloatType: "double"}


def write_opensearch(rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield two lines for each article, or one for a withdrawn one, which deletes it."""
    for row in rows:
        if row["change"] == "withdrawn":
            yield _line({"delete": {"_id": row["id"]}})
        else:
            yield _line({"index": {"_id": row["id"]}}) + _line(row)


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def opensearch_mapping() -> dict[str, Any]:
    """Return the types of the fields for an index of OpenSearch: ``docs/opensearch.json``."""
    return {"mappings": {"dynamic": "strict", **_property("", inspect.type_info(ReleasedArticle))}}


def _property(name: str, kind: inspect.Type) -> dict[str, Any]:
    match kind:
        case inspect.UnionType(types):
            return _property(name, next(t for t in types if not isinstance(t, inspect.NoneType)))
        case inspect.Metadata(inner):
            return _property(name, inner)
        case inspect.ListType(item_type=inner):
            return _property(name, inner)
        case inspect.DataclassType():
            return {"properties": {each.name: _property(each.name, each.type)
                                   for each in kind.fields}}  # fmt: skip
    if name in _TIMES:
        return {"type": "date"}
    if name in _TEXTS:
        return {"type": "text"}
    return {"type": _KINDS[type(kind)]} if type(kind) in _KINDS else _KEYWORD
