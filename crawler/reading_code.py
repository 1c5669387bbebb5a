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
    "coding",
    "decoding",
    "depth",
    "fingerprint",
    "furniture",
    "items",
    "language",
    "language_index",
    "language_profiles",
    "lead",
    "media",
    "page",
    "rules",
    "text",
    "timestamp",
)


@lru_cache
def reading_code(agency: str) -> str:
    """Return the digest of the code that reads an agency's pages, equal on every machine."""
    files = [_ROOT / "crawler" / f"{name}.py" for name in _ENGINE]
    files += sorted((_ROOT / "pages").glob(f"{agency}*.py"))
    files += sorted((_ROOT / "pipelines").glob("*.py"))
    digest = hashlib.sha256()
    for file in files:
        source = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.name} {len(source)}\n".encode() + source)
    return digest.hexdigest()[:16]
