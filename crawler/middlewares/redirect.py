"""Follows redirects: in a crawl within the agency's own hosts only."""

from typing import Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.crawl.download import ELSEWHERE
from crawler.crawl.spider import AgencySpider
from crawler.extract.document import is_same_host
from crawler.extract.memento import read_memento
from crawler.model.identity import NotAnArticle, identify


class FollowRedirects(RedirectMiddleware):
    """Follows redirects anywhere, as a browser does. No page led here, so no Referer is sent."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Skip what the base class does at start: it looks for the Referer middleware."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def handle_referer(self, request: Request, response: Response) -> None:
        """Send no Referer."""
        request.headers.pop("Referer", None)


class StayOnSite(FollowRedirects):
    """Refuses a redirect to another host, so that no site can send a crawl into a private network.

    A redirect to a withdrawn article is refused, too, because its text would come back. Addresses
    of the agency are requested at the configured site, as all others are.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the redirected request. Raises ``IgnoreRequest`` if it leads to another host."""
        try:
            result = super().process_response(request, response)
        except ValueError:
            raise IgnoreRequest("redirected to no address") from None
        if not isinstance(result, Request):
            return result
        running = self.crawler.spider
        stays = is_same_host
        if isinstance(running, AgencySpider):
            stays = running.site.stays
            result = result.replace(url=running.site.local(result.url))
            if _is_withdrawn(running, result.url):
                raise IgnoreRequest("redirected to a withdrawn article")
        if not stays(result.url, request.url):
            raise IgnoreRequest(ELSEWHERE)
        return result


def _is_withdrawn(spider: AgencySpider, url: str) -> bool:
    memento = read_memento(url, {})
    public = memento.original if memento else spider.site.public(url)
    try:
        identity = identify(public, spider.rules.address, spider.name)
    except NotAnArticle:
        return False
    return spider.run.archive.ledger.states.state(identity.id) == "withdrawn"
