"""Compares two versions of an article: first the changed places, then the whole fields."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from crawler.model.diff import Marks, differences, marked

# Private-use characters mark the differences until everything is escaped.
_REMOVED, _ADDED, _END = "\ue000", "\ue001", "\ue002"
_MARKS = Marks((_REMOVED, _END), (_ADDED, _END))
_MARK = re.compile(f"[{_REMOVED}{_ADDED}{_END}]")
_MARKED = re.compile(f"([{_REMOVED}{_ADDED}][^{_END}]*{_END})")
_TAGS = {_REMOVED: Markup("<del>{}</del>"), _ADDED: Markup("<ins>{}</ins>")}
# These change the direction of text, also of the text after the field.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LONGEST = 60_000  # letters; longer pairs of texts are not compared by words
_AROUND = 160  # letters shown before and after a change


class Compared(NamedTuple):
    """A field that differs: its changed places with some text around them, and both values."""

    name: str
    places: list[Markup]
    old: Markup
    new: Markup


def plain(text: object) -> str:
    """Return a text without characters that would change the direction of the page."""
    return _TURNS.sub("", "" if text is None else str(text))


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Compared]:
    """Return the fields that differ, escaped, with removed and added words marked."""
    return [
        _compared(name, _clean(before), _clean(after))
        for name, (before, after) in differences(old, new).items()
    ]


def _clean(text: str) -> str:
    return _MARK.sub("", plain(text))


def _compared(name: str, before: str, after: str) -> Compared:
    if len(before) + len(after) > _LONGEST:
        return Compared(name, [], escape(before), escape(after))
    pieces = [piece for piece in _MARKED.split(marked(before, after, _MARKS)) if piece]
    sides = (
        Markup("").join(_shown(piece) for piece in pieces if not piece.startswith(hidden))
        for hidden in (_ADDED, _REMOVED)
    )
    return Compared(name, list(_places(pieces)), *sides)


def _shown(piece: str) -> Markup:
    tag = _TAGS.get(piece[0])
    return tag.format(piece[1:-1]) if tag else escape(piece)


def _places(pieces: list[str]) -> Iterator[Markup]:
    """Yield each changed place. Changes close to each other are joined."""
    place: list[Markup] = []
    for number, piece in enumerate(pieces):
        if piece[0] in _TAGS:
            place.append(_shown(piece))
            continue
        head, tail = _ends(piece, is_first=number == 0, is_last=number == len(pieces) - 1)
        if tail is None:
            place.append(escape(head))
            continue
        if number:
            yield Markup("").join([*place, escape(head)])
        place = [escape(tail)]
    if any(piece[0] in _TAGS for piece in pieces[-1:]) or len(place) > 1:
        yield Markup("").join(place)


def _ends(text: str, *, is_first: bool, is_last: bool) -> tuple[str, str | None]:
    """Return the shown parts of an unchanged text: its beginning, and its end if they are apart."""
    if len(text) <= _AROUND * (1 if is_first or is_last else 2):
        return text, None
    head = text[:_AROUND].rpartition(" ")[0] + " …"
    return head, "" if is_last else "… " + text[-_AROUND:].partition(" ")[2]
