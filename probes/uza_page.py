"""What UzA's article pages say, compared with what lists and API tell of the same article."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawler.extract.html import holder_of_text, one_line, selector
from crawler.extract.page import Document
from crawler.probe.finding import Fact, Finding
from crawler.probe.places import place_of, place_where
from crawler.text.byline import split_byline
from pages.uza import RULES
from pages.uza_current import UzaPage
from probes.uza_learnt import Learnt, moment, same

TITLE = Fact("title of a page", UzaPage.TITLE, "UzaPage.TITLE in pages/uza_current.py")
DATE = Fact("date of a page", UzaPage.DATE, "UzaPage.DATE in pages/uza_current.py")
DATE_LINE = Fact(
    "form of the date line",
    "HH:MM / YYYY-MM-DD, the time of the lists",
    "TIMESTAMP.shapes in pages/uza_rules.py",
)
CATEGORY = Fact("category of a page", UzaPage.CATEGORY, "UzaPage.CATEGORY in pages/uza_current.py")
IMAGE = Fact(
    "lead image of a page", UzaPage.LEAD_IMAGE, "UzaPage.LEAD_IMAGE in pages/uza_current.py"
)
CONTENT = Fact("text of a page", UzaPage.CONTENT, "UzaPage.CONTENT in pages/uza_current.py")
LEAD = Fact("lead of a page", f"{UzaPage.LEAD} in the text", "UzaPage.LEAD in pages/uza_current.py")
TAGS = Fact("tags of a page", UzaPage.TAG, "UzaPage.TAG in pages/uza_current.py")
BYLINE = Fact("byline", "the last line: Name, UzA", "BYLINE in pages/uza_rules.py")
OF_PAGE = (TITLE, DATE, DATE_LINE, CATEGORY, IMAGE, CONTENT, LEAD, TAGS, BYLINE)
# Pictures stand in folders named by the minute of their upload.
_UPLOAD = re.compile(r"/\d{4}/\d\d/\d\d/\d\d/\d\d/")
_LONGEST_DATE = 80  # letters of a line that is a date and little else
_MOST_OF_IT = 0.8  # of the words of the API's text


@dataclass(frozen=True, slots=True)
class Page:
    """An article page, and what is known of the article from elsewhere."""

    document: Document
    learnt: Learnt

    @property
    def root(self) -> LexborNode:
        """The page's ``body`` element."""
        return self.document.root

    def line(self, selected: str) -> str | None:
        """Return what the first element says that a selector picks."""
        node = self.root.css_first(selected)
        return one_line(node) if node else None


def of_page(document: Document, learnt: Learnt) -> Iterator[Finding]:
    """Check every field of a page."""
    page = Page(document, learnt)
    yield _title(page)
    yield _date(page)
    yield _date_line(page)
    yield _category(page)
    yield _image(page)
    yield _content(page)
    yield _lead(page)
    yield _tags(page)
    yield _byline(page)


def _title(page: Page) -> Finding:
    assert page.learnt.article is not None
    return _line(page, TITLE, UzaPage.TITLE, page.learnt.article.title)


def _category(page: Page) -> Finding:
    assert page.learnt.article is not None
    return _line(page, CATEGORY, UzaPage.CATEGORY, page.learnt.article.category)


def _line(page: Page, fact: Fact, selected: str, known: str | None) -> Finding:
    """Judge a line of the page that lists tell, too; if it is elsewhere, say where."""
    line = page.line(selected)
    if not known:
        return fact.holds(line) if line else fact.unclear("nothing matches, no list tells it")
    if line is not None:
        return fact.judged(same(line, known), line)
    return _elsewhere(fact, place_of(page.root, known))


def _elsewhere(fact: Fact, place: LexborNode | None) -> Finding:
    where = f"it stands in {selector(place)}" if place else "it was not found elsewhere"
    return fact.differs(f"nothing matches; {where}")


def _date(page: Page) -> Finding:
    line = page.line(UzaPage.DATE)
    return DATE.holds(line) if line else _elsewhere(DATE, _date_place(page))


