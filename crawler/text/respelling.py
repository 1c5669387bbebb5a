"""Whether a version only writes in another alphabet what the one before it says.

A site may respell all it has published in a night: nothing of that was edited. Both rows are folded
when they are compared, and no hash of that is kept: the rules of folding will change when more is
known of the new letters, and a hash by older rules would tell edits that there were not.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from crawler.model.article import Article
from crawler.model.versions import compare
from crawler.text.orthography import alphabet_of, fold_spelling

_LANGUAGES = ("uz", "kaa")


def compare_spelled(row: Article, old: Mapping[str, Any]) -> None:
    """Say in a row what differs from a version before, and whether that is but the alphabet.

    ``old``: as plain JSON values.
    """
    if row.change == "edited" and is_respelled(old, msgspec.to_builtins(row)):
        row.change = "respelled"
    compare(row, old)


def is_respelled(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Tell whether a row has the content of an earlier one in another alphabet, and no more.

    Rows are plain JSON values.
    """
    return _alphabet(old) != _alphabet(new) and _unspelled(old) == _unspelled(new)


def _alphabet(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return row["script"], alphabet_of(f"{row['title']}\n{row['body']}", row["language"] or "")


def _unspelled(row: Mapping[str, Any]) -> tuple[object, ...]:
    """Return what ``content_hash`` covers; of Uzbek and Karakalpak, however it is spelled."""
    texts = [row[name] or "" for name in ("title", "body", "byline_raw")]
    if (row["language"] or "").startswith(_LANGUAGES):
        texts = [" ".join(fold_spelling(text).split()) for text in texts]
    return *texts, (row["published_at"] or "")[:16], [image["url"] for image in row["images"]]
