"""UzA's JSON API: its lists, edition by edition, and how far back they go."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import pairwise
from typing import Any

from crawler.discovery.listing import NotAListing
from crawler.extract.errors import UnreadablePage
from crawler.probe.finding import Fact, Finding
from crawler.probe.visit import Reply, Visit
from crawler.text.language import detect
from pages.uza import RULES
from probes.uza_learnt import FIRST_EDITION, Learnt, json_of, kind_of, moment, unlike, whole
from probes.uza_site import judge_robots
from spiders.uza import PER_PAGE

ROBOTS = Fact("robots.txt of the API", "allows what a crawl asks for, or is not there")
LIST = Fact("API list", "JSON with posts under data", "API in spiders/uza.py")
CAP = Fact("API per_page cap", f"{PER_PAGE} or more", "PER_PAGE in spiders/uza.py")
PAGINATOR = Fact(
    "API paginator",
    "current_page, data, last_page, per_page, total, next_page_url",
    "_is_last in crawler/discovery/lists.py",
)
FIELDS = Fact(
    "fields of a post in the API list",
    "id, lang, title, slug, publish_time, updated_at, category",
    "ApiList in crawler/discovery/lists.py",
)
ORDER = Fact("order of the API list", "newest first", "UzaSpider.roads in spiders/uza.py")
TIMES = Fact(
    "times in the API list", "YYYY-MM-DD HH:MM:SS", "TIMESTAMP.shapes in pages/uza_rules.py"
)
ZONE = Fact(
    "zone of the API's times",
    f"{RULES.timestamp.zone}: equal to the feed's time of the same post",
    "TIMESTAMP.zone in pages/uza_rules.py",
)
SLUGS = Fact(
    "slugs in the API list",
    "end in _ and the post's id; imported ones do not",
    "ADDRESS.articles in pages/uza_rules.py",
)
EDITIONS = Fact(
    "_l of the API list",
    "each proved edition has posts, with a lang of its own",
    "RULES.editions in pages/uza_rules.py",
)
UNPROVED = Fact(
    "unproved editions in the API",
    "no posts",
    "RULES.unproved_editions in pages/uza_rules.py",
)
LANGUAGES = Fact(
    "language of each edition",
    ", ".join(f"{edition} {tag}" for edition, tag in RULES.editions.items()),
    "RULES.editions in pages/uza_rules.py",
)
REACH = Fact("how far the API list goes back", "unknown; perhaps to the imported posts")
_OF_LISTS = (CAP, PAGINATOR, FIELDS, ORDER, TIMES, ZONE, SLUGS, EDITIONS, UNPROVED, LANGUAGES)
_NUMBER = re.compile(r"_([0-9]+)$")
_MANY = 200  # posts asked for to see the cap

Posts = Sequence[dict[str, Any]]


async def lists(learnt: Learnt, visit: Visit) -> AsyncIterator[Finding]:
    """Check the first edition's list in every point, then what the others have of their own."""
    usual = learnt.listing(FIRST_EDITION, "api").address(1)
    many = usual.replace(f"per_page={PER_PAGE}", f"per_page={_MANY}")
    reply = await visit.ask(many)
    if reply.document and not posts_of(reply):
        reply = await visit.ask(usual)
    yield judge_robots(ROBOTS, visit.robots(usual), [usual], visit.agent)
    posts = posts_of(reply)
    if not posts:
        yield unlike(LIST, reply, kind_of(reply))
        for fact in (*_OF_LISTS, REACH):
            yield fact.unclear("no list to look at")
        return
    _learn(learnt, reply, posts)
    for finding in _of_one_list(learnt, json_of(reply), posts, is_many=reply.url == many):
        yield finding
    for finding in _of_editions(await _by_edition(learnt, visit, reply)):
        yield finding
    yield await _reach(learnt, visit, json_of(reply))


def posts_of(reply: Reply) -> Posts:
    """Return the posts of a list, as far as they are posts."""
    answer = json_of(reply)
    posts = answer.get("data") if isinstance(answer, dict) else answer
    return [post for post in posts if isinstance(post, dict)] if isinstance(posts, list) else []


def _learn(learnt: Learnt, reply: Reply, posts: Posts) -> None:
    assert reply.document is not None
    learnt.posts = list(posts)
    try:
        learnt.entries = learnt.listing(FIRST_EDITION, "api").read(reply.document).entries
    except (NotAListing, UnreadablePage):
        learnt.entries = ()


def _of_one_list(learnt: Learnt, answer: Any, posts: Posts, *, is_many: bool) -> Iterator[Finding]:
    is_paginator = isinstance(answer, dict)
    yield LIST.judged(is_paginator, f"{len(posts)} posts" + ("" if is_paginator else ", bare"))
    yield _cap(answer, posts, is_many=is_many)
    yield _has(PAGINATOR, answer if is_paginator else {})
    yield _has(FIELDS, posts[0])
    yield _order(posts)
    raw = str(posts[0].get("publish_time"))
    stamp = moment(raw)
    yield TIMES.judged(stamp is not None and stamp.precision == "second", raw)
    yield _zone(learnt)
    yield _slugs(posts)


def _cap(answer: Any, posts: Posts, *, is_many: bool) -> Finding:
    told = whole(answer.get("per_page")) if isinstance(answer, dict) else None
    total = whole(answer.get("total")) if isinstance(answer, dict) else None
    asked = _MANY if is_many else PER_PAGE
    seen = f"asked for {asked}, got {len(posts)}; it says per_page {told}, total {total}"
    if total is not None and len(posts) >= total:
        return CAP.judged(told is not None and told >= PER_PAGE, seen)
    return CAP.judged(len(posts) >= PER_PAGE, seen)


