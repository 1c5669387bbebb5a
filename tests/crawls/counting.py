"""An extension that stops a run early and says how much of the ledger it had pulled by then."""

import logging
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.crawl.spider import AgencySpider
from crawler.errors import TimeUp

ANSWERS = 300


class CountPulled:
    """Ends the run after so many answers."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.answers = 0
        crawler.signals.connect(self.response_received, signal=signals.response_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawler's signals."""
        return cls(crawler)

    def response_received(self, spider: AgencySpider) -> None:
        """Count an answer."""
        self.answers += 1
        if self.answers == ANSWERS:
            logging.getLogger(__name__).info("pulled %d", spider.rounds.taken)
            spider.run.stop_for(TimeUp("enough answers"))
