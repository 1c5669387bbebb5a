"""The schema of a row: what an article is, field by field.

The dataclasses here are the only source of validation, of ``schema.json`` and of the field
reference (``docs/fields.md``). No field is removed, or gets another meaning, without a new major
``schema`` version.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from msgspec import Meta

from crawler.model.link import Link

SCHEMA = "1.5"
UNKNOWN = "unknown"  # the layout of a page that no class describes: a guess

_ARTICLE_ID = r"^[a-z]+:[^\s/?#]+$"
_ADDRESS = r"^https?://[^\s]+$"
_SHA256 = r"^[0-9a-f]{64}$"
_RFC3339 = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"
_RFC3339_UTC = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
_RFC3339_OR_DAY = r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))?$"

_Timestamp = Annotated[str, Meta(pattern=_RFC3339)]
_Address = Annotated[str, Meta(pattern=_ADDRESS)]
_TimestampOrDay = Annotated[str, Meta(pattern=_RFC3339_OR_DAY)]

Role = Literal["author", "photo", "video", "translator"]


@dataclass(slots=True)
class Person:
    """A person named in the byline."""

    name: Annotated[str, Meta(description="the name as spelled in the byline", min_length=1)]
    role: Annotated[Role, Meta(description="the role that the byline gives the person")] = "author"


@dataclass(slots=True)
class Label:
    """A category or a tag."""

    name: Annotated[str, Meta(description="as shown to readers", min_length=1)]
    slug: Annotated[str | None, Meta(description="the site's own short name, if it shows one")] = (
        None
    )


@dataclass(slots=True)
class Image:
    """A picture of the article."""

    url: Annotated[str, Meta(description="address of the largest size", pattern=_ADDRESS)]
    caption: Annotated[str | None, Meta(description="the text under the picture")] = None
    credit: Annotated[str | None, Meta(description="the source named by the page")] = None


@dataclass(slots=True)
class Video:
    """A video in the article."""

    url: Annotated[str, Meta(description="address of the video or its player", pattern=_ADDRESS)]


@dataclass(slots=True)
class Translation:
    """The same story in another edition."""

    id: Annotated[str, Meta(description="id of that article", pattern=_ARTICLE_ID)]
    edition: Annotated[str | None, Meta(description="its edition, if the source names it")] = None
    evidence: Annotated[str, Meta(description="how we know: `api`", min_length=1)] = "api"


@dataclass(slots=True)
class RightsSignal:
    """A signal of the site about the use of the article."""

    source: Annotated[
        Literal["header", "meta", "schema.org"],
        Meta(description="a header of the response, a `meta` of the page, or its structured data"),
    ]
    name: Annotated[
        str,
        Meta(
            description="`tdm-reservation`, `tdm-policy`, `x-robots-tag`, `robots` or the name of "
            "a crawler, `isAccessibleForFree`, `article:content_tier`",
            min_length=1,
        ),
    ]
    value: Annotated[
        str, Meta(description="as written there, at most 300 characters", min_length=1)
    ]


@dataclass(slots=True)
class Sighting:
    """One response that showed an article to be missing."""

    status: Annotated[int, Meta(description="HTTP status", ge=100, le=599)]
    at: Annotated[str, Meta(description="when, RFC 3339 in UTC", pattern=_RFC3339_UTC)]
    asked: Annotated[
        Literal["page", "api"] | None,
        Meta(description="what was requested: the article's page, or the article from the API"),
    ] = None
    url: Annotated[_Address | None, Meta(description="the address that was requested")] = None


@dataclass(slots=True)
class Capture:
    """The place of the archived response from which a version was read."""

    file: Annotated[str, Meta(description="name of the WARC file", min_length=1)]
    offset: Annotated[int, Meta(description="first byte of the response record", ge=0)]
    length: Annotated[int, Meta(description="bytes of the record in the file", gt=0)]
    digest: Annotated[
        str,
        Meta(
            description="digest of the payload as stored, with its Content-Encoding: `sha256:...`",
            min_length=1,
        ),
    ]


@dataclass(slots=True)
class Extractor:
    """How the row was read: in which layout, from which source, by which code."""

    layout: Annotated[
        str,
        Meta(
            description="name of the page's layout; `unknown`: the page matches no layout of the "
            "agency, and was read by what all pages have in common",
            min_length=1,
        ),
    ]
    source: Annotated[Literal["page", "api"], Meta(description="kind of response it was read from")]
    code: Annotated[str, Meta(description="digest of the reading code: pages, pipelines, rules")]


@dataclass(slots=True, kw_only=True)
class Article:
    """One version of one article: a line of the journal, with every field always present."""

    schema: Annotated[str, Meta(description="version of this schema", pattern=r"^\d+\.\d+$")] = (
        SCHEMA
    )
    id: Annotated[
        str,
        Meta(
            description="id, the same for all addresses: agency, colon, the site's id or old slug",
            pattern=_ARTICLE_ID,
        ),
    ] = ""
    agency: Annotated[str, Meta(description="name of the agency's spider", pattern="^[a-z]+$")] = ""
    url: Annotated[
        str,
        Meta(description="canonical URL, for citing; fixed at version 1", pattern=_ADDRESS),
    ] = ""
    edition: Annotated[
        str | None,
        Meta(description="language edition, by the site's own code: `en`, `oz`"),
    ] = None
    language: Annotated[
        str | None,
        Meta(description="BCP 47, read from the text: `en`, `uz-Latn`, `uz-Cyrl`, `kaa-Cyrl`"),
    ] = None
    script: Annotated[
        str | None,
        Meta(description="ISO 15924, read from the text: `Latn`, `Cyrl`, `Arab`, `Hans`"),
    ] = None
    orthography: Annotated[
        Literal["1995", "2026"] | None,
        Meta(
            description="the alphabet of a text in `uz-Latn`: the Latin letters of `1995` "
            "(`sh ch oʻ gʻ`) or those of the law of `2026` (`ş ç ö ğ`), whichever it has more of; "
            "null in all other languages, and if the text has neither"
        ),
    ] = None
    other_languages: Annotated[
        list[str],
        Meta(
            description="other languages of the text, besides `language`, the main one; BCP 47, "
            "read from paragraphs of 200 letters or more"
        ),
    ] = field(default_factory=list)
    title: Annotated[
        str,
        Meta(
            description="headline; plain text, NFC; `withdrawn` if the text was withdrawn",
            min_length=1,
        ),
    ] = ""
    summary: Annotated[str | None, Meta(description="the lead, if the page marks it as one")] = None
    body: Annotated[
        str,
        Meta(
            description="whole text as readers see it, beginning with the lead, which is not "
            "repeated; paragraphs separated by a blank line, without byline and boilerplate; the "
            "apostrophes of Uzbek letters are unified; empty only if the article consists of "
            "pictures or videos, or was withdrawn"
        ),
    ] = ""
    published_at: Annotated[
        _TimestampOrDay | None,
        Meta(
            description="RFC 3339 with the agency's offset; with precision `day` only the date; "
            "null if unknown"
        ),
    ] = None
    published_precision: Annotated[
        Literal["second", "minute", "day"] | None,
        Meta(description="precision of `published_at`; midnight is never made up"),
    ] = None
    published_raw: Annotated[
        str | None,
        Meta(
            description="the date as written in the article: `23:44 / 2024-05-01`; `published_at` "
            "may be more exact, from the site's lists"
        ),
    ] = None
    published_source: Annotated[
        Literal["page", "api", "slug"] | None,
        Meta(
            description="where `published_at` was read; `slug` only if there is no other date; "
            "also null if it is from a feed or list, for a page in an `unknown` layout"
        ),
    ] = None
    modified_at: Annotated[
        _Timestamp | None,
        Meta(
            description="RFC 3339; last change, if the page or the API has it, or the entry of a "
            "list that was new, or had changed, since the last visit; null is unknown, also if a "
            "list had no news since the last visit. It is the site's own claim, and can be before "
            "a visit that still found the earlier text"
        ),
    ] = None
    authors: Annotated[
        list[Person], Meta(description="persons in the byline, without the agency")
    ] = field(default_factory=list)
    byline_raw: Annotated[
        str | None, Meta(description="the byline as written at the end of the text")
    ] = None
    credit: Annotated[
        str | None,
        Meta(
            description="the agency's label in the byline, as spelled there; for a page that no "
            "class describes, the organisations that its data state as authors"
        ),
    ] = None
    category: Annotated[Label | None, Meta(description="section of the site")] = None
    tags: Annotated[list[Label], Meta(description="the site's own tags")] = field(
        default_factory=list
    )
    images: Annotated[list[Image], Meta(description="pictures, lead picture first")] = field(
        default_factory=list
    )
    videos: Annotated[list[Video], Meta(description="videos, also embedded ones")] = field(
        default_factory=list
    )
    translations: Annotated[
        list[Translation], Meta(description="the same story in other editions")
    ] = field(default_factory=list)
    rights: Annotated[
        list[RightsSignal],
        Meta(
            description="signals about its use in the response from which it was read, at "
            "`fetched_at`; of robots directives only those that forbid something; empty if there "
            "were none, which does not mean permission"
        ),
    ] = field(default_factory=list)
    version: Annotated[
        int, Meta(description="number of the version, in order of recording, from 1", ge=1)
    ] = 1
    change: Annotated[
        Literal["new", "edited", "respelled", "reparsed", "older", "gone", "back", "withdrawn"],
        Meta(
            description="why the version was recorded; `new`: seen for the first time; `edited`: "
            "the site changed it; `respelled`: the site wrote the same in another alphabet of the "
            "language; `reparsed`: our reading improved; `older`: an earlier state, found later in "
            "a web archive; `gone`: the site no longer has it; `back`: the site has it again; "
            "`withdrawn`: we removed it"
        ),
    ] = "new"
    changed_fields: Annotated[
        list[str],
        Meta(
            description="content fields that differ from the previous version, for `reparsed` all "
            "fields that were read differently; for `older`, from the next version"
        ),
    ] = field(default_factory=list)
    announced: Annotated[
        bool | None,
        Meta(
            description="whether the site announced the change: true if it showed a newer time of "
            "change after it, false if it showed the same as before. `modified_at` is the newer "
            "time; if it is null, it was the `Last-Modified` of the response, which counts only if "
            "a list had told exactly the time in that of the last visit. Null: unknown, because "
            "nothing was read after the change that tells it, or the change is not the site's"
        ),
    ] = None
    evidence: Annotated[
        list[Sighting],
        Meta(description="for `gone`: the responses that showed it, which have no `capture` here"),
    ] = field(default_factory=list)
    reason: Annotated[
        str | None, Meta(description="for `withdrawn`: why the text was removed from the archive")
    ] = None
    content_hash: Annotated[
        str,
        Meta(
            description="SHA-256 of title, body, byline, publication minute and picture "
            "addresses; equal for equal content from any source",
            pattern=_SHA256,
        ),
    ] = ""
    first_seen_at: Annotated[
        str, Meta(description="UTC; first time the article was fetched", pattern=_RFC3339_UTC)
    ] = ""
    fetched_at: Annotated[
        str,
        Meta(
            description="UTC; when this version was fetched, by us or by the web archive; for "
            "`gone`: the last response that showed it to be missing; for `withdrawn`: when we "
            "removed it",
            pattern=_RFC3339_UTC,
        ),
    ] = ""
    capture: Annotated[
        Capture | None,
        Meta(
            description="the archived response from which it was read; null if captures are off, "
            "and for `gone` and `withdrawn`; the text of a gone article was read from that of the "
            "row before, which a release has in `versions/`"
        ),
    ] = None
    archive_url: Annotated[
        str | None,
        Meta(
            description="address in a web archive, if read from one; for an imported WARC file, "
            "its name and the record's place: `warc:old.warc.gz@0+1148`"
        ),
    ] = None
    extractor: Annotated[Extractor | None, Meta(description="how the row was read")] = None
    run: Annotated[str, Meta(description="id of the run that recorded the version")] = ""

    @property
    def is_guess(self) -> bool:
        """Whether the page matched no layout of the agency."""
        return self.extractor is not None and self.extractor.layout == UNKNOWN


@dataclass(slots=True, kw_only=True)
class Draft(Article):
    """An article on its way through the pipelines, with the details of its listing.

    A page fills the fields with raw text: ``body`` has every paragraph in the order of the page,
    with byline and boilerplate; ``published_raw`` and ``modified_at`` are the dates as written.
    ``own_ids``: the articles whose addresses the page states as its own.
    """

    link: Link | None = None
    own_ids: tuple[str, ...] = ()
