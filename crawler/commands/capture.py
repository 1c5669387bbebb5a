"""``scrapy capture``: the archived answer that a version was read from."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import msgspec

from crawler.cli import AgencyCommand, PlainHelp, agency_named
from crawler.errors import StorageError, UsageError
from crawler.extract.decode import undo_coding
from crawler.extract.errors import BadBody
from crawler.model.article import Capture
from crawler.model.versions import farewell
from crawler.store.archive import Reader
from crawler.warc.index import CaptureIndex
from crawler.warc.record import Record
from crawler.warc.writer import Captures

_EXAMPLES = """examples:
  scrapy capture AGENCY:594021                    the answer behind the newest version
  scrapy capture AGENCY:594021 1 --body --out page.html
  scrapy capture AGENCY:594021 --raw | less       as it was received, packed or not"""


class Command(AgencyCommand):
    """Prints where a version was read from, or writes it to a file."""

    def syntax(self) -> str:
        """Return what may stand behind the command's name."""
        return "[options] <agency:id> [VERSION]"

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return "Show the archived answer that a version was read from"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add where the answer goes, and how much of it."""
        super().add_options(parser)
        parser.formatter_class = PlainHelp
        parser.epilog = _EXAMPLES
        parser.add_argument("--out", metavar="FILE", help="write to FILE instead of the terminal")
        parser.add_argument("--body", action="store_true", help="leave out the answer's head")
        parser.add_argument(
            "--raw", action="store_true", help="leave the body packed as it was received"
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the answer."""
        if len(args) not in (1, 2) or ":" not in args[0]:
            raise UsageError("expected an article and, if wanted, a version: AGENCY:594021 1")
        assert self.settings is not None
        agency = agency_named(self.settings, [args[0].partition(":")[0]])
        with Reader(self.folder(agency)) as reader:
            place = _place(reader.versions(args[0]), args)
            captures = Captures(reader.folder / "warc", CaptureIndex(reader.database))
            answer = _shown(captures.read(place), raw=opts.raw, body_only=opts.body)
        _put(answer, opts.out)


def _place(rows: list[dict[str, Any]], args: list[str]) -> Capture:
    """Return where the wanted version's answer stands; by default, the last that has one."""
    if not rows:
        raise UsageError(f"{args[0]}: no version of it is recorded")
    if rows[-1]["change"] == "withdrawn":
        raise UsageError(farewell(rows[-1]))
    wanted = [row for row in rows if len(args) == 1 or str(row["version"]) == args[1]]
    if not wanted:
        known = ", ".join(str(row["version"]) for row in rows)
        raise UsageError(f"{args[0]} has no version {args[1]!r}; there are: {known}")
    places = [row["capture"] for row in wanted if row["capture"]]
    if not places:
        raise UsageError(
            f"{args[0]} version {wanted[-1]['version']} ({wanted[-1]['change']}) has no capture: "
            "it was not read from an answer, or captures were switched off"
        )
    return msgspec.convert(places[-1], Capture)


def _shown(record: Record, *, raw: bool, body_only: bool) -> bytes:
    _, headers, body = record.answer
    head = record.block[: len(record.block) - len(body)]
    if not raw:
        try:
            body = undo_coding(body, headers.get("content-encoding", ""))
        except BadBody as error:
            raise StorageError(f"{error}; see it as it is with --raw") from error
    return body if body_only else head + body


def _put(answer: bytes, out: str | None) -> None:
    if out is None:
        sys.stdout.buffer.write(answer)
        return
    try:
        Path(out).write_bytes(answer)
    except OSError as error:
        raise UsageError(f"--out {out}: cannot be written ({error.strerror})") from error
