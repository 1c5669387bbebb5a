"""Checks listed articles: their layouts, the filled fields, and selectors that find nothing."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import islice

from scrapy.exceptions import DropItem
from selectolax.lexbor import LexborNode

from crawler.extract.article import read_article
from crawler.extract.document import Document
from crawler.extract.errors import InvalidArticle, UnreadablePage
from crawler.extract.html import one_line, selector
from crawler.extract.page import ArticlePage
from crawler.model.article import Article
from crawler.model.identity import Identity, NotAnArticle
from crawler.model.link import Link
from crawler.probe.finding import Fact, Finding
from crawler.probe.known import Known, alike

MOST = 2  # articles requested, unless the first ones have all layouts
# Constants of a layout: those for what every article has, and those for what it may lack.
NEEDED = ("TITLE", "DATE", "BODY", "CONTENT")
OPTIONAL = ("LEAD", "AUTHORS", "SECTION", "CATEGORY", "TAGS", "TAG", "LEAD_IMAGE")
_LONGEST_DATE = 80  # characters of a line that is little more than a date
_FIELDS = (
    "title", "summary", "body", "published_at", "modified_at", "authors", "byline_raw", "edition",
    "language", "category", "tags", "images", "videos",
)  # fmt: skip
_BOILERPLATE = (
    "header, header *, footer, footer *, nav, nav *"  # menus contain sections and titles, too
)
_LONGEST_LINE = 200  # characters; longer lines are no date, and slow to compare

Page = tuple[Link, Document]


async def articles(known: Known) -> AsyncIterator[Finding]:
    """Request articles that the sources list, and check each layout that occurs."""
    layouts = [layout for layout in known.agency.layouts if layout.source == "page"]
    fact = Fact(
        "article pages", f"one of {', '.join(layout.layout for layout in layouts)}", _where(layouts)
    )
    read, unread, told = await _ask(known, len(layouts))
    seen = "; ".join(told)
    if not (read or unread):
        yield fact.unclear(seen or "no source lists an article")
        return
    yield fact.judged(not unread, seen)
    for layout, pages in read.items():
        for finding in (*_fields(known, layout, pages[0]), *_selectors(known, layout, pages)):
            yield finding
    shown = [page for page in unread if page[1].status == HTTPStatus.OK]
    if shown and not read:
        layout = next((each for each in layouts if selectors(each)), layouts[0])
        for finding in _selectors(known, layout, shown, is_unread=True):
            yield finding


async def _ask(
    known: Known, layouts: int
) -> tuple[dict[type[ArticlePage], list[Page]], list[Page], list[str]]:
    """Return pages by layout, pages without a layout, and the result of each in words."""
    read: dict[type[ArticlePage], list[Page]] = {}
    unread: list[Page] = []
    told: list[str] = []
    for link in islice(known.links(), MOST):
        if len(read) == layouts:
            break
        reply = await known.follow(link.url)
        page = known.article_in(reply)
        told.append(f"{link.url}: {page if isinstance(page, str) else page.layout}")
        if isinstance(page, ArticlePage):
            known.pages.append((link, reply))
            read.setdefault(type(page), []).append((link, page.document))
        elif reply.document is not None:
            unread.append((link, replace(reply.document, charset=known.rules.charset)))
    return read, unread, told


def _where(layouts: Sequence[type[ArticlePage]]) -> str:
    return f"LAYOUTS in pages/{layouts[0].rules.name}.py"


def _fields(known: Known, layout: type[ArticlePage], page: Page) -> Iterator[Finding]:
    """Make a row of a page, and compare it with the listing's details."""
    link, document = page
    fact = Fact(f"fields, layout {layout.layout}", "title, body and published_at are filled")
    fact = replace(fact, change=f"{layout.__qualname__} in {_file(layout)}")
    row = read_row(known, document)
    if isinstance(row, str):
        yield fact.differs(row)
        return
    yield row_finding(fact, row)
    listed, time = known.moment(link.published_raw), known.moment(row.published_raw)
    if listed and time:
        same = Fact(f"time, layout {layout.layout}", "that of the source", known.rule("timestamp"))
        yield same.judged(time.agrees(listed), f"page {time.value}, source {listed.value}")


def read_row(known: Known, document: Document, identity: Identity | None = None) -> Article | str:
    """Make a row as a crawl does. Return the reason in words if that fails."""
    try:
        return read_article(document, known.agency.layouts, known.normalisers, identity=identity)
    except (UnreadablePage, NotAnArticle, InvalidArticle, DropItem) as error:
        return f"no row can be made of it: {error}"


