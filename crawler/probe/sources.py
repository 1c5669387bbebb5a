"""Checks that each source of an agency lists articles: how new, in which order, on which pages."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from crawler.discovery.listing import Listing, ListPage, find_fault
from crawler.extract.html import selector
from crawler.model.link import Link
from crawler.probe.finding import Fact, Finding
from crawler.probe.known import Known
from crawler.probe.visit import NOT_ASKED, Reply
from crawler.system.clock import now
from crawler.text.language import detect

RESERVED = 11  # requests reserved for articles and other questions
_FEWEST_TITLES = 5  # needed to identify a language
_ANY_LINK = "a[href]"


async def sources(known: Known) -> AsyncIterator[Finding]:
    """Check the sources that a crawl reads first, and one alternative of each kind."""
    kinds = set[type[Listing]]()
    for name, listing in _needed(known).items():
        if known.visit.left < RESERVED:
            known.later[name] = listing
            continue
        async for finding in _source(known, name, listing, is_first=type(listing) not in kinds):
            yield finding
        kinds.add(type(listing))
    for finding in (*_times(known), *_languages(known)):
        yield finding


async def other_sources(known: Known) -> AsyncIterator[Finding]:
    """Check sources of further editions, and optional ones, while requests are left."""
    for name in list(known.later):
        if known.visit.left > 1:
            listing = known.later.pop(name)
            async for finding in _source(known, name, listing, is_first=False):
                yield finding
    if known.later:
        fact = Fact("other sources", "each lists articles", known.spider("sources"))
        yield fact.unclear(f"{NOT_ASKED}: {', '.join(known.later)}")
    optional = _distinct((chain[0].name, chain[0]) for chain in known.chains() if chain[0].optional)
    if optional:
        yield await _optional(known, optional)


def _needed(known: Known) -> dict[str, Listing]:
    """Return by name each edition's sources, and the first alternative of each kind."""
    first = [(chain[0].name, chain[0]) for chain in known.chains() if not chain[0].optional]
    others: dict[type[Listing], Listing] = {}
    for chain in known.chains():
        for listing in chain[1:]:
            others.setdefault(type(listing), listing)
    fallbacks = [(f"{listing.name} (fallback)", listing) for listing in others.values()]
    return _distinct([*first, *fallbacks])


def _distinct(listings: Iterable[tuple[str, Listing]]) -> dict[str, Listing]:
    """Leave out sources with the same address as another one."""
    by_address: dict[str, tuple[str, Listing]] = {}
    for name, listing in listings:
        by_address.setdefault(listing.address(1), (name, listing))
    return dict(by_address.values())


async def _source(
    known: Known, name: str, listing: Listing, *, is_first: bool
) -> AsyncIterator[Finding]:
    believed = "lists articles with their times" if listing.dated else "lists articles"
    fact = Fact(f"source {name}", believed, known.spider("sources"))
    reply, page = await known.read(listing, 1)
    known.replies[name] = reply
    has_index = isinstance(page, ListPage) and page.is_index
    if has_index:
        reply, page = await known.read(listing, 2)
    if isinstance(page, str):
        yield _unread(known, fact, reply, page)
        return
    known.entries[name] = list(page.entries)
    yield _judged(known, fact, listing, page)
    if is_first and page.entries and not (page.is_last or has_index):
        yield await _second(known, name, listing, page)


def _unread(known: Known, fact: Fact, reply: Reply, problem: str) -> Finding:
    """Return why a source cannot be read, and which links on its page lead to articles."""
    if reply.document is None:
        return fact.unclear(problem)
    if reply.status != 200 or reply.document.is_json:
        return fact.differs(problem)
    nodes = reply.document.tree.css(_ANY_LINK)
    names = [selector(node) for node in nodes if known.identity(node.attributes.get("href") or "")]
    links = sorted(dict.fromkeys(names), key=names.count, reverse=True)
    return fact.differs(f"{problem}; links to articles: {', '.join(links) or 'none'}")


