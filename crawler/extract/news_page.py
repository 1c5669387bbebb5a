"""The base of most agencies' layouts: a page that keeps to the conventions of the web."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from itertools import chain, islice
from typing import ClassVar
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.extract.html import one_line, paragraphs, parse_fragment
from crawler.extract.media import (
    PICTURES,
    absolute,
    largest,
    pictures,
    videos,
    without_width,
)
from crawler.extract.page import ArticlePage
from crawler.extract.structured_data import Metadata
from crawler.model.article import Image, Label, Person, Video
from crawler.model.identity import NotAnArticle, identify
from crawler.text.body import without_second_copy
from crawler.text.dates import choose_date
from crawler.text.persons import emails, read_authors

# Search engines want headlines of at most 110 characters, so programs cut them.
_SHORTEST_CUT = 100
_LONGEST_SIGNATURE = 200
_PICTURE_LINK = re.compile(r"^(?:#|javascript:)|\.(?:jpe?g|png|gif|webp|avif)(?:\?|$)", re.I)
# Words of a pager's links: to the next page, and to others.
_NEXT = (
    r"next(?: page)?|下一页|下页|下一頁|次へ|далее|вперёд|вперед|следующая(?: страница)?|далі|"
    r"(?:page )?suivante?|(?:página )?siguiente|nächste(?: seite)?|weiter|(?:pagina )?successiva|"
    r"próxima(?: página)?|sonraki(?: sayfa)?|keyingi|кейінгі|التالي|(?:صفحه )?بعدی"
)
_OTHER = (
    r"prev(?:ious)?(?: page)?|first|last|pages?|上一页|上页|首页|末页|尾页|共\d+页|назад|"
    r"предыдущая|первая|последняя|страниц[аы]|précédente?|anterior|zurück|vorherige|seiten?|precedente|"
    r"pagin[ae]|páginas?|önceki|السابق|قبلی|صفحه"
)
_TO_NEXT = re.compile(rf"(?:{_NEXT})?\s*[»›>→]*", re.IGNORECASE)
_PAGER = re.compile(
    rf"(?:[\s\[\]()«»‹›<>|…→←·:.,/-]|(?:{_NEXT}|{_OTHER}|\d{{1,3}})(?!\w))+", re.IGNORECASE
)
_IN_PAGER = '[class*="pag" i] a[href], [id*="pag" i] a[href]'
_MOST_PAGERS = 4  # paragraphs at the end of a text
_AFTER_NUMBERS = 1000
_GAP = re.compile(r"\n\n")
_MOST_NOTES = 2  # paragraphs above a dateline
_NEVER_TEXT = (
    "script, style, noscript, nav, aside, form, footer, template,"
    ".twitter-tweet, .instagram-media, .tiktok-embed, .fb-post"  # embedded posts of other sites
)
_NEVER_PICTURES = "nav, aside, form, footer, template, .twitter-tweet, .instagram-media"
_GALLERIES = (
    'figure, picture, amp-carousel, [class*="gallery" i], [class*="slide" i],'
    '[class*="carousel" i], [class*="album" i], [class*="photo" i], [class*="figure" i]'
)
_NO_PICTURES_OWN = ("logo", "default", "share")


class NewsPage(ArticlePage):
    """An article whose page has most fields of a row in structured data.

    1. ``BODY`` selects the elements that hold the text, ``SKIP`` elements in them that are not
       text.
    2. ``MARK`` selects an element that only this layout has, if ``BODY`` alone is not enough.
    3. The others are needed only where structured data are missing or wrong: ``TITLE``, ``LEAD`` (a
       lead outside the text), ``AUTHORS``, ``DATE``, ``TAGS``, ``SECTION``, ``PICTURES`` (those
       outside the text), ``CAPTION`` (the words under the first picture).
    4. ``ROOT`` selects the first article of a page that has several.
    """

    ROOT: ClassVar[str] = "body"
    MARK: ClassVar[str] = ""
    BODY: ClassVar[str] = ""
    SKIP: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    LEAD: ClassVar[str] = ""
    AUTHORS: ClassVar[str] = ""
    DATE: ClassVar[str] = ""
    TAGS: ClassVar[str] = ""
    SECTION: ClassVar[str] = ""
    PICTURES: ClassVar[str] = ""
    CAPTION: ClassVar[str] = ""

    def matches(self) -> bool:
        """Return whether the page has the layout's mark, a title and a text."""
        if self.document.is_json:
            return False
        if self.MARK and self.document.tree.css_first(self.MARK) is None:
            return False
        return bool(self.body and self.title)  # the body first: it differs between layouts

    @cached_property
    def root(self) -> LexborNode:
        """The article's part of the page."""
        return self.document.tree.css_first(self.ROOT) or self.document.root

    @cached_property
    def metadata(self) -> Metadata:
        """The page's structured data."""
        return Metadata(self.document.tree, self.root, self.document.article)

    def _texts(self, selector: str) -> Iterator[str]:
        """Yield the texts of the article's elements that a selector finds."""
        if selector:
            nodes = {node.mem_id: node for node in self.root.css(selector)}  # may find one twice
            yield from filter(None, map(_all_words, nodes.values()))

    @cached_property
    def holders(self) -> list[LexborNode]:
        """The elements that hold the text."""
        return self.root.css(self.BODY) if self.BODY else [self.content]

    @cached_property
    def content(self) -> LexborNode:
        """A copy of the elements that hold the text, without anything that is not text."""
        found: list[LexborNode] = []
        for node in self.holders:
            if not any(_is_within(node, other) for other in found[-1:]):
                found.append(node)
        content = parse_fragment("".join(node.html or "" for node in found))
        for node in content.css(", ".join(filter(None, (_NEVER_TEXT, self.SKIP)))):
            if node.parent and node.parent.mem_id != content.mem_id:
                node.decompose()
        return content

    @cached_property
    def title(self) -> str:
        """The headline of the layout, otherwise of the structured data, or the first heading."""
        told = chain(self._texts(self.TITLE), self.metadata.headlines, self._texts("h1"))
        title = next(told, "")
        if len(title) < _SHORTEST_CUT:
            return title
        return next((whole for whole in self._texts("h1") if whole.startswith(title)), title)

    @cached_property
    def summary(self) -> str | None:
        """The lead, if the layout marks it."""
        return next(self._texts(self.LEAD), None)

    @cached_property
    def body(self) -> str:
        """The paragraphs of the text."""
        texts = without_second_copy(paragraphs(self.content))
        if any(_is_of_pager(text) for text in texts[-_MOST_PAGERS:]) and self.further_pages:
            texts = [text for text in texts if not _is_of_pager(text)]
        return "\n\n".join(texts)

    @cached_property
    def further_pages(self) -> Sequence[str]:
        """The links of a pager in or below the text, if they are of the same article."""
        own, address = self.document.url, self.rules.address
        found = dict[str, int]()
        for link in (each for holder in self.holders for each in _links(holder)):
            text = " ".join(link.text().split())
            target = (absolute(link.attributes.get("href"), self.base) or "").partition("#")[0]
            if target and target != own and (number := _page_number(text)):
                with suppress(NotAnArticle):
                    if identify(target, address, "").id == identify(own, address, "").id:
                        found.setdefault(target, number)
        return sorted(found, key=found.__getitem__)

    @property
    def edition(self) -> str | None:
        """The edition by the host or the path's first part, if the agency has more than one."""
        editions = self.rules.editions
        first = urlsplit(self.document.url).path.strip("/").partition("/")[0]
        only = next(iter(editions)) if len(editions) == 1 else None
        return super().edition or (first if first in editions else only)

    @property
    def published_raw(self) -> str | None:
        """The date of publication that names its zone, otherwise the most credible one."""
        metadata = self.metadata
        dates = [*metadata.published, *islice(metadata.times, 1), *self._texts(self.DATE)]
        return choose_date(dates, self.rules.timestamp)

    @property
    def modified_raw(self) -> str | None:
        """The date of the last change."""
        return choose_date(self.metadata.modified, self.rules.timestamp)

    @cached_property
    def authors(self) -> Sequence[Person]:
        """The persons named by the layout, otherwise by the structured data or the dateline."""
        sources = chain([list(self._texts(self.AUTHORS))], self.metadata.authors, [self._reporters])
        return next(filter(None, (read_authors(names, self.rules.byline) for names in sources)), [])

    @property
    def _reporters(self) -> list[str]:
        """The reporters in the text's dateline, otherwise those in its signature.

        Above the dateline there may be notes about the article, or captions.
        """
        rules, end = self.rules.text, self.body[-_LONGEST_SIGNATURE:]
        starts = [0, *(gap.end() for gap in islice(_GAP.finditer(self.body), _MOST_NOTES))]
        datelines = (
            dateline.match(self.body, start) for start in starts for dateline in rules.datelines
        )
        signatures = (signature.search(end) for signature in rules.signatures)
        matches = chain(datelines, signatures)
        groups = (match.groupdict().get("names") for match in matches if match)
        return [names for names in groups if names][:1]

    @property
    def byline_raw(self) -> str | None:
        """The byline of the layout, otherwise the e-mail address at the end of the text."""
        shown = " ".join(self._texts(self.AUTHORS))
        return shown or next(iter(emails(self.body[-200:])), None)

    @property
    def category(self) -> Label | None:
        """The section."""
        name = next(chain(self._texts(self.SECTION), self.metadata.sections), None)
        return Label(name) if name else None

    @property
    def tags(self) -> Sequence[Label]:
        """The site's own tags."""
        names = list(self._texts(self.TAGS)) or self.metadata.tags
        return [Label(name) for name in dict.fromkeys(word.strip("# ") for word in names) if name]

    @cached_property
    def images(self) -> Sequence[Image]:
        """The pictures of the text, otherwise the one that represents the page."""
        size = self.rules.image_size
        apart = self.root.css(self.PICTURES) if self.PICTURES else []
        in_text, in_boxes = self._pictures_of_text()
        if found := pictures([*apart, *in_text], self.base, size):
            found[0].caption = next(self._texts(self.CAPTION), found[0].caption)
            return found
        boxed = pictures(in_boxes, self.base, size)
        shared = (absolute(url, self.base) for url in self.metadata.metas("og:image"))
        own = (url for url in shared if url and not any(word in url for word in _NO_PICTURES_OWN))
        lead = [Image(largest(url, size)) for url in own][:1]
        known = {without_width(image.url) for image in lead}
        return lead + [image for image in boxed if without_width(image.url) not in known]

    def _pictures_of_text(self) -> tuple[list[LexborNode], list[LexborNode]]:
        """Return the pictures between paragraphs, and those of galleries in skipped elements."""
        in_text, in_boxes = list[LexborNode](), list[LexborNode]()
        for holder in self.holders:
            found = holder.css(PICTURES)
            never = _ids(holder, _NEVER_PICTURES) if found else set()
            skipped = _ids(holder, self.SKIP) if found and self.SKIP else set()
            for node in found:
                around = {each.mem_id for each in _up_to(node, holder)}
                if around & never:
                    continue
                if not around & skipped:
                    in_text.append(node)
                elif around & _ids(holder, _GALLERIES) and not _is_teaser(node, holder):
                    in_boxes.append(node)
        return in_text, in_boxes

    @cached_property
    def videos(self) -> Sequence[Video]:
        """The videos of the text."""
        return videos(self.content, self.base)


