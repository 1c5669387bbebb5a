"""Requests the site's reservation of text and data mining (TDMRep) once a day."""

import logging
from datetime import datetime, timedelta

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.extensions.base import RunExtension
from crawler.store.database import note, noted
from crawler.system.clock import now, rfc3339

PATH = "/.well-known/tdmrep.json"
_LARGEST = 1_000_000  # bytes
_KEY = "tdmrep"  # in the ledger's meta table: time of the last request

logger = logging.getLogger(__name__)


class AskForReservation(RunExtension):
    """Requests the well-known file, so that its response is archived; releases read it there.

    The site's robots.txt must allow the request. Without captures none is sent.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.pause = timedelta(hours=crawler.settings.getfloat("TDMREP_HOURS"))
        self.is_on = bool(self.pause) and crawler.settings.getbool("CAPTURE")
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    async def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Send the request, if these are the site's own rules and a day has passed."""
        root = self.spider.site.root
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"] or self.crawler.settings["USER_AGENT"]
        if (
            self.is_on
            and not self.run.stopped_by
            and urlparse_cached(request).netloc == urlparse_cached(Request(root)).netloc
            and robotparser.allowed(root + PATH, agent)
            and self._is_due()
        ):
            await self._ask(root + PATH)

    def _is_due(self) -> bool:
        database = self.run.archive.ledger.database
        last, moment = noted(database, _KEY), now()
        if last and moment - datetime.fromisoformat(last) < self.pause:
            return False
        note(database, _KEY, rfc3339(moment))
        return True

    async def _ask(self, url: str) -> None:
        meta = {"dont_obey_robotstxt": True, "dont_retry": True, "download_maxsize": _LARGEST}
        assert self.crawler.engine is not None
        try:
            await self.crawler.engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK))
        except Exception as error:  # a network error must not end the run
            logger.info("%s was not received (%s); the next request is sent tomorrow", url, error)
