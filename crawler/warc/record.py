"""WARC/1.1 records: an HTTP exchange to bytes, and bytes back to what was exchanged.

Source: The WARC Format 1.1 (IIPC). Each record is a gzip member of its own, so that it can be read
by its place alone. Records are put together here, since a general library costs ten times as much
a page; the tests have such a library check every byte.

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

LEAST_BLANK = 250  # bytes; no answer's record is as short

HEAD_END = re.compile(rb"\r?\n\r?\n")
LINE_END = re.compile("\r?\n")
# Two line ends, says the standard; some programs write one, none, or more.
RECORD_END = re.compile(rb"(?:\r\n)+|\n*")

_REASONS = {status.value: status.phrase for status in HTTPStatus}

Headers = Sequence[tuple[str, str]]

_GZIP = 31  # zlib's name for a gzip member
_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # deflate, no time, so that equal data give equal bytes
_LARGEST_BLOCK = 65_535  # bytes that a stored block holds
_BLOCK_HEAD = 5  # bytes before them
_FRAME = len(_HEAD) + 8  # bytes of a member around its blocks
# A window and a memory as small as a header: usual ones take longer to set up than to use.
_SMALL = (1, isal_zlib.DEFLATED, -12, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, with the body as it was received.

    ``taken_at``: RFC 3339 in UTC. ``request``: method, target and header fields; None if only the
    answer is known. ``truncated``: why the body ends early, in WARC's words. ``article_id`` and
    ``found`` (JSON): whose page it is, and what its listing told; ``part``: which of several pages,
    if not the first. ``archive_url``: where it was
    taken from, if not from the site.
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
        """The kind of content that the answer says it has, without parameters."""
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
        return self.fields.get("warc-type", "")

    @property
    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, header fields (names in lower case) and body; ``ValueError`` if there is none.

        A ``resource`` has no head of HTTP; its own record says what it is.
        """
        if self.kind == "resource":
            return 200, {"content-type": self.fields.get("content-type", "")}, self.block
        head, body = cut_head(self.block)
        first, *lines = LINE_END.split(head.decode("latin-1"))
        _, _, told = first.partition(" ")
        return int(told[:3]), _fields(lines), body


def cut_head(block: bytes) -> tuple[bytes, bytes]:
    """Part a head from what follows it; some programs end their lines without CR."""
    end = HEAD_END.search(block)
    return (block[: end.start()], block[end.end() :]) if end else (block, b"")


def mime_of(content_type: str) -> str:
    """Return a content type without its parameters; ``unk`` if there is none."""
    return content_type.partition(";")[0].strip().lower() or "unk"


def digest_of(body: bytes) -> str:
    """Return a payload's digest as WARC writes it: ``sha256:``, and what ``sha256sum`` says."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def write_exchange(
    exchange: Exchange, digest: str, info: str, original: Original | None = None
) -> tuple[bytes, bytes]:
    """Return the records of an exchange: the response, or a revisit if there is an original.

    The second is that of the request, empty if it is not known. ``info``: id of the warcinfo
    record.
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
    # Only a file of others can tell a value with a line in it; it would end the head.
    lines = "".join([f"{name}: {value.replace(chr(10), ' ')}\r\n" for name, value in headers])
    return f"{first}\r\n{lines}\r\n".encode("latin-1", "replace")


def write_info(name: str, taken_at: str, file: str, about: Mapping[str, str]) -> bytes:
    """Return the record that says how the records that name it came to be."""
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
    """Return a record of exactly so many bytes that says only that one was withdrawn.

    It stands where that one stood, so that no other is moved; ``length``: ``LEAST_BLANK`` or more.
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

    Its block is ``head`` and ``body``; the body is not packed again if it is ``packed``.
    """
    lines = "".join([f"{name}: {value}\r\n" for name, value in fields.items() if value])
    length = len(head) + len(body)
    start = f"WARC/1.1\r\n{lines}Content-Length: {length}\r\n\r\n".encode() + head
    end = body + b"\r\n\r\n"
    return pack_head(start, end) if packed else pack(start + end)


