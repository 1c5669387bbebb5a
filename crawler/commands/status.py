"""``scrapy status``: what an archive holds, and what it has to do."""

from argparse import ArgumentParser, Namespace

from crawler.cli import AgencyCommand, agency_named
from crawler.system.clock import steady

_MANUAL = """\
Works during a run, too.

examples:
  scrapy status AGENCY
  scrapy status AGENCY --json
  scrapy status AGENCY -s DATA_DIR=/var/lib/agency-news-archive

exit codes: 0 done; 2 usage, or no archive; 7 the archive is damaged"""


class Command(AgencyCommand):
    """Tells articles, versions, backlog, runs and disk use, also while a run works."""

    usage = "[--json] AGENCY"
    summary = "Show what an archive holds, what is pending, and how the last runs ended"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the choice of the form."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the status."""
        import msgspec

        from crawler.crawl.check_settings import check_gone
        from crawler.crawl.deletions import Deletion
        from crawler.report.status import read_status, status_lines
        from crawler.store.reader import ArchiveReader

        assert self.settings is not None
        agency = agency_named(self.settings, args)
        check_gone(self.settings)
        deletion = Deletion.of(self.settings)
        with ArchiveReader(self.folder(agency)) as reader:
            status = read_status(reader.database, reader.folder, steady(), deletion)
        if opts.json:
            print(msgspec.json.format(msgspec.json.encode(status)).decode())
        else:
            print("\n".join(status_lines(status, agency)))
