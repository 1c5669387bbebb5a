"""``scrapy audit``: how complete an archive is; queues missing articles."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, add_selection, read_selection, spider_named
from crawler.system.files import write_file

if TYPE_CHECKING:
    from crawler.audit.report import Audit
    from crawler.crawl.spider import AgencySpider
    from crawler.store.selection import Selection

_MANUAL = """\
Shows which articles each source listed, which known articles were never fetched, which ids are
missing, and on which days an edition has under a third of the articles usual for that weekday.
Undated articles are placed by their id. Ids are shared by all editions, so --editions does not
filter missing ids.

--fix queues missing ids, and what failed or was refused, for download. An id stays missing
until the next run has fetched it, or has found that there is no article. For days with too few
articles: scrapy crawl AGENCY -a since=DAY -a until=DAY

examples:
  scrapy audit AGENCY                      tables
  scrapy audit AGENCY --json > audit.json  all figures
  scrapy audit AGENCY --png calendar.png   articles by day and edition, gaps in red
  scrapy audit AGENCY --since 2024-05-01 --until 2024-05-31 --editions en,ru
  scrapy audit AGENCY --fix && scrapy crawl AGENCY

exit codes: 0 done, whatever is missing; 2 usage, or no archive; 5 with --fix: a run holds the
data folder; 7 the archive is damaged or cannot be written; 130 interrupted"""


class Command(AgencyCommand):
    """Reads committed data, also during a run; only ``--fix`` locks the folder."""

    usage = "[options] AGENCY"
    summary = "Show what is missing from an archive, by source, id, day and edition"
    manual = _MANUAL

    after_interrupt = "what --fix has queued so far is kept; run it again"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for output, selection and queueing."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")
        parser.add_argument("--png", metavar="FILE", help="draw the articles of each day")
        parser.add_argument("--fix", action="store_true", help="queue what is missing")
        add_selection(parser)

    def work(self, args: list[str], opts: Namespace) -> None:
        """Read the findings, draw and queue as requested, print."""
        from crawler.audit.calendar import draw_calendar
        from crawler.audit.report import chosen_days, posts_by_day, read_audit
        from crawler.store.reader import ArchiveReader
        from crawler.store.selection import check_editions

        spider_class = spider_named(self.settings, args)
        folder = self.folder(spider_class.name)
        selection = read_selection(opts.since, opts.until, opts.editions)
        with ArchiveReader(folder) as reader:
            check_editions(reader.database, selection)
            audit = read_audit(reader.database, selection)
            if opts.png:
                days = chosen_days(posts_by_day(reader.database, selection), selection)
                write_file("--png", opts.png, [draw_calendar(days, audit.gaps)])
        if opts.fix:
            audit = replace(audit, queued=_fix(folder, spider_class, selection))
        _print(audit, as_json=opts.json)


def _fix(folder: Path, spider_class: type[AgencySpider], selection: Selection) -> dict[str, int]:
    """Queue missing articles; holds the folder's lock."""
    from crawler.audit.requeue import Requeue
    from crawler.extract.document import Site
    from crawler.store.archive import Archive

    spider = spider_class()
    spider.site = Site(spider.rules.address.site, spider.rules.address)
    with Archive(folder) as archive:
        return Requeue(archive, spider.rules, spider.article_address).queue(selection)


def _print(audit: Audit, *, as_json: bool) -> None:
    import msgspec
    from rich.console import Console

    from crawler.audit.report import audit_tables

    if as_json:
        print(msgspec.json.format(msgspec.json.encode(audit)).decode())
        return
    console = Console(highlight=False)
    with console.capture() as printed:
        for table in audit_tables(audit):
            console.print(table)
    print(printed.get(), end="")
