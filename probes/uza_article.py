"""An article of UzA's current site: its address, its page, and what its answer's head says."""

from collections.abc import AsyncIterator

from crawler.extract.html import one_line
from crawler.extract.page import Document
from crawler.probe.finding import Fact, Finding
from crawler.probe.visit import Reply, Visit
from pages.uza import RULES
from probes.uza_learnt import Learnt, attributes
from probes.uza_page import OF_PAGE, of_page

PREFIX = Fact(
    "any prefix serves any post",
    "another edition's prefix answers with the article",
    "ADDRESS.articles in pages/uza_rules.py",
)
HEAD = Fact("canonical, hreflang, og and JSON-LD tags", "unknown; only og:title is read")
VALIDATORS = Fact("ETag and Last-Modified", "unknown")
CONDITIONAL = Fact("conditional request", "unknown: HTTP 304, or the whole page")
_OF_ANSWER = (HEAD, VALIDATORS, CONDITIONAL)


async def article(learnt: Learnt, visit: Visit) -> AsyncIterator[Finding]:
    """Check the article's page under a foreign prefix, and whether it can be asked for anew."""
    if learnt.article is None:
        for fact in (PREFIX, *OF_PAGE, *_OF_ANSWER):
            yield fact.unclear("no article was found")
        return
    reply, finding = await _foreign(learnt, visit)
    yield finding
    if reply.document is None or reply.status != 200:
        for fact in (*OF_PAGE, *_OF_ANSWER):
            yield fact.unclear(f"no page to look at: {reply.told}")
        return
    for finding in of_page(reply.document, learnt):
        yield finding
    yield _head(reply.document)
    yield _validators(reply)
    yield await _conditional(reply, visit)


async def _foreign(learnt: Learnt, visit: Visit) -> tuple[Reply, Finding]:
    """Ask for the page under another edition's prefix; if that fails, without a prefix."""
    assert learnt.article is not None
    root = learnt.agency.site.root
    reply = await visit.ask(f"{root}/{_other_edition(learnt)}/posts/{learnt.slug}")
    if reply.document is None:
        return reply, PREFIX.unclear(reply.told)
    title = (learnt.article.title or "").split("&")[0]
    if reply.status == 200 and not title:
        return reply, PREFIX.unclear(f"{reply.url}: HTTP 200, but no list tells the title")
    if reply.status == 200 and title in " ".join(one_line(reply.document.root).split()):
        return reply, PREFIX.holds(f"{reply.url}: HTTP 200")
    finding = PREFIX.differs(f"{reply.url}: {reply.told}, without the title")
    return await visit.ask(f"{root}/posts/{learnt.slug}"), finding


def _other_edition(learnt: Learnt) -> str:
    assert learnt.article is not None
    return next(edition for edition in RULES.editions if edition != learnt.article.edition)


def _head(document: Document) -> Finding:
    tree = document.tree
    names = {
        "canonical": ", ".join(attributes(document, 'link[rel="canonical"]', "href")) or "none",
        "hreflang": str(len(tree.css("link[hreflang]"))),
        "og": ", ".join(attributes(document, 'meta[property^="og:"]', "property")) or "none",
        "JSON-LD": str(len(tree.css('script[type="application/ld+json"]'))),
        "lang": ", ".join(attributes(document, "html", "lang")) or "none",
    }
    return HEAD.holds("; ".join(f"{name}: {value}" for name, value in names.items()))


def _validators(reply: Reply) -> Finding:
    names = ("etag", "last-modified", "cache-control")
    return VALIDATORS.holds("; ".join(f"{name}: {reply.header(name) or 'none'}" for name in names))


async def _conditional(reply: Reply, visit: Visit) -> Finding:
    """Ask for the page once more, if it has changed."""
    headers = {
        "If-None-Match": reply.header("etag"),
        "If-Modified-Since": reply.header("last-modified"),
    }
    told = {name: value for name, value in headers.items() if value}
    if not told:
        return CONDITIONAL.holds("not asked: the page has no validators")
    again = await visit.ask(reply.url, told)
    if again.document is None:
        return CONDITIONAL.unclear(again.told)
    return CONDITIONAL.holds(f"{' and '.join(told)}: {again.told}")
