"""Pages: one answer of a site in, the raw fields of an article out. No Scrapy here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

from selectolax.lexbor import LexborHTMLParser

from crawler.items import Draft, Image, Label, Translation, Video
from crawler.rules import AgencyRules


@dataclass(frozen=True)
class Document:
    """One answer of a site, as received: what a crawl, a test and a reading from WARC all have.

    Header names are lower case. ``body`` may still carry its content coding.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def text(self) -> str: ...

    @cached_property
    def tree(self) -> LexborHTMLParser: ...

    @cached_property
    def json(self) -> Any: ...


class ArticlePage:
    """An article as one layout shows it; every field has a default, a layout overrides what it has.

    Values are raw: ``body`` has every paragraph in the order of the page (separated by a blank
    line), byline and furniture included; dates are as written. The pipelines do the rest.
    """

    rules: ClassVar[AgencyRules]
    layout: ClassVar[str]
    source: ClassVar[Literal["page", "api"]] = "page"

    def __init__(self, document: Document) -> None:
        self.document = document

    @classmethod
    def matches(cls, document: Document) -> bool:
        """Tell whether the document's content, never its address, is of this layout."""
        raise NotImplementedError

    title: str = ""
    summary: str | None = None
    body: str = ""
    published_raw: str | None = None
    modified_raw: str | None = None
    category: Label | None = None
    tags: Sequence[Label] = ()
    images: Sequence[Image] = ()
    videos: Sequence[Video] = ()
    translations: Sequence[Translation] = ()

    def draft(self) -> Draft: ...
