"""``scrapy schedule``: write the files to crawl a list of agencies on a timer."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.utils.conf import closest_scrapy_cfg

from crawler.cli import AgencyCommand, agency_named, archives_named
from crawler.errors import UsageError
from crawler.system.files import replace_file

if TYPE_CHECKING:
    from crawler.scaffold.schedule import Plan

_MANUAL = """\
Each agency is crawled twice an hour, at a minute of its own, and verified once a night. Every ten
minutes scrapy status sends alerts, and writes status.html and metrics.prom into DATA_DIR.
Every command gets the settings given here with -s. Without AGENCY: all that have an
archive in DATA_DIR. Run it again after a change of the list.

examples:
  scrapy schedule --for systemd --out /etc/systemd/system AGENCY AGENCY \\
      -s DATA_DIR=/var/lib/agency-news-archive -s CONTACT=ADDRESS -s ALERT=ADDRESS
  scrapy schedule --for cron -s DATA_DIR=/srv/news -s CONTACT=ADDRESS -s ALERT=ADDRESS

exit codes: 0 done; 2 usage"""


class Command(AgencyCommand):
    """Writes the files; installs nothing."""

    usage = "[options] [AGENCY ...]"
    summary = "Write the files that crawl agencies on a timer: systemd, cron, scrapyd, Kubernetes"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for scheduler, output and folders."""
        super().add_options(parser)
        parser.add_argument(
            "--for", dest="kind", metavar="KIND", help="systemd, cron, scrapyd or kubernetes"
        )
        parser.add_argument("--out", metavar="FOLDER", default=".", help="default: this one")
        parser.add_argument(
            "--project", metavar="FOLDER", help="folder of the project (default: this one)"
        )
        parser.add_argument("--image", metavar="NAME", help="the container image, for kubernetes")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Write the files, and print their paths."""
        from crawler.scaffold.schedule import KINDS

        if opts.kind not in KINDS:
            raise UsageError(f"--for {opts.kind}: expected one of {', '.join(KINDS)}")
        plan = self._plan(args, opts)
        for name, text in KINDS[opts.kind](plan).items():
            path = Path(opts.out) / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                replace_file(path, [text.encode()])
            except OSError as error:
                raise UsageError(f"--out {path}: cannot be written ({error.strerror})") from error
            print(path)

    def _plan(self, args: list[str], opts: Namespace) -> Plan:
        from crawler.crawl.check_settings import check_contact
        from crawler.report.alerts import check_alerts
        from crawler.scaffold.schedule import Plan
        from crawler.settings import BOT_NAME

        settings = self.settings
        if not settings["CONTACT"]:
            raise UsageError("set CONTACT=ADDRESS, at which the sites can reach you")
        check_contact(settings["CONTACT"])
        check_alerts(settings)
        mails = [each for each in settings.getlist("ALERT") if "://" not in each]
        project = Path(opts.project or Path(closest_scrapy_cfg()).parent).absolute()
        data = project / settings["DATA_DIR"]
        for folder in (project, data):
            if not re.fullmatch(r"[\w@+=:,./-]+", str(folder)):
                raise UsageError(
                    f"{folder}: expected a folder without spaces and special characters"
                )
        return Plan(
            agencies=_named(self, args),
            given=[each for each in opts.set if not each.startswith("DATA_DIR=")],
            project=project,
            data=data,
            mail_to=mails[0] if mails else "",
            image=opts.image or BOT_NAME,
        )


def _named(command: Command, args: list[str]) -> list[str]:
    settings = command.settings
    if args:
        return [agency_named(settings, [name]) for name in dict.fromkeys(args)]
    return archives_named(settings, [])
