"""What is believed of UzA's site (likely, weak or unknown), checked in order of importance.

Requests are dear: an edition's feed or list, an article and its ways of being addressed, and what
is not there are each asked for once, and the feeds nobody expects only while requests are left.
"""

from collections.abc import AsyncIterator

from crawler.probe.finding import Finding
from crawler.probe.visit import Visit
from probes import uza_addresses, uza_api, uza_article, uza_feeds, uza_posts, uza_site
from probes.uza_learnt import Learnt
from spiders.uza import UzaSpider

PARTS = (
    uza_site.home,
    uza_feeds.feeds,
    uza_api.lists,
    uza_addresses.html_list,
    uza_posts.posts,
    uza_article.article,
    uza_addresses.addresses,
    uza_site.elsewhere,
    uza_feeds.other_feeds,
)


async def facts(agency: UzaSpider, visit: Visit) -> AsyncIterator[Finding]:
    """Yield the findings as they are made."""
    learnt = Learnt(agency)
    for part in PARTS:
        async for finding in part(learnt, visit):
            yield finding
