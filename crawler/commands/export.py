"""``scrapy export``: the newest version of each article as JSON Lines."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path

from crawler.cli import AgencyCommand, add_selection, agency_named, read_selection
from crawler.errors import StorageError, UsageError
from crawler.system.files import replace_file

_MANUAL = """\
Rows are sorted by year of publication and id, undated articles first. A deleted article has its
last content and the change "gone"; a withdrawn one has the reason and no content. With --since
or --until, undated articles are left out.

examples:
  scrapy export AGENCY | gzip > newest.jsonl.gz
  scrapy export AGENCY --out may.jsonl --since 2024-05-01 --until 2024-05-31 --editions en,ru

exit codes: 0 done; 2 usage, or no archive; 7 the archive is damaged, or FILE cannot be written"""


class Command(AgencyCommand):
    """Exports what is committed, also while a run works."""

    usage = "[options] AGENCY"
    summary = "Write the newest version of each article as JSON Lines"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add where the rows go, and which."""
        super().add_options(parser)
        parser.add_argument("--out", metavar="FILE", help="write to FILE, completely or not at all")
        add_selection(parser)

    def work(self, args: list[str], opts: Namespace) -> None:
        """Write the rows."""
        from crawler.store.reader import ArchiveReader

        agency = agency_named(self.settings, args)
        selection = read_selection(opts.since, opts.until, opts.editions)
        with ArchiveReader(self.folder(agency)) as archive:
            _write(archive.lines(selection), opts.out)


def _write(lines: Iterable[bytes], out: str | None) -> None:
    if out is None:
        _print(lines)
        return
    try:
        replace_file(Path(out), lines)
    except FileNotFoundError as error:
        raise UsageError(f"--out {out}: there is no such folder") from error
    except (IsADirectoryError, NotADirectoryError, PermissionError) as error:
        raise UsageError(f"--out {out}: cannot be written ({error.strerror})") from error
    except OSError as error:
        raise StorageError(f"--out {out}: cannot be written ({error})") from error


def _print(lines: Iterable[bytes]) -> None:
    try:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the command knows what to do about it
        raise
    except OSError as error:
        raise StorageError(f"standard output: cannot be written ({error})") from error
