"""The structure of texts, read again from the archived pages: one line of JSON per article."""

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from crawler.errors import StorageError
from crawler.export.pages import versions_with_pages
from crawler.extract.document import readable
from crawler.extract.errors import BadBody
from crawler.extract.structure import TextBlock, TextLink, read_structure
from crawler.model.article import Article
from crawler.store.reader import ArchiveReader


class StructuredArticle(Struct):
    """A line: which text it is about, and the structure, by places in its ``body``."""

    id: str
    version: int
    content_hash: str | None
    blocks: list[TextBlock]
    links: list[TextLink]


def write_structures(archive: ArchiveReader, articles: Iterable[Article]) -> Iterator[bytes]:
    """Yield a line for each article whose page is archived."""
    for article, version in versions_with_pages(archive, articles):
        document = archive.capture(version)
        try:
            read = read_structure(article.body, article.summary, readable(document))
        except BadBody as error:
            raise StorageError(f"{article.id}: its capture cannot be read ({error})") from error
        line = StructuredArticle(
            article.id, article.version, article.content_hash, read.blocks, read.links
        )
        yield msgspec.json.encode(line) + b"\n"
