"""The pages that articles were read from, as one web archive (WACZ).

It is made like the evidence of an article (crawler/evidence/wacz.py), but has no rows and no
proofs: validators guess the types of rows from the first ones, and refuse later ones.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile

from crawler.errors import UsageError
from crawler.evidence.wacz import (
    INDEX,
    PAGES,
    WARC,
    Package,
    copied,
    index,
    key_of,
    key_of_row,
    pages,
)
from crawler.export.pages import versions_with_pages
from crawler.export.row import Source
from crawler.model.article import Article
from crawler.store.reader import ArchiveReader
from crawler.store.stand_in_site import read_stand_in
from crawler.system.clock import rfc3339
from crawler.system.files import replacing
from crawler.system.software import software
from crawler.warc.index import CaptureIndex, CaptureRecord


def write_wacz(
    archive: ArchiveReader, choose: Callable[[], Iterable[Article]], site: str, out: Path
) -> None:
    """Write the file atomically. ``choose`` returns the articles, each time it is called.

    Raises ``UsageError`` if no page of them is archived, ``StorageError`` if one is damaged.
    """
    captures = _captures(archive, choose())
    if not captures:
        raise UsageError("no page of these articles is archived, so there is nothing to write")
    with replacing(out) as file, ZipFile(file, "w") as zipped:
        package, placed = Package(zipped, is_large=True), list[CaptureRecord]()
        package.add(WARC, copied(archive, captures, placed))
        package.add(INDEX, index(placed))
        versions = (version for _, version in versions_with_pages(archive, choose()))
        package.add(PAGES, pages(versions, placed))
        code, host = software(), Source(site).host
        made_up = read_stand_in(archive.folder, archive.database)
        package.describe(
            {
                "profile": "data-package",
                "wacz_version": "1.1.1",
                "title": f"News articles of {host}",
                "description": made_up.notice(host) if made_up else f"Pages of {host}, as received",
                "mainPageUrl": placed[-1].uri,
                "mainPageDate": placed[-1].taken_at,
                "created": rfc3339(package.moment),
                "software": f"{code['name']} {code['version']}",
            }
        )


def _captures(archive: ArchiveReader, articles: Iterable[Article]) -> list[CaptureRecord]:
    """Return the captures of the pages, and those with the payload that one only refers to."""
    known = CaptureIndex(archive.database)
    found = {
        (each.file, each.offset): each
        for _, version in versions_with_pages(archive, articles)
        for each in _of_version(known, version)
    }
    return [found[place] for place in sorted(found)]


def _of_version(known: CaptureIndex, version: Article) -> Iterator[CaptureRecord]:
    key = key_of_row(version)
    own = [each for each in known.of_article(version.id) if key_of(each) == key]
    yield from own
    if any(each.kind == "revisit" for each in own) and (whole := known.response(own[0].digest)):
        yield whole
