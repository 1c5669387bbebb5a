"""``scrapy verify``: check that an archive is complete and consistent."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, certificates, spider_named
from crawler.errors import StorageError
from crawler.system.clock import now, rfc3339

if TYPE_CHECKING:
    from crawler.model.rules import AgencyRules
    from crawler.verify.context import Context

_MANUAL = """\
Compares the ledger, the journal, the captures, their indexes, the year files and the run
reports with each other: each row's content_hash with its text; its place, version and hash with
the ledger; its capture with the WARC record; the header of each record with the ledger;
counters with a recount; files made from others with their source; and all with the proofs of
scrapy prove, if there are any. SQLite checks the ledger.
The command prints each problem on a line, with file and place. It changes nothing but
verified.json, from which scrapy status reads the result. A run may be active: the command checks
the data committed at its start.

It reads one capture in 30 completely, different ones each day; --captures reads all. A WARC
file that was moved elsewhere together with its index is listed, but is not a problem.

examples:
  scrapy verify AGENCY               every night
  scrapy verify --captures AGENCY    after every restore: reads all captures completely

exit codes: 0 no problem; 2 usage, or no archive; 7 a problem was found; 130 interrupted"""


class Command(AgencyCommand):
    """Reads the whole archive, and reports problems."""

    usage = "[options] AGENCY"
    summary = "Check an archive: every row's hash, ledger, journal, captures, indexes"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for extent and form."""
        super().add_options(parser)
        parser.add_argument(
            "--captures", action="store_true", help="read all captures to the end, not a sample"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print problems and counts of checked items; raise ``StorageError`` for a problem."""
        rules = spider_named(self.settings, args).rules
        folder = self.folder(rules.name)
        known = certificates(self.settings)
        try:
            number, first = _verify(folder, rules, opts, known)
        except StorageError as error:
            _keep(folder, 1, str(error))
            raise
        _keep(folder, number, first)
        if number:
            raise StorageError(_verdict(folder, number))


def _verify(
    folder: Path, rules: AgencyRules, opts: Namespace, known: Path | None
) -> tuple[int, str | None]:
    """Print the problems; return their number, and the first one."""
    from crawler.store.reader import ArchiveReader
    from crawler.verify.context import Context, sizes_in

    sizes = sizes_in(folder)
    with ArchiveReader(folder, checked=True) as reader:
        context = Context(
            folder=folder,
            database=reader.database,
            sizes=sizes,
            image_size=rules.image_size,
            certificates=known,
            whole=opts.captures,
            turn=now().toordinal(),
            say=_say,
        )
        return _print_json(context) if opts.json else _print(context)


def _verdict(folder: Path, number: int) -> str:
    what = "1 thing is" if number == 1 else f"{number:,} things are"
    return f'{folder}: {what} wrong; docs/operating.md, "After a restore", says what to do'


def _keep(folder: Path, number: int, first: str | None) -> None:
    """Save the result for ``scrapy status``, if this user may write to the folder."""
    from crawler.report.overview import Verified, keep_verified

    try:
        keep_verified(folder, Verified(rfc3339(now()), number, first))
    except OSError as error:
        _say(f"scrapy verify: scrapy status will not know of this ({error})")


def _print_json(context: Context) -> tuple[int, str | None]:
    import msgspec

    from crawler.verify.archive import verify

    problems = list(verify(context))
    told = {"checked": context.checked, "notes": context.notes, "problems": problems}
    print(msgspec.json.format(msgspec.json.encode(told)).decode())
    return len(problems), problems[0] if problems else None


def _print(context: Context) -> tuple[int, str | None]:
    from crawler.verify.archive import verify

    number, first = 0, None
    for number, problem in enumerate(verify(context), 1):  # noqa: B007
        print(problem, flush=True)
        first = first or problem
    for note in context.notes:
        print(f"note: {note}")
    for what, checked in context.checked.items():
        print(f"{checked:>12,}  {what}")
    return number, first


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
