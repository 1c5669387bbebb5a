"""``scrapy capture``: the archived response that a version was read from."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, agency_named
from crawler.errors import StorageError, UsageError

if TYPE_CHECKING:
    from crawler.model.article import Article
    from crawler.warc.record import Record

_MANUAL = """\
examples:
  scrapy capture AGENCY:594021                    the response behind the newest version
  scrapy capture AGENCY:594021 1 --body --out page.html
  scrapy capture AGENCY:594021 --raw | less       as received, compressed or not

exit codes: 0 done; 2 usage, an unknown article or version, or a version without a capture; 7
the capture is damaged or missing"""


class Command(AgencyCommand):
    """Prints the response of a version, or writes it to a file."""

    usage = "[options] AGENCY:ID [VERSION]"
    summary = "Print the archived response that a version was read from"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for output and form."""
        super().add_options(parser)
        parser.add_argument("--out", metavar="FILE", help="write to FILE instead of the terminal")
        parser.add_argument("--body", action="store_true", help="leave out the response's headers")
        parser.add_argument("--raw", action="store_true", help="do not unpack the body")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the response."""
        from crawler.store.reader import ArchiveReader

        if len(args) not in (1, 2) or ":" not in args[0]:
            raise UsageError("expected an article and, if wanted, a version: AGENCY:594021 1")
        agency = agency_named(self.settings, [args[0].partition(":")[0]])
        with ArchiveReader(self.folder(agency)) as archive:
            version = _wanted(archive[args[0]].versions, args)
            answer = _shown(archive.record(version), raw=opts.raw, body_only=opts.body)
        _put(answer, opts.out)


def _wanted(versions: list[Article], args: list[str]) -> Article:
    """Return the version with that number; by default, the last one with a capture."""
    if versions[-1].change == "withdrawn":
        return versions[-1]
    if len(args) == 1:
        return next((each for each in reversed(versions) if each.capture), versions[-1])
    wanted = [each for each in versions if str(each.version) == args[1]]
    if not wanted:
        known = ", ".join(str(each.version) for each in versions)
        raise UsageError(f"{args[0]} has no version {args[1]!r}; there are: {known}")
    return wanted[0]


def _shown(record: Record, *, raw: bool, body_only: bool) -> bytes:
    from crawler.extract.decode import undo_coding
    from crawler.extract.errors import BadBody

    _, headers, body = record.answer
    head = record.block[: len(record.block) - len(body)]
    if not raw:
        try:
            body = undo_coding(body, headers.get("content-encoding", ""))
        except BadBody as error:
            raise StorageError(f"{error}; see the raw body with --raw") from error
    return body if body_only else head + body


def _put(answer: bytes, out: str | None) -> None:
    if out is None:
        sys.stdout.buffer.write(answer)
        return
    try:
        Path(out).write_bytes(answer)
    except OSError as error:
        raise UsageError(f"--out {out}: cannot be written ({error.strerror})") from error
