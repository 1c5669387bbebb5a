"""``scrapy diff``: the difference between two versions of an article."""

import sys
from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from crawler.cli import AgencyCommand, agency_named
from crawler.errors import UsageError

_MANUAL = """\
examples:
  scrapy diff AGENCY:594021        the two newest versions
  scrapy diff AGENCY:594021 1 3    version 1 and version 3

exit codes: 0 done; 2 usage, or an unknown article or version; 7 the archive is damaged"""


class Command(AgencyCommand):
    """Shows the fields that differ, with the words removed and added."""

    usage = "AGENCY:ID [VERSION VERSION]"
    summary = "Show what changed between two versions of an article"
    manual = _MANUAL

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print the difference."""
        import msgspec

        from crawler.model.versions import farewell
        from crawler.store.reader import ArchiveReader

        if len(args) not in (1, 3) or ":" not in args[0]:
            raise UsageError("expected an article and, if wanted, two versions: AGENCY:594021 1 2")
        agency = agency_named(self.settings, [args[0].partition(":")[0]])
        with ArchiveReader(self.folder(agency)) as archive:
            rows: list[dict[str, Any]] = msgspec.to_builtins(archive[args[0]].versions)
        if rows[-1]["change"] == "withdrawn":
            print(f"{farewell(rows[-1])}\nThere is nothing left to compare.")
            return
        if len(args) == 1 and len(rows) == 1:
            print(f"{_heading(rows[0])}\nIt has not changed since it was first recorded.")
            return
        old, new = rows[-2:] if len(args) == 1 else (_version(rows, text) for text in args[1:])
        _show(old, new)


def _version(rows: list[dict[str, Any]], text: str) -> dict[str, Any]:
    by_number = {str(row["version"]): row for row in rows}
    if text not in by_number:
        known = ", ".join(by_number)
        raise UsageError(f"{rows[0]['id']} has no version {text!r}; there are: {known}")
    return by_number[text]


def _heading(row: Mapping[str, Any]) -> str:
    answers = ((seen.get("asked") or "", seen["status"], seen["at"]) for seen in row["evidence"])
    gone = "".join(f", {f'{asked} {status}'.strip()} at {at}" for asked, status, at in answers)
    return (
        f"{row['id']} version {row['version']}: {row['change']}, "
        f"fetched {row['fetched_at']} by run {row['run']}{gone}"
    )


def _show(old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    from crawler.model.diff import COLOURED, PLAIN, differences, marked

    marks = COLOURED if sys.stdout.isatty() else PLAIN
    print(_heading(old), _heading(new), sep="\n")
    found = differences(old, new)
    for name, (before, after) in found.items():
        print(f"\n{name}\n{marked(before, after, marks)}")
    if not found:
        print("\nThe content is the same.")
