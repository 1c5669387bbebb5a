"""The schema of a row in two forms that others read: JSON Schema and a field reference."""

from collections.abc import Iterator
from typing import Any

from msgspec.json import schema

from crawler.items import SCHEMA, Article

JsonObject = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ESCAPED_BAR = r"\|"
_INTRODUCTION = f"""# Fields of a row

A row is one line of JSON: one version of one article, by schema version {SCHEMA}. Every field
stands in every row; `null` says that a value is not known. Made from `crawler/items.py` by
`scrapy fields > docs/fields.md`; `scrapy fields --schema` prints the same as JSON Schema."""


def row_schema(kind: type[Article] = Article) -> JsonObject:
    """Return the JSON Schema (2020-12) of a row, in which every field is required."""
    document = schema(kind)
    for definition in document["$defs"].values():
        definition["required"] = list(definition["properties"])
        for field in definition["properties"].values():
            field.pop("default", None)
    return {"$schema": _DIALECT, **document}


def is_newer(version: str) -> bool:
    """Tell whether a row's schema version is one that this program does not know yet."""
    return version != SCHEMA and _number(version) > _number(SCHEMA)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def without_words(document: Any) -> Any:
    """Return the rules of a JSON Schema, without what it says to a reader."""
    if isinstance(document, list):
        return list(map(without_words, document))
    if not isinstance(document, dict):
        return document
    return {
        key: without_words(value)
        for key, value in document.items()
        if key != "description" or isinstance(value, dict)
    }


def field_reference() -> str:
    """Return the Markdown that explains every field, one table an object."""
    definitions = row_schema()["$defs"]
    tables = ["\n".join(explained(definition)) for definition in definitions.values()]
    return "\n\n".join([_INTRODUCTION, *tables]) + "\n"


def explained(definition: JsonObject, level: str = "##") -> Iterator[str]:
    """Yield the lines that explain one object, under a heading of that level."""
    yield f"{level} {definition['title']}"
    yield definition["description"]
    yield ""
    yield "| field | type | rule | meaning |"
    yield "|---|---|---|---|"
    for name, field in definition["properties"].items():
        cells = (f"`{name}`", type_of(field), ", ".join(_rules(field)), field["description"])
        yield f"| {' | '.join(cell.replace('|', _ESCAPED_BAR) for cell in cells)} |"


def type_of(field: JsonObject) -> str:
    """Name the JSON type of a field, as a reader says it: "a, b or null"."""
    *others, last = _types(field)
    return f"{', '.join(others)} or {last}" if others else last


def _types(field: JsonObject) -> Iterator[str]:
    """Yield the types and values a field may have."""
    match field:
        case {"anyOf": kinds}:
            for kind in kinds:
                yield from _types(kind)
        case {"enum": values}:
            yield from (f"`{value}`" for value in values)
        case {"$ref": reference}:
            name = reference.rpartition("/")[2]
            yield f"[{name}](#{name.lower()})"
        case {"type": "array", "items": item}:
            yield f"list of {type_of(item)}"
        case _:
            yield field["type"]


def _rules(field: JsonObject) -> Iterator[str]:
    """Yield what a value must keep to beyond its type."""
    for kind in field.get("anyOf", [field]):
        if "pattern" in kind:
            yield f"`{kind['pattern']}`"
        if "minLength" in kind:
            yield "not empty"
        if "minimum" in kind:
            yield f"at least {kind['minimum']}"
        if "exclusiveMinimum" in kind:
            yield f"more than {kind['exclusiveMinimum']}"
        if "maximum" in kind:
            yield f"at most {kind['maximum']}"
