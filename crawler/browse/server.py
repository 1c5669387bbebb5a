"""Datasette with our pages in front: everything it can, and a home that a reader likes."""

import re
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from crawler.browse.guard import Guard
from crawler.browse.pages import Missing, Pages, link, plain
from crawler.browse.search import FACETS, MOST_EXPORTED, Asked, match_of
from crawler.errors import ArchiveError
from crawler.store.stand_in import StandIn

_TEMPLATES = Path(__file__).with_name("templates")
_PLUGIN = "browse-archive"
# Nothing from elsewhere, no scripts: whatever a title may hold.
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'"
_CAPTURE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
# What is answered: our own pages; and tables and SQL, where nobody else reaches the server.
_OURS = r"/|/(?:article|capture)/[^/].*|/-/static/.+|/{agency}/(?:{queries})(?:\.\w+)?"
_TABLES = r"|/{agency}(?:\.json|/.+)?"
_DEFAULT_ERRORS = "datasette.handle_exception"  # prints a traceback for every 404
_INTERNAL = "The page cannot be shown; whoever runs this server finds the reason in its terminal."
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

    def __init__(
        self, pages: Pages, database: Path, names: Iterable[str], *, is_public: bool
    ) -> None:
        self.__name__ = _PLUGIN  # Datasette takes plugins for modules
        self._pages = pages
        self._database = database
        self._names = names
        pages.about["is_public"] = is_public
        shown = _OURS if is_public else _OURS + _TABLES
        self._elsewhere = (
            f"^(?!(?:{shown.format(agency=pages.agency, queries='|'.join(QUERIES))})$)"
        )

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

        return Guard(answer, self._names)

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
        """Our pages stand before Datasette's own, of which most are closed."""
        return [
            (self._elsewhere, self._nothing),
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
        shown = await database.execute_fn(lambda found: self._pages.article(found, name, query))
        return await _page(datasette, request, "browse_article.html", shown)

    async def _capture(self, request: Request) -> Response:
        name = unquote(request.url_vars["id"])
        body, kind = self._pages.capture(name, request.url_vars["version"])
        headers = {"Content-Security-Policy": _CAPTURE_POLICY}
        return Response(body, headers=headers, content_type=kind.splitlines()[0])

    async def _nothing(self) -> Response:
        raise Missing("There is no such page here.")

    @hookimpl
    def handle_exception(self, datasette: Datasette, request: Request, exception: Exception) -> Any:
        """Say what went wrong in our own frame; only what the operator can mend is printed."""
        status, message = _explained(exception)
        if status == 500:
            print(f"scrapy browse: {request.path}: {_told(exception)}", file=sys.stderr, flush=True)
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": message, "status": status}, status)
        shown = {**self._pages.about, "message": message, "status": status}
        return lambda: _page(datasette, request, "browse_error.html", shown, status)


def _explained(error: Exception) -> tuple[int, str]:
    """Return the status of an error, and what its reader is told of it."""
    if isinstance(error, Missing):
        return 404, str(error)
    if isinstance(error, Base400 | DatasetteError):
        told = getattr(error, "message", None) or str(error)
        return error.status, re.sub(r"<[^>]*>", "", told)
    return 500, _INTERNAL


def _told(error: Exception) -> str:
    """Return an error for the operator: in a line what is known, all of what is our own fault."""
    known = isinstance(error, ArchiveError | DatasetteError)
    return str(error) if known else "".join(traceback.format_exception(error)).rstrip()


def _asked(words: str | None, *facets: str | None) -> str:
    chosen = {kind: value for kind, value in zip(FACETS, facets, strict=True) if value}
    return _match(Asked(words or "", chosen))


def _match(asked: Asked) -> str:
    return match_of(asked) or '"" AND ""'


def _query(request: Request) -> dict[str, str]:
    return {name: request.args.get(name) for name in request.args}


async def _page(
    datasette: Datasette, request: Request, template: str, shown: dict[str, Any], status: int = 200
) -> Response:
    html = await datasette.render_template(template, {**shown, "queries": QUERIES}, request)
    return Response.html(html, status, {"Content-Security-Policy": _PAGE_POLICY})


def make_server(
    folder: Path,
    database: Path,
    host: str,
    made_up: StandIn | None = None,
    *,
    names: Iterable[str] = (),
    is_public: bool = False,
) -> Datasette:
    """Return Datasette on the database of an agency's archive, which it can only read.

    ``made_up``: the stand-in that the archive was read from; each page says so. ``names``: what
    the server is called. Where it ``is_public``, tables and SQL are closed.
    """
    for name in (_PLUGIN, _DEFAULT_ERRORS):
        if pm.has_plugin(name):
            pm.unregister(name=name)
    pages = Pages(folder, host, made_up)
    pm.register(_Plugin(pages, database, names, is_public=is_public), name=_PLUGIN)
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
    settings = _SETTINGS | {"default_allow_sql": not is_public}
    server = Datasette(
        [], metadata=about, template_dir=str(_TEMPLATES), settings=settings, cache_headers=False
    )
    server.add_database(Database(server, str(database), is_mutable=False), name=pages.agency)
    return server