def _date_place(page: Page) -> LexborNode | None:
    """Return the element with the hour and the year that lists tell."""
    assert page.learnt.article is not None
    stamp = moment(page.learnt.article.published_raw)
    if stamp is None or len(stamp.value) < len("2024-05-01T23:44"):
        return None
    hour, year = stamp.value[11:16], stamp.value[:4]
    return place_where(
        page.root, lambda line: len(line) <= _LONGEST_DATE and hour in line and year in line
    )


def _date_line(page: Page) -> Finding:
    assert page.learnt.article is not None
    place = _date_place(page)
    raw = page.line(UzaPage.DATE) or (one_line(place) if place else "")
    if not raw:
        return DATE_LINE.unclear("no date line was found")
    stamp, known = moment(raw), moment(page.learnt.article.published_raw)
    told = f"{raw}; the list has {page.learnt.article.published_raw}"
    return DATE_LINE.judged(stamp is not None and (not known or stamp.agrees(known)), told)


def _image(page: Page) -> Finding:
    node = page.root.css_first(UzaPage.LEAD_IMAGE)
    if node is not None:
        return IMAGE.holds(node.attributes.get("src") or "")
    uploads = [
        image
        for image in page.root.css("img[src]")
        if _UPLOAD.search(image.attributes.get("src") or "")
    ]
    detail = page.learnt.detail
    if not uploads:
        return IMAGE.unclear("no picture on the page")
    if detail is not None and not detail.images:
        return IMAGE.unclear("the post has no lead image")
    return IMAGE.differs(f"nothing matches; the first picture is {selector(uploads[0])}")


def _content(page: Page) -> Finding:
    node = page.root.css_first(UzaPage.CONTENT)
    if node is None:
        return _elsewhere(CONTENT, holder_of_text(page.root))
    text, detail = one_line(node), page.learnt.detail
    if detail is None:
        return CONTENT.judged(bool(text), f"{len(text)} letters")
    words, found = set(detail.body.split()), set(text.split())
    share = len(words & found) / max(1, len(words))
    return CONTENT.judged(
        share >= _MOST_OF_IT, f"{len(text)} letters, {share:.0%} of the words of the API's text"
    )


def _lead(page: Page) -> Finding:
    read = UzaPage(page.document).summary
    known = page.learnt.detail.summary if page.learnt.detail else None
    if not known:
        return LEAD.holds(read) if read else LEAD.unclear("nothing matches, no list tells it")
    if read:
        return LEAD.judged(same(read, known), read)
    return _elsewhere(LEAD, place_of(page.root, known))


def _tags(page: Page) -> Finding:
    read = [tag.name for tag in UzaPage(page.document).tags]
    detail = page.learnt.detail
    if detail is None:
        return TAGS.holds(", ".join(read)) if read else TAGS.unclear("nothing matches")
    known = [tag.name for tag in detail.tags]
    seen = f"page: {', '.join(read) or 'none'}; API: {', '.join(known) or 'none'}"
    return TAGS.judged(sorted(read) == sorted(known), seen)


def _byline(page: Page) -> Finding:
    """Read the byline of whatever texts there are: one without a byline proves nothing."""
    place = page.root.css_first(UzaPage.CONTENT) or holder_of_text(page.root)
    texts = [UzaPage(page.document).body, *page.learnt.bodies]
    if place is not None:
        texts.append("\n\n".join(one_line(paragraph) for paragraph in place.css("p")))
    for text in texts:
        _, byline = split_byline(_without_counter(text), RULES.byline)
        if byline:
            names = ", ".join(f"{one.name} ({one.role})" for one in byline.authors)
            return BYLINE.holds(f"{byline.raw}: {names or 'nobody'}, {byline.credit}")
    last = next((text.rpartition("\n")[2] for text in texts if text.strip()), "no text")
    return BYLINE.unclear(f"none read; the last line is: {last}")


def _without_counter(text: str) -> str:
    rest, _, last = text.rstrip().rpartition("\n")
    counter = RULES.text.counter
    return rest if counter and counter.fullmatch(last) else text
