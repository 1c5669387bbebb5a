"""Datasette with our pages instead of its own. Tables and SQL are only for the operator."""

import asyncio
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from crawler.browse import sql_queries
from crawler.browse.compare import plain
from crawler.browse.engine import Engine
from crawler.browse.feeds import PATTERN, SECONDS, LiveFeeds, as_indexed, words_of
from crawler.browse.guard import Guard
from crawler.browse.index import DATABASE, WORDS
from crawler.browse.interface import LANGUAGES, language_of, translator
from crawler.browse.languages import direction, language_name
from crawler.browse.pages import Missing, Pages, Served, link
from crawler.errors import ArchiveError
from crawler.feeds.formats import FORMATS
from crawler.model.citation import FORMATS as CITATIONS
from crawler.text.search_query import BadQuery

_TEMPLATES = Path(__file__).with_name("templates")
_PLUGIN = "browse-archive"
_TABLES = "tables"  # the database's name in Datasette
# No other sites and no scripts, whatever a title contains.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_CAPTURE_POLICY = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'"
)
_CAPTURE_HEADERS = {"Content-Security-Policy": _CAPTURE_POLICY, "X-Frame-Options": "SAMEORIGIN"}
# Our own pages; and tables and SQL, if only the operator can reach the server. Of Datasette's own
# there is what programs read.
_OURS = (
    rf"/|/(?:article|capture|cite)/[^/].*|/feeds/{PATTERN}"
    r"|/export\.(?:csv|json)|/(?:leave|choose|help)"
)
_FOR_OPERATOR = rf"|/{_TABLES}(?:\.csv|\.json|/[^/]+\.json)?"
_CHOICES = {"zone": ("agency", "utc"), "lang": tuple(LANGUAGES)}  # a reader's, kept in cookies
_YEAR = 365 * 86400  # seconds
_DEFAULT_ERRORS = "datasette.handle_exception"  # prints a traceback for every 404
_INTERNAL = "The page cannot be shown; whoever runs this server finds the reason in its terminal."
_SETTINGS = {
    "sql_time_limit_ms": 1000 * sql_queries.MOST_SECONDS,
    "max_returned_rows": sql_queries.MOST_ROWS,
    "default_page_size": 50,
    "allow_download": False,
}
_REMOVED = "The database was removed, as when an article is withdrawn: start scrapy browse again.\n"


