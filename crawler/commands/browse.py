"""``scrapy browse``: an archive that can be searched and looked at, in a browser."""

from __future__ import annotations

import socket
import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, spider_named
from crawler.errors import StorageError, UsageError

if TYPE_CHECKING:
    from crawler.store.reader import ArchiveReader
    from crawler.store.stand_in import StandIn

_MANUAL = """\
Brings its database up to date with the archive, and shows it until you press Ctrl-C. Nobody can
change the archive through it. It listens on this machine only. With --host, everybody who
reaches that address can read the archive, including texts that belong to others, without a
password. Then, and with --name, tables and SQL are closed. It answers to IP addresses, localhost
and the names that you give, and tells search engines to stay away.

examples:
  scrapy browse AGENCY
  scrapy browse AGENCY --port 9000
  scrapy browse AGENCY --name news.example.org    behind a proxy that adds a password
  scrapy browse AGENCY --only-build    for another Datasette: data/AGENCY/browse.sqlite

exit codes: 2 usage, no archive, or datasette is not installed; 5 it is shown or built already;
7 the archive is damaged, or the database cannot be written; 130 ended by Ctrl-C"""


class Command(AgencyCommand):
    """Brings the database up to date with the journal and starts Datasette on it."""

    usage = "[options] AGENCY"
    summary = "Search and read an archive in a browser"
    manual = _MANUAL

    after_interrupt = "run it again to bring the database up to date"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add where it listens."""
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
        parser.add_argument("--only-build", action="store_true", help="build the database and exit")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Build, then serve until somebody ends it."""
        from crawler.store.reader import ArchiveReader
        from crawler.store.stand_in import read_stand_in

        rules = spider_named(self.settings, args).rules
        if not opts.only_build and find_spec("datasette") is None:
            raise UsageError("datasette is not installed; install it by: make data")
        folder = self.folder(rules.name)
        with _locked(folder):
            with ArchiveReader(folder) as reader:  # not while it is shown: a crawl would wait
                self._build(reader)
                made_up = read_stand_in(folder, reader.database)
            if not opts.only_build:
                self._serve(folder, rules.address.host, made_up, opts)

    def _build(self, reader: ArchiveReader) -> None:
        from crawler.browse.index import bring_up_to_date

        path = reader.folder / "browse.sqlite"
        try:
            taken = bring_up_to_date(reader, path)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(
                f"{path}: cannot be written ({error}); free disk space, or remove "
                "the file: it is made again"
            ) from error
        print(f"{path}: up to date, {taken:,} articles were new or had changed", flush=True)

    def _serve(self, folder: Path, site: str, made_up: StandIn | None, opts: Namespace) -> None:
        import uvicorn

        from crawler.browse.server import make_server

        names = [opts.host, *opts.name]
        is_public = _warn(names)
        server = make_server(
            folder, folder / "browse.sqlite", site, made_up, names=names, is_public=is_public
        )
        shown = f"[{opts.host}]" if ":" in opts.host else opts.host
        with _bound(opts.host, opts.port) as bound, suppress(KeyboardInterrupt):
            port = bound.getsockname()[1]
            print(f"http://{shown}:{port}/ shows it until you press Ctrl-C", flush=True)
            config = uvicorn.Config(server.app(), log_level="warning", server_header=False)
            uvicorn.Server(config).run([bound])  # until it is interrupted


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that has the address, which is told only when it is ours."""
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
    """Return whether others can reach one of the names; if so, say what they can read."""
    from crawler.crawl.arguments import is_this_machine

    others = [name for name in names if not is_this_machine(name)]
    if others:
        print(
            f"scrapy browse: {others[0]} is not this machine alone: whoever reaches it reads the "
            "whole archive, without a password; tables and SQL are closed",
            file=sys.stderr,
        )
    return bool(others)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep others from changing the database while it is shown."""
    from crawler.store.archive import lock_folder

    if not folder.exists():
        yield  # whoever reads it says so
        return
    try:
        lock = lock_folder(folder / "browse.lock")
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror}); browse as the user who crawls"
        ) from error
    with lock:
        yield
