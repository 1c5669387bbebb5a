"""The replica's URLs: the response for each request, without faults."""

import re
from dataclasses import replace
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from replica import api, feeds, legacy, markup
from replica.compose import LANGUAGES
from replica.messages import HTML, JSON, Answer, Request
from replica.options import Options
from replica.post import Post
from replica.world import TASHKENT, World

API_PATH = "/api/v1"
_LIST_LENGTH = 20
_CACHED_PAGES = 4096
_RSS = re.compile(r"/([a-z]+)/rss/?")
_CATEGORY = re.compile(r"(?:/([a-z]+))?/posts/category/([a-z]+)/?")
_ARTICLE = re.compile(r"(?:/[a-z]+)*/posts/([^/]+)/?")
_HOME = re.compile(r"(?:/([a-z]{2,3}))?(?:/posts)?/?")
_LEGACY = re.compile(r"/([a-z]{2})/([a-z]+(?:/\d+)?)/([^/]+)/?")


class Site:
    """Responds to requests with the posts of a world, as set in the options."""

    def __init__(self, world: World, options: Options, address: str = "") -> None:
        self.world = world
        self.options = options
        self.address = address
        self._pages: dict[tuple[object, ...], tuple[Post, Answer]] = {}
        self._views = 0

    def answer(self, request: Request) -> Answer:
        """Respond to a request like a healthy site."""
        if request.method not in {"GET", "HEAD"}:
            return _html("405", 405)
        path = request.path
        if path == "/robots.txt":
            return self._robots()
        if path == "/sitemap.xml" and self.options.sitemap:
            text = feeds.sitemap(self.world.listing(), self.address)
            return _answer(text, "application/xml; charset=utf-8")
        if path.startswith(API_PATH) and self.options.api:
            return self._api(path.removeprefix(API_PATH).rstrip("/"), request)
        return self._page(path, request)

    def _robots(self) -> Answer:
        if self.options.robots is None:
            return _not_found()
        return _answer(self.options.robots, "text/plain; charset=utf-8")

    def _page(self, path: str, request: Request) -> Answer:
        if feed := _RSS.fullmatch(path):
            return self._rss(feed[1])
        if category := _CATEGORY.fullmatch(path):
            return self._list(category[1] or "uz", category[2], path, request)
        if article := _ARTICLE.fullmatch(path):
            return self._article(article[1], request)
        if home := _HOME.fullmatch(path):
            return self._list(home[1] or "uz", None, path, request)
        if old := _LEGACY.fullmatch(path):
            return self._legacy(old[1], old[2], old[3], request)
        return _not_found()

    def _rss(self, edition: str) -> Answer:
        if edition not in feeds.RSS_EDITIONS:
            return _not_found()
        posts = self.world.listing(edition, imported=False)
        return _answer(
            feeds.rss(edition, posts, self.address), "application/rss+xml; charset=utf-8"
        )

    def _list(self, edition: str, category: str | None, path: str, request: Request) -> Answer:
        if edition not in LANGUAGES:
            return _not_found()
        posts = self._listed(edition, category)
        page = max(1, api.number(request.query, "page", 1))
        last = max(1, -(-len(posts) // _LIST_LENGTH))
        shown = posts[(page - 1) * _LIST_LENGTH : page * _LIST_LENGTH]
        text = markup.listing(edition, shown, page, last, path)
        self._shift(edition)
        return _html(markup.changed(text) if self.options.changed is True else text)

    def _listed(self, edition: str | None, category: str | None = None) -> tuple[Post, ...]:
        return self.world.listing(edition, category, imported=self.options.imported_in_lists)

    def _shift(self, edition: str | None) -> None:
        for _ in range(self.options.shift):
            self.world.publish(edition)

    def _article(self, reference: str, request: Request) -> Answer:
        post = self.world.find(reference)
        if post is None or post.kind == "legacy":
            return self._missing()
        return self._validated(post, None, request)

    def _legacy(self, edition: str, section: str, slug: str, request: Request) -> Answer:
        post = self.world.find(slug)
        if post is None or post.section != section or post.edition != edition:
            return _not_found()
        query = request.query
        form: legacy.Form = "print" if "print" in query else "mobile" if "m" in query else "desktop"
        return self._validated(post, form, request)

    def _missing(self) -> Answer:
        if self.options.missing == "front":
            return Answer(302, {"Location": "/"})
        if self.options.missing == "shell":
            return _html(markup.shell())
        return _not_found()

    def _validated(self, post: Post, form: legacy.Form | None, request: Request) -> Answer:
        answer = self._rendered(post, form)
        if self.options.validators and _unchanged(request, answer):
            kept = {name: answer.headers[name] for name in ("ETag", "Last-Modified")}
            return Answer(304, kept)
        return answer

    def _rendered(self, post: Post, form: legacy.Form | None) -> Answer:
        """The page, cached while the post is unchanged; a copy, since faults change it."""
        if self.options.restless:
            self._views += 1
            post = replace(post, views=post.views + self._views)
        key = (post.id, form, self.options.changed, self.options.validators)
        cached = self._pages.get(key)
        if cached is None or cached[0] != post:
            if len(self._pages) >= _CACHED_PAGES:
                self._pages.clear()
            cached = self._pages[key] = (post, self._render(post, form))
        return replace(cached[1], headers=dict(cached[1].headers))

    def _render(self, post: Post, form: legacy.Form | None) -> Answer:
        answer = _html(self._markup(post, form))
        if self.options.validators:
            modified = post.updated_at.replace(tzinfo=TASHKENT).astimezone(UTC)
            answer.headers["ETag"] = f'"{sha256(answer.body).hexdigest()[:24]}"'
            answer.headers["Last-Modified"] = format_datetime(modified, usegmt=True)
        return answer

    def _markup(self, post: Post, form: legacy.Form | None) -> str:
        if form is not None:
            return legacy.article(post, form)
        # The oldest, so that a page does not change when posts are published.
        neighbours = self.world.listing(post.edition)[-9:]
        others = [other for other in neighbours if other.id != post.id]
        if self.options.changed == "scripts":
            return markup.shell()
        return markup.article(post, others, redesigned=self.options.changed)

    def _api(self, path: str, request: Request) -> Answer:
        query, parts = request.query, path.strip("/").split("/")
        if parts == ["posts", "last"]:
            posts = self._listed(query.get("_l"))[:_LIST_LENGTH]
            return _json([api.summary_of(post, self.options) for post in posts])
        if parts in (["posts"], ["posts", "video"], ["posts", "search"], ["photo-bank"]):
            return self._api_list(path, None, request)
        if parts[:2] == ["posts", "category"] and len(parts) == 3:
            return self._api_list(path, parts[2], request)
        post = self.world.find(parts[1]) if parts[0] == "posts" and len(parts) == 2 else None
        if post is None or post.kind == "legacy":
            return _json({"message": "Not found", "status": 404}, 404)
        return _json(api.detail_of(post, self.world, query.get("include", ""), self.options))

    def _api_list(self, path: str, category: str | None, request: Request) -> Answer:
        edition = request.query.get("_l")
        posts = self._listed(edition, category)
        if path == "/posts/video":
            posts = tuple(post for post in posts if post.video)
        if path == "/photo-bank":
            posts = ()
        wanted = request.query.get("q", "")
        if path == "/posts/search":
            posts = tuple(post for post in posts if wanted.lower() in post.title.lower())
        address = f"{self.address}{API_PATH}{path}"
        answer = _json(api.page_of(posts, request.query, address, self.options))
        self._shift(edition if edition in LANGUAGES else None)
        return answer


def _unchanged(request: Request, answer: Answer) -> bool:
    if told := request.headers.get("if-none-match"):
        return answer.headers["ETag"] in told or told == "*"
    if since := request.headers.get("if-modified-since"):
        modified = parsedate_to_datetime(answer.headers["Last-Modified"])
        return modified <= parsedate_to_datetime(since)
    return False


def _answer(text: str, kind: str, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": kind}, text.encode())


def _html(text: str, status: int = 200) -> Answer:
    return _answer(text, HTML, status)


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": JSON}, api.encoded(value))


def _not_found() -> Answer:
    return _html(markup.not_found(), 404)
