"""``scrapy wire-copies``: find articles that copy earlier ones of another agency."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from crawler.cli import AgencyCommand
from crawler.errors import StorageError, UsageError

_MANUAL = """\
Reads the articles in releases of several agencies in order of publication, and writes a line of
JSON for each one that copies an earlier article of another agency: `id`, `wire_copy_of` (the
earlier article), `share` (of the copy's words found there, eight or more in a row; 0.5 or more)
and `spans` (begin and end of these words in the `body` of the copy, and in that of the source).
The source is the article in these releases with most of the words; it may itself be a copy.
Uncertain copies are left out. Articles are compared with those of about the 15 days before.

examples:
  scrapy wire-copies data/AGENCY/releases/AGENCY-2026-10-01 data/OTHER/releases/OTHER-2026-10-01

exit codes: 0 done; 2 usage, or a folder is not a release; 7 a file cannot be read or written"""


class Command(AgencyCommand):
    """Compares releases; needs no archive."""

    usage = "[options] FOLDER FOLDER [FOLDER...]"
    summary = "Find articles of an agency that copy earlier ones of another"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the option for output."""
        super().add_options(parser)
        parser.add_argument(
            "--out", metavar="FILE", default="wire-copies.jsonl", help="default: %(default)s"
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Write the file, and print the number of copies for each pair of agencies."""
        # Scrapy loads all commands for each call, so large imports are made here.
        from crawler.release.publish import local_copy

        if len(args) < 2:
            raise UsageError("expected the folders of two releases or more")
        with ExitStack() as stack:
            folders = [stack.enter_context(local_copy(each)) for each in args]
            _write(folders, Path(opts.out))


def _write(folders: list[Path], out: Path) -> None:
    import msgspec

    from crawler.release.documents.manifest import read_sums
    from crawler.release.similarity.wire_copies import find_wire_copies
    from crawler.system.files import replacing

    for folder in folders:
        read_sums(folder)
    articles, pairs = 0, Counter[str]()
    try:
        with replacing(out) as file:
            for article, copy in find_wire_copies(folders):
                articles += 1
                if copy:
                    source = copy.wire_copy_of.partition(":")[0]
                    pairs[f"{article.row.agency} copied {source}"] += 1
                    file.write(msgspec.json.encode(copy) + b"\n")
    except OSError as error:
        raise StorageError(f"{out}: cannot be written ({error})") from error
    print(f"{out}: copies are {pairs.total():,} of the {articles:,} articles that have a date")
    for pair, number in pairs.most_common():
        print(f"{pair}: {number:,}")
