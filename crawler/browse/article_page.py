"""An article as its page shows it: the text, its versions side by side, its translations."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from crawler.difference import Marks, differences, marked

# Characters for private use stand around what differs until everything is escaped.
_REMOVED, _ADDED, _END = "\ue000", "\ue001", "\ue002"
_MARKS = Marks((_REMOVED, _END), (_ADDED, _END))
_MARK = re.compile(f"[{_REMOVED}{_ADDED}{_END}]")
_TAGS = {_REMOVED: Markup("<del>{}</del>"), _ADDED: Markup("<ins>{}</ins>")}
# They turn the direction of what follows, beyond the text they stand in.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LONGEST_COMPARED = 60_000  # letters of two texts together that are compared word by word
_RELATED = """
SELECT id, edition, title, evidence FROM (
    SELECT other_id AS id, 'api' AS evidence FROM translation WHERE article_id = :id
    UNION SELECT article_id, 'api' FROM translation WHERE other_id = :id
    UNION SELECT other.id, 'image' FROM article JOIN article AS other USING (image)
        WHERE article.id = :id AND other.edition <> article.edition
        AND abs(other.place - article.place) < 3 * 86400 * 1000
    UNION SELECT other.id, 'minute' FROM article JOIN article AS other
        USING (published_at, category) WHERE article.id = :id
        AND other.edition <> article.edition AND length(published_at) > 10
) JOIN article USING (id) WHERE id <> :id AND article.change <> 'withdrawn' ORDER BY edition, id
"""


class Compared(NamedTuple):
    """A field that differs between two versions: before and after, what differs marked."""

    name: str
    old: Markup
    new: Markup


class Related(NamedTuple):
    """The same story in another edition, with all evidence that it is."""

    id: str
    edition: str | None
    title: str
    evidence: list[str]


def plain(text: object) -> str:
    """Return a text without what would turn the direction of the page around it."""
    return _TURNS.sub("", "" if text is None else str(text))


def link(address: str) -> str:
    """Return an address to follow; nothing but a web address can be followed."""
    return address if address.startswith(("http://", "https://")) else "#"


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Compared]:
    """Return the fields that differ, escaped, with the words that were removed and added marked."""
    return [
        Compared(name, *_sides(_clean(before), _clean(after)))
        for name, (before, after) in differences(old, new).items()
    ]


def _clean(text: str) -> str:
    return _MARK.sub("", plain(text))


def _sides(before: str, after: str) -> tuple[Markup, Markup]:
    if len(before) + len(after) > _LONGEST_COMPARED:
        return escape(before), escape(after)
    both = marked(before, after, _MARKS)
    return _shown(both, hidden=_ADDED, shown=_REMOVED), _shown(both, hidden=_REMOVED, shown=_ADDED)


def _shown(text: str, *, hidden: str, shown: str) -> Markup:
    """Return one side: what was kept, and what is marked by one mark and not by the other."""
    return Markup("").join(_pieces(re.sub(f"{hidden}[^{_END}]*{_END}", "", text), shown))


def _pieces(text: str, mark: str) -> Iterator[Markup]:
    for piece in re.split(f"({mark}[^{_END}]*{_END})", text):
        if piece.startswith(mark):
            yield _TAGS[mark].format(piece[1:-1])
        else:
            yield escape(piece)


def related(database: sqlite3.Connection, article_id: str) -> list[Related]:
    """Return the same story in other editions."""
    found: dict[str, Related] = {}
    for name, edition, title, evidence in database.execute(_RELATED, {"id": article_id}):
        known = found.setdefault(name, Related(name, edition, title, []))
        known.evidence.append(evidence)
    return list(found.values())
