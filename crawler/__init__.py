"""The engine: finds, fetches, reads and keeps articles; knows no agency.

In a notebook, without Scrapy: ``crawler.open`` reads an archive, ``crawler.extract`` reads a page
(docs/library.md).

Each package may import only what stands below it; `make test` checks it with import-linter:

    commands                    one Scrapy command a file
    cli.py                      what commands share
    browse                      an archive to search and look at
    export                      articles in the forms that other programs read
    evidence, release           proof of one article; a data set that can be cited
    probe                       checks of a live site
    scaffold                    a look at one page, and the files of a new agency
    audit, verify               how complete an archive is, and how sound
    maintenance                 reparse, rebuild, withdraw, offload to a bucket
    extensions, middlewares     where Scrapy calls us
    report                      what a run did, and whether that is usual
    crawl                       a run: requests, and what their responses mean
    discovery                   what feeds, lists, sitemaps and indexes say
    store                       what is on disk: ledger, journal, queue
    warc                        captures: records, files, indexes
    extract                     from the bytes of a response to an article
    text                        text, names, dates, languages
    model                       what an article is
    system                      files, buckets, processes, signals, the clock
    errors.py                   what can go wrong, and the exit codes
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import ArchiveError, StorageError, UsageError
from crawler.extract.errors import InvalidArticle, UnreadablePage
from crawler.model.article import Article
from crawler.model.identity import NotAnArticle

if TYPE_CHECKING:
    from crawler.store.reader import ArchiveReader

__all__ = [
    "ArchiveError",
    "Article",
    "InvalidArticle",
    "NotAnArticle",
    "StorageError",
    "UnreadablePage",
    "UsageError",
    "extract",
    "open",
]

# Every command imports this module, so each function imports what it needs. The package
# ``crawler.extract`` is imported above, so that the name stays the function's.


def extract(
    body: bytes, *, url: str, agency: str, headers: Mapping[str, str] | None = None
) -> Article:
    """Return the article on a page of an agency, as a crawl reads it. Nothing is fetched.

    ``body``: the bytes as received; ``headers``: those of the same response, if known. What only a
    run knows has a default: ``fetched_at`` and ``first_seen_at`` are in 1970. Raises UsageError
    (unknown agency), NotAnArticle (the URL is not an article's), UnreadablePage, and InvalidArticle
    (the page has no complete article).
    """
    from crawler.extract import agencies

    return agencies.extract(body, url, agency, headers or {})


def open(folder: str | Path) -> "ArchiveReader":
    """Return the archive in an agency's folder, such as ``data/AGENCY``, for reading.

    It shows the archive at this moment, whatever a crawl does meanwhile; nothing is written or
    locked. Raises UsageError if there is none, and StorageError if it is damaged.
    """
    from crawler.store import reader

    return reader.open_archive(folder)
