"""The differences between two versions of an article, word by word."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import msgspec

from crawler.model.versions import OF_THE_RECORD

# A word includes the space before it: single spaces would match everywhere, and slowly.
_WORDS = re.compile(r"\n+| ?\w+| ?[^\w\s]|\s")


@dataclass(frozen=True, slots=True)
class Marks:
    """The text around removed words, and around added words."""

    removed: tuple[str, str]
    added: tuple[str, str]


PLAIN = Marks(("[-", "-]"), ("{+", "+}"))
COLOURED = Marks(("\033[31;9m", "\033[0m"), ("\033[32m", "\033[0m"))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the fields that differ, each as text before and after."""
    return {
        name: (_text(old.get(name)), _text(new[name]))
        for name in new
        if name not in OF_THE_RECORD and old.get(name) != new[name]
    }


def marked(old: str, new: str, marks: Marks) -> str:
    """Return the new text with removed and added words marked."""
    return "".join(_marked(_WORDS.findall(old), _WORDS.findall(new), marks))


def _marked(old: list[str], new: list[str], marks: Marks) -> Iterator[str]:
    matcher = SequenceMatcher(None, old, new)
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            yield "".join(old[start:end])
            continue
        if start < end:
            yield "".join(old[start:end]).join(marks.removed)
        if new_start < new_end:
            yield "".join(new[new_start:new_end]).join(marks.added)


def _text(value: Any) -> str:
    """Return a field as readable text: a list as one entry per line, null as an empty text."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(map(_text, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {value[name]}" for name in value if value[name] is not None)
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
