"""A post of the replica: the content of its pages, lists and feeds, and the expected row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SITE = "https://uza.uz"
CDN = "https://cdn.uza.uz"

Kind = Literal["native", "imported", "legacy"]
Echo = Literal["none", "same", "continued", "varied", "glued"]
DateForm = Literal["minute", "day", "campaign"]


@dataclass(frozen=True, slots=True)
class Label:
    """A category or a tag."""

    id: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its path on the file server and its caption."""

    folder: str
    file: str
    caption: str | None

    @property
    def url(self) -> str:
        """URL of the largest size."""
        return self.sized("")

    def sized(self, size: str) -> str:
        """URL of one size: an empty string, ``_small``, ``_normal`` or ``_front``."""
        stem, dot, extension = self.file.rpartition(".")
        return f"{CDN}{self.folder}{stem}{size}{dot}{extension}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post: its content on the site, and the data to compare a row with.

    Texts have U+02BB and U+02BC as apostrophes; the site shows ``apostrophe`` for both. ``summary``
    is the lead (None on the legacy site), ``paragraphs`` the text after it. ``published_at`` and
    ``updated_at`` are Tashkent time without zone. ``noise`` lists the disturbances in the text.
    ``section`` is the folder in a legacy URL.
    """

    id: int
    kind: Kind
    edition: str
    language: str
    slug: str
    title: str
    summary: str | None
    paragraphs: tuple[str, ...]
    published_at: datetime
    updated_at: datetime
    category: Label
    byline: str | None = None
    authors: tuple[tuple[str, str], ...] = ()
    credit: str | None = None
    tags: tuple[Label, ...] = ()
    pictures: tuple[Picture, ...] = ()
    video: str | None = None
    views: int = 0
    translations: tuple[int, ...] = ()
    echo: Echo = "none"
    noise: frozenset[str] = frozenset()
    apostrophe: str = "ʻ"
    section: str | None = None
    date_form: DateForm = "minute"

    @property
    def article_id(self) -> str:
        """Id of the article: by number, or by slug if the URL has no number."""
        return f"uza:{self.id}" if self.kind == "native" else f"uza:{self.slug}"

    @property
    def path(self) -> str:
        """Path of the canonical URL."""
        if self.kind == "legacy" and self.legacy_path:
            return self.legacy_path
        return f"/posts/{self.slug}"

    @property
    def legacy_path(self) -> str | None:
        """Path on the legacy site, where an imported post may exist, too."""
        return f"/{self.edition}/{self.section}/{self.slug}" if self.section else None

    @property
    def canonical_url(self) -> str:
        """URL to cite."""
        return SITE + self.path

    @property
    def body_paragraphs(self) -> tuple[str, ...]:
        """The text as a reader sees it: it begins with the lead, once."""
        if self.summary is None or self.echo == "varied":
            return self.paragraphs
        if self.echo in {"continued", "glued"}:
            return (f"{self.summary} {self.paragraphs[0]}", *self.paragraphs[1:])
        return (self.summary, *self.paragraphs)

    @property
    def body(self) -> str:
        """The expected body: paragraphs separated by a blank line."""
        return "\n\n".join(self.body_paragraphs)

    @property
    def published_second(self) -> str:
        """RFC 3339 to the second, as in the API."""
        return f"{self.published_at:%Y-%m-%dT%H:%M:%S}+05:00"

    @property
    def published_minute(self) -> str:
        """RFC 3339 to the minute, as on a page."""
        return f"{self.published_at:%Y-%m-%dT%H:%M}:00+05:00"

    def shown(self, text: str) -> str:
        """Replace the apostrophes in a text of this post by the one its author types."""
        return text.replace("ʻ", self.apostrophe).replace("ʼ", self.apostrophe)

    @property
    def shown_paragraphs(self) -> tuple[str, ...]:
        """Paragraphs below the lead on the current site; an imported lead is repeated there."""
        if self.echo == "none" or self.summary is None:
            return self.paragraphs
        if self.echo == "same":
            return (self.summary, *self.paragraphs)
        if self.echo == "glued":
            return (self.summary + self.paragraphs[0], *self.paragraphs[1:])
        return self.body_paragraphs
