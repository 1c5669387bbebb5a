"""``scrapy status``: what an archive holds, and what it has to do; or how all of them fare."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, agency_named, archives_named
from crawler.errors import StorageError, UsageError
from crawler.system.clock import now, steady
from crawler.system.files import replace_file

if TYPE_CHECKING:
    from crawler.report.overview import Overview

_HOURS = {"m": 1 / 60, "h": 1, "d": 24}  # of each unit
_MANUAL = """\
Works during a run, too. Without AGENCY: a line for each archive in DATA_DIR, with the gravest of
the exit codes that their last runs ended with.

examples:
  scrapy status
  scrapy status --max-age 6h                       exit code 3 if an agency had no good run in it
  scrapy status --max-age 6h --alert -s ALERT=ADDRESS -s PING_URL=https://HOST/{agency}
  scrapy status --openmetrics /var/lib/node_exporter/news_archive.prom
  scrapy status AGENCY
  scrapy status AGENCY --json -s DATA_DIR=/var/lib/agency-news-archive

exit codes: 0 done; 2 usage, or no archive; 7 the archive is damaged; without AGENCY also those of
scrapy crawl"""


class Command(AgencyCommand):
    """Tells articles, versions, backlog, runs and disk use, also while a run works."""

    usage = "[options] [AGENCY]"
    summary = "Show what an archive holds, what is pending, and how the last runs ended"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the choice of the form."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument(
            "--max-age", metavar="TIME", help="such as 90m, 6h, 2d: how old a good run may be"
        )
        parser.add_argument(
            "--alert",
            action="store_true",
            help="tell ALERT of trouble that began, changed, lasts or is over, and ask PING_URL",
        )
        parser.add_argument(
            "--openmetrics", metavar="FILE", help="write the lines of all agencies as metrics"
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the status."""
        if not args:
            self._show_all(opts)
        elif opts.max_age or opts.openmetrics or opts.alert:
            raise UsageError("--max-age, --alert and --openmetrics are for all agencies; name none")
        else:
            self._show(args, as_json=opts.json)

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

    def _show_all(self, opts: Namespace) -> None:
        import msgspec

        from crawler.report.overview import openmetrics, overview_lines, worst

        longest = _time(opts.max_age) if opts.max_age else None
        overviews = self._overviews()
        self.exitcode = worst(overviews, longest)
        if opts.openmetrics:
            _write(Path(opts.openmetrics), openmetrics(overviews))
        if opts.json:
            print(msgspec.json.format(msgspec.json.encode(overviews)).decode())
        elif not opts.openmetrics and not opts.alert:
            print("\n".join(overview_lines(overviews, longest)))
        if opts.alert:
            self._alert(overviews, longest)

    def _alert(self, overviews: list[Overview], longest: timedelta | None) -> None:
        from crawler.crawl.check_settings import check_alerts
        from crawler.report.alerts import Alerts, one_check_at_a_time
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
            raise StorageError(f"{folder}: alerts cannot be noted ({error.strerror})") from error
        if alerts.problems:
            raise UsageError("; ".join(alerts.problems))

    def _overviews(self) -> list[Overview]:
        from crawler.report.overview import Overview, read_overview
        from crawler.store.reader import ArchiveReader

        least = self.settings.getint("DISK_FREE_LEAST")
        overviews = []
        for agency in archives_named(self.settings, []):
            folder = self.folder(agency)
            try:
                with ArchiveReader(folder) as reader:
                    overview = read_overview(reader.database, folder, agency, now(), least)
                    overviews.append(overview)
            except StorageError as error:
                overviews.append(Overview(agency=agency, problem=str(error)))
        return overviews


def _time(text: str) -> timedelta:
    number, unit = text[:-1], text[-1:]
    if unit not in _HOURS or not (number.isascii() and number.isdigit() and len(number) < 6):
        raise UsageError(f"--max-age {text}: expected a time such as 90m, 6h or 2d")
    return timedelta(hours=int(number) * _HOURS[unit])


def _write(out: Path, lines: Iterable[bytes]) -> None:
    try:
        replace_file(out, lines)
    except OSError as error:
        raise UsageError(f"--openmetrics {out}: cannot be written ({error.strerror})") from error
