"""``scrapy export``: the newest version of each article as JSON Lines."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from crawler.agency_command import AgencyCommand, PlainHelp, agency_named
from crawler.durable import replace_file
from crawler.errors import StorageError, UsageError
from crawler.newest import newest_lines
from crawler.reader import Reader

_EXAMPLES = """examples:
  scrapy export AGENCY | gzip > newest.jsonl.gz
  scrapy export AGENCY --out may.jsonl --since 2024-05-01 --until 2024-05-31 --editions en,ru

Rows stand by year of publication and id, undated ones first; an article that is gone has its last
content and the change "gone". With --since or --until, undated articles are left out."""


class Command(AgencyCommand):
    """Exports what is committed, also while a run works."""

    def syntax(self) -> str:
        """Return what may stand behind the command's name."""
        return "[options] AGENCY"

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return "Write the newest version of each article as JSON Lines"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add where the rows go, and which."""
        super().add_options(parser)
        parser.formatter_class = PlainHelp
        parser.epilog = _EXAMPLES
        parser.add_argument("--out", metavar="FILE", help="write here, whole or not at all")
        parser.add_argument("--since", metavar="DAY", help="first day of publication: 2024-05-01")
        parser.add_argument("--until", metavar="DAY", help="last day of publication")
        parser.add_argument("--editions", metavar="CODES", help="only these: en,ru")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Write the rows."""
        assert self.settings is not None
        agency = agency_named(self.settings, args)
        conditions = _conditions(opts.since, opts.until, opts.editions)
        with Reader(self.folder(agency)) as reader:
            _check_editions(reader, opts.editions)
            lines = newest_lines(reader.database, reader.journal.folder, conditions)
            _write(lines, opts.out)


def _conditions(since: str | None, until: str | None, editions: str | None) -> dict[str, object]:
    conditions: dict[str, object] = {}
    first, last = _day("--since", since), _day("--until", until)
    if first and last and last < first:
        raise UsageError(f"--until {last} lies before --since {first}")
    if first:  # the year lets the index skip the years before and after
        conditions |= {"year >= ?": f"{first:%Y}", "published_at >= ?": first.isoformat()}
    if last:  # a moment of that day goes on with a T, which stands before this
        conditions |= {"year <= ?": f"{last:%Y}", "published_at < ?": f"{last}U"}
    if editions:
        conditions["edition IN (SELECT value FROM json_each(?))"] = _as_json(editions)
    return conditions


def _as_json(editions: str) -> str:
    return "[" + ",".join(f'"{code}"' for code in _codes(editions)) + "]"


def _codes(editions: str) -> list[str]:
    codes = editions.split(",")
    if not all(code.isascii() and code.isalpha() for code in codes):
        raise UsageError(f"--editions {editions}: expected codes such as en,ru")
    return codes


def _day(name: str, value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value is not None else None
    except ValueError:
        raise UsageError(f"{name} {value}: expected a day such as 2024-05-01") from None


def _check_editions(reader: Reader, editions: str | None) -> None:
    """Raise ``UsageError`` for an edition that the archive does not have."""
    if editions is None:
        return
    found = reader.database.execute(
        "SELECT DISTINCT edition FROM article_count WHERE edition <> '' AND number > 0 ORDER BY 1"
    )
    known = [code for (code,) in found]
    for code in _codes(editions):
        if code not in known:
            raise UsageError(f"--editions: no edition {code!r} here; there are: {', '.join(known)}")


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
