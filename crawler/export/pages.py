"""The archived pages of articles, for the exports that read or pass them on."""

from collections.abc import Iterable, Iterator

from crawler.model.article import Article
from crawler.store.reader import ArchiveReader


def versions_with_pages(
    archive: ArchiveReader, articles: Iterable[Article]
) -> Iterator[tuple[Article, Article]]:
    """Yield each article whose page is archived, and the version that was read from that page.

    It is the article itself, or, as for a deleted one, a version with the same content.
    """
    for article in articles:
        if article.change == "withdrawn":
            continue
        versions = [article] if article.capture else reversed(archive[article.id].versions)
        same = (each for each in versions if each.content_hash == article.content_hash)
        if version := next((each for each in same if each.capture), None):
            yield article, version
