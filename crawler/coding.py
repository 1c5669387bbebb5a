"""Content codings (gzip, deflate, br, zstd) undone, with a limit against bombs."""

import sys
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
from isal import isal_zlib

from crawler.unreadable import BadBody

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST_BODY = 8 * 1024 * 1024  # bytes; a hundred times a large page

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def undo_coding(body: bytes, coding: str, limit: int = LARGEST_BODY) -> bytes:
    """Undo the codings a ``Content-Encoding`` header names, last one first.

    A body that lacks the magic number of its declared coding has had it undone on the way.
    Raises BadBody: ``unknown coding``, ``bad coding``, ``cut short``, ``too large``.
    """
    for name in reversed([name.strip().lower() for name in coding.split(",")]):
        if name and name != "identity":
            body = _undo(body, name, limit)
    if len(body) > limit:
        raise BadBody("too large", f"{len(body)} bytes")
    return body


def _undo(body: bytes, name: str, limit: int) -> bytes:
    if name not in _DECODERS:
        raise BadBody("unknown coding", name)
    try:
        decoded = _DECODERS[name](body, limit + 1)
    # The stub of isal takes the class for an instance.
    except (zlib.error, isal_zlib.error, brotli.error, zstd.ZstdError) as error:  # type: ignore[misc]
        raise BadBody("bad coding", f"{name}: {error}") from error
    if len(decoded) > limit:
        raise BadBody("too large", f"{name} of {len(body)} bytes unpacks beyond {limit}")
    return decoded


def _gunzip(body: bytes, limit: int) -> bytes:
    parts = []
    while body.startswith(_GZIP_MAGIC) and limit > 0:
        member = isal_zlib.decompressobj(wbits=31)
        parts.append(member.decompress(body, limit))
        limit -= len(parts[-1])
        if not member.eof and limit > 0:
            raise BadBody("cut short", "gzip")
        body = member.unused_data
    return b"".join(parts) if parts else body


def _inflate(body: bytes, limit: int) -> bytes:
    # Some servers send the bare stream without its two bytes of header.
    wrapped = body[:1] == b"\x78"
    stream = zlib.decompressobj(wbits=15 if wrapped else -15)
    decoded = stream.decompress(body, limit)
    if not stream.eof and len(decoded) < limit:
        raise BadBody("cut short", "deflate")
    return decoded


def _unbrotli(body: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    decoded: bytes = stream.process(body, output_buffer_limit=limit)
    while len(decoded) < limit and not stream.is_finished():
        more = stream.process(b"", output_buffer_limit=limit - len(decoded))
        if not more:
            raise BadBody("cut short", "br")
        decoded += more
    return decoded


def _unzstd(body: bytes, limit: int) -> bytes:
    if not body.startswith(_ZSTD_MAGIC):
        return body
    stream = zstd.ZstdDecompressor()
    decoded = stream.decompress(body, limit)
    if not stream.eof and len(decoded) < limit:
        raise BadBody("cut short", "zstd")
    return decoded


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