def row_finding(fact: Fact, row: Article) -> Finding:
    """Check the fields that every article has."""
    filled = [name for name in _FIELDS if getattr(row, name, None)]
    empty = [name for name in _FIELDS if name not in filled]
    seen = f"filled: {', '.join(filled)}; empty: {', '.join(empty) or 'none'}"
    if row.byline_raw:
        names = ", ".join(f"{person.name} ({person.role})" for person in row.authors)
        seen += f"; byline {row.byline_raw}: {names or 'no key'}"
    return fact.judged({"title", "body", "published_at"} <= set(filled), seen)


def selectors(layout: type[ArticlePage]) -> dict[str, str]:
    """Return the selectors of a layout's fields by the names of their constants."""
    found = {name: getattr(layout, name, None) for name in (*NEEDED, *OPTIONAL)}
    return {name: value for name, value in found.items() if isinstance(value, str) and value}


def constant(layout: type[ArticlePage], name: str) -> str:
    """Name a layout's constant: ``Class.NAME in path/of/file.py``."""
    owner = next(kind for kind in layout.__mro__ if name in vars(kind))
    return f"{owner.__name__}.{name} in {_file(owner)}"


def _file(kind: type) -> str:
    return f"{kind.__module__.replace('.', '/')}.py"


def _selectors(
    known: Known, layout: type[ArticlePage], pages: Sequence[Page], *, is_unread: bool = False
) -> Iterator[Finding]:
    """Check that each selector finds something on one of the pages, or suggest where it is."""
    for name, selected in selectors(layout).items():
        fact = Fact(f"{name}, layout {layout.layout}", selected, constant(layout, name))
        lines = [line for _, document in pages if (line := _line(document, selected)) is not None]
        if lines:
            yield _compared(known, fact, name, next(filter(None, lines), ""), pages[0][0])
        elif place := _place(known, name, pages[0], is_unread=is_unread):
            seen = f"finds nothing; it stands in {selector(place)}: {one_line(place)}"
            yield fact.differs(seen)
        elif name in NEEDED:
            yield fact.differs("finds nothing, and it was not found elsewhere")
        else:
            yield fact.unclear("finds nothing; an article may have none")


def _line(document: Document, selected: str) -> str | None:
    """Return the text of the first element that a selector finds. None if it finds none."""
    node = document.tree.css_first(selected)
    return None if node is None else one_line(node) or node.attributes.get("src") or ""


def _compared(known: Known, fact: Fact, name: str, line: str, link: Link) -> Finding:
    """Compare what a selector finds with the listing's details, if it has them."""
    if name == "TITLE" and link.title:
        return fact.judged(alike(line, link.title), line)
    return fact.holds(line)


def _place(known: Known, name: str, page: Page, *, is_unread: bool) -> LexborNode | None:
    """Return where on a page the content is that a selector no longer finds."""
    link, document = page
    if name == "TITLE":
        return place_of(document.root, link.title) if link.title else None
    if name in ("CATEGORY", "SECTION"):
        return place_of(document.root, link.category) if link.category else None
    if name == "DATE":
        return _place_of_date(known, page)
    if name in ("BODY", "CONTENT"):
        return document.main_text.content if document.main_text else None
    return first_picture(document.root) if name == "LEAD_IMAGE" and is_unread else None


def _place_of_date(known: Known, page: Page) -> LexborNode | None:
    """Return the element with the hour and the year that the source lists."""
    link, document = page
    stamp = known.moment(link.published_raw)
    if stamp is None or len(stamp.value) < len("2024-05-01T23:44"):
        return None
    hour, year = stamp.value[11:16], stamp.value[:4]
    return place_where(
        document.root, lambda line: len(line) <= _LONGEST_DATE and hour in line and year in line
    )


def place_of(root: LexborNode, text: str) -> LexborNode | None:
    """Return the element that has exactly this text."""
    return place_where(root, lambda line: line == text)


def place_where(root: LexborNode, fits: Callable[[str], bool]) -> LexborNode | None:
    """Return the first element whose one line of text fits: the innermost with a class."""
    node = next(_fitting(root, fits), None)
    while node is not None:
        inner = next(_fitting(node, fits), None)
        if inner is None or not inner.attributes.get("class"):
            return node
        node = inner
    return None


def first_picture(root: LexborNode) -> LexborNode | None:
    """Return the first picture outside of menus."""
    passed_over = {node.mem_id for node in root.css(_BOILERPLATE)}
    pictures = (node for node in root.css("img[src]") if node.mem_id not in passed_over)
    return next(pictures, None)


def _fitting(root: LexborNode, fits: Callable[[str], bool]) -> Iterator[LexborNode]:
    """Yield the elements below a node whose text fits, in the order of the page."""
    passed_over = {root.mem_id} | {node.mem_id for node in root.css(_BOILERPLATE)}
    for node in root.css("*"):
        is_short = node.mem_id not in passed_over and len(node.text_lexbor()) <= 2 * _LONGEST_LINE
        line = one_line(node) if is_short else ""
        if line and len(line) <= _LONGEST_LINE and fits(line):
            yield node
