"""WARC/1.1 records: write an HTTP exchange as bytes, and read it back.

Source: The WARC Format 1.1 (IIPC). Each record is a gzip member of its own, so that it can be read
by its place alone. Records are built here because a general library needs ten times as long per
page; the tests check every byte with such a library.

Source: RFC 1951 (deflate) and RFC 1952 (gzip).
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

from isal import isal_zlib
from isal.isal_zlib import crc32

from crawler.errors import StorageError

SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

LEAST_BLANK = 250  # bytes; every response record is longer

HEAD_END = re.compile(rb"\r?\n\r?\n")
# The standard requires two line ends; some programs write one, none, or more.
RECORD_END = re.compile(rb"[\r\n]*")
_LINE_END = re.compile("\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")  # the next line continues the value

_REASONS = {status.value: status.phrase for status in HTTPStatus}

_HTTP, _HTTP_MIME = b"HTTP/", "application/http"

Headers = Sequence[tuple[str, str]]

_GZIP = 31  # zlib's name for a gzip member
_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # deflate; no time, for equal bytes
_LARGEST_BLOCK = 65_535  # content of a stored block, in bytes
_BLOCK_HEAD = 5  # bytes of a stored block's header
_FRAME = len(_HEAD) + 8  # bytes of a member besides its blocks
# A small window and little memory, enough for a header: the defaults take longer to set up.
_SMALL = (1, isal_zlib.DEFLATED, -12, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response, with the body as received.

    ``taken_at``: RFC 3339 in UTC. ``request``: method, target and header fields; None if only the
    response is known. ``truncated``: why the body is incomplete, a word of the WARC standard.
    ``article_id``: of the article whose page it is. ``found``: the listing's data about it, as
    JSON. ``part``: number of the page, if the article has several and it is not the first.
    ``archive_url``: URL in the web archive, if it was not received from the site.
    """

    uri: str
    taken_at: str
    status: int
    headers: Headers
    body: bytes
    protocol: str = "HTTP/1.1"
    request: tuple[str, str, Headers] | None = None
    ip: str | None = None
    truncated: str | None = None
    article_id: str | None = None
    found: str | None = None
    part: int | None = None
    archive_url: str | None = None

    @property
    def mime(self) -> str:
        """The media type in the response's Content-Type, without parameters."""
        return mime_of(next((value for name, value in self.headers if name == "Content-Type"), ""))


@dataclass(frozen=True, slots=True)
class Original:
    """The capture that a revisit refers to."""

    uri: str
    taken_at: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record as read: its own header fields (names in lower case) and its block."""

    fields: Mapping[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        """The record's type: response, revisit, request, warcinfo ..."""
        return self.fields.get("warc-type", "").lower()

    @property
    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, header fields (names in lower case), body; ``ValueError`` if it is no response.

        A block without an HTTP header is the page itself. Its media type is in the record header.
        Another answer, such as ``100 Continue`` or a proxy's, may precede the site's.
        """
        if not self._has_http:
            return 200, {"content-type": self.fields.get("content-type", "")}, self.block
        head, body = cut_head(self.block)
        while body.startswith(_HTTP):
            head, body = cut_head(body)
        first, *lines = _lines(head.decode("latin-1"))
        _, _, told = first.partition(" ")
        return int(told.lstrip()[:3]), _fields(lines), body

    @property
    def _has_http(self) -> bool:
        mime = mime_of(self.fields.get("content-type", ""))
        if self.kind == "resource":
            return mime == _HTTP_MIME
        return mime in (_HTTP_MIME, "unk") or self.block.startswith(_HTTP)


def cut_head(block: bytes) -> tuple[bytes, bytes]:
    """Split a block into header and body; some programs end header lines without CR."""
    end = HEAD_END.search(block)
    return (block[: end.start()], block[end.end() :]) if end else (block, b"")


def mime_of(content_type: str) -> str:
    """Return a content type without its parameters; ``unk`` if it is empty."""
    return content_type.partition(";")[0].strip().lower() or "unk"


def digest_of(body: bytes) -> str:
    """Return a payload's digest in WARC form: ``sha256:`` and 64 hex digits."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def write_exchange(
    exchange: Exchange, digest: str, info: str, original: Original | None = None
) -> tuple[bytes, bytes]:
    """Return two records: the response (a revisit if there is an original) and the request.

    The request is empty if it is not known. ``info``: id of the warcinfo record.
    """
    name = f"<{uuid4().urn}>"
    common = {
        "WARC-Warcinfo-ID": info,
        "WARC-Target-URI": exchange.uri,
        "WARC-Date": exchange.taken_at,
        "WARC-IP-Address": exchange.ip,
    }
    answer = {
        "WARC-Type": "revisit" if original else "response",
        "WARC-Record-ID": name,
        **common,
        **_revisited(exchange, original),
        "WARC-Payload-Digest": digest if exchange.body else None,
        "WARC-Truncated": exchange.truncated,
        "X-Article-ID": exchange.article_id,
        "X-Found": exchange.found,
        "X-Part": str(exchange.part) if exchange.part else None,
        "X-Archive-URL": exchange.archive_url,
        "Content-Type": "application/http; msgtype=response",
    }
    head = _answer_head(exchange)
    body = b"" if original else exchange.body
    return _member(answer, head, body, packed=_is_packed(exchange)), _request(
        exchange, name, common
    )


