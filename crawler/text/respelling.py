"""Tells a respelled version, which differs from the one before only in its alphabet, from an edit.

A site may respell everything it has published in one night, and none of that is an edit.
``content_hash`` differs then; ``folded_hash`` is equal. It is computed when two versions are
compared and not stored: its rules will change when more is known about the new letters, and stored
hashes by older rules would look like edits.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from crawler.model.article import Article
from crawler.model.fields import content_hash
from crawler.model.versions import compare
from crawler.text.folding import fold_spelling
from crawler.text.orthography import alphabet_of, count_letters

_LANGUAGES = ("uz", "kaa")
_DASHES = str.maketrans("–—", "--")  # a minus or a range, which no alphabet changes


def compare_spelled(
    row: Article, old: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]] = ()
) -> None:
    """Fill the fields that say what has changed; a respelled row is not ``edited``.

    ``old``: the version before, as plain JSON values; ``earlier``: those before it, newest first.
    """
    if row.change == "edited" and is_respelled(old, msgspec.to_builtins(row)):
        row.change = "respelled"
    compare(row, old, earlier)


def is_respelled(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Return whether two rows, as plain JSON values, differ only in their alphabet.

    It may be only the title that is in another alphabet.
    """
    return _changes_letters(old, new) and folded_hash(old) == folded_hash(new)


def folded_hash(row: Mapping[str, Any]) -> str:
    """Return ``content_hash`` of a row in one spelling of Uzbek and Karakalpak, in hex.

    Versions that differ only in their alphabet have the same one. In other known languages it
    differs whenever ``content_hash`` does.
    """
    if not _language(row).startswith(_LANGUAGES):
        return content_hash(row)
    texts = {name: _folded(row[name] or "") for name in ("title", "body", "byline_raw")}
    return content_hash({**row, **texts})


def _language(row: Mapping[str, Any]) -> str:
    """Return the language of a row: Uzbek, if the text is too short to know it in this alphabet."""
    return row["language"] or "uz"


def _folded(text: str) -> str:
    return " ".join(fold_spelling(text.translate(_DASHES)).split())


def _changes_letters(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Return whether most of a text, or as many letters as it lost, are of another alphabet."""
    (before, was), (after, now) = map(_letters, (old, new))
    return before != after or (was != now and sum(was.values()) == sum(now.values()))


def _letters(row: Mapping[str, Any]) -> tuple[tuple[str | None, str | None], dict[str, int]]:
    """Return a row's script and alphabet, and how often it has letters of each alphabet."""
    text, language = f"{row['title']}\n{row['body']}", _language(row)
    return (row["script"], alphabet_of(text, language)), count_letters(text, language)
