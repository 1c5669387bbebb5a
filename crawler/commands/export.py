"""``scrapy export``: the newest version of each article, in formats of other programs."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import (
    AgencyCommand,
    add_selection,
    agency_named,
    read_selection,
    spider_named,
    whole_number,
)
from crawler.errors import StorageError, UsageError
from crawler.system.files import replace_file

if TYPE_CHECKING:
    from crawler.store.reader import ArchiveReader
    from crawler.store.selection import Selection

_LINES = "jsonl"  # the journal's own lines, byte for byte
_STRUCTURE, _WACZ = "structure", "wacz"  # made from archived pages

_MANUAL = """\
Exports an agency's archive, or a release: FOLDER is what `scrapy release` made, and no archive is
needed. Rows are sorted by year of publication and id, undated articles first; those of a release
are by edition and year. A deleted article has its last content and the change "gone"; a withdrawn
one has the reason and no content. With --since or --until, undated articles are left out. --ids
takes ids or addresses, separated by commas; @FILE has one a line, and @- is standard input.

formats:
  jsonl                  one JSON object per line, with all fields (default)
  csv, xlsx, sqlite      a table; lists and nested fields are JSON in a cell
  parquet                a table with lists and nested fields; needs pyarrow: make data
  ninjs                  IPTC ninjs 3.1, one item per line
  jsonld                 schema.org NewsArticle, one graph
  tei                    TEI P5, one corpus
  structure              headings, lists, quotations and links, by their places in `body`: read
                         again from the archived pages; docs/using-the-data.md
  wacz                   a web archive of the pages, for ReplayWeb.page and pywb; needs --out
  opensearch             OpenSearch's bulk form; docs/search-engines.md has its mapping
  ris, bibtex, csl       citations, for reference managers such as Zotero
structure and wacz need the archive: a release has no pages. These, jsonld, tei and citations
leave out withdrawn articles, and refuse those that --ids names. In the folder of the code,
docs/mapping.md says where each field goes, and what a format cannot hold.

examples:
  scrapy export AGENCY | gzip > newest.jsonl.gz
  scrapy export AGENCY --out may.jsonl --since 2024-05-01 --until 2024-05-31 --editions en,ru
  scrapy export AGENCY --format xlsx --out may.xlsx --since 2024-05-01 --until 2024-05-31
  scrapy export AGENCY --format ris --out zotero.ris --editions en
  scrapy export AGENCY --format bibtex --ids 594021,https://SITE/en/posts/title_594022
  scrapy export AGENCY --format csv --limit 100 --out look.csv
  grep -o 'AGENCY:[0-9]*' notes.txt | scrapy export AGENCY --ids @-
  scrapy export AGENCY-2026-11-30 --format tei --out corpus.xml

exit codes: 0 done; 2 usage, no archive, or an article of --ids is not there, or left
out by the format; 7 the archive is damaged, or FILE cannot be written"""


class Command(AgencyCommand):
    """Exports committed data, also during a run."""

    usage = "[options] AGENCY|FOLDER"
    summary = "Write the newest version of each article as JSON Lines, a table, TEI and others"
    manual = _MANUAL

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for output, format and selection."""
        super().add_options(parser)
        parser.add_argument("--out", metavar="FILE", help="write to FILE, completely or not at all")
        parser.add_argument(
            "--format", metavar="NAME", default=_LINES, help="a format (default: jsonl); see below"
        )
        add_selection(parser)
        parser.add_argument("--ids", metavar="IDS", help="only these articles: 594021,594022")
        parser.add_argument("--limit", metavar="N", help="at most so many articles, the first ones")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Write the rows."""
        from crawler.store.reader import ArchiveReader

        if opts.format not in (_LINES, _STRUCTURE, _WACZ):
            from crawler.export.formats import check_format

            check_format(opts.format, on_terminal=opts.out is None and sys.stdout.isatty())
        if len(args) == 1 and (folder := Path(args[0])).is_dir():
            from crawler.export.released import agency_of, write_released

            if opts.format in (_STRUCTURE, _WACZ):
                raise UsageError(f"{folder}: a release has no archived pages; name an agency")
            selection = _selected(opts, partial(agency_of, folder))
            _write(write_released(opts.format, folder, selection), opts.out)
            return
        agency = agency_named(self.settings, args)
        selection = _selected(opts, lambda: agency)
        with ArchiveReader(self.folder(agency)) as archive:
            if opts.format != _LINES and selection.ids:
                _check_none_withdrawn(opts.format, archive, selection)
            if opts.format == _WACZ:
                self._write_wacz(archive, selection, args, opts.out)
            else:
                _write(self._parts(opts.format, archive, selection, args), opts.out)

    def _write_wacz(
        self, archive: "ArchiveReader", selection: "Selection", args: list[str], out: str | None
    ) -> None:
        from crawler.export.wacz import write_wacz
        from crawler.system.files import check_writable

        if out is None:
            raise UsageError(f"--format {_WACZ}: add --out FILE")
        check_writable("--out", out)
        site = spider_named(self.settings, args).rules.address.site
        write_wacz(archive, partial(archive.chosen, selection), site, Path(out))

    def _parts(
        self, form: str, archive: "ArchiveReader", selection: "Selection", args: list[str]
    ) -> Iterable[bytes]:
        """Return the content of the file in pieces."""
        if form == _LINES:
            return archive.lines(selection)
        chosen = archive.chosen(selection)
        if form == _STRUCTURE:
            from crawler.export.structure import write_structures

            return write_structures(archive, chosen)
        import msgspec

        from crawler.export.formats import write
        from crawler.export.row import Source
        from crawler.store.stand_in_site import read_stand_in

        site = spider_named(self.settings, args).rules.address.site
        source = Source(site, last_seen=archive.last_seen)
        if made_up := read_stand_in(archive.folder, archive.database):
            source = replace(source, site=made_up.site, notice=made_up.notice(source.host))
        return write(form, map(msgspec.to_builtins, chosen), source)


def _selected(opts: Namespace, agency: Callable[[], str]) -> "Selection":
    """Read the options that choose articles. ``agency``: called if they are named."""
    selection = read_selection(opts.since, opts.until, opts.editions)
    ids: tuple[str, ...] = ()
    if opts.ids is not None:
        if selection.published or selection.editions:
            raise UsageError("--ids cannot be combined with --since, --until and --editions")
        ids = _named(opts.ids, agency())
    limit = None if opts.limit is None else whole_number("--limit", opts.limit, digits=9)
    return replace(selection, ids=ids, limit=limit)


def _named(value: str, agency: str) -> tuple[str, ...]:
    from crawler.export.named import ids_of, read_names

    return ids_of(read_names(value), agency)


def _check_none_withdrawn(form: str, archive: "ArchiveReader", selection: "Selection") -> None:
    from crawler.export.formats import check_none_withdrawn
    from crawler.store.selection import withdrawn_of

    check_none_withdrawn(form, withdrawn_of(archive.database, selection))


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
    except BrokenPipeError:  # handled by the base class
        raise
    except OSError as error:
        raise StorageError(f"standard output: cannot be written ({error})") from error
