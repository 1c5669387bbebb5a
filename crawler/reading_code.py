"""A digest of the code that reads pages, so that a changed reading is not taken for an edit."""

import hashlib
import re
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

# What a row's fields depend on; roads, storage and reports are left out.
_ENGINE = (
    "apostrophes",
    "article_adapter",
    "authors",
    "blocks",
    "byline",
    "byline_words",
    "calendars",
    "coding",
    "dates",
    "decoding",
    "depth",
    "embedded_json",
    "fingerprint",
    "furniture",
    "generic",
    "identity",
    "items",
    "json_ld",
    "language",
    "language_index",
    "language_profiles",
    "lead",
    "media",
    "metadata",
    "name",
    "news_page",
    "page",
    "picture_credit",
    "rules",
    "text",
    "timestamp",
)


_SHARED = re.compile(r"^from pages\.(\w+) import", re.MULTILINE)
_STEPS = ("base", "clean_body", "read_byline", "read_timestamp", "settle_language", "validate")


def code_files(agency: str) -> list[Traversable]:
    """Return the files that decide how an agency's pages are read; they may lie in an archive."""
    engine, steps, pages = files("crawler"), files("pipelines"), _pages_of(agency)
    return [
        *(engine / f"{name}.py" for name in _ENGINE),
        *(steps / f"{name}.py" for name in _STEPS),
        *pages,
    ]


def _pages_of(agency: str) -> list[Traversable]:
    """Return an agency's modules, and those of others whose layouts it has, by name."""
    there = {file.name: file for file in files("pages").iterdir()}
    todo = [name for name in there if re.fullmatch(rf"{agency}(?:_\w+)?\.py", name)]
    found: set[str] = set()
    while todo:
        found.add(name := todo.pop())
        named = _SHARED.findall(there[name].read_text("utf-8"))
        todo += {f"{module}.py" for module in named} - found
    return [there[name] for name in sorted(found)]


@lru_cache
def reading_code(agency: str) -> str:
    """Return the digest of the code that reads an agency's pages, equal on every machine."""
    digest = hashlib.sha256()
    for file in code_files(agency):
        source = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.name} {len(source)}\n".encode() + source)
    return digest.hexdigest()[:16]
