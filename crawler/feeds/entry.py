"""One change of an article as text, for feeds, webhooks and mails."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from crawler.extract.agencies import find_agency
from crawler.model.article import Article
from crawler.model.diff import PLAIN, marked
from crawler.model.versions import version_before
from crawler.store.reader import ArchiveReader
from crawler.store.stand_in_site import read_stand_in

_LONGEST = 300  # letters of a summary
_MOST_COMPARED = 5_000  # letters of changed paragraphs; comparing more word by word is slow
_MOST_SHOWN = 600  # letters of a shown change
_AROUND = 100  # letters before the first change
_FIELDS = {
    "title": "headline",
    "body": "text",
    "byline_raw": "byline",
    "published_at": "date",
    "images": "pictures",
}
_HEADINGS = {"edited": "Edited: ", "gone": "Taken down: ", "back": "Back again: "}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A change; ``page``: address of the version in the reading room, None without one.

    ``before``: previous headline and text, if they changed and are known. ``notice``: a warning
    that the archive was read from a stand-in for the site; else empty.
    """

    row: Article
    before: Mapping[str, str] = field(default_factory=dict)
    page: str | None = None
    notice: str = ""

    @property
    def id(self) -> str:
        """A URN that depends on the change alone, so it is the same in every feed and message."""
        return urn(self.row.id, str(self.row.version), self.row.content_hash)

    @property
    def title(self) -> str:
        """The headline, preceded by what happened to the article unless it is new."""
        return clean(_HEADINGS.get(self.row.change, "") + self.row.title)

    @property
    def text(self) -> str:
        """A description of the change; for a new article, its beginning."""
        return clean("\n".join(self._sentences()))

    def _sentences(self) -> Iterator[str]:
        row = self.row
        if row.change == "new":
            yield _shortened(row.summary or row.body.partition("\n\n")[0] or row.title, _LONGEST)
        elif row.change == "edited":
            yield from self._edit()
        elif row.change == "gone":
            yield "The site no longer shows it:"
            yield from (
                f"{each.asked or 'asked'} HTTP {each.status} {each.at}" for each in row.evidence
            )
        else:
            yield "The site shows it again."
        if self.notice:
            yield self.notice

    def _edit(self) -> Iterator[str]:
        row = self.row
        names = ", ".join(_FIELDS.get(name, name) for name in row.changed_fields)
        yield f"Changed: {names}." if names else "Edited."
        if "title" in self.before:
            yield f"The headline was: {self.before['title']}"
        if "body" in self.before and (place := _changed(self.before["body"], row.body)):
            yield f"What was [-removed-] and {{+added+}}: {place}"
        if row.announced is False:
            yield "The site shows no other time of change than before."

    @property
    def published_at(self) -> str | None:
        """The time of publication, if it is known to the minute."""
        at = self.row.published_at
        return at if at and "T" in at else None

    @property
    def authors(self) -> list[str]:
        """The names in the byline, without photographers and other roles."""
        names = (clean(each.name) for each in self.row.authors if each.role == "author")
        return [name for name in names if name]


def entry_of(reader: ArchiveReader, row: Article, reading_room: str | None) -> Entry:
    """Return the entry for a change; ``reading_room``: URL of ``scrapy browse``."""
    page = reading_room and f"{reading_room}/article/{quote(row.id)}?version={row.version}"
    before = _before(reader, row) if row.change == "edited" else {}
    return Entry(row, before, page or None, notice_of(reader))


def notice_of(reader: ArchiveReader) -> str:
    """Return a warning if the archive was read from a stand-in for the site; else ""."""
    made_up = read_stand_in(reader.folder, reader.database)
    host = find_agency(reader.folder.name).rules.address.host
    return made_up.notice(host) if made_up else ""


def _before(reader: ArchiveReader, row: Article) -> dict[str, str]:
    """Return the previous headline and text, if they changed."""
    before = version_before(reader.versions(row.id), row) or {}
    names = {"title", "body"} & {*row.changed_fields} & {*before}
    return {name: before[name] for name in names if before[name] != getattr(row, name)}


def _changed(old: str, new: str) -> str:
    """Return an excerpt from the first difference on; "" if too many letters differ."""
    before, after = old.split("\n\n"), new.split("\n\n")
    removed = "\n\n".join(each for each in before if each not in after)
    added = "\n\n".join(each for each in after if each not in before)
    if not removed + added or max(len(removed), len(added)) > _MOST_COMPARED:
        return ""
    text = marked(removed, added, PLAIN)
    first = min(place for mark in ("[-", "{+") if (place := text.find(mark)) >= 0)
    if first > 2 * _AROUND:
        text = f"… {text[first - _AROUND :].lstrip()}"
    return _shortened(text, _MOST_SHOWN)


def urn(*parts: str) -> str:
    """Return a URN derived from the parts; the same parts yield the same URN."""
    return uuid5(NAMESPACE_URL, "\n".join(parts)).urn


def clean(text: str) -> str:
    """Remove the few characters that XML cannot contain."""
    return _NOT_IN_XML.sub("", text)


def _shortened(text: str, longest: int) -> str:
    """Cut a text after a word, or inside one where words have no spaces between them."""
    if len(text) <= longest:
        return text
    words = text[:longest].rpartition(" ")[0].rstrip(",;:–—- ")
    return f"{words if len(words) > longest / 2 else text[:longest]} …"
