"""Sends a probe's requests: politely, each one counted, each response saved."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from crawler.crawl.download import ToldToWait, advice, reason_of
from crawler.errors import ArchiveError, ExitCode
from crawler.extract.document import Document, Site
from crawler.extract.errors import UnreadablePage
from crawler.extract.media import absolute

MOST_REQUESTS = 30  # with robots.txt, redirects and retries
_REFUSALS = frozenset({401, 403, 429})
NOT_ASKED = "not asked"  # the beginning of the problem of such a reply
_MOST_REFUSALS = 3  # of a host in a row; then no more are sent


class BoundReached(IgnoreRequest):
    """The limit of requests of a probe is reached."""


class Unreachable(ArchiveError):
    """The site does not respond at all."""

    exit_code = ExitCode.SOURCE_FAILED


@dataclass(frozen=True, slots=True)
class Reply:
    """A response of the site, or the problem that there is none."""

    url: str
    document: Document | None = None
    problem: str = ""

    @property
    def status(self) -> int:
        """The HTTP status. 0 without a response."""
        return self.document.status if self.document else 0

    def header(self, name: str) -> str:
        """Return a header's value. Empty if it is missing."""
        return self.document.headers.get(name, "") if self.document else ""

    @property
    def told(self) -> str:
        """The response in a few words."""
        if self.document is None:
            return self.problem
        location = self.header("location")
        return f"HTTP {self.status}" + (f" to {location}" if location else "")

    @property
    def goal(self) -> str | None:
        """Return the target of a redirect. None if there is none, or no web address."""
        return absolute(self.header("location"), self.url) if self.header("location") else None


class Visit:
    """The requests of one probe, one after another. ``legacy``: an old address to try."""

    def __init__(
        self,
        crawler: Crawler,
        site: Site,
        progress: Callable[[str], None],
        legacy: str | None = None,
    ) -> None:
        self.crawler = crawler
        self.site = site
        self.progress = progress
        self.legacy = legacy
        self.agent: str = crawler.settings["USER_AGENT"]
        self.requests = 0
        self.asked: list[str] = []
        self.exchanges: list[Document] = []
        self._ended = ""
        self._refusals = Counter[str]()

    @property
    def left(self) -> int:
        """The number of requests that may still be sent."""
        return MOST_REQUESTS - self.requests

    async def ask(self, url: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Request an address. Redirects are returned, not followed.

        Raises ``Unreachable`` if the site has not responded to anything yet.
        """
        self.asked.append(url)
        if problem := self._ended or self._refused(url):
            return Reply(url, problem=problem)
        request = Request(
            url,
            callback=NO_CALLBACK,
            headers=dict(headers or {}),
            meta={"dont_redirect": True, "dont_obey_robotstxt": url.endswith("/robots.txt")},
        )
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # any failure of the network
            return self._unanswered(url, error)
        return _reply(url, self.site.document(response))

    def _refused(self, url: str) -> str:
        is_refused = self._refusals[_host(url)] >= _MOST_REFUSALS
        return f"{NOT_ASKED}: {_host(url)} keeps refusing" if is_refused else ""

    def robots(self, url: str) -> Reply:
        """Return the robots.txt that was read before an address was requested."""
        root = "/".join(url.split("/", 3)[:3])
        address = self.site.public(f"{root}/robots.txt")
        for document in reversed(self.exchanges):
            if document.url == address:
                return _reply(address, document)
        return Reply(address, problem="no answer")

    def count(self) -> None:
        """Count a request before it is sent. Raises ``BoundReached`` if it may not be."""
        if self.requests >= MOST_REQUESTS:
            raise BoundReached(f"the bound of {MOST_REQUESTS} requests is reached")
        self.requests += 1

    def keep(self, response: Response) -> None:
        """Save a response, and stop requesting from a site that keeps refusing."""
        self.exchanges.append(self.site.document(response))
        self.progress(f"[{self.requests:2}/{MOST_REQUESTS}] {response.status} {response.url}")
        host = _host(response.url)
        self._refusals[host] = self._refusals[host] + 1 if _refuses(response.status) else 0

    def _unanswered(self, url: str, error: Exception) -> Reply:
        reason = reason_of(Failure(error))  # type: ignore[no-untyped-call]
        self.progress(f"[{self.requests:2}/{MOST_REQUESTS}] {reason}: {url}")
        if not self.exchanges:
            raise Unreachable(f"{url} does not answer: {reason}{advice(reason)}") from error
        if isinstance(error, BoundReached | ToldToWait):
            self._ended = reason = f"{NOT_ASKED}: {reason}"
        return Reply(url, problem=reason)


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _refuses(status: int) -> bool:
    """Return whether a response is about us or the server, and so proves nothing about the site."""
    return status in _REFUSALS or status >= 500


def _reply(url: str, document: Document) -> Reply:
    """Return a response with information about the site, or the problem."""
    if _refuses(document.status):
        return Reply(url, problem=f"HTTP {document.status}")
    try:
        _ = document.text, document.tree
    except UnreadablePage as error:
        return Reply(url, problem=f"HTTP {document.status}, unreadable: {error}")
    return Reply(url, document)