def _judged(known: Known, fact: Fact, listing: Listing, page: ListPage) -> Finding:
    articles = [link for link in page.entries if known.identity(link.url)]
    strange = [link.url for link in page.entries if not known.identity(link.url)]
    stamps = [known.moment(link.published_raw) for link in articles]
    times = [stamp.value if stamp else None for stamp in stamps]
    seen = f"HTTP 200, entries: {len(page.entries)}, {_span([time for time in times if time])}"
    if strange:
        seen += f"; of no article: {len(strange)}, such as {strange[0]}"
    if page.entries and not articles:
        return replace(fact, change=known.rule("address")).differs(seen)
    if listing.dated and articles and not any(times):
        raw = articles[0].published_raw
        return replace(fact, change=known.rule("timestamp")).differs(f"{seen}, such as {raw}")
    if fault := find_fault(listing, times, now()):
        return fact.differs(f"{seen}; {fault}")
    in_order = page.is_last or _is_newest_first([time for time in times if time])
    return fact.judged(bool(articles) and in_order, seen)


def _span(times: Sequence[str]) -> str:
    if not times:
        return "no times"
    wrong = sum(before < after for before, after in pairwise(times))
    order = f"out of order: {wrong}" if wrong else "newest first"
    return f"newest {max(times)}, oldest {min(times)}, {order}"


def _is_newest_first(times: Sequence[str]) -> bool:
    """Return whether a list is in order of time. A few articles may be backdated."""
    return 4 * sum(before < after for before, after in pairwise(times)) <= len(times)


async def _second(known: Known, name: str, listing: Listing, first: ListPage) -> Finding:
    fact = Fact(f"second page of {name}", "other articles than the first", known.spider("sources"))
    reply, page = await known.read(listing, 2)
    if isinstance(page, str):
        return _unread(known, fact, reply, page)
    before = {link.url for link in first.entries}
    others = sum(link.url not in before for link in page.entries)
    seen = f"entries: {len(page.entries)}, not on the first page: {others}"
    return fact.judged(bool(others), seen)


async def _optional(known: Known, listings: dict[str, Listing]) -> Finding:
    """Check optional sources. A crawl should rely on one that exists."""
    fact = Fact("optional sources", "none is there", known.spider("sources"))
    answers: dict[str, str] = {}
    served = missing = False
    for name, listing in listings.items():
        reply, page = await known.read(listing, 1)
        count = 0 if isinstance(page, str) else len(page.entries)
        answers[name] = page if isinstance(page, str) else f"entries: {count}"
        served |= bool(count)
        missing |= reply.status == 404 or (reply.status == 200 and not count)
        if reply.problem.startswith(NOT_ASKED):
            break
    seen = "; ".join(f"{name}: {answer}" for name, answer in answers.items())
    return fact.judged(not served, seen) if served or missing else fact.unclear(seen)


def _times(known: Known) -> Iterator[Finding]:
    """Compare an article's times in two sources, which may be in different zones."""
    before: dict[str, tuple[str, Link]] = {}
    for name, links in known.entries.items():
        for link in links:
            identity, stamp = known.identity(link.url), known.moment(link.published_raw)
            if identity is None or stamp is None:
                continue
            other, first = before.setdefault(identity.id, (name, link))
            told = known.moment(first.published_raw)
            if other != name and told:
                fact = Fact("times of sources", "two have the same", known.rule("timestamp"))
                yield fact.judged(stamp.agrees(told), f"{other} {told.value}, {name} {stamp.value}")
                return


def _languages(known: Known) -> Iterator[Finding]:
    """Compare the language of an edition's titles with the expected one."""
    expected = known.rules.editions
    titles: dict[str, list[str]] = {}
    for name, links in known.entries.items():
        edition = name.partition("/")[0]
        titles.setdefault(edition, []).extend(link.title for link in links if link.title)
    found = {edition: _language(texts) for edition, texts in titles.items()}
    told = {edition: tag for edition, tag in found.items() if tag}
    if told:
        believed = ", ".join(f"{edition} {expected[edition]}" for edition in told)
        seen = ", ".join(f"{edition} {tag}" for edition, tag in told.items())
        fits = all(_fits(tag, expected[edition]) for edition, tag in told.items())
        yield Fact("languages", believed, known.rule("editions")).judged(fits, seen)


def _language(titles: Sequence[str]) -> str | None:
    language = detect("\n".join(titles)) if len(titles) >= _FEWEST_TITLES else None
    return language.tag if language else None


def _fits(tag: str, expected: str) -> bool:
    return tag.partition("-")[0] == expected.partition("-")[0] and (
        tag == expected or "-" not in tag or "-" not in expected
    )
