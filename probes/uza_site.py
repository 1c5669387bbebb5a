"""UzA's site as a whole: robots.txt, home page, hosts, sitemap, and the legacy site."""

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from urllib.parse import urlsplit

from protego import Protego

from crawler.discovery.listing import NotAListing
from crawler.extract.errors import UnreadablePage
from crawler.extract.html import absolute
from crawler.probe.finding import Fact, Finding
from crawler.probe.visit import Reply, Visit
from pages.uza import RULES
from probes.uza_learnt import FIRST_EDITION, Learnt, attributes, read_post

HOME = Fact("home page", "HTTP 200; a meta refresh, if any, is ignored")
ROBOTS = Fact("robots.txt of the site", "allows what a crawl asks for, or is not there")
HOSTS = Fact("http and www", "lead to https://uza.uz or answer", "ADDRESS in pages/uza_rules.py")
SITEMAP = Fact(
    "sitemap",
    "unknown; the last road tries /sitemap.xml",
    "UzaSpider.roads in spiders/uza.py",
)
LEGACY = Fact(
    "legacy address",
    "unknown: gone, redirected, or a page whose text has the order we know",
    "UzaLegacyPage.DATE in pages/uza_legacy.py",
)
_SECTION = "society"  # of legacy addresses, the one most often seen


async def home(learnt: Learnt, visit: Visit) -> AsyncIterator[Finding]:
    """Check the home page, and the robots.txt that is read before it."""
    address = f"{learnt.agency.site.root}/"
    reply = await visit.ask(address)
    needed = [
        learnt.listing(FIRST_EDITION, "rss").address(1),
        learnt.listing(FIRST_EDITION, "html").address(1),
        learnt.agency.article_address(1),
    ]
    yield judge_robots(ROBOTS, visit.robots(address), needed, visit.agent)
    yield _home(learnt, reply)


async def elsewhere(learnt: Learnt, visit: Visit) -> AsyncIterator[Finding]:
    """Check what stands beside the current site's pages."""
    yield await _hosts(learnt, visit)
    yield await _sitemap(learnt, visit)
    yield await _legacy(learnt, visit)


def _home(learnt: Learnt, reply: Reply) -> Finding:
    if reply.document is None:
        return HOME.unclear(reply.told)
    if reply.status != 200:
        goes_home = urlsplit(reply.goal or "").hostname in RULES.address.hosts
        return HOME.judged(goes_home, reply.told)
    learnt.home = reply.document
    refresh = attributes(reply.document, 'meta[http-equiv="refresh" i]', "content")
    feeds = attributes(reply.document, 'link[type="application/rss+xml"]', "href")
    return HOME.holds(
        f"HTTP 200; meta refresh: {', '.join(refresh) or 'none'}; "
        f"feeds it names: {', '.join(feeds) or 'none'}"
    )


def judge_robots(fact: Fact, reply: Reply, needed: Iterable[str], agent: str) -> Finding:
    """Judge a robots.txt by what it forbids us, and tell its delay and sitemaps."""
    if reply.document is None:
        return fact.unclear(reply.told)
    if reply.status != 200:
        is_told = reply.status >= 400
        return fact.holds(f"{reply.told}: no rules") if is_told else fact.unclear(reply.told)
    if "html" in reply.header("content-type"):
        return fact.holds("HTTP 200, an HTML page: no rules")
    rules = Protego.parse(reply.document.text)
    paths = [urlsplit(url).path for url in needed if not rules.can_fetch(url, agent)]
    seen = (
        f"forbids us {', '.join(paths) or 'nothing we need'}; "
        f"crawl delay: {rules.crawl_delay(agent) or 'none'}; "
        f"sitemaps: {', '.join(rules.sitemaps) or 'none'}; "
        f"rules: {', '.join(_rules(reply.document.text)) or 'none'}"
    )
    return fact.judged(not paths, seen)


def _rules(text: str) -> list[str]:
    return re.findall(r"(?im)^\s*(disallow:\s*\S+)", text)


async def _hosts(learnt: Learnt, visit: Visit) -> Finding:
    if learnt.agency.site.root != RULES.address.site:
        return HOSTS.unclear(f"asked only of {RULES.address.site} itself")
    host = urlsplit(RULES.address.site).hostname
    reply = await visit.ask(f"http://www.{host}/robots.txt")
    if reply.document is None:
        return HOSTS.unclear(reply.told)
    goal = urlsplit(reply.goal or reply.url)
    return HOSTS.judged(goal.hostname in RULES.address.hosts, f"{reply.url}: {reply.told}")


async def _sitemap(learnt: Learnt, visit: Visit) -> Finding:
    listing = learnt.listing(FIRST_EDITION, "sitemap")
    tried = learnt.agency.site.public(listing.address(1))
    named = list(_sitemaps(visit.robots(listing.address(1))))
    named = [address for name in named if (address := absolute(name, tried))]
    address = tried if not named or tried in named else named[0]
    reply = await visit.ask(learnt.agency.site.local(address))
    if reply.document is None:
        return SITEMAP.unclear(reply.told)
    if reply.status != 200:
        return SITEMAP.judged(not named, f"{address}: {reply.told}")
    try:
        page = listing.read(reply.document)
    except (NotAListing, UnreadablePage) as error:
        return SITEMAP.judged(not named, f"{address}: no sitemap: {error}")
    return SITEMAP.judged(
        address == tried, f"{address}: {len(page.entries)} addresses, one file: {page.is_last}"
    )


def _sitemaps(robots: Reply) -> Iterator[str]:
    if robots.document is not None and robots.status == 200:
        yield from Protego.parse(robots.document.text).sitemaps


async def _legacy(learnt: Learnt, visit: Visit) -> Finding:
    """Try an address of the legacy site: the operator's, or one made of an imported slug."""
    address = visit.legacy
    if address is None:
        if learnt.imported_slug is None:
            return LEGACY.unclear("no imported post to make an address of; name one by --legacy")
        address = f"{RULES.address.site}/{FIRST_EDITION}/{_SECTION}/{learnt.imported_slug}"
    reply = await visit.ask(learnt.agency.site.local(address))
    if reply.document is None:
        return LEGACY.unclear(reply.told)
    if reply.status != 200:
        seen = f"{address}: {reply.told}"
        is_known = visit.legacy is not None or reply.status < 400
        return LEGACY.holds(seen) if is_known else LEGACY.unclear(f"{seen}; name one by --legacy")
    post = read_post(reply)
    if isinstance(post, str):
        return LEGACY.differs(f"{address}: {post}")
    return LEGACY.holds(f"{address}: HTTP 200, read as {post.layout}")
