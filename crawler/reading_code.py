"""A digest of the code that reads pages, so that a changed reading is not taken for an edit."""

import hashlib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

# What a row's fields depend on; roads, storage and reports are left out.
_ENGINE = (
    "apostrophes",
    "blocks",
    "byline",
    "byline_words",
    "coding",
    "decoding",
    "depth",
    "fingerprint",
    "furniture",
    "identity",
    "items",
    "language",
    "language_index",
    "language_profiles",
    "lead",
    "media",
    "name",
    "page",
    "picture_credit",
    "rules",
    "text",
    "timestamp",
)


_STEPS = ("base", "clean_body", "read_byline", "read_timestamp", "settle_language", "validate")


def code_files(agency: str) -> list[Traversable]:
    """Return the files that decide how an agency's pages are read; they may lie in an archive."""
    engine, steps = files("crawler"), files("pipelines")
    pages = [file for file in files("pages").iterdir() if _is_of(agency, file.name)]
    return [
        *(engine / f"{name}.py" for name in _ENGINE),
        *(steps / f"{name}.py" for name in _STEPS),
        *sorted(pages, key=lambda file: file.name),
    ]


def _is_of(agency: str, name: str) -> bool:
    return name.startswith(agency) and name.endswith(".py")


@lru_cache
def reading_code(agency: str) -> str:
    """Return the digest of the code that reads an agency's pages, equal on every machine."""
    digest = hashlib.sha256()
    for file in code_files(agency):
        source = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.name} {len(source)}\n".encode() + source)
    return digest.hexdigest()[:16]
