"""``scrapy browse``: search and read archives in a browser."""

from __future__ import annotations

import socket
import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, archives_there, spider_named
from crawler.errors import ArchiveError, StorageError, UsageError

if TYPE_CHECKING:
    from crawler.browse.pages import Served
    from crawler.model.rules import AgencyRules
    from crawler.store.reader import ArchiveReader

_MANUAL = """\
Updates its index from the archives, and serves them until you press Ctrl-C: those that you name,
or all in DATA_DIR, with one search. No archive can be changed through it. It listens on this
machine only. With --host, everyone who reaches that address can read the archives without a
password, including texts of which others have the copyright. Then, and with --name, tables and
SQL are disabled. It accepts IP addresses, localhost and the names that you give as host, and asks
search engines not to index it.

Archives that cannot be read are left out: the pages and a line here say which, why, and what to do.
The index is in the folder of the one archive, or in DATA_DIR for several. With --index it is in
another folder, and the archives are only read.

examples:
  scrapy browse
  scrapy browse AGENCY --port 9000
  scrapy browse --index /var/cache/news    where you cannot write into DATA_DIR
  scrapy browse --name news.example.org    behind a proxy that adds a password
  scrapy browse AGENCY --only-build    for another Datasette: data/AGENCY/browse.sqlite

exit codes: 0 ended by Ctrl-C; 2 usage, no archive, or datasette or tantivy is not installed; 5
another scrapy browse uses the index; 7 all archives are damaged, with --only-build one of them, or
the index cannot be written; 130 ended by Ctrl-C before the archives are shown"""


class Command(AgencyCommand):
    """Updates the index from the journals and starts the server."""

    usage = "[options] [AGENCY ...]"
    summary = "Search and read archives in a browser"
    manual = _MANUAL

    after_interrupt = "run it again to bring the index up to date"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for address and index."""
        super().add_options(parser)
        parser.add_argument(
            "--host", metavar="ADDRESS", default="127.0.0.1", help="default: this machine only"
        )
        parser.add_argument("--port", metavar="N", type=int, default=8001, help="default: 8001")
        parser.add_argument(
            "--name",
            metavar="NAME",
            action="append",
            default=[],
            help="a name by which others reach it, as behind a proxy; may be repeated",
        )
        parser.add_argument("--index", metavar="PATH", help="folder of the index")
        parser.add_argument("--only-build", action="store_true", help="build the index and exit")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Build the index, then serve until interrupted."""
        agencies = archives_there(self.settings, args)
        rules = {agency: spider_named(self.settings, [agency]).rules for agency in agencies}
        for package in ("tantivy", *(() if opts.only_build else ("datasette",))):
            if find_spec(package) is None:
                raise UsageError(f"{package} is not installed; install it by: make data")
        index = self._place(agencies, opts)
        with _locked(index):
            with ExitStack() as opened:  # closed before serving: an open reader blocks a crawl
                readers, left_out = _readable(map(self.folder, agencies), opened)
                _build(readers, left_out, index)
                shown = [_shown(reader, rules[agency]) for agency, reader in readers.items()]
            self._report(left_out, is_any_shown=bool(shown))
            if opts.only_build:
                self.exitcode = max((each.exit_code for each in left_out.values()), default=0)
            else:
                reasons = {rules[name].address.host: _again(left_out[name]) for name in left_out}
                _serve(shown, index, opts, reasons)

    def _report(self, left_out: dict[str, ArchiveError], *, is_any_shown: bool) -> None:
        """Print why archives are left out. Raises the last error if no archive is shown."""
        last = None if is_any_shown else left_out.popitem()[1]
        for agency, error in left_out.items():
            print(f"scrapy browse: {agency} is not shown: {_again(error)}", file=sys.stderr)
        if last:
            raise last

    def _place(self, agencies: list[str], opts: Namespace) -> Path:
        """Return the folder of the index."""
        if opts.index is not None:
            path = Path(opts.index)
            try:
                path.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UsageError(
                    f"--index {path}: cannot be written ({error.strerror}); name another folder"
                ) from error
            return path
        return self.folder(agencies[0] if len(agencies) == 1 else "")


def _shown(reader: ArchiveReader, rules: AgencyRules) -> Served:
    from crawler.browse.pages import Served
    from crawler.store.stand_in_site import read_stand_in

    return Served(reader.folder, rules, read_stand_in(reader.folder, reader.database))


def _readable(
    folders: Iterable[Path], opened: ExitStack
) -> tuple[dict[str, ArchiveReader], dict[str, ArchiveError]]:
    """Return the archives that can be read, by agency, and the errors of the others."""
    from crawler.store.reader import ArchiveReader

    readers, left_out = {}, {}
    for folder in folders:
        try:
            readers[folder.name] = opened.enter_context(ArchiveReader(folder))
        except ArchiveError as error:
            left_out[folder.name] = error
    return readers, left_out


def _again(error: ArchiveError) -> str:
    return f"{error}; then start scrapy browse again"


def _build(
    readers: dict[str, ArchiveReader], left_out: dict[str, ArchiveError], index: Path
) -> None:
    """Build the index. Archives whose damage shows meanwhile are left out, too."""
    from crawler.browse.index import DATABASE, Unreadable, bring_up_to_date

    path = index / DATABASE
    while readers:
        try:
            taken = bring_up_to_date([*readers.values()], index)
        except Unreadable as error:
            left_out[error.agency] = error
            del readers[error.agency]
        except (OSError, sqlite3.Error) as error:
            raise StorageError(
                f"{path}: cannot be written ({error}); free disk space, or remove "
                "the file: it is made again"
            ) from error
        else:
            print(f"{path}: up to date, {taken:,} articles were new or had changed", flush=True)
            return


def _serve(
    archives: list[Served], index: Path, opts: Namespace, left_out: Mapping[str, str]
) -> None:
    import uvicorn

    from crawler.browse.server import make_server

    names = [opts.host, *opts.name]
    server = make_server(archives, index, names=names, is_public=_warn(names), left_out=left_out)
    shown = f"[{opts.host}]" if ":" in opts.host else opts.host
    with _bound(opts.host, opts.port) as bound, suppress(KeyboardInterrupt):
        port = bound.getsockname()[1]
        print(f"http://{shown}:{port}/ shows it until you press Ctrl-C", flush=True)
        config = uvicorn.Config(server.app(), log_level="warning", server_header=False)
        uvicorn.Server(config).run([bound])  # until interrupted


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, so that the URL is printed only if it is free."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except (OSError, OverflowError) as error:
        bound.close()
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"--host {host} --port {port}: cannot listen there ({why}); name another --port"
        ) from error
    return bound


def _warn(names: list[str]) -> bool:
    """Return whether other machines can reach one of the names; if so, print a warning."""
    from crawler.crawl.arguments import is_this_machine

    others = [name for name in names if not is_this_machine(name)]
    if others:
        print(
            f"scrapy browse: {others[0]} can be reached by others: everyone there can read the "
            "whole archive, without a password; tables and SQL are disabled",
            file=sys.stderr,
        )
    return bool(others)


@contextmanager
def _locked(index: Path) -> Iterator[None]:
    """Lock the index while it is built and served."""
    from crawler.store.archive import lock_folder

    if not index.exists():
        yield  # the reader of the archive reports this
        return
    try:
        lock = lock_folder(index / "browse.lock")
    except OSError as error:
        raise UsageError(
            f"{index}: cannot be written ({error.strerror}); browse as the user who crawls, or "
            "name another folder: --index PATH"
        ) from error
    with lock:
        yield
