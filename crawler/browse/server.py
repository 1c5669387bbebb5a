"""Datasette with our pages in front: everything it can, and a home that a reader likes."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.utils.asgi import Request, Response

from crawler.browse.pages import Missing, Pages, link, plain
from crawler.browse.search import FACETS, MOST_EXPORTED, Asked, match_of
from crawler.store.stand_in import StandIn

_TEMPLATES = Path(__file__).with_name("templates")
_PLUGIN = "browse-archive"
# Nothing from elsewhere, no scripts: whatever a title may hold.
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'"
_CAPTURE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_SETTINGS = {"sql_time_limit_ms": 3000, "default_page_size": 50, "allow_download": False}
_REMOVED = "The database was removed, as when an article is withdrawn: start scrapy browse again.\n"
QUERIES: dict[str, dict[str, Any]] = {
    "find": {
        "title": "Find words, in any spelling and script",
        "description": "Every word has to occur; newest first, as CSV or JSON by the links below. "
        "Leave a field empty to ignore it.",
        "sql": "SELECT id, published_at, edition, category, authors, title, url FROM article "
        "WHERE place IN (SELECT rowid FROM search WHERE search MATCH "
        f"asked(:words, :{', :'.join(FACETS)})) ORDER BY place DESC LIMIT {MOST_EXPORTED}",
    },
    "by_author": {
        "title": "Articles of an author",
        "description": "The name in either script, in full as the byline has it.",
        "sql": "SELECT id, published_at, edition, title, url FROM article WHERE place IN (SELECT "
        "rowid FROM search WHERE search MATCH author(:name)) ORDER BY place DESC LIMIT 1000",
    },
    "edited": {
        "title": "Articles that were edited, most often edited first",
        "description": "With the number of versions and the time of the last edit.",
        "sql": "SELECT article.id, title, published_at, versions, max(fetched_at) AS last_edit "
        "FROM article JOIN version ON article_id = article.id AND version.change = 'edited' "
        "GROUP BY article.id ORDER BY versions DESC, article.id LIMIT 1000",
    },
    "gone": {
        "title": "Articles that are no longer on the site",
        "description": "What the archive still has of them, by time of publication.",
        "sql": "SELECT id, published_at, edition, title, url FROM article WHERE change = 'gone' "
        "ORDER BY place DESC LIMIT 1000",
    },
    "months": {
        "title": "Articles a month, by edition",
        "description": "The figures of the chart on the front page.",
        "sql": "SELECT month, edition, articles FROM month_count ORDER BY month, edition",
    },
}


class _Plugin:
    """What Datasette asks of us: addresses, functions for SQL, filters for templates."""

    def __init__(self, pages: Pages, database: Path) -> None:
        self.__name__ = _PLUGIN  # Datasette takes plugins for modules
        self._pages = pages
        self._database = database

    @hookimpl
    def asgi_wrapper(self) -> Callable[[Any], Any]:
        """Show nothing any more once the database is removed, as a withdrawal does."""
        return self._guarded

    def _guarded(self, app: Any) -> Any:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and not self._database.exists():
                await Response.text(_REMOVED, status=503).asgi_send(send)
            else:
                await app(scope, receive, send)

        return answer

    @hookimpl
    def prepare_connection(self, conn: Any) -> None:
        """Let SQL fold words as the index does; what asks for nothing finds nothing."""
        conn.create_function("asked", 1 + len(FACETS), _asked)
        conn.create_function("author", 1, lambda name: _match(Asked("", {"author": name or ""})))

    @hookimpl
    def prepare_jinja2_environment(self, env: Any) -> None:
        """Let templates show texts that turn no direction."""
        env.filters |= {"plain": plain, "link": link}

    @hookimpl
    def register_routes(self) -> list[tuple[str, Callable[..., Any]]]:
        """Our pages stand before Datasette's own."""
        return [
            (r"^/$", self._home),
            (r"^/article/(?P<id>[^/]+)$", self._article),
            (r"^/capture/(?P<id>[^/]+)/(?P<version>\d+)$", self._capture),
        ]

    async def _home(self, datasette: Datasette, request: Request) -> Response:
        query = _query(request)
        database = datasette.get_database(self._pages.agency)
        shown = await database.execute_fn(lambda found: self._pages.home(found, query))
        return await _page(datasette, request, "browse_home.html", shown)

    async def _article(self, datasette: Datasette, request: Request) -> Response:
        name, query = unquote(request.url_vars["id"]), _query(request)
        database = datasette.get_database(self._pages.agency)
        try:
            shown = await database.execute_fn(lambda found: self._pages.article(found, name, query))
        except Missing as missing:
            return self._missing(missing)
        return await _page(datasette, request, "browse_article.html", shown)

    async def _capture(self, request: Request) -> Response:
        try:
            name = unquote(request.url_vars["id"])
            body, kind = self._pages.capture(name, request.url_vars["version"])
        except Missing as missing:
            return self._missing(missing)
        return Response(
            body,
            headers={
                "Content-Security-Policy": _CAPTURE_POLICY,
                "X-Content-Type-Options": "nosniff",
            },
            content_type=kind.splitlines()[0],
        )

    def _missing(self, missing: Missing) -> Response:
        told = "".join(f"<p>{escape(text)}</p>" for text in (str(missing), self._pages.notice))
        return Response.html(f"<!doctype html>{told}", status=404)


def _asked(words: str | None, *facets: str | None) -> str:
    chosen = {kind: value for kind, value in zip(FACETS, facets, strict=True) if value}
    return _match(Asked(words or "", chosen))


def _match(asked: Asked) -> str:
    return match_of(asked) or '"" AND ""'


def _query(request: Request) -> dict[str, str]:
    return {name: request.args.get(name) for name in request.args}


async def _page(
    datasette: Datasette, request: Request, template: str, shown: dict[str, Any]
) -> Response:
    html = await datasette.render_template(template, {**shown, "queries": QUERIES}, request)
    return Response.html(html, headers={"Content-Security-Policy": _PAGE_POLICY})


def make_server(
    folder: Path, database: Path, host: str, made_up: StandIn | None = None
) -> Datasette:
    """Return Datasette on the database of an agency's archive, which it can only read.

    ``made_up``: the stand-in that the archive was read from; each page says so.
    """
    if pm.has_plugin(_PLUGIN):
        pm.unregister(name=_PLUGIN)
    pages = Pages(folder, host, made_up)
    pm.register(_Plugin(pages, database), name=_PLUGIN)
    source = pages.notice or "the journal of the archive"
    about = {
        "title": pages.heading,
        "source": source,
        "databases": {
            pages.agency: {
                "queries": {name: QUERIES[name] | {"source": source} for name in QUERIES}
            }
        },
    }
    server = Datasette(
        [], metadata=about, template_dir=str(_TEMPLATES), settings=_SETTINGS, cache_headers=False
    )
    server.add_database(Database(server, str(database), is_mutable=False), name=pages.agency)
    return server
