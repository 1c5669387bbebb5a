"""The schema of a row in two forms: JSON Schema and a field reference."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.json import schema

from crawler.model.article import SCHEMA, Article

JsonObject = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ESCAPED_BAR = r"\|"
_INTRODUCTION = f"""# Fields of a row

A row is one line of JSON: one version of one article, by schema version {SCHEMA}. Every row has
every field; `null` means that a value is not known. [row.json](row.json) is a whole row.

`scrapy fields > docs/fields.md` makes this page from `crawler/model/article.py`;
`scrapy fields --schema` prints the same as JSON Schema."""

# Plain Python without this project; a test runs it on rows of a crawl.
RECIPE = r"""import hashlib, json, re


def content_hash(row, image_size=None):
    minute = re.sub(r"(?<=T\d\d:\d\d):\d\d", "", row["published_at"] or "")
    pictures = [image["url"] for image in row["images"]]
    if image_size:
        pictures = [re.sub(image_size, "", url) for url in pictures]
    content = [row["title"], row["body"], row["byline_raw"] or "", minute, pictures]
    return hashlib.sha256(json.dumps(content).encode("ascii")).hexdigest()
"""
_HASH = f"""## How content_hash is made
Write a JSON array of title, body, byline, time of publication, and an array of the addresses of the
pictures, in this order. Write an empty string for `null`, leave out the seconds of the time, and
remove from each address of a picture what the agency's expression matches. Write it as Python's
`json.dumps` does: `, ` between the values, everything beyond ASCII as `\\uXXXX`. The hash is the
SHA-256 of that, in hexadecimal. All rows are hashed alike, whatever their `change`: a `gone` row
has the last content, a `withdrawn` row only the title `withdrawn` and its time.

```python
{RECIPE}```

`image_size` matches sizes in addresses of pictures (`_small`), so that another size is no edit. Few
rows contain one, because rows have the address of the largest picture. If an agency's expression
changes, the hashes of earlier rows stay as they are and still fit their addresses."""


def row_schema(kind: type[Article] = Article) -> JsonObject:
    """Return the JSON Schema (2020-12) of a row, in which every field is required."""
    document = schema(kind)
    for definition in document["$defs"].values():
        definition["required"] = list(definition["properties"])
        for field in definition["properties"].values():
            field.pop("default", None)
    return {"$schema": _DIALECT, **document}


def is_newer(version: str) -> bool:
    """Return whether a row's schema version is newer than this program's."""
    return version != SCHEMA and _number(version) > _number(SCHEMA)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def without_words(document: Any) -> Any:
    """Return the rules of a JSON Schema, without its descriptions."""
    if isinstance(document, list):
        return list(map(without_words, document))
    if not isinstance(document, dict):
        return document
    return {
        key: without_words(value)
        for key, value in document.items()
        if key != "description" or isinstance(value, dict)
    }


def field_reference(image_sizes: Mapping[str, str | None]) -> str:
    """Return the Markdown that explains every field, one table per object, and the hash.

    ``image_sizes``: by agency, what ``content_hash`` cuts out of picture addresses.
    """
    definitions = row_schema()["$defs"]
    tables = ["\n".join(explained(definition)) for definition in definitions.values()]
    return "\n\n".join([_INTRODUCTION, *tables, hash_explained(image_sizes)]) + "\n"


def hash_explained(image_sizes: Mapping[str, str | None]) -> str:
    """Return the Markdown that explains the hash of these agencies' rows."""
    told = [f"- {agency}: `{size}`" for agency, size in image_sizes.items() if size]
    none = ", ".join(agency for agency, size in image_sizes.items() if not size)
    return "\n".join([f"{_HASH}\n", *told, *([f"- none: {none}"] if none else [])])


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
    """Return the JSON type of a field in words: "a, b or null"."""
    *others, last = _types(field)
    return f"{', '.join(others)} or {last}" if others else last


def _types(field: JsonObject) -> Iterator[str]:
    """Yield the types and values that a field may have."""
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
    """Yield the rules for a value beyond its type."""
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
