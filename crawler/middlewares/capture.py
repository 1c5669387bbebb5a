"""Captures every request and response as received, and undoes the coding of the response then."""

import platform
from dataclasses import replace
from importlib.metadata import version
from typing import Self
from urllib.parse import urldefrag

import msgspec
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import NotConfigured, ResponseDataLossError
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from crawler.crawl.spider import AgencySpider, spider_of
from crawler.extract.decode import undo_coding
from crawler.extract.errors import BadBody
from crawler.extract.memento import SCHEME, read_memento
from crawler.extract.version import reading_code
from crawler.system.clock import now, rfc3339
from crawler.warc.record import Exchange
from crawler.warc.writer import Captures, Plan

_LOSSY = (
    "header fields are as Scrapy gives them: names in title case, repeated ones grouped, the order "
    "and the reason phrase not kept, hop-by-hop fields and transfer coding left out; Host is added "
    "to requests, Content-Length is that of the stored bytes"
)


class CaptureExchanges:
    """Archives each response before anything has changed it.

    It is next to the downloader. A response that was cut short is archived, then retried or failed,
    as Scrapy does.
    """

    def __init__(self, crawler: Crawler, spider: AgencySpider) -> None:
        self.captures: Captures = spider.run.archive.captures
        self.crawler = crawler
        self.captures.plan = Plan(
            prefix=spider.name,
            largest=crawler.settings.getint("CAPTURE_FILE_BYTES"),
            about=_about(crawler.settings, spider),
            code=reading_code(spider.name),
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Capture the running spider's responses, unless ``CAPTURE`` is off."""
        if not crawler.settings.getbool("CAPTURE"):
            raise NotConfigured
        return cls(crawler, spider_of(crawler))

    def process_request(self, request: Request) -> None:
        """Let Scrapy return a response even if it was cut short."""
        request.meta["download_fail_on_dataloss"] = False

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Archive the response. Raises ``ResponseDataLossError`` for the last one cut short."""
        truncated = "dataloss" in response.flags
        request.meta["taken_at"] = rfc3339(now())
        request.meta["exchange"] = _exchange(request, response, truncated=truncated)
        self.captures.take(request.meta["exchange"])
        if not truncated:
            return response
        assert self.crawler.spider is not None
        again = get_retry_request(request, spider=self.crawler.spider, reason="truncated")
        if again is None:
            raise ResponseDataLossError(f"{response.url}: cut short")
        return again


class UndoCoding:
    """Undoes the coding of each response. A damaged one keeps it, and its reader refuses it.

    So neither an incomplete nor a scrambled text passes for the whole.
    """

    def __init__(self, largest: int) -> None:
        """``largest``: bytes of an unpacked body, unless the request allows more."""
        self.largest = largest

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware, as Scrapy does."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response without its coding, or unchanged if it is damaged."""
        coding = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        try:
            body = undo_coding(
                response.body, coding, request.meta.get("download_maxsize", self.largest)
            )
        except BadBody:
            return response
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(body=body, headers=headers, cls=kind)


def _exchange(request: Request, response: Response, *, truncated: bool) -> Exchange:
    """Return request and response. One from a file is kept as the site sent it."""
    address = urlparse_cached(request)
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    pending = request.cb_kwargs.get("pending")
    exchange = Exchange(
        uri=urldefrag(response.url)[0],
        taken_at=request.meta["taken_at"],
        status=response.status,
        headers=_fields(response.headers),
        body=response.body,
        protocol=response.protocol or "HTTP/1.1",
        request=(request.method, target, [("Host", address.netloc), *_fields(request.headers)]),
        ip=str(response.ip_address) if response.ip_address else None,
        truncated="disconnect" if truncated else None,
        article_id=pending.id if pending else None,
        found=msgspec.json.encode(pending.link).decode() if pending else None,
        part=len(request.cb_kwargs.get("pages", ())) + 1 if "pages" in request.cb_kwargs else None,
    )
    memento = read_memento(response.url, {}) if address.scheme == SCHEME else None
    if memento is None:
        return exchange
    return replace(
        exchange,
        uri=memento.original,
        taken_at=memento.taken_at,
        request=None,
        archive_url=memento.shown,
    )


def _fields(headers: Headers) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    ]


def _about(settings: BaseSettings, spider: AgencySpider) -> dict[str, str]:
    """Return the content of the warcinfo records of a run."""
    delay = f"at least {settings['DOWNLOAD_DELAY']} s between requests, AutoThrottle"
    return {
        "software": f"{settings['BOT_NAME']}, Scrapy {version('scrapy')}, "
        f"Python {platform.python_version()}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": spider.name,
        "description": f"run {spider.run.run_id}; {_LOSSY}",
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "http-header-user-agent": settings["USER_AGENT"],
        "operator": settings["CONTACT"] or "not named",
        "settings": f"{delay if settings.getbool('AUTOTHROTTLE_ENABLED') else delay[:-14]}; "
        f"at most {settings['CONCURRENT_REQUESTS_PER_DOMAIN']} requests at once to a host",
    }
