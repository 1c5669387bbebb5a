"""Checks a site's responses besides articles: API, robots.txt, headers, missing pages."""

import re
from collections.abc import AsyncIterator, Iterable
from urllib.parse import quote, unquote, urlsplit

from protego import Protego

from crawler.crawl.spider import AgencySpider
from crawler.extract.page import ArticlePage
from crawler.model.identity import Identity
from crawler.probe.articles import read_row, row_finding
from crawler.probe.finding import Fact, Finding
from crawler.probe.known import Known, attributes
from crawler.probe.visit import Reply

_DIGITS = (12, 9)  # of a number that no article has, if addresses may have so many
HEADERS = Fact("ETag and Last-Modified", "unknown")
CONDITIONAL = Fact("conditional request", "unknown: HTTP 304, or the whole page")
MACHINES = Fact("what a page says to machines", "unknown")
MISSING = Fact("address of no article", "unknown: HTTP 404, a redirect, or no article on the page")
MISSING_IN_API = Fact("number of no article in the API", "unknown: HTTP 404, or no article")


async def answers(known: Known) -> AsyncIterator[Finding]:
    """Check how a known article can be requested in other ways, and one that does not exist."""
    if known.pages:
        for finding in await _of_page(known, known.pages[0][1]):
            yield finding
    link = known.article
    article = known.identity(link.url) if link else None
    if link is None or article is None:
        return
    of_api = [finding async for finding in _of_api(known, article)]
    for finding in of_api:
        yield finding
    if type(known.agency).article_address is not AgencySpider.article_address:
        yield await _bare(known, article, link.title or "")
    is_in_api = any(finding.verdict == "as expected" for finding in of_api)
    for finding in await _missing(known, article, is_in_api=is_in_api):
        yield finding


async def _of_page(known: Known, reply: Reply) -> list[Finding]:
    """Return what an article's page offers to programs, and how to request it again."""
    assert reply.document is not None
    tree = reply.document.tree
    names = {
        "canonical": ", ".join(attributes(reply.document, 'link[rel="canonical"]', "href")),
        "hreflang": str(len(tree.css("link[hreflang]"))),
        "og": ", ".join(attributes(reply.document, 'meta[property^="og:"]', "property")),
        "JSON-LD": str(len(tree.css('script[type="application/ld+json"]'))),
        "lang": ", ".join(attributes(reply.document, "html", "lang")),
    }
    headers = {name: reply.header(name) for name in ("etag", "last-modified", "cache-control")}
    return [
        MACHINES.holds(_table(names)),
        HEADERS.holds(_table(headers)),
        await _conditional(known, reply),
    ]


def _table(values: dict[str, str]) -> str:
    return "; ".join(f"{name}: {value or 'none'}" for name, value in values.items())


async def _conditional(known: Known, reply: Reply) -> Finding:
    """Request the page again, if it has changed."""
    headers = {
        "If-None-Match": reply.header("etag"),
        "If-Modified-Since": reply.header("last-modified"),
    }
    sent = {name: value for name, value in headers.items() if value}
    if not sent:
        return CONDITIONAL.holds("not asked: the page has no validators")
    again = await known.visit.ask(reply.url, sent)
    if again.document is None:
        return CONDITIONAL.unclear(again.told)
    return CONDITIONAL.holds(f"{' and '.join(sent)}: {again.told}")


async def _of_api(known: Known, article: Identity) -> AsyncIterator[Finding]:
    address = known.api_address(article)
    if address is None:
        return
    fact = Fact("article in the API", "the same article", known.spider("api_address"))
    reply = await known.visit.ask(address)
    page = known.article_in(reply)
    if isinstance(page, str):
        yield fact.differs(page) if reply.document else fact.unclear(page)
        return
    yield fact.judged(not page.ids or article.id in page.ids, f"{page.layout}: {page.title}")
    row = read_row(known, page.document, article)
    kind = type(page)
    fields = Fact(
        f"fields, layout {page.layout}",
        "title, body and published_at are filled",
        f"{kind.__name__} in {kind.__module__.replace('.', '/')}.py",
    )
    yield fields.differs(row) if isinstance(row, str) else row_finding(fields, row)


