"""Downloader middlewares as an operator may add them."""

import asyncio

from scrapy import Request


class HoldAllButTheFirst:
    """Lets the first article's request pass at once, and each other one late."""

    def __init__(self) -> None:
        self._is_first = True

    async def process_request(self, request: Request) -> None:
        if "pending" not in request.cb_kwargs:
            return
        is_first, self._is_first = self._is_first, False
        if not is_first:
            await asyncio.sleep(0.5)
