"""Questions for UzA only: its API's paginator, its editions' numbers, and its imported posts.

Requests are expensive: the lists were requested already, so that two remain to be sent here.
"""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from crawler.extract.errors import UnreadablePage
from crawler.extract.page import ArticlePage
from crawler.model.identity import Identity
from crawler.probe.finding import Fact, Finding
from crawler.probe.known import Known
from crawler.probe.visit import Reply
from pages.uza import RULES
from spiders.uza import PER_PAGE

CAP = Fact("API per_page cap", f"{PER_PAGE} or more", "PER_PAGE in spiders/uza.py")
PAGINATOR = Fact(
    "API paginator",
    "current_page, data, last_page, per_page, total, next_page_url",
    "_is_last in crawler/discovery/lists.py",
)
EDITIONS = Fact(
    "_l of the API list",
    "each proved edition has posts, with a lang of its own",
    "RULES.editions in pages/uza.py",
)
SLUGS = Fact(
    "slugs in the API list",
    "end in _ and the post's id; imported ones do not",
    "ADDRESS.articles in pages/uza.py",
)
REACH = Fact("how far the API list goes back", "unknown; perhaps to the imported posts")
BY_SLUG = Fact(
    "API post by its slug", "an imported post", "UzaSpider.api_address in spiders/uza.py"
)
FACTS = (CAP, PAGINATOR, EDITIONS, SLUGS, REACH, BY_SLUG)
_NUMBER = re.compile(r"_([0-9]+)$")

Post = dict[str, Any]


async def questions(known: Known) -> AsyncIterator[Finding]:
    """Check the first edition's list in the API, then its oldest posts."""
    named = ((name.partition("/"), reply) for name, reply in known.replies.items())
    lists = {edition: reply for (edition, _, source), reply in named if source == "api"}
    first = next((reply for reply in lists.values() if posts_of(reply)), None)
    if first is None:
        for fact in FACTS:
            yield fact.unclear("no list to look at")
        return
    answer, posts = json_of(first), posts_of(first)
    table = answer if isinstance(answer, dict) else {}
    yield _cap(table, posts)
    missing = [name for name in PAGINATOR.expected.split(", ") if name not in table]
    yield PAGINATOR.judged(not missing, f"missing: {', '.join(missing) or 'none'}")
    yield _editions(lists)
    yield _slugs(posts)
    async for finding in _imported(known, first, table):
        yield finding


def json_of(reply: Reply) -> Any:
    """Return a response's JSON, or None if it has none."""
    if reply.document is None or reply.status != 200:
        return None
    try:
        return reply.document.json
    except UnreadablePage:
        return None


def posts_of(reply: Reply) -> Sequence[Post]:
    """Return the posts of a list, as far as they are posts."""
    answer = json_of(reply)
    posts = answer.get("data") if isinstance(answer, dict) else answer
    return [post for post in posts if isinstance(post, dict)] if isinstance(posts, list) else []


def _whole(value: Any) -> int | None:
    """Return a whole number, which the API may write as text; None for anything else."""
    return int(str(value)) if re.fullmatch(r"[0-9]{1,9}", str(value)) else None


def _cap(table: Post, posts: Sequence[Post]) -> Finding:
    told, total = _whole(table.get("per_page")), _whole(table.get("total"))
    seen = f"asked for {PER_PAGE}, got {len(posts)}; it says per_page {told}, total {total}"
    is_all = total is not None and len(posts) >= total and told is not None and told >= PER_PAGE
    return CAP.judged(len(posts) >= PER_PAGE or is_all, seen)


def _editions(lists: dict[str, Reply]) -> Finding:
    """Compare the API's numbers for the editions whose lists were requested."""
    numbers = {edition: _lang(reply) for edition, reply in lists.items()}
    seen = ", ".join(f"{edition}={number}" for edition, number in numbers.items())
    if any(reply.document is None for reply in lists.values()):
        return EDITIONS.unclear(seen)
    has_own = len(set(numbers.values())) == len(numbers)
    return EDITIONS.judged(has_own and all(map(str.isdecimal, numbers.values())), seen)


def _lang(reply: Reply) -> str:
    if json_of(reply) is None:
        return reply.told
    numbers = sorted({str(post.get("lang")) for post in posts_of(reply)})
    return " and ".join(numbers) or "no posts"


def _slugs(posts: Sequence[Post]) -> Finding:
    found = [(_NUMBER.search(str(post.get("slug"))), str(post.get("id"))) for post in posts]
    numbers = [(number[1], own) for number, own in found if number]
    strange = [f"_{number} for {own}" for number, own in numbers if number != own]
    seen = f"{len(numbers)} of {len(posts)} end in a number; wrong: {', '.join(strange) or 'none'}"
    return SLUGS.judged(bool(numbers) and not strange, seen)


async def _imported(known: Known, first: Reply, table: Post) -> AsyncIterator[Finding]:
    """Read the last page of the list, its oldest posts, and the last imported one by its slug."""
    last = _whole(table.get("last_page"))
    if last is None:
        yield REACH.unclear("the list does not say which page is the last")
        yield BY_SLUG.unclear("no imported post is known")
        return
    reply = await known.visit.ask(re.sub(r"(?<=[?&]page=)\d+", str(last), first.url))
    posts = posts_of(reply)
    imported = next(filter(None, (_imported_post(known, post) for post in reversed(posts))), None)
    if posts:
        slug = imported.id.partition(":")[2] if imported else "none"
        yield REACH.holds(f"page {last}: to {posts[-1].get('publish_time')}; imported post: {slug}")
    else:
        yield REACH.unclear(f"page {last}: {reply.told}")
    if imported is None:
        yield BY_SLUG.unclear("no imported post is known")
        return
    yield await _by_slug(known, imported)


def _imported_post(known: Known, post: Post) -> Identity | None:
    """Return a post that has no number in its address; None for any other."""
    identity = known.identity(f"{RULES.address.site}/posts/{post.get('slug') or ''}")
    return identity if identity and not identity.id.partition(":")[2].isdecimal() else None


async def _by_slug(known: Known, imported: Identity) -> Finding:
    address = known.api_address(imported)
    assert address is not None
    reply = await known.visit.ask(address)
    page = known.article_in(reply)
    if isinstance(page, ArticlePage):
        return BY_SLUG.holds(page.title)
    return BY_SLUG.differs(page) if reply.document else BY_SLUG.unclear(page)
