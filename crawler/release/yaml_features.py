"""The head of a data card, by which Hugging Face ``datasets`` knows files and types.

Without it the types are guessed from the first rows, where a field may be null.
"""

from collections.abc import Iterator
from typing import Any

from crawler.release.rows import ReleasedArticle
from crawler.schema import row_schema

_TYPES = {"string": "string", "integer": "int64", "boolean": "bool", "number": "float64"}


def front_matter() -> str:
    """Return the head, in YAML."""
    definitions = row_schema(ReleasedArticle)["$defs"]
    features = list(_features(definitions["ReleasedArticle"], definitions, "    "))
    names = ("articles", "versions")
    lines = ["---", "configs:"]
    for name in names:
        lines += [f"- config_name: {name}", f"  data_files: {name}/*/*.jsonl.gz"]
    lines.append("dataset_info:")
    for name in names:
        lines += [f"- config_name: {name}", "  features:", *features]
    return "\n".join([*lines, "---"])


def _features(
    definition: dict[str, Any], definitions: dict[str, Any], indent: str
) -> Iterator[str]:
    for name, told in definition["properties"].items():
        yield f"{indent}- name: {name}"
        yield from _typed(told, definitions, indent + "  ")


def _typed(told: dict[str, Any], definitions: dict[str, Any], indent: str) -> Iterator[str]:
    match told:
        case {"anyOf": kinds}:
            kind = next(each for each in kinds if each.get("type") != "null")
            yield from _typed(kind, definitions, indent)
        case {"$ref": reference}:
            yield f"{indent}struct:"
            yield from _features(definitions[reference.rpartition("/")[2]], definitions, indent)
        case {"type": "array", "items": {"$ref": reference}}:
            yield f"{indent}list:"
            yield from _features(definitions[reference.rpartition("/")[2]], definitions, indent)
        case {"type": "array", "items": item}:
            yield f"{indent}list: {_TYPES[item['type']]}"
        case _:
            yield f"{indent}dtype: {_TYPES[told.get('type', 'string')]}"
