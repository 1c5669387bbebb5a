"""A digest of the code that reads pages, so that a changed reading is not taken for an edit."""

import hashlib
from functools import lru_cache
from pathlib import Path

_ROOT = Path(__file__).parent.parent
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
    "rules",
    "text",
    "timestamp",
)


_STEPS = ("base", "clean_body", "read_byline", "read_timestamp", "settle_language", "validate")


def code_files(agency: str) -> list[Path]:
    """Return the files that decide how an agency's pages are read."""
    files = [_ROOT / "crawler" / f"{name}.py" for name in _ENGINE]
    files += [_ROOT / "pipelines" / f"{name}.py" for name in _STEPS]
    return files + sorted((_ROOT / "pages").glob(f"{agency}*.py"))


@lru_cache
def reading_code(agency: str) -> str:
    """Return the digest of the code that reads an agency's pages, equal on every machine."""
    digest = hashlib.sha256()
    for file in code_files(agency):
        source = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.name} {len(source)}\n".encode() + source)
    return digest.hexdigest()[:16]
