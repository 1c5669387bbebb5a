"""Addresses of UzA's articles: where they are listed, which forms answer, what is not there."""

from collections.abc import AsyncIterator, Sequence
from itertools import chain

from crawler.discovery.listing import NotAListing
from crawler.extract.errors import UnreadablePage
from crawler.extract.html import selector
from crawler.extract.page import ArticlePage, Document
from crawler.model.link import Found
from crawler.probe.finding import Fact, Finding
from crawler.probe.visit import Reply, Visit
from pages.uza import LIST_LINKS
from probes.uza_learnt import FIRST_EDITION, MISSING_ID, Learnt, read_post, unlike

LIST_ADDRESS = Fact(
    "address of the HTML list",
    "/{edition}/posts?page=1 answers with links to articles",
    "UzaSpider.roads in spiders/uza.py",
)
LINKS = Fact("links in the HTML list", LIST_LINKS, "LIST_LINKS in pages/uza_rules.py")
LINK_FORM = Fact(
    "form of the links",
    "root-relative, without edition; any form is understood",
    "ADDRESS.articles in pages/uza_rules.py",
)
BARE = Fact(
    "address with the number alone",
    "/posts/{id} answers with the article",
    "UzaSpider.article_address in spiders/uza.py",
)
MISSING = Fact("missing post on the site", "unknown: HTTP 404, a redirect, or a shell page")


async def html_list(learnt: Learnt, visit: Visit) -> AsyncIterator[Finding]:
    """Check the list that serves when the API fails."""
    reply = await visit.ask(learnt.listing(FIRST_EDITION, "html").address(1))
    if reply.document is None or reply.status != 200:
        yield unlike(LIST_ADDRESS, reply, reply.told)
        document = learnt.home
    else:
        document = reply.document
        links = _article_links(learnt, document)
        yield LIST_ADDRESS.judged(bool(links), f"HTTP 200, {len(links)} links to articles")
    for finding in _links(learnt, document):
        yield finding


def choose(learnt: Learnt) -> Found | None:
    """Choose the article to look at: from the API's list, else a feed, else a page's links."""
    return next((found for found in _candidates(learnt) if learnt.identity(found.url)), None)


async def addresses(learnt: Learnt, visit: Visit) -> AsyncIterator[Finding]:
    """Check other ways to address an article, and the address of none."""
    if learnt.article is None or learnt.native_id is None:
        yield BARE.unclear("no article with a number was found")
    else:
        yield _bare(learnt, await visit.ask(learnt.agency.article_address(learnt.native_id)))
    reply = await visit.ask(f"{learnt.agency.site.root}/posts/no-such-post_{MISSING_ID}")
    page = read_post(reply)
    if reply.document is None:
        yield MISSING.unclear(page if isinstance(page, str) else reply.told)
    elif isinstance(page, str):
        yield MISSING.holds(page)
    else:
        yield MISSING.differs(f"HTTP 200, read as an article: {page.title}")


def _candidates(learnt: Learnt) -> Sequence[Found]:
    """Return articles to look at, the best first: in the API's list, one with a picture."""
    pictured = {str(post.get("slug")) for post in learnt.posts if post.get("files")}
    native = [entry for entry in learnt.entries if learnt.number(entry.url)]
    best = [entry for entry in native if entry.url.rpartition("/")[2] in pictured]
    feeds = chain(learnt.feeds.get(FIRST_EDITION, ()), *learnt.feeds.values())
    linked = [Found(url, "html") for url in _article_links(learnt, learnt.home)]
    return [*best, *native, *learnt.entries, *feeds, *linked]


def _links(learnt: Learnt, document: Document | None) -> list[Finding]:
    """Judge what the list's selector picks; the home page's, if there is no list."""
    if document is None:
        return [fact.unclear("no page with a list") for fact in (LINKS, LINK_FORM)]
    try:
        entries = learnt.listing(FIRST_EDITION, "html").read(document).entries
    except (NotAListing, UnreadablePage) as error:
        others = _selectors(learnt, document)
        seen = f"{error}; links to articles: {', '.join(others) or 'none'}"
        return [LINKS.differs(seen), _form(learnt, _article_links(learnt, document))]
    hrefs = [entry.url for entry in entries]
    strange = [href for href in hrefs if not learnt.identity(href)]
    seen = f"{len(hrefs)} links, {len(strange)} to no article"
    return [LINKS.judged(not strange, seen), _form(learnt, hrefs)]


def _form(learnt: Learnt, hrefs: Sequence[str]) -> Finding:
    if not hrefs:
        return LINK_FORM.unclear("no link to look at")
    strange = [href for href in hrefs if not learnt.identity(href)]
    return LINK_FORM.judged(not strange, (strange or list(hrefs))[0])


def _article_links(learnt: Learnt, document: Document | None) -> list[str]:
    """Return the addresses of posts a page links to, whatever the links look like."""
    nodes = document.tree.css('a[href*="/posts/"]') if document else []
    hrefs = (node.attributes.get("href") or "" for node in nodes)
    return [href for href in dict.fromkeys(hrefs) if learnt.identity(href)]


def _selectors(learnt: Learnt, document: Document) -> list[str]:
    """Return the selectors of a page's links to posts, the most frequent first."""
    nodes = document.tree.css('a[href*="/posts/"]')
    names = [selector(node) for node in nodes if learnt.identity(node.attributes.get("href") or "")]
    return sorted(dict.fromkeys(names), key=names.count, reverse=True)


def _bare(learnt: Learnt, reply: Reply) -> Finding:
    page = read_post(reply)
    if reply.document is None:
        return BARE.unclear(reply.told)
    if isinstance(page, ArticlePage):
        return BARE.holds(f"HTTP 200: {page.title}")
    if 300 <= reply.status < 400 and learnt.number(reply.goal or "") == learnt.native_id:
        return BARE.holds(reply.told)
    title = learnt.article.title if learnt.article else None
    if reply.status == 200 and title and title in reply.document.text:
        return BARE.holds(f"{page}, but its title stands there")
    return BARE.differs(page)
