"""What an experienced developer would write in a day, with common tools in default settings.

A single file for ``scrapy runspider`` outside the project's folder: parsel for the pages, a JSON
Lines feed, warcio for the exchanges, and SQLite for known articles.
"""

import hashlib
import io
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any, BinaryIO, ClassVar, Self
from zoneinfo import ZoneInfo

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ZONE = ZoneInfo("Asia/Tashkent")
STAMP = re.compile(r"(\d{1,2}:\d\d) / (\d{4}-\d\d-\d\d)")
BYLINE = re.compile(r"(?P<names>.{3,80}?), \S*(?:uza|o‘za|ўза|уза)\S*$", re.IGNORECASE)


class Warc:
    """Downloader middleware, next to the downloader, that writes request and response."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.writer = WARCWriter(file, gzip=True)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the file, and close it at the end."""
        middleware = cls(open("crawl.warc.gz", "ab"))  # noqa: SIM115
        crawler.signals.connect(middleware.close, signal=signals.spider_closed)
        return middleware

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the request and its response."""
        head = StatusAndHeaders(f"{response.status} OK", _fields(response), protocol="HTTP/1.1")
        answer = self.writer.create_warc_record(
            response.url, "response", payload=io.BytesIO(response.body), http_headers=head
        )
        line = StatusAndHeaders(
            f"GET {request.url} HTTP/1.1", _fields(request), is_http_request=True
        )
        asked = self.writer.create_warc_record(request.url, "request", http_headers=line)
        self.writer.write_request_response_pair(asked, answer)
        return response

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def _fields(message: Request | Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in message.headers.items()
        for value in values
    ]


class Known:
    """Item pipeline that stores one row per article, each with a commit."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the database, and close it at the end."""
        pipeline = cls()
        crawler.signals.connect(pipeline.close, signal=signals.spider_closed)
        return pipeline

    def __init__(self) -> None:
        self.database = sqlite3.connect("articles.sqlite")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS article (id TEXT PRIMARY KEY, url TEXT, title TEXT, "
            "published_at TEXT, content_hash TEXT, fetched_at TEXT DEFAULT CURRENT_TIMESTAMP)"
        )

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Record the article and a hash of its content."""
        text = "\n".join([item["title"], item["body"], item["published_at"] or ""])
        item["content_hash"] = hashlib.sha256(text.encode()).hexdigest()
        with self.database:
            self.database.execute(
                "INSERT OR REPLACE INTO article (id, url, title, published_at, content_hash) "
                "VALUES (:id, :url, :title, :published_at, :content_hash)",
                item,
            )
        return item

    def close(self) -> None:
        """Close the database."""
        self.database.close()


class PlainSpider(Spider):
    """Reads the pages FIRST to LAST of a site: ``-a site=URL -a ids=FIRST-LAST``."""

    name = "plain"
    site: str
    ids: str
    custom_settings: ClassVar[dict[Any, Any] | None] = {
        "ROBOTSTXT_OBEY": True,
        "FEEDS": {"articles.jsonl": {"format": "jsonlines"}},
        "FEED_EXPORT_ENCODING": "utf-8",
        "DOWNLOADER_MIDDLEWARES": {Warc: 950},
        "ITEM_PIPELINES": {Known: 300},
    }

    async def start(self) -> AsyncIterator[Any]:
        """Yield the requests."""
        first, last = map(int, self.ids.split("-"))
        for number in range(first, last + 1):
            yield Request(f"{self.site}/posts/{number}", cb_kwargs={"number": number})

    def parse(self, response: Response, number: int) -> Iterator[dict[str, Any]]:
        """Read the article."""
        assert isinstance(response, TextResponse)
        content = response.css("div.content-block")
        paragraphs = [
            " ".join(" ".join(node.css("::text").getall()).split())
            for node in content.css("h4, p, li, blockquote")
        ]
        body = "\n\n".join(filter(None, paragraphs))
        stamp = STAMP.search(" ".join(response.css("div.news-top-head__date ::text").getall()))
        byline = BYLINE.search(paragraphs[-1]) if paragraphs else None
        yield {
            "id": number,
            "url": response.url,
            "title": " ".join(response.css("div.news-top-head__title ::text").getall()).strip(),
            "summary": " ".join(content.css("h4 ::text").getall()).strip() or None,
            "body": body,
            "published_at": _moment(stamp) if stamp else None,
            "authors": byline["names"].split(", ") if byline else [],
            "category": response.css("div.news-top-head__meta ::text").get(),
            "tags": response.css("div.news-tags a.news-tags__item::text").getall(),
            "images": [response.urljoin(src) for src in content.css("img::attr(src)").getall()],
            "language": response.css("html::attr(lang)").get(),
        }


def _moment(stamp: re.Match[str]) -> str:
    moment = datetime.strptime(f"{stamp[2]} {stamp[1]}", "%Y-%m-%d %H:%M")
    return moment.replace(tzinfo=ZONE).isoformat()
