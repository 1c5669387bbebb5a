"""CDXJ indexes of WARC files, which replay tools such as pywb look addresses up in.

Source: the formats of pywb and OpenWayback; the key of a line is the address in SURT form.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from crawler.capture_index import CaptureIndex, Held
from crawler.durable import replace_file
from crawler.surt import surt


def write_indexes(captures: CaptureIndex, folder: Path) -> list[str]:
    """Write the index of each file in a folder that has grown since; return the files' names.

    The ledger forgets with its next commit that they had grown. Memory does not grow with the
    number of captures. Raises ``OSError`` and ``sqlite3.Error``.
    """
    grown = captures.grown_files()
    for name in grown:
        path = folder / f"{name.removesuffix('.warc.gz')}.cdxj"
        replace_file(path, index_lines(captures, name))
        captures.indexed(name)
    return grown


def index_lines(captures: CaptureIndex, file: str) -> Iterator[bytes]:
    """Yield the lines of a file's index."""
    return map(_line, captures.of_file(file, surt))


def _line(held: Held) -> bytes:
    moment = "".join(sign for sign in held.taken_at if sign.isdigit())
    told = {
        "url": held.uri,
        "mime": "warc/revisit" if held.kind == "revisit" else held.mime,
        "status": str(held.status),
        "digest": held.digest,
        "length": str(held.length),
        "offset": str(held.offset),
        "filename": held.file,
    }
    return f"{surt(held.uri)} {moment} ".encode() + msgspec.json.encode(told) + b"\n"
