"""UzA's feeds."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from statistics import median

from crawler.discovery.feeds import parse_xml
from crawler.discovery.listing import NotAListing
from crawler.extract.errors import UnreadablePage
from crawler.extract.page import Document
from crawler.model.link import Found
from crawler.probe.finding import Fact, Finding
from crawler.probe.visit import NOT_ASKED, Reply, Visit
from pages.uza import RSS_EDITIONS, RULES
from probes.uza_learnt import Learnt, moment, unlike

FEED = {
    edition: Fact(f"feed of {edition}", "about 20 items", "RSS_EDITIONS in pages/uza_rules.py")
    for edition in sorted(RSS_EDITIONS)
}
DATES = Fact(
    "dates of the feeds", "a shape we read, with its zone", "TIMESTAMP.shapes in pages/uza_rules.py"
)
LINKS = Fact(
    "links of the feeds",
    "addresses of articles, each with its number",
    "ADDRESS.articles in pages/uza_rules.py",
)
TEXTS = Fact("text in the feeds", "a teaser; nothing is read from it")
OTHER_FEEDS = Fact(
    "feeds of other editions", "none (HTTP 404)", "RSS_EDITIONS in pages/uza_rules.py"
)
_FEWEST, _MOST = 10, 40  # items that are still about 20
_TEASER = 800  # letters


async def feeds(learnt: Learnt, visit: Visit) -> AsyncIterator[Finding]:
    """Check each feed that the site sheet names, and what they have in common."""
    texts: list[int] = []
    for edition, fact in FEED.items():
        reply = await visit.ask(learnt.listing(edition, "rss").address(1))
        found = _read(learnt, edition, reply)
        if isinstance(found, str):
            yield unlike(fact, reply, found)
            continue
        learnt.feeds[edition] = found
        if reply.document:
            texts += _lengths(reply.document)
        fits = _FEWEST <= len(found) <= _MOST
        yield fact.judged(fits, f"{len(found)} items{_span(found)}")
    items = [item for found in learnt.feeds.values() for item in found]
    for finding in _in_common(learnt, items, texts):
        yield finding


async def other_feeds(learnt: Learnt, visit: Visit) -> AsyncIterator[Finding]:
    """Ask for feeds that are not expected, while there are requests left."""
    told: dict[str, str] = {}
    served: list[str] = []
    for edition in (edition for edition in RULES.editions if edition not in FEED):
        reply = await visit.ask(learnt.listing(edition, "rss").address(1))
        found = _read(learnt, edition, reply)
        told[edition] = found if isinstance(found, str) else f"{len(found)} items"
        if not isinstance(found, str):
            served.append(edition)
        elif found.startswith(NOT_ASKED):
            break
    seen = "; ".join(f"{edition}: {answer}" for edition, answer in told.items())
    is_told = any(answer.startswith("HTTP 404") for answer in told.values())
    yield OTHER_FEEDS.judged(not served, seen) if served or is_told else OTHER_FEEDS.unclear(seen)


def _read(learnt: Learnt, edition: str, reply: Reply) -> Sequence[Found] | str:
    """Return a feed's items, or in words why there are none."""
    if reply.document is None or reply.status != 200:
        return reply.told
    try:
        return learnt.listing(edition, "rss").read(reply.document).entries
    except (NotAListing, UnreadablePage) as error:
        return f"HTTP 200, {error}"


def _in_common(learnt: Learnt, items: Sequence[Found], texts: Sequence[int]) -> list[Finding]:
    if not items:
        return [fact.unclear("no feed to look at") for fact in (DATES, LINKS, TEXTS)]
    unread = [item.published_raw or "none" for item in items if not moment(item.published_raw)]
    strange = [item.url for item in items if learnt.number(item.url) is None]
    lengths = f"median {median(texts or [0]):.0f} letters, longest {max(texts, default=0)}"
    return [
        DATES.judged(not unread, (unread or [items[0].published_raw or ""])[0]),
        LINKS.judged(not strange, (strange or [items[0].url])[0]),
        TEXTS.judged(median(texts or [0]) <= _TEASER, lengths),
    ]


def _lengths(document: Document) -> list[int]:
    """Return the letters of text each item brings, whatever its element is called."""
    texts = []
    for item in parse_xml(document).iter("item"):
        texts.append(max((len(child.text or "") for child in item), default=0))
    return texts


def _span(found: Sequence[Found]) -> str:
    """Tell how many hours a feed goes back."""
    stamps = [stamp for item in found if (stamp := moment(item.published_raw))]
    if len(stamps) < 2:
        return ""
    moments = [datetime.fromisoformat(stamp.value) for stamp in stamps]
    return f", {(max(moments) - min(moments)).total_seconds() / 3600:.0f} hours"