def read_record(data: bytes) -> Record:
    """Read a gzip member as a record; raise ``StorageError`` if it is none, or damaged."""
    try:
        plain = unpack(data)
    except zlib.error as error:
        raise StorageError(f"no whole gzip member ({error})") from error
    return parse_record(plain)


def parse_record(plain: bytes) -> Record:
    """Read a record that is not packed any more; raise ``StorageError`` if it is none."""
    head, rest = cut_head(plain)
    version, *lines = LINE_END.split(head.decode("utf-8", "replace"))
    fields = _fields(lines)
    length = fields.get("content-length", "")
    if not version.startswith("WARC/") or not re.fullmatch("[0-9]{1,15}", length):
        raise StorageError("no WARC record")
    block, end = rest[: int(length)], rest[int(length) :]
    if RECORD_END.sub(b"", end, count=1).startswith(b"WARC/"):
        raise StorageError("holds several records in one gzip member; unpack the file with gunzip")
    if len(block) < int(length) or not RECORD_END.fullmatch(end):
        raise StorageError(f"does not end after {length} bytes, as it says")
    return Record(fields, block)


def parse_head(plain: bytes) -> dict[str, str]:
    """Read the header fields of a record that may go on; raise ``StorageError`` if it is none."""
    head, _ = cut_head(plain)
    version, *lines = LINE_END.split(head.decode("utf-8", "replace"))
    if head == plain or not version.startswith("WARC/"):
        raise StorageError("no WARC record")
    return _fields(lines)


def _fields(lines: Iterable[str]) -> dict[str, str]:
    """Read header lines; what is given several times is joined by commas, as HTTP allows."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        key = name.strip().lower()
        fields[key] = f"{fields[key]}, {value.strip()}" if key in fields else value.strip()
    return fields


def pack(data: bytes) -> bytes:
    """Return data as a gzip member, packed as usual."""
    return zlib.compress(data, 6, _GZIP)


def pack_head(head: bytes, body: bytes) -> bytes:
    """Return head and body as one gzip member, of which only the head is packed."""
    packer = isal_zlib.compressobj(*_SMALL)  # in half of zlib's time, as small
    packed = packer.compress(head) + packer.flush(isal_zlib.Z_FULL_FLUSH)
    check = crc32(body, crc32(head))
    size = (len(head) + len(body)) & 0xFFFF_FFFF
    return b"".join([_HEAD, packed, *_stored(body), struct.pack("<II", check, size)])


def room(length: int) -> int:
    """Return how many bytes a member of so many bytes holds that are not packed at all."""
    return length - _FRAME - _BLOCK_HEAD * _blocks(length)


def store(data: bytes, length: int) -> bytes:
    """Return data that fill its ``room`` as a gzip member of exactly so many bytes."""
    blocks = _stored(data, -(-len(data) // _blocks(length)))
    return b"".join([_HEAD, *blocks, struct.pack("<II", crc32(data), len(data))])


def _blocks(length: int) -> int:
    return max(1, -(-(length - _FRAME) // (_LARGEST_BLOCK + _BLOCK_HEAD)))


def _stored(data: bytes, largest: int = _LARGEST_BLOCK) -> list[bytes]:
    """Return data as deflate blocks that hold it as it is, the last one marked as such."""
    parts = []
    for start in range(0, max(len(data), 1), largest):
        block = data[start : start + largest]
        is_last = start + largest >= len(data)
        parts += [struct.pack("<BHH", is_last, len(block), len(block) ^ 0xFFFF), block]
    return parts


def unpack(member: bytes) -> bytes:
    """Return what a gzip member holds; raise ``zlib.error`` if it is none, or not whole."""
    try:
        return isal_zlib.decompress(member, _GZIP)  # in a third of zlib's time
    except isal_zlib.error as error:  # type: ignore[misc]  # isal's stub: the class, an instance
        raise zlib.error(str(error)) from error