def _has(fact: Fact, table: dict[str, Any]) -> Finding:
    """Judge by the names the fact expects, which it lists."""
    missing = [name for name in fact.expected.split(", ") if name not in table]
    others = sorted(table.keys() - set(fact.expected.split(", ")))
    return fact.judged(
        not missing, f"missing: {', '.join(missing) or 'none'}; others: {', '.join(others)}"
    )


def _order(posts: Posts) -> Finding:
    times = [stamp.value for post in posts if (stamp := moment(str(post.get("publish_time"))))]
    if len(times) < 2:
        return ORDER.unclear("no times to compare")
    wrong = sum(before < after for before, after in pairwise(times))
    return ORDER.judged(not wrong, f"{times[0]} to {times[-1]}, {wrong} out of order")


def _zone(learnt: Learnt) -> Finding:
    """Compare the API's times with those of the same posts in the feed, which have a zone."""
    told = {
        identity.id: stamp
        for item in learnt.feeds.get(FIRST_EDITION, ())
        if (identity := learnt.identity(item.url)) and (stamp := moment(item.published_raw))
    }
    for entry in learnt.entries:
        identity, stamp = learnt.identity(entry.url), moment(entry.published_raw)
        if identity and stamp and (other := told.get(identity.id)):
            return ZONE.judged(stamp.agrees(other), f"API {stamp.value}, feed {other.value}")
    return ZONE.unclear("no post is in the list and in the feed")


def _slugs(posts: Posts) -> Finding:
    numbers = [
        (number[1], str(post.get("id")))
        for post in posts
        if (number := _NUMBER.search(str(post.get("slug"))))
    ]
    strange = [f"_{number} for {own}" for number, own in numbers if number != own]
    seen = f"{len(numbers)} of {len(posts)} end in a number; wrong: {', '.join(strange) or 'none'}"
    return SLUGS.judged(bool(numbers) and not strange, seen)


async def _by_edition(learnt: Learnt, visit: Visit, first: Reply) -> dict[str, Reply]:
    """Ask for the other editions' lists."""
    found = {FIRST_EDITION: first}
    for edition in RULES.editions:
        if edition not in found:
            found[edition] = await visit.ask(learnt.listing(edition, "api").address(1))
    return found


def _of_editions(found: dict[str, Reply]) -> Iterator[Finding]:
    unproved = RULES.unproved_editions
    proved = {edition: reply for edition, reply in found.items() if edition not in unproved}
    numbers = {_lang(reply) for reply in proved.values()}
    has_own = len(numbers) == len(proved) and all(number.isdecimal() for number in numbers)
    yield _answered(EDITIONS, proved, as_expected=has_own)
    others = {edition: reply for edition, reply in found.items() if edition in unproved}
    yield _answered(UNPROVED, others, as_expected=not any(map(posts_of, others.values())))
    yield _languages(found)


def _answered(fact: Fact, replies: dict[str, Reply], *, as_expected: bool) -> Finding:
    """Judge the lists of some editions, unless one of them did not answer."""
    seen = ", ".join(f"{edition}={_lang(reply)}" for edition, reply in replies.items())
    is_told = all(reply.document for reply in replies.values())
    return fact.judged(as_expected, seen) if is_told else fact.unclear(seen)


def _lang(reply: Reply) -> str:
    """Return the number the API gives an edition, or why there is not one number."""
    if json_of(reply) is None:
        return kind_of(reply)
    numbers = sorted({str(post.get("lang")) for post in posts_of(reply)})
    return " and ".join(numbers) or "no posts"


def _languages(found: dict[str, Reply]) -> Finding:
    """Compare the language of the titles and leads with the one an edition is expected in."""
    told: dict[str, str] = {}
    for edition, reply in found.items():
        if posts := posts_of(reply):
            text = "\n".join(f"{post.get('title')} {post.get('description')}" for post in posts)
            language = detect(text)
            told[edition] = language.tag if language else "unknown"
    wrong = [edition for edition, tag in told.items() if not _fits(tag, edition)]
    seen = ", ".join(f"{edition} {tag}" for edition, tag in told.items())
    return LANGUAGES.judged(not wrong, seen)


def _fits(tag: str, edition: str) -> bool:
    expected = RULES.editions[edition]
    return tag == expected or tag.startswith(f"{expected}-") or expected.startswith(f"{tag}-")


async def _reach(learnt: Learnt, visit: Visit, answer: Any) -> Finding:
    """Read the last page of the list: its oldest posts."""
    last = whole(answer.get("last_page")) if isinstance(answer, dict) else None
    if last is None:
        return REACH.unclear("the list does not say which page is the last")
    per_page = whole(answer.get("per_page")) or PER_PAGE
    address = learnt.listing(FIRST_EDITION, "api").address(last)
    reply = await visit.ask(address.replace(f"per_page={PER_PAGE}", f"per_page={per_page}"))
    posts = posts_of(reply)
    if not posts:
        return REACH.unclear(f"page {last}: {kind_of(reply)}")
    imported = [slug for post in posts if (slug := _imported_slug(learnt, post))]
    learnt.imported_slug = imported[-1] if imported else None
    oldest = posts[-1].get("publish_time")
    return REACH.holds(
        f"page {last}: to {oldest}; imported posts: {imported[-1] if imported else 'none'}"
    )


def _imported_slug(learnt: Learnt, post: dict[str, Any]) -> str | None:
    """Return the slug of a post that has no number in its address."""
    url = f"{RULES.address.site}/posts/{post.get('slug') or ''}"
    identity = learnt.identity(url)
    return identity.id.partition(":")[2] if identity and learnt.number(url) is None else None
