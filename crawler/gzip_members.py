"""Gzip members, made so that a page costs microseconds: what came packed is not packed again.

Source: RFC 1951 (deflate) and RFC 1952 (gzip).
"""

import struct
import zlib

from isal import isal_zlib
from isal.isal_zlib import crc32

_GZIP = 31  # zlib's name for a gzip member
_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # deflate, no time, so that equal data give equal bytes
_LARGEST_BLOCK = 65_535  # bytes that a stored block holds
_BLOCK_HEAD = 5  # bytes before them
_FRAME = len(_HEAD) + 8  # bytes of a member around its blocks
# A window and a memory as small as a header: usual ones take longer to set up than to use.
_SMALL = (1, isal_zlib.DEFLATED, -12, 1)


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
