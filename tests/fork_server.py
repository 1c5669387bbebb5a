"""A process that has imported what the project's command line needs, and forks a child a command.

To import takes longer than most commands of the tests. A child is a process like any other, with
its own id, signals, files and exit code; it runs what ``python -m MODULE`` runs, and ends as
Python ends, but takes no module apart. Its parent tells of its start and its end.
"""

import atexit
import gc
import json
import os
import runpy
import signal
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from select import select
from socket import recv_fds, socket
from typing import Any

from scrapy import cmdline
from scrapy.utils.misc import load_object, walk_modules_iter
from scrapy.utils.project import get_project_settings

from crawler.extract.version import reading_code
from crawler.store.database import _as_made
from tests.commands import find_commands_once

LONGEST = 1 << 18  # bytes of a request; the environment is most of them
WALKED = (
    *("crawler.audit", "crawler.commands", "crawler.crawl", "crawler.extensions", "crawler.report"),
    *("crawler.maintenance", "crawler.probe", "crawler.scaffold", "crawler.verify", "pages"),
    *("pipelines", "probes", "scrapy.commands", "scrapy.contracts", "spiders"),
)
NAMED = ("DOWNLOADER_MIDDLEWARES", "EXTENSIONS", "SPIDER_MIDDLEWARES")
SINGLE = (
    *("scrapy.dupefilters", "scrapy.exporters", "scrapy.extensions.httpcache"),
    *("scrapy.logformatter", "scrapy.pqueues", "scrapy.squeues", "scrapy.statscollectors"),
    *(f"scrapy.core.downloader.handlers.{each}" for each in ("datauri", "file", "ftp", "s3")),
    *("encodings.charmap", "encodings.cp1252", "encodings.latin_1", "encodings.utf_8_sig"),
    *("_strptime", "resource"),
)


def serve(requests: socket) -> bool:
    """Fork for each request; return True in a child, False when nobody can ask any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is meant for who asks
    children: dict[int, tuple[int, int]] = {}  # id, and where to tell of it, by what shows its end
    while True:
        ready = select([requests.fileno(), *children], [], [])[0]
        for ended in children.keys() & ready:
            _tell_end(ended, *children.pop(ended))
        if requests.fileno() not in ready:
            continue
        request, files, *_ = recv_fds(requests, LONGEST, 3)
        if not request:
            return False
        child = os.fork()
        if not child:
            requests.close()
            _close(*children, *(told for _, told in children.values()))
            return _begin(json.loads(request), *files)
        os.write(files[0], b"%d\n" % child)
        _close(*files[1:])
        children[os.pidfd_open(child)] = child, files[0]


def _begin(request: dict[str, Any], told: int, *files: int) -> bool:
    """Become a command, or a server that has imported more, until nobody can ask it any more."""
    if "packages" in request:
        import_all(request["packages"])
        return serve(socket(fileno=told))
    _become(request, told, *files)
    return True


def _tell_end(ended: int, child: int, told: int) -> None:
    _, status = os.waitpid(child, 0)
    with suppress(BrokenPipeError):  # who asked is gone
        os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
    _close(ended, told)


def import_all(packages: Iterable[str] = ()) -> None:
    """Import, but start no thread, and choose no event loop for the children."""
    for package in (*WALKED, *packages):
        list(walk_modules_iter(package))
    for setting in NAMED:
        for name in get_project_settings().getwithbase(setting):
            load_object(name)
    for name in SINGLE:
        import_module(name)
    if find_spec("uvloop"):
        import_module("uvloop")
    assert "twisted.internet.reactor" not in sys.modules
    _look_up()
    gc.freeze()  # no child's collection writes to the memory that all share


def _look_up() -> None:
    """Look up once what stays the same: a tenth of what a small crawl costs."""
    reading_code("uza")
    _as_made()
    find_commands_once()
    cmdline._get_commands_dict(get_project_settings(), inproject=True)


def _become(request: dict[str, Any], told: int, out: int, err: int) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(out, sys.stdout.fileno())
    os.dup2(err, sys.stderr.fileno())
    _close(told, out, err)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = request["arguments"]


def _end(code: int) -> None:
    """End as Python does, but without taking the modules apart.

    That frees no more than the system does, writes to most of the shared memory, which is copied
    for it, and costs more than a small crawl.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    gc.collect()  # failures that nobody handled are told of when they are collected
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _close(*files: int) -> None:
    for file in files:
        os.close(file)


if __name__ == "__main__":
    import_all()
    if serve(socket(fileno=int(sys.argv[1]))):
        try:
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        except SystemExit as end:
            if isinstance(end.code, int):
                _end(end.code)
            raise
