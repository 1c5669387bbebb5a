"""The columns of rows for Arrow, made from the schema. Needs ``pyarrow``."""

from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from itertools import islice
from typing import Any

from crawler.model.article import Article
from crawler.model.schema import row_schema

_BATCH = 5_000  # rows turned into columns at a time


def has_arrow() -> bool:
    """Return whether the library is installed."""
    return find_spec("pyarrow") is not None


def record_batches(rows: Iterable[Mapping[str, Any]], schema: Any) -> Iterator[Any]:
    """Yield rows as record batches, in bounded memory."""
    import pyarrow

    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield pyarrow.RecordBatch.from_pylist(batch, schema)


def arrow_fields(kind: type[Article] = Article) -> Iterator[Any]:
    """Yield a column for each field of a row, with its description. Times are text, as in rows."""
    definitions = row_schema(kind)["$defs"]
    return _fields(definitions[kind.__name__], definitions)


def _fields(definition: dict[str, Any], definitions: dict[str, Any]) -> Iterator[Any]:
    import pyarrow

    for name, told in definition["properties"].items():
        kind = _type(told, definitions)
        yield pyarrow.field(name, kind, metadata={"description": told["description"]})


def _type(told: dict[str, Any], definitions: dict[str, Any]) -> Any:
    import pyarrow

    match told:
        case {"anyOf": kinds}:
            return _type(next(each for each in kinds if each.get("type") != "null"), definitions)
        case {"$ref": reference}:
            return pyarrow.struct(_fields(definitions[reference.rpartition("/")[2]], definitions))
        case {"type": "array", "items": item}:
            return pyarrow.list_(_type(item, definitions))
        case {"type": "integer"}:
            return pyarrow.int64()
        case {"type": "boolean"}:
            return pyarrow.bool_()
    return pyarrow.string()
