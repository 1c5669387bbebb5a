"""News sitemaps: the articles of the last two days, with title and time of publication."""

from lxml import etree

from crawler.discovery.found import Found
from crawler.discovery.sitemap import NEWS, Sitemap


class NewsSitemap(Sitemap):
    """A sitemap in Google's news format, or an index of such; its times can be walked by."""

    dated = True

    def found(self, url: etree._Element, location: str) -> Found:
        """Return an entry with what the news format adds."""
        published = url.findtext(f"{NEWS}news/{NEWS}publication_date")
        return Found(
            url=location,
            road="sitemap",
            edition=self.edition,
            title=url.findtext(f"{NEWS}news/{NEWS}title"),
            published_raw=published.strip() if published else None,
        )
