"""Sources of UzA, Uzbekistan's national news agency."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed, Sitemap
from crawler.discovery.listing import Listing
from crawler.discovery.lists import ApiList, HtmlList
from crawler.store.frontier import PendingArticle
from pages.uza import LAYOUTS, LIST_LINKS, RSS_EDITIONS, RULES

API = "https://api.uza.uz/api/v1"
PER_PAGE = 50  # the API's limit is unknown; shorter pages are read, too


class UzaSpider(AgencySpider):
    """Crawls UzA's feeds and lists; ``UZA_SITE_URL`` and ``UZA_API_URL`` set their hosts."""

    name = "uza"
    rules = RULES
    layouts = LAYOUTS

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the edition's feed and list: the API's list, else the site's, else the sitemap."""
        confirmed = edition in RULES.editions and edition not in RULES.unconfirmed_editions
        has_feed = edition in RSS_EDITIONS
        feed = RssFeed(f"{self.site.root}/{edition}/rss", edition, optional=not has_feed)
        posts = f"{self.api}/posts?_f=json&_l={{edition}}&per_page={PER_PAGE}&page={{page}}"
        lists = (
            ApiList(posts, f"{self.site.root}/posts/{{slug}}", edition, optional=not confirmed),
            HtmlList(f"{self.site.root}/{{edition}}/posts?page={{page}}", LIST_LINKS, edition),
            Sitemap(f"{self.site.root}/sitemap.xml", edition),
        )
        return ((feed,), lists)

    def article_address(self, native_id: int) -> str:
        """Return the URL for a numeric id; the site is said to accept it."""
        return f"{self.site.root}/posts/{native_id}"

    def api_address(self, pending: PendingArticle) -> str:
        """Return the API's URL of a post, by its id or slug."""
        _, _, name = pending.id.partition(":")
        return f"{self.api}/posts/{name}?_f=json&include=theme,tags,translations"

    @property
    def api(self) -> str:
        """Base URL of the JSON API."""
        return self.address_setting("API_URL", API)
