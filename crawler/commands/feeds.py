"""``scrapy feeds``: recent changes as Atom and JSON feeds, for a web server."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, archives_there, searches_in, web_address, whole_number
from crawler.errors import StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.feeds.formats import Feed

_MANUAL = """\
Writes into DIR, for each agency and each of its editions, feeds of articles that are new, edited
or gone (taken down, or back again), and of all these "changes": DIR/AGENCY/edited.atom and .json,
DIR/AGENCY/edition/en/gone.atom, DIR/author/NAME/new.atom. Serve DIR with any web server, and
run the command after each crawl. A feed has at most 100 entries. An entry's time is when the
change was seen. Without AGENCY: of all archives in DATA_DIR.

Articles read from a web archive or from WARC files are not news, nor are new articles published
more than a week before they were seen. After scrapy withdraw, run the command again to remove the
article from the feeds.

examples:
  scrapy feeds AGENCY --out /srv/www/feeds
  scrapy feeds --out feeds --author "Nodira Tolzorova" --article AGENCY:594021
  scrapy feeds --out feeds --url https://example.org/feeds --browse-url https://news.example.org

exit codes: 0 done; 2 usage, or no archive; 7 an archive is damaged (the feeds of the others are
written), or DIR cannot be written"""


class Command(AgencyCommand):
    """Writes feeds of committed data, also during a run."""

    usage = "[options] [AGENCY ...] --out DIR"
    summary = "Write Atom and JSON feeds of what is new, edited and taken down"
    manual = _MANUAL
    after_interrupt = "each feed is either unchanged or complete; run it again for the others"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for folder, feeds and links."""
        super().add_options(parser)
        parser.add_argument("--out", metavar="DIR", help="folder that the feeds are written to")
        parser.add_argument(
            "--author", metavar="NAME", action="append", default=[],
            help="feeds of an author in all these archives, in any spelling; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--article", metavar="ID", action="append", default=[],
            help="feeds of a single article, with all its versions; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--searches", metavar="FILE", help="feeds of the saved searches of scrapy watch"
        )
        parser.add_argument("--days", default="30", metavar="N", help="look back (default: 30)")
        parser.add_argument("--url", metavar="URL", help="where DIR is served; feeds name it")
        parser.add_argument(
            "--browse-url", metavar="URL", help="where scrapy browse is; entries link to versions"
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Write the feeds."""
        from crawler.feeds.collect import Wanted, feeds_of

        if not opts.out:
            raise UsageError("expected --out DIR, the folder that the feeds are written to")
        wanted = Wanted(
            authors=tuple(opts.author),
            articles=tuple(opts.article),
            searches=tuple(searches_in(self.settings, opts.searches)) if opts.searches else (),
            days=whole_number("--days", opts.days),
            address=web_address("--url", opts.url),
            reading_room=web_address("--browse-url", opts.browse_url),
        )
        folders = list(map(self.folder, archives_there(self.settings, args)))
        damaged: list[StorageError] = []
        number, changed = _written(feeds_of(folders, wanted, damaged), Path(opts.out))
        if len(damaged) < len(folders):
            print(f"{opts.out}: {number} feeds; {changed} files have changed")
        for error in damaged:
            print(f"scrapy feeds: {error}; its feeds stay as they are", file=sys.stderr)
            self.exitcode = error.exit_code


def _written(feeds: Iterable[tuple[str, Feed]], out: Path) -> tuple[int, int]:
    from crawler.feeds.files import write_feeds

    try:
        return write_feeds(feeds, out)
    except OSError as error:
        raise StorageError(
            f"--out {out}: cannot be written ({error}); name another folder, or free disk space"
        ) from error
