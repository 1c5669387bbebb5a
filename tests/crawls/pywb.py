"""pywb, a real web archive, in an environment and a process of its own."""

import gzip
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.ports import free_port

PROGRAMS = Path(sys.prefix) / "pywb" / "bin"
COLLECTION = "coll"
STARTS_IN = 60  # seconds at most, on a busy machine; usually two
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """A page to archive: its address, when it was captured (RFC 3339 in UTC), and the answer."""

    url: str
    taken_at: str
    body: bytes
    status: str = "200 OK"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": HTML})
    fields: dict[str, str] = field(default_factory=dict)  # of the record

    @property
    def gzipped(self) -> "Page":
        """The same page, as a site sends it with gzip."""
        headers = self.headers | {"Content-Encoding": "gzip"}
        return Page(self.url, self.taken_at, gzip.compress(self.body), self.status, headers)


def write_warc(path: Path, pages: Iterable[Page]) -> Path:
    """Write a WARC file as crawlers of web archives do; return its path."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for page in pages:
            head = StatusAndHeaders(page.status, list(page.headers.items()), protocol="HTTP/1.1")
            record = writer.create_warc_record(
                page.url,
                "response",
                payload=BytesIO(page.body),
                length=len(page.body),  # without it warcio leaves a temporary file open
                http_headers=head,
                warc_headers_dict={"WARC-Date": page.taken_at} | page.fields,
            )
            writer.write_record(record)
    return path


@contextmanager
def replayed(folder: Path, warcs: Iterable[Path], indexes: Iterable[Path] = ()) -> Iterator[str]:
    """Serve WARC files by pywb; yield the address of the collection, as ``WAYBACK_URL`` takes it.

    Its index is at ``/cdx`` below that. Without ``indexes`` (CDXJ) pywb makes its own. ``folder``
    must not exist; pywb is ended with the block.
    """
    _collect(folder, warcs, indexes)
    with _served(folder) as address:
        yield address


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [str(PROGRAMS / "pywb"), "--bind", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            _wait(process, port, folder / "log")
            yield f"http://127.0.0.1:{port}/{COLLECTION}"
        finally:
            process.kill()
            process.wait()


def _collect(folder: Path, warcs: Iterable[Path], indexes: Iterable[Path]) -> None:
    archive, index = (folder / "collections" / COLLECTION / name for name in ("archive", "indexes"))
    for place, paths in ((archive, warcs), (index, given := list(indexes))):
        place.mkdir(parents=True)
        for path in paths:
            shutil.copy(path, place)
    if not given:
        _manage(folder, "reindex", COLLECTION)


@contextmanager
def replayed_file(folder: Path, wacz: Path) -> Iterator[str]:
    """Serve what a WACZ file holds, as pywb unpacks it; yield the address of the collection."""
    folder.mkdir()
    _manage(folder, "init", COLLECTION)
    _manage(folder, "add", "--unpack-wacz", COLLECTION, wacz)
    with _served(folder) as address:
        yield address


def _manage(folder: Path, *arguments: object) -> None:
    assert PROGRAMS.exists(), "make test installs pywb: make .venv/pywb/installed"
    command = [str(PROGRAMS / "wb-manager"), *map(str, arguments)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=STARTS_IN)


def validate(wacz: Path) -> str:
    """Let the reference tool judge a WACZ file; return what it says."""
    command = [str(PROGRAMS / "wacz"), "validate", "-f", str(wacz)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=STARTS_IN)
    return run.stdout


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return once pywb takes connections; fail with its log if it does not."""
    end = time.monotonic() + STARTS_IN
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"pywb did not start:\n{log.read_text()}")
