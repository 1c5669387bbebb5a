"""``scrapy status``: the contents and queue of an archive, or an overview of all."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, agency_named, archives_named
from crawler.errors import ArchiveError, EarlierLedger, NoArchive, UsageError
from crawler.system.clock import now, steady
from crawler.system.files import write_file

if TYPE_CHECKING:
    from crawler.report.overview import Overview
    from crawler.report.status_page import Agency

RUNS = 10  # runs of each archive on the page
_HOURS = {"m": 1 / 60, "h": 1, "d": 24}  # hours per unit
_MANUAL = """\
Works during a run, too. Without AGENCY: a line for each archive in DATA_DIR; the exit code is
then the most serious one of their last runs. With several AGENCYs, or with --max-age, --alert,
--html or --openmetrics: the same for these agencies, also for one that has no archive yet.

examples:
  scrapy status
  scrapy status --max-age 6h                       exit code 3 if an agency had no good run in it
  scrapy status --max-age 6h --alert -s ALERT=ADDRESS -s PING_URL=https://HOST/{agency}
  scrapy status --html /var/www/html/news-archives.html
  scrapy status --openmetrics /var/lib/node_exporter/news_archive.prom
  scrapy status AGENCY
  scrapy status AGENCY --json -s DATA_DIR=/var/lib/agency-news-archive

exit codes: 0 done; 2 usage, or no archive; 7 the archive is damaged; for a line each also those of
scrapy crawl"""


class Command(AgencyCommand):
    """Shows articles, versions, queue, runs and disk use, also during a run."""

    usage = "[options] [AGENCY ...]"
    summary = "Show what an archive holds, what is pending, and how the last runs ended"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for form, alerts and age."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument(
            "--max-age", metavar="TIME", help="such as 90m, 6h, 2d: how old a good run may be"
        )
        parser.add_argument(
            "--alert",
            action="store_true",
            help="send alerts to ALERT when a problem begins, lasts or is over; request PING_URL",
        )
        parser.add_argument(
            "--html", metavar="FILE", help="write a page: states, articles by day, gaps, last runs"
        )
        parser.add_argument(
            "--openmetrics", metavar="FILE", help="write the lines of all agencies as metrics"
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the status."""
        of_overview = opts.max_age or opts.openmetrics or opts.alert or opts.html
        if len(args) == 1 and not of_overview:
            self._show(args, as_json=opts.json)
        else:
            self._show_all(args, opts)

    def _show(self, args: list[str], *, as_json: bool) -> None:
        import msgspec

        from crawler.crawl.check_settings import check_gone
        from crawler.crawl.deletions import Deletion
        from crawler.report.status import read_status, status_lines
        from crawler.store.reader import ArchiveReader

        agency = agency_named(self.settings, args)
        check_gone(self.settings)
        deletion = Deletion.of(self.settings)
        with ArchiveReader(self.folder(agency)) as reader:
            status = read_status(reader.database, reader.folder, steady(), deletion)
        if as_json:
            print(msgspec.json.format(msgspec.json.encode(status)).decode())
        else:
            print("\n".join(status_lines(status, agency)))

    def _show_all(self, args: list[str], opts: Namespace) -> None:
        import msgspec

        from crawler.report.overview import openmetrics, overview_lines, worst
        from crawler.report.status_page import status_page

        longest = _time(opts.max_age) if opts.max_age else None
        agencies = self._agencies(args, with_page=bool(opts.html))
        overviews = [each.overview for each in agencies]
        self.exitcode = worst(overviews, longest)
        problems: list[str] = []
        if opts.alert:  # first: a full disk, which it reports, has no room for files
            with _noted(problems):
                self._alert(overviews, longest)
        if opts.openmetrics:
            with _noted(problems):
                write_file("--openmetrics", opts.openmetrics, openmetrics(overviews))
        if opts.html:
            with _noted(problems):
                write_file("--html", opts.html, status_page(agencies, longest, now()))
        if opts.json:
            print(msgspec.json.format(msgspec.json.encode(overviews)).decode())
        elif not (opts.openmetrics or opts.alert or opts.html):
            print("\n".join(overview_lines(overviews, longest)))
        if problems:
            raise UsageError("; ".join(problems))

    def _alert(self, overviews: list[Overview], longest: timedelta | None) -> None:
        from crawler.report.alerts import Alerts, check_alerts, one_check_at_a_time
        from crawler.system.notices import ask, send

        settings, folder = self.settings, Path(self.settings["DATA_DIR"])
        check_alerts(settings)
        try:
            with one_check_at_a_time(folder):
                alerts = Alerts(folder, longest, now())
                mail = partial(send, server=settings["ALERT_SERVER"])
                alerts.tell(overviews, settings.getlist("ALERT"), mail)
                if settings["PING_URL"]:
                    alerts.ping(overviews, settings["PING_URL"], ask)
        except OSError as error:
            raise UsageError(f"{folder}: cannot be read ({error.strerror})") from error
        if alerts.problems:
            raise UsageError("; ".join(alerts.problems))

    def _agencies(self, args: list[str], *, with_page: bool) -> list[Agency]:
        names = archives_named(self.settings, args)
        return [self._read(name, with_page=with_page) for name in names]

    def _read(self, name: str, *, with_page: bool) -> Agency:
        from crawler.audit.report import gaps, posts_by_day
        from crawler.report.overview import Overview, read_overview
        from crawler.report.past_runs import past_runs
        from crawler.report.status_page import Agency
        from crawler.store.reader import ArchiveReader
        from crawler.store.selection import Selection

        folder, least = self.folder(name), self.settings.getint("DISK_FREE_LEAST")
        try:
            with ArchiveReader(folder) as reader:
                overview = read_overview(reader.database, folder, name, now(), least)
                if not with_page:
                    return Agency(overview=overview)
                everything = Selection()
                posts = posts_by_day(reader.database, everything)
                runs = list(islice(past_runs(reader.database, folder), RUNS))
                found = gaps(posts, everything)
                return Agency(overview=overview, posts=posts, gaps=found, runs=runs)
        except NoArchive:
            return Agency(overview=Overview(agency=name))
        except EarlierLedger as error:
            return Agency(overview=Overview(agency=name, waiting=str(error)))
        except ArchiveError as error:
            return Agency(overview=Overview(agency=name, problem=str(error)))


@contextmanager
def _noted(problems: list[str]) -> Iterator[None]:
    """Keep the message of an error, so that the rest is done."""
    try:
        yield
    except UsageError as error:
        problems.append(str(error))


def _time(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    if unit not in _HOURS or not (number.isascii() and number.isdigit() and len(number) < 6):
        raise UsageError(f"--max-age {text}: expected a time such as 90m, 6h or 2d")
    return timedelta(hours=int(number) * _HOURS[unit])
