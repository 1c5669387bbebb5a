"""Checks every request: allowed host names and methods, and security headers."""

import re
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import ip_address
from typing import Any

from datasette.utils.asgi import Response

App = Callable[[Any, Any, Any], Awaitable[None]]

_ROBOTS = "User-agent: *\nDisallow: /\n"  # no search engine may copy texts of others
# For what has no policy of its own, such as Datasette's JSON.
_POLICY = (
    "default-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, noarchive",
}


class Guard:
    """Refuses requests that the application must not get, and adds headers to all responses.

    ``names``: other host names of this machine, for example behind a proxy.
    """

    def __init__(self, app: App, names: Iterable[str] = ()) -> None:
        self._app = app
        self._names = {"localhost", *(name.lower() for name in names)}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal:
            await refusal.asgi_send(_with_headers(send))
        else:
            await self._app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Any) -> Response | None:
        """Return the response to a request that is refused. None if it is allowed."""
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        name = _name_of(host)
        if not self._is_known(name):
            # Otherwise a page of another site could read the archive through the reader's browser.
            told = f"There is no {name!a} here; start scrapy browse with --name to allow a name.\n"
            return Response.text(told, status=421)
        if scope["method"] not in ("GET", "HEAD"):
            return Response.text("Nothing can be changed here.\n", 405, {"Allow": "GET, HEAD"})
        if scope["path"] == "/robots.txt":
            return Response.text(_ROBOTS)
        return None

    def _is_known(self, name: str) -> bool:
        try:
            return bool(ip_address(name.strip("[]")))
        except ValueError:
            return name in self._names


def _name_of(host: str) -> str:
    return re.sub(r":\d*$", "", host).rstrip(".").lower()


def _with_headers(send: Any) -> Any:
    """Return a function that sends a response, with the headers that it does not have itself."""

    async def sent(message: Any) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            more = [
                (n.encode(), v.encode()) for n, v in _HEADERS.items() if n.encode() not in there
            ]
            message = message | {"headers": [*message["headers"], *more]}
        await send(message)

    return sent