def _all_words(node: LexborNode) -> str:
    """Return the text of a node, also if it is of a kind that articles hide."""
    return one_line(node) or " ".join(node.text(deep=True).split())


def _ids(holder: LexborNode, selector: str) -> set[int]:
    return {node.mem_id for node in holder.css(selector)}


def _up_to(node: LexborNode, holder: LexborNode) -> Iterator[LexborNode]:
    """Yield an element and its ancestors below another one."""
    while node.mem_id != holder.mem_id:
        yield node
        if node.parent is None:
            return
        node = node.parent


def _links(holder: LexborNode) -> Iterator[LexborNode]:
    """Yield the links in a text, and those of a pager beside it."""
    yield from holder.css("a[href]")
    if holder.parent is not None:
        yield from holder.parent.css(_IN_PAGER)


def _page_number(text: str) -> int:
    """Return the page that a pager's link leads to. 0 if it is not a pager's link."""
    number = text.strip("[]() ")
    if number.isdecimal() and len(number) <= 3:
        return int(number)
    return _AFTER_NUMBERS if text and _TO_NEXT.fullmatch(text) else 0


def _is_of_pager(text: str) -> bool:
    return bool(_PAGER.fullmatch(text))


def _is_teaser(picture: LexborNode, holder: LexborNode) -> bool:
    """Return whether a picture links to another page, and not to the picture itself."""
    links = (each for each in _up_to(picture, holder) if each.tag == "a")
    addresses = ((link.attributes.get("href") or "").strip() for link in links)
    return any(address and not _PICTURE_LINK.search(address) for address in addresses)


def _is_within(node: LexborNode | None, other: LexborNode) -> bool:
    """Return whether a node is another one or inside it."""
    while node is not None and node.mem_id != other.mem_id:
        node = node.parent
    return node is not None