class _Plugin:
    """The hooks that Datasette calls: routes, filters for templates, and handling of errors."""

    def __init__(
        self, pages: Pages, database: Path, names: Iterable[str], *, is_public: bool
    ) -> None:
        self.__name__ = _PLUGIN  # Datasette expects plugins to be modules
        self._pages = pages
        self._database = database
        self._feeds = LiveFeeds(pages.folders)
        self._names = names
        pages.about["is_public"] = is_public
        self._elsewhere = f"^(?!(?:{_OURS if is_public else _OURS + _FOR_OPERATOR})$)"

    @hookimpl
    def asgi_wrapper(self) -> Callable[[Any], Any]:
        """Stop serving when the database is removed, as a withdrawal does."""
        return self._guarded

    def _guarded(self, app: Any) -> Any:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and not self._database.exists():
                await Response.text(_REMOVED, status=503).asgi_send(send)
            else:
                await app(scope, receive, send)

        return Guard(answer, self._names)

    @hookimpl
    def prepare_jinja2_environment(self, env: Any) -> None:
        """Add filters, such as one against characters that change the direction of text."""
        env.filters |= {
            "plain": plain,
            "link": link,
            "direction": direction,
            "language": language_name,
        }

    @hookimpl
    def register_routes(self) -> list[tuple[str, Callable[..., Any]]]:
        """Return our routes. They come before Datasette's own, most of which are closed."""
        version = r"(?P<id>[^/]+)/(?P<version>\d+)"
        return [
            (self._elsewhere, self._nothing),
            (r"^/$", self._home),
            (r"^/help$", self._help),
            (r"^/article/(?P<id>[^/]+)$", self._article),
            (rf"^/cite/{version}\.(?P<form>{'|'.join(CITATIONS)})$", self._cite),
            (rf"^/capture/{version}$", self._frame),
            (rf"^/capture/{version}/page$", self._page),
            (rf"^/capture/{version}/raw$", self._raw),
            (r"^/export\.(?P<form>csv|json)$", self._export),
            (rf"^/feeds/{PATTERN}$", self._feed),
            (rf"^/{_TABLES}$", self._tables),
            (rf"^/{_TABLES}\.csv$", self._tables_csv),
            (r"^/leave$", self._leave),
            (r"^/choose$", self._choose),
        ]

    async def _home(self, datasette: Datasette, request: Request) -> Response:
        query = _query(request)
        shown = await self._asked(datasette, lambda found: self._pages.home(found, query))
        template = "browse_search.html" if shown["found"] else "browse_home.html"
        return await _page(datasette, request, template, shown)

    async def _help(self, datasette: Datasette, request: Request) -> Response:
        return await _page(datasette, request, "browse_help.html", self._pages.about)

    async def _article(self, datasette: Datasette, request: Request) -> Response:
        name, query = _name(request), _query(request)
        shown = await self._asked(datasette, lambda found: self._pages.article(found, name, query))
        return await _page(datasette, request, "browse_article.html", shown)

    async def _cite(self, request: Request) -> Response:
        form, number = request.url_vars["form"], request.url_vars["version"]
        text, kind = self._pages.citation(_name(request), number, form)
        saved = _saved_as(f"{_name(request)}-v{number}.{form}")
        return Response(text, headers=saved, content_type=f"{kind}; charset=utf-8")

    async def _frame(self, datasette: Datasette, request: Request) -> Response:
        shown = self._pages.framed(_name(request), request.url_vars["version"])
        return await _page(datasette, request, "browse_capture.html", shown)

    async def _page(self, datasette: Datasette, request: Request) -> Response:
        name, number = _name(request), request.url_vars["version"]
        body, kind = await self._asked(
            datasette, lambda found: self._pages.replayed(found, name, number)
        )
        return Response(body, headers=dict(_CAPTURE_HEADERS), content_type=kind)

    async def _raw(self, request: Request) -> Response:
        body, kind = self._pages.capture(_name(request), request.url_vars["version"])
        return Response(body, headers=dict(_CAPTURE_HEADERS), content_type=kind)

    async def _export(self, datasette: Datasette, request: Request) -> Response:
        query, form = _query(request), request.url_vars["form"]
        body, kind = await self._asked(
            datasette, lambda found: self._pages.export(found, query, form)
        )
        return Response(body, headers=_saved_as(f"articles.{form}"), content_type=kind)

    async def _feed(self, datasette: Datasette, request: Request) -> Response:
        path, name, form = (unquote(request.url_vars[each]) for each in ("path", "name", "form"))
        room, words = f"{request.scheme}://{request.host}", words_of(_query(request))
        # In another thread than searches, because it may take seconds.
        made = await asyncio.to_thread(self._feeds.feed, path, name, words, room)
        feed = await self._asked(datasette, lambda found: as_indexed(found, made))
        write, kind = FORMATS[form]
        body = write(feed)
        tag = f'"{sha256(body).hexdigest()[:32]}"'
        headers = {"Cache-Control": f"max-age={SECONDS}", "ETag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return Response("", status=304, headers=headers)
        return Response(body, headers=headers, content_type=f"{kind}; charset=utf-8")

    async def _tables(self, datasette: Datasette, request: Request) -> Response:
        database = datasette.get_database(_TABLES)
        shown = await sql_queries.shown(database, request.args.get("sql") or "")
        status = 400 if "problem" in shown else 200
        values = {**self._pages.about, **shown}
        return await _page(datasette, request, "browse_tables.html", values, status)

    async def _tables_csv(self, datasette: Datasette, request: Request) -> Response:
        database = datasette.get_database(_TABLES)
        body = await sql_queries.as_file(database, request.args.get("sql") or "")
        return Response(body, headers=_saved_as("rows.csv"), content_type="text/csv; charset=utf-8")

    async def _leave(self, datasette: Datasette, request: Request) -> Response:
        address = request.args.get("to") or ""
        if link(address) == "#":
            raise Missing("There is no address to go to.")
        shown = {**self._pages.about, "address": address}
        return await _page(datasette, request, "browse_leave.html", shown)

    async def _choose(self, request: Request) -> Response:
        back = request.args.get("back") or "/"
        is_ours = re.match(r"/(?![/\\])", back) and back.isprintable()
        answer = Response.redirect(back if is_ours else "/")
        for name, possible in _CHOICES.items():
            if (value := request.args.get(name)) in possible:
                answer.set_cookie(name, value, max_age=_YEAR)
        return answer

    async def _nothing(self) -> Response:
        raise Missing("There is no such page here.")

    async def _asked(self, datasette: Datasette, question: Callable[[Any], Any]) -> Any:
        return await datasette.get_database(_TABLES).execute_fn(question)

    @hookimpl
    def handle_exception(self, datasette: Datasette, request: Request, exception: Exception) -> Any:
        """Show an error in our own page. Only errors that the operator can fix are printed."""
        status, told = _explained(exception)
        if status == 500:
            print(f"scrapy browse: {request.path}: {_told(exception)}", file=sys.stderr, flush=True)
        if request.path.endswith(".json"):
            message = translator("en")(*told)
            return Response.json({"ok": False, "error": message, "status": status}, status)
        shown = {**self._pages.about, "told": told, "status": status}
        return lambda: _page(datasette, request, "browse_error.html", shown, status)


def _explained(error: Exception) -> tuple[int, tuple[Any, ...]]:
    """Return the status for an error, and the message for readers: a text, and its gaps."""
    if isinstance(error, Missing | BadQuery):
        return (404 if isinstance(error, Missing) else 400), error.args
    if isinstance(error, Base400 | DatasetteError):
        told = getattr(error, "message", None) or str(error)
        return error.status, (re.sub(r"<[^>]*>", "", told),)
    return 500, (_INTERNAL,)


def _told(error: Exception) -> str:
    """Return an error for the operator: one line for known errors, a traceback for bugs."""
    known = isinstance(error, ArchiveError | DatasetteError)
    return str(error) if known else "".join(traceback.format_exception(error)).rstrip()


def _name(request: Request) -> str:
    return unquote(request.url_vars["id"])


def _query(request: Request) -> dict[str, str]:
    return {name: request.args.get(name) for name in request.args}


def _saved_as(name: str) -> dict[str, str]:
    safe = re.sub(r"[^A-Za-z0-9.-]", "-", name)
    return {"Content-Disposition": f'attachment; filename="{safe}"'}


async def _page(
    datasette: Datasette, request: Request, template: str, shown: dict[str, Any], status: int = 200
) -> Response:
    path = request.path + (f"?{request.query_string}" if request.query_string else "")
    accepted = request.headers.get("accept-language", "")
    lang = language_of(request.cookies.get("lang"), accepted)
    zone = "utc" if request.cookies.get("zone") == "utc" else "agency"
    told = translator(lang)
    more = {"zone": zone, "here": path, "lang": lang, "t": told, "languages": LANGUAGES,
            "when": lambda *time: told(shown["when"](*time))}  # fmt: skip
    html = await datasette.render_template(template, {**shown, **more}, request)
    headers = {"Content-Security-Policy": _PAGE_POLICY, "Vary": "Accept-Language"}
    return Response.html(html, status, headers)


def make_server(
    archives: Sequence[Served],
    folder: Path,
    *,
    names: Iterable[str] = (),
    is_public: bool = False,
    left_out: Mapping[str, str] = MappingProxyType({}),
) -> Datasette:
    """Return Datasette for the database in a folder, which was made from these archives.

    ``names``: the server's host names. If it ``is_public``, tables and SQL are closed.
    ``left_out``: hosts of archives that could not be read, with the reason for the operator.
    """
    for name in (_PLUGIN, _DEFAULT_ERRORS):
        if pm.has_plugin(name):
            pm.unregister(name=name)
    pages, database = Pages(archives, Engine(folder / WORDS)), folder / DATABASE
    pages.about["left_out"] = left_out
    pm.register(_Plugin(pages, database, names, is_public=is_public), name=_PLUGIN)
    source = " ".join(pages.about["notices"]) or "the journal of the archive"
    server = Datasette(
        [],
        metadata={"title": translator("en")(*pages.about["heading"]), "source": source},
        template_dir=str(_TEMPLATES),
        settings=_SETTINGS | {"default_allow_sql": not is_public},
        cache_headers=False,
    )
    server.add_database(Database(server, str(database), is_mutable=False), name=_TABLES)
    return server
