"""Undoes the content coding of a response, with the same code that reads captures."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from crawler.extract.decode import undo_coding
from crawler.extract.errors import BadBody


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
