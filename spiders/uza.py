"""UzA, Uzbekistan's national news agency: where its articles are."""

from collections.abc import Iterable, Sequence

from crawler.crawl.spider import AgencySpider
from crawler.discovery.feeds import RssFeed, Sitemap
from crawler.discovery.listing import Listing
from crawler.discovery.lists import ApiList, HtmlList
from crawler.store.frontier import PendingArticle
from pages.uza import LAYOUTS, LIST_LINKS, RSS_EDITIONS, RULES

API = "https://api.uza.uz/api/v1"
PER_PAGE = 50  # the API's cap is unknown; a paginator with fewer entries is read as well


class UzaSpider(AgencySpider):
    """Crawls UzA's feeds and lists; ``UZA_SITE_URL`` and ``UZA_API_URL`` say where they are."""

    name = "uza"
    rules = RULES
    layouts = LAYOUTS

    def sources(self, edition: str) -> Iterable[Sequence[Listing]]:
        """Return the edition's feed, and its list: the API's, else the site's, else the sitemap."""
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
        """Return the address of a bare id, which the site is said to answer."""
        return f"{self.site.root}/posts/{native_id}"

    def api_address(self, pending: PendingArticle) -> str:
        """Return where the API tells the post: it takes an id or a slug."""
        _, _, name = pending.id.partition(":")
        return f"{self.api}/posts/{name}?_f=json&include=theme,tags,translations"

    @property
    def api(self) -> str:
        """Address of the JSON API."""
        return self.address_setting("API_URL", API)