def _revisited(exchange: Exchange, original: Original | None) -> dict[str, str | None]:
    if original is None:
        return {}
    return {
        "WARC-Profile": NOT_MODIFIED if exchange.status == 304 else SAME_PAYLOAD,
        "WARC-Refers-To-Target-URI": original.uri,
        "WARC-Refers-To-Date": original.taken_at,
    }


def _is_packed(exchange: Exchange) -> bool:
    return any(name == "Content-Encoding" and value for name, value in exchange.headers)


def _answer_head(exchange: Exchange) -> bytes:
    first = f"{exchange.protocol} {exchange.status} {_REASONS.get(exchange.status, '')}"
    kept = [(name, value) for name, value in exchange.headers if name != "Content-Length"]
    return _http_head(first, [*kept, ("Content-Length", str(len(exchange.body)))])


def _request(exchange: Exchange, answer: str, common: Mapping[str, str | None]) -> bytes:
    if exchange.request is None:
        return b""
    method, target, headers = exchange.request
    fields = {
        "WARC-Type": "request",
        "WARC-Record-ID": f"<{uuid4().urn}>",
        **common,
        "WARC-Concurrent-To": answer,
        "Content-Type": "application/http; msgtype=request",
    }
    return _member(fields, _http_head(f"{method} {target} HTTP/1.1", headers), packed=True)


def _http_head(first: str, headers: Headers) -> bytes:
    # Only imported files have values with line breaks; these would end the header.
    lines = "".join([f"{name}: {value.replace(chr(10), ' ')}\r\n" for name, value in headers])
    return f"{first}\r\n{lines}\r\n".encode("latin-1", "replace")


def write_info(name: str, taken_at: str, file: str, about: Mapping[str, str]) -> bytes:
    """Return a warcinfo record, which describes how the records that refer to it were made."""
    fields = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": name,
        "WARC-Date": taken_at,
        "WARC-Filename": file,
        "Content-Type": "application/warc-fields",
    }
    block = "".join(f"{key}: {' '.join(value.split())}\r\n" for key, value in about.items())
    return _member(fields, block.encode(), packed=True)


def write_blank(length: int, moment: str) -> bytes:
    """Return a record of an exact length that states that the previous one was withdrawn.

    It replaces the withdrawn record in place, so that no other record moves; ``length``:
    ``LEAST_BLANK`` or more.
    """
    head = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <{uuid4().urn}>\r\n"
        f"WARC-Date: {moment}\r\nContent-Type: text/plain\r\nContent-Length: %010d\r\n\r\n"
    ).encode()
    block = room(length) - len(head % 0) - 4
    return store(head % block + b"withdrawn".ljust(block) + b"\r\n\r\n", length)


def _member(
    fields: Mapping[str, str | None], head: bytes, body: bytes = b"", *, packed: bool
) -> bytes:
    """Return a record as a gzip member; fields without a value are left out.

    Its block is ``head`` and ``body``; a ``packed`` body is not compressed again.
    """
    lines = "".join([f"{name}: {value}\r\n" for name, value in fields.items() if value])
    length = len(head) + len(body)
    start = f"WARC/1.1\r\n{lines}Content-Length: {length}\r\n\r\n".encode() + head
    end = body + b"\r\n\r\n"
    return pack_head(start, end) if packed else pack(start + end)