async def _bare(known: Known, article: Identity, title: str) -> Finding:
    """Request the article by its number alone, as a crawl of a range of ids does."""
    fact = Fact("address with the number alone", "the article", known.spider("article_address"))
    number = article.id.partition(":")[2]
    if not number.isdecimal():
        return fact.unclear("the article has no number")
    reply = await known.visit.ask(known.agency.article_address(int(number)))
    page = known.article_in(reply)
    if reply.document is None:
        return fact.unclear(reply.told)
    if isinstance(page, ArticlePage):
        return fact.holds(f"HTTP 200: {page.title}")
    if reply.status == 200 and title and title in reply.document.text:
        return fact.holds(f"{page}, but its title stands there")
    goal = known.identity(reply.goal) if reply.goal else None
    return fact.judged(goal is not None and goal.id == article.id, page)


async def _missing(known: Known, article: Identity, *, is_in_api: bool) -> list[Finding]:
    """Request what does not exist: on the site, and from the API if that has the known article."""
    address = address_of_none(known, article)
    none = known.identity(address) if address else None
    if address is None or none is None:
        return [MISSING.unclear("no address of an article that does not exist can be made")]
    found = [_absent(known, MISSING, await known.visit.ask(known.agency.site.local(address)))]
    if in_api := known.api_address(none):
        if is_in_api:
            found.append(_absent(known, MISSING_IN_API, await known.visit.ask(in_api)))
        else:
            found.append(MISSING_IN_API.unclear("not asked: the API has no article"))
    return found


def _absent(known: Known, fact: Fact, reply: Reply) -> Finding:
    page = known.article_in(reply)
    if reply.document is None:
        return fact.unclear(reply.told)
    if isinstance(page, str):
        return fact.holds(page)
    return fact.differs(f"HTTP {reply.status}, read as an article: {page.title}")


def address_of_none(known: Known, article: Identity) -> str | None:
    """Return an article's address with a number that no article has. None if it has none.

    Every digit of its id or slug becomes a nine. A plain number becomes longer if it may.
    """
    parts = urlsplit(article.url)
    path = unquote(parts.path)
    matches = (pattern.fullmatch(path) for pattern in known.rules.address.articles)
    match = next(filter(None, matches), None)
    has_id = match is not None and match.groupdict().get("id")
    start, end = match.span("id") if match and has_id else (path.rfind("/") + 1, len(path))
    number = path[start:end]
    longer = [_DIGITS[0] * "9", _DIGITS[1] * "9"] if number.isdecimal() else []
    for other in (*longer, re.sub(r"[0-9]", "9", number)):
        address = parts._replace(path=quote(path[:start] + other + path[end:])).geturl()
        identity = known.identity(address)
        if identity and identity.id.endswith(other) and identity.id != article.id:
            return address
    return None


async def robots(known: Known) -> AsyncIterator[Finding]:
    """Check what the robots.txt of each host forbids of what was requested."""
    hosts: dict[str, list[str]] = {}
    for url in known.visit.asked:
        hosts.setdefault("/".join(url.split("/", 3)[:3]), []).append(url)
    for root, urls in hosts.items():
        host = urlsplit(known.agency.site.public(root)).netloc
        fact = Fact(
            f"robots.txt of {host}", "allows what a crawl asks for", known.spider("sources")
        )
        yield _judge(fact, known.visit.robots(root), urls, known.visit.agent)


def _judge(fact: Fact, reply: Reply, needed: Iterable[str], agent: str) -> Finding:
    """Check what a robots.txt forbids us, and return its delay and sitemaps."""
    if reply.document is None or 300 <= reply.status < 400:
        return fact.unclear(reply.told)
    if reply.status != 200 or "html" in reply.header("content-type"):
        return fact.holds(f"{reply.told}: no rules")
    text = reply.document.text
    rules = Protego.parse(text)
    paths = dict.fromkeys(urlsplit(url).path for url in needed if not rules.can_fetch(url, agent))
    seen = {
        "crawl delay": str(rules.crawl_delay(agent) or ""),
        "sitemaps": ", ".join(rules.sitemaps),
        "rules": ", ".join(re.findall(r"(?im)^\s*(disallow:\s*\S+)", text)),
    }
    return fact.judged(
        not paths, f"forbids us {', '.join(paths) or 'nothing we need'}; {_table(seen)}"
    )


async def earlier_site(known: Known, address: str) -> Finding:
    """Try an address of the agency's earlier site, which may no longer respond."""
    fact = Fact(
        "earlier site",
        "unknown: gone, redirected, or a page that a layout reads",
        f"LAYOUTS in pages/{known.rules.name}.py",
    )
    reply = await known.visit.ask(known.agency.site.local(address))
    page = known.article_in(reply)
    if reply.document is None:
        return fact.unclear(reply.told)
    if isinstance(page, ArticlePage):
        return fact.holds(f"{address}: HTTP 200, read as {page.layout}")
    return fact.judged(reply.status != 200, f"{address}: {page}")
