"""Answers read from WARC files as if they were downloaded: ``warc://...`` addresses."""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from warcio.bufferedreaders import ChunkedDataReader

from crawler.errors import StorageError
from crawler.memento import SCHEME
from crawler.warc import parse_record, read_record

_ADDRESS = re.compile(rf"{SCHEME}://file(?P<path>/[^@]+)@(?P<offset>\d+)\+(?P<length>\d+)/")
_GZIP_START = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in a file, in bytes."""

    path: Path
    offset: int
    length: int


def write_root(place: Place) -> str:
    """Return a place as the beginning of an address, where an archive's would stand.

    With a host, as Scrapy takes out the slashes before one that is missing.
    """
    path = quote(str(place.path.resolve()))
    return f"{SCHEME}://file{path}@{place.offset}+{place.length}"


def read_place(address: str) -> Place:
    """Read the place back; raise ``ValueError`` if the address has none."""
    match = _ADDRESS.match(address)
    if match is None:
        raise ValueError(f"{address}: no place in a WARC file")
    return Place(Path(unquote(match["path"])), int(match["offset"]), int(match["length"]))


class WarcDownload(BaseDownloadHandler):
    """Scrapy's handler for these addresses; nothing leaves the machine."""

    async def download_request(self, request: Request) -> Response:
        """Return the archived answer; raise ``StorageError`` if it cannot be read any more."""
        place = read_place(request.url)
        try:
            status, headers, body = _answer(place)
        except (OSError, StorageError, ValueError) as error:
            raise StorageError(f"{place.path}: byte {place.offset}: {error}") from error
        if headers.pop("transfer-encoding", "").lower() == "chunked":
            body = ChunkedDataReader(BytesIO(body)).read()
        fields = Headers(headers)
        kind = responsetypes.from_args(headers=fields, url=request.url, body=body)
        return kind(request.url, status=status, headers=fields, body=body)


def _answer(place: Place) -> tuple[int, dict[str, str], bytes]:
    with place.path.open("rb") as file:
        file.seek(place.offset)
        data = file.read(place.length)
    record = read_record(data) if data.startswith(_GZIP_START) else parse_record(data)
    return record.answer