def read_record(data: bytes) -> Record:
    """Parse a gzip member as a record; raise ``StorageError`` if it is damaged or no record."""
    try:
        plain = unpack(data)
    except zlib.error as error:
        raise StorageError(f"not a complete gzip member ({error})") from error
    return parse_record(plain)


def parse_record(plain: bytes) -> Record:
    """Parse an uncompressed record; raise ``StorageError`` if it is none."""
    head, rest = cut_head(plain)
    version, *lines = _lines(head.decode("utf-8", "replace"))
    fields = _fields(lines)
    length = fields.get("content-length", "")
    if not version.startswith("WARC/") or not re.fullmatch("[0-9]{1,15}", length):
        raise StorageError("not a WARC record")
    block, end = rest[: int(length)], rest[int(length) :]
    if RECORD_END.sub(b"", end, count=1).startswith(b"WARC/"):
        raise StorageError(
            "contains several records in one gzip member; unpack the file with gunzip"
        )
    if len(block) < int(length) or not RECORD_END.fullmatch(end):
        raise StorageError(f"does not end after {length} bytes as declared")
    return Record(fields, block)


def parse_head(plain: bytes) -> dict[str, str]:
    """Parse the header fields of a record that may be incomplete; raise ``StorageError``."""
    head, _ = cut_head(plain)
    version, *lines = _lines(head.decode("utf-8", "replace"))
    if head == plain or not version.startswith("WARC/"):
        raise StorageError("not a WARC record")
    return _fields(lines)


def _lines(head: str) -> list[str]:
    """Split a header at its line ends, but not within a value."""
    return _LINE_END.split(_FOLD.sub(" ", head))


def _fields(lines: Iterable[str]) -> dict[str, str]:
    """Parse header lines; repeated fields are joined by commas, as HTTP allows."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        fields[key] = f"{fields[key]}, {value.strip()}" if key in fields else value.strip()
    return fields


def pack(data: bytes) -> bytes:
    """Return data as a compressed gzip member."""
    return zlib.compress(data, 6, _GZIP)


def pack_head(head: bytes, body: bytes) -> bytes:
    """Return head and body as one gzip member in which only the head is compressed."""
    packer = isal_zlib.compressobj(*_SMALL)  # half of zlib's time, same size
    packed = packer.compress(head) + packer.flush(isal_zlib.Z_FULL_FLUSH)
    check = crc32(body, crc32(head))
    size = (len(head) + len(body)) & 0xFFFF_FFFF
    return b"".join([_HEAD, packed, *_stored(body), struct.pack("<II", check, size)])


def room(length: int) -> int:
    """Return how many uncompressed bytes fit into a gzip member of a given length."""
    return length - _FRAME - _BLOCK_HEAD * _blocks(length)


def store(data: bytes, length: int) -> bytes:
    """Return data as an uncompressed gzip member of a given length; they must fill its ``room``."""
    blocks = _stored(data, -(-len(data) // _blocks(length)))
    return b"".join([_HEAD, *blocks, struct.pack("<II", crc32(data), len(data))])


def _blocks(length: int) -> int:
    return max(1, -(-(length - _FRAME) // (_LARGEST_BLOCK + _BLOCK_HEAD)))


def _stored(data: bytes, largest: int = _LARGEST_BLOCK) -> list[bytes]:
    """Return data as uncompressed deflate blocks, with the last one marked."""
    parts = []
    for start in range(0, max(len(data), 1), largest):
        block = data[start : start + largest]
        is_last = start + largest >= len(data)
        parts += [struct.pack("<BHH", is_last, len(block), len(block) ^ 0xFFFF), block]
    return parts


def unpack(member: bytes) -> bytes:
    """Return the content of a gzip member; raise ``zlib.error`` if it is damaged or incomplete."""
    try:
        return isal_zlib.decompress(member, _GZIP)  # a third of zlib's time
    except isal_zlib.error as error:  # type: ignore[misc]  # isal's stub: the class, an instance
        raise zlib.error(str(error)) from error
