"""``scrapy reparse``: read the archived responses again with the present code."""

from __future__ import annotations

import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, add_pool, pool_of, read_selection, spider_named
from crawler.errors import StorageError, UsageError
from crawler.model.article import UNKNOWN

if TYPE_CHECKING:
    from crawler.crawl.spider import AgencySpider
    from crawler.maintenance.reparse import Summary
    from crawler.store.archive import Archive
    from crawler.store.ledger import Ledger
    from crawler.system.processes import WorkerPool
    from crawler.warc.index import Wanted

_MANUAL = """\
Reads the archived pages and API responses of an agency again, without a request. Each
difference becomes a new version: "reparsed", or "new" or "edited" if older code had missed
that. Every field that is read from a page counts, authors and tags too. Responses that this
code has read already are skipped: an interrupted command continues, and a second one has
nothing to do.

examples:
  scrapy reparse AGENCY --dry-run
  scrapy reparse AGENCY --layout current --since 2026-01-01
  scrapy reparse AGENCY --ids AGENCY:594021,AGENCY:594022
  scrapy reparse AGENCY --cluster tcp://10.0.0.1:8786

exit codes: 0 done; 1 a worker process or the cluster was lost; 2 usage, or a cluster that does
not answer or has other code or data; 5 a run holds the data folder; 7 the archive cannot be
read or written, or captures are damaged or missing: the command names them, and reads them once
they are restored; 130 interrupted: what was read is kept"""


class Command(AgencyCommand):
    """Reads an archive again."""

    usage = "[options] AGENCY"
    summary = "Read all archived pages again with the present code"
    manual = _MANUAL

    after_interrupt = "what was read is kept; run it again to resume"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for selection and worker processes."""
        super().add_options(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would be recorded; record nothing"
        )
        parser.add_argument("--since", metavar="DAY", help="only captures since this day (UTC)")
        parser.add_argument("--layout", metavar="NAME", help="only articles read by this layout")
        parser.add_argument("--ids", metavar="ID,ID", default="", help="only these articles")
        add_pool(parser)

    def work(self, args: list[str], opts: Namespace) -> None:
        """Read again, and print a summary."""
        from crawler.scaffold.agencies import without_run

        agency = without_run(spider_named(self.settings, args), self.settings)
        wanted = _wanted(opts, agency.name)
        _check_layout(agency, opts.layout)
        folder = self.folder(agency.name)
        if not (folder / "ledger.sqlite").exists():
            raise UsageError(f"{folder}: there is no archive; set its folder with -s DATA_DIR=PATH")
        summary = self._read_again(folder, agency, wanted, opts)
        if summary.outcomes["damaged"]:
            self.exitcode = StorageError.exit_code
        # Outside the try block: a closed pipe is not an error of the archive.
        _show(summary, dry=opts.dry_run)

    def _read_again(
        self, folder: Path, agency: AgencySpider, wanted: Wanted, opts: Namespace
    ) -> Summary:
        """Open the archive, and return the summary."""
        from crawler.store.archive import Archive

        try:
            with Archive(folder) as archive, pool_of(opts.cluster, opts.jobs) as pool:
                _check_known(wanted.ids, archive.ledger)
                return self._reparse(archive, agency, wanted, pool, dry=opts.dry_run)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"{folder}: cannot be read or written ({error})") from error

    def _reparse(
        self,
        archive: Archive,
        agency: AgencySpider,
        wanted: Wanted,
        pool: WorkerPool | None,
        *,
        dry: bool,
    ) -> Summary:
        from crawler.extract.version import reading_code
        from crawler.maintenance.reparse import DryRunArchive, Reparse
        from crawler.maintenance.reread import ReadingContext, Rereader
        from crawler.store.newest_versions import write_changed_years

        context = ReadingContext.of(agency, self.settings)
        rereader = Rereader(archive.captures, context, archive.journal)
        code = reading_code(agency.name)
        if dry:
            with DryRunArchive(archive) as dry_run:
                return Reparse(dry_run, rereader, code, _say).work(wanted, pool)
        summary = Reparse(archive, rereader, code, _say).work(wanted, pool)
        write_changed_years(archive.ledger.database, archive.folder)
        return summary


def _check_layout(agency: AgencySpider, wanted: str | None) -> None:
    known = {UNKNOWN, *(layout.layout for layout in agency.layouts)}
    if wanted is not None and wanted not in known:
        names = ", ".join(sorted(known))
        raise UsageError(f"--layout {wanted}: expected one of {names}")


def _wanted(opts: Namespace, agency: str) -> Wanted:
    from crawler.warc.index import Wanted

    since = read_selection(opts.since, None, None).since
    ids = [part.strip().removeprefix(f"{agency}:") for part in opts.ids.split(",") if part.strip()]
    return Wanted(
        since=since.isoformat() if since else None,
        layout=opts.layout,
        ids=tuple(f"{agency}:{part}" for part in ids),
    )


def _check_known(ids: Iterable[str], ledger: Ledger) -> None:
    """Raise ``UsageError`` for the id of an article that the archive does not have."""
    for article_id in ids:
        if ledger.states.state(article_id) is None and not ledger.captures.has(article_id):
            raise UsageError(
                f"--ids: {article_id} is not known; expected ids such as those of rows"
            )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _show(summary: Summary, *, dry: bool) -> None:
    from crawler.model.diff import COLOURED, PLAIN, differences, marked

    read = ", ".join(f"{name} {count}" for name, count in summary.outcomes.most_common())
    print(
        f"{summary.outcomes.total()} captures read: {read or 'this code has read all that match'}"
    )
    for what, counts in (("not read", summary.problems), ("differs in", summary.fields)):
        for name, count in counts.most_common():
            print(f"  {what} {name}: {count}")
    marks = COLOURED if sys.stdout.isatty() else PLAIN
    for old, new in summary.examples:
        print(f"\n{new['id']}: {new['change']}, version {new['version']} after {old['version']}")
        for name, (before, after) in differences(old, new).items():
            print(f"{name}\n{marked(before, after, marks)}")
    if dry:
        print("\nNothing was recorded: this was a dry run.")
