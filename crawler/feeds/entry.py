"""One change of an article in words, as feeds, webhooks and mails tell it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from crawler.extract.agencies import find_agency
from crawler.model.article import Article
from crawler.store.reader import ArchiveReader
from crawler.store.stand_in import read_stand_in

_LONGEST = 300  # letters of a summary
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
    """A change; ``page`` is the address of the version in the reading room, if there is one.

    ``notice``: that the archive is made up, if it is.
    """

    row: Article
    old_title: str | None = None
    page: str | None = None
    notice: str = ""

    @property
    def id(self) -> str:
        """The same whenever, and by whomever, the change is told."""
        return urn(self.row.id, str(self.row.version), self.row.content_hash)

    @property
    def title(self) -> str:
        """The headline, and what happened to the article unless it is new."""
        return clean(_HEADINGS.get(self.row.change, "") + self.row.title)

    @property
    def text(self) -> str:
        """What happened, or of a new article how it begins."""
        return clean("\n".join(self._sentences()))

    def _sentences(self) -> Iterator[str]:
        row = self.row
        if row.change == "new":
            yield _shortened(row.summary or row.body.partition("\n\n")[0] or row.title)
        elif row.change == "edited":
            yield f"Changed: {', '.join(map(_FIELDS.__getitem__, row.changed_fields))}."
            if self.old_title:
                yield f"The headline was: {self.old_title}"
            if row.announced is False:
                yield "The page gives no other time of change than before."
        elif row.change == "gone":
            yield "The site no longer shows it:"
            yield from (
                f"{each.asked or 'asked'} HTTP {each.status} {each.at}" for each in row.evidence
            )
        else:
            yield "The site shows it again."
        if self.notice:
            yield self.notice

    @property
    def published_at(self) -> str | None:
        """When the article was published, if that is known to the minute."""
        at = self.row.published_at
        return at if at and "T" in at else None

    @property
    def authors(self) -> list[str]:
        """The names in the byline, but for photographers and other helpers."""
        return [clean(each.name) for each in self.row.authors if each.role == "author"]


def entry_of(reader: ArchiveReader, row: Article, reading_room: str | None) -> Entry:
    """Return a change as it is told; ``reading_room``: address of ``scrapy browse``."""
    page = reading_room and f"{reading_room}/article/{quote(row.id)}?version={row.version}"
    old_title = None
    if row.change == "edited" and "title" in row.changed_fields:
        before = reader.versions(row.id)
        old_title = _other_title(before, row)
    return Entry(row, old_title, page or None, notice_of(reader))


def notice_of(reader: ArchiveReader) -> str:
    """Return what to say of an archive if it is made up; else nothing."""
    made_up = read_stand_in(reader.folder, reader.database)
    host = find_agency(reader.folder.name).rules.address.host
    return made_up.notice(host) if made_up else ""


def _other_title(versions: Sequence[dict[str, Any]], row: Article) -> str | None:
    """Return the last headline before a version that was another; None if it was withdrawn."""
    titles = (
        each["title"]
        for each in reversed(versions)
        if each["version"] < row.version and each["change"] != "withdrawn"
    )
    return next((title for title in titles if title != row.title), None)


def urn(*parts: str) -> str:
    """Return the same name for the same parts."""
    return uuid5(NAMESPACE_URL, "\n".join(parts)).urn


def clean(text: str) -> str:
    """Leave out the few signs that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0].rstrip(",;:–—- ") + " …"
