"""UzA's JSON API: single posts, by number and by slug, and one that is not there."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from crawler.extract.page import ArticlePage
from crawler.model.link import Found
from crawler.probe.finding import Fact, Finding
from crawler.probe.visit import Reply, Visit
from crawler.store.frontier import Work
from pages.uza import RULES
from pages.uza_api import UzaApiPost
from probes.uza_addresses import choose
from probes.uza_learnt import MISSING_ID, Learnt, json_of, kind_of, read_post, same, unlike

DETAIL = Fact(
    "API post by its number",
    "the post, bare or in data",
    "UzaSpider.api_address in spiders/uza.py",
)
CONTENT = Fact(
    "text of an API post", "HTML in content or body", "UzaApiPost.CONTENT in pages/uza_api.py"
)
PARTS = Fact(
    "parts of an API post",
    "category, description, files, publish_time, tags, title, updated_at",
    "UzaApiPost in pages/uza_api.py",
)
PICTURES = Fact(
    "pictures of an API post",
    "files with domain, folder, file and thumbnails",
    "UzaApiPost._image in pages/uza_api.py",
)
BY_SLUG = Fact(
    "API post by its slug",
    "a post, as imported ones need",
    "UzaSpider.api_address in spiders/uza.py",
)
MISSING = Fact("missing post in the API", "unknown: HTTP 404, or an answer that is no post")
_OF_POSTS = (DETAIL, CONTENT, PARTS, PICTURES, BY_SLUG, MISSING)


async def posts(learnt: Learnt, visit: Visit) -> AsyncIterator[Finding]:
    """Check the chosen article in the API, an imported one, and one that is not there."""
    learnt.article = choose(learnt)
    if learnt.article is None:
        for fact in _OF_POSTS:
            yield fact.unclear("no article was found")
        return
    reply = await visit.ask(_address(learnt, str(learnt.native_id or learnt.slug)))
    for finding in _of_post(learnt, reply):
        yield finding
    if not _post(reply):
        yield BY_SLUG.unclear("not asked: the API told no post")
        yield MISSING.unclear("not asked: the API told no post")
        return
    yield _by_slug(learnt, await visit.ask(_address(learnt, learnt.imported_slug or learnt.slug)))
    yield _missing(await visit.ask(_address(learnt, str(MISSING_ID))))


def _address(learnt: Learnt, name: str) -> str:
    """Return where a crawl asks for a post."""
    work = Work(f"{RULES.name}:{name}", "", "", Found("", "ids"))
    return learnt.agency.api_address(work)


def _of_post(learnt: Learnt, reply: Reply) -> Iterator[Finding]:
    post, page = _post(reply), read_post(reply)
    if not post:
        yield unlike(DETAIL, reply, kind_of(reply))
        for fact in (CONTENT, PARTS, PICTURES):
            yield fact.unclear("no post to look at")
        return
    form = "in data" if json_of(reply).keys() == {"data"} else "bare"
    assert learnt.article is not None
    is_same = same(str(post.get("title")), learnt.article.title or "")
    yield DETAIL.judged(is_same, f"{form}: {post.get('title')}")
    texts = [name for name, value in post.items() if isinstance(value, str) and "<p" in value]
    seen = f"HTML in {', '.join(texts) or 'no field'}"
    yield CONTENT.judged(isinstance(page, ArticlePage), seen)
    if isinstance(page, ArticlePage):
        learnt.detail = page
        learnt.bodies.append(page.body)
    yield _parts(post)
    yield _pictures(post, page)


def _post(reply: Reply) -> dict[str, Any]:
    answer = json_of(reply)
    if isinstance(answer, dict) and isinstance(answer.get("data"), dict):
        answer = answer["data"]
    return answer if isinstance(answer, dict) and answer.get("title") else {}


def _parts(post: dict[str, Any]) -> Finding:
    missing = [name for name in PARTS.expected.split(", ") if name not in post]
    seen = f"missing: {', '.join(missing) or 'none'}; all: {', '.join(sorted(post))}"
    return PARTS.judged(not missing, seen)


def _pictures(post: dict[str, Any], page: ArticlePage | str) -> Finding:
    files = post.get("files")
    if not files:
        return PICTURES.unclear("the post has no picture")
    first = files[0] if isinstance(files, list) else files
    names = ", ".join(sorted(first)) if isinstance(first, dict) else type(first).__name__
    form = "a list of " if isinstance(files, list) else ""
    is_read = isinstance(page, UzaApiPost) and bool(page.images)
    address = page.images[0].url if isinstance(page, UzaApiPost) and page.images else "none"
    return PICTURES.judged(is_read, f"{form}{names}; read as {address}")


def _by_slug(learnt: Learnt, reply: Reply) -> Finding:
    page = read_post(reply)
    if reply.document is None:
        return BY_SLUG.unclear(reply.told)
    if isinstance(page, str):
        return BY_SLUG.differs(page)
    learnt.bodies.append(page.body)
    return BY_SLUG.holds(f"{'imported' if learnt.imported_slug else 'new'} post: {page.title}")


def _missing(reply: Reply) -> Finding:
    if reply.document is None:
        return MISSING.unclear(reply.told)
    page = read_post(reply)
    if isinstance(page, str):
        return MISSING.holds(f"{page}: {reply.document.text[:80]}")
    return MISSING.differs(f"HTTP {reply.status}, read as a post: {page.title}")
