"""RSS feeds and the sitemap of the replica."""

from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from replica.post import Post
from replica.world import TASHKENT

RSS_EDITIONS = frozenset({"ru", "uz", "oz", "en"})
RSS_ITEMS = 20


def rss(edition: str, posts: Sequence[Post], site_url: str) -> str:
    """An edition's feed: the newest twenty posts with a summary and a small picture."""
    items = "".join(_item(edition, post, site_url) for post in posts[:RSS_ITEMS])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
        f"<title>UzA {edition}</title><link>{site_url}/{edition}</link>"
        f"<description>UzA</description>{items}</channel></rss>"
    )


def _item(edition: str, post: Post, site_url: str) -> str:
    address = f"{site_url}/{edition}/posts/{post.slug}"
    moment = post.published_at.replace(tzinfo=TASHKENT)
    return (
        f"<item><title>{escape(post.shown(post.title))}</title><link>{address}</link>"
        f"<guid>{address}</guid><pubDate>{format_datetime(moment)}</pubDate>"
        f"<category>{escape(post.shown(post.category.name))}</category>"
        f"<description><![CDATA[{post.shown(post.summary or '')}]]></description>"
        f"{_enclosure(post)}</item>"
    )


def _enclosure(post: Post) -> str:
    if not post.pictures:
        return ""
    return f'<enclosure url="{post.pictures[0].sized("_small")}" length="0" type="image/jpeg"/>'


def sitemap(posts: Sequence[Post], site_url: str) -> str:
    """A sitemap of all posts, with the times of their last change."""
    entries = "".join(
        f"<url><loc>{site_url}/posts/{post.slug}</loc>"
        f"<lastmod>{post.updated_at:%Y-%m-%dT%H:%M:%S}+05:00</lastmod></url>"
        for post in posts
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    )
