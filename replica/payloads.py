"""Hostile and broken bodies, which a robust reader refuses or survives."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from replica.faults import Action
from replica.messages import HTML, Answer, Request

_BLOCK = 1 << 20
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_XML = "application/rss+xml; charset=utf-8"


def garbled(flips: int = 200, seed: int = 0) -> Action:
    """Replace bytes of the body by random ones."""
    return lambda request, answer: replace(answer, body=_scrambled(answer.body, flips, seed))


def invalid_utf8() -> Action:
    """Insert bytes that are not UTF-8, and NUL bytes."""

    def act(request: Request, answer: Answer) -> Answer:
        answer.body = answer.body.replace(b"</p>", b" \xff\xfe\x00\xed\xa0\x80</p>")
        return answer

    return act


def broken_gzip() -> Action:
    """Declare gzip, and send a gzip body with damage in the middle."""

    def act(request: Request, answer: Answer) -> Answer:
        answer.compress()
        middle = len(answer.body) // 2
        broken = bytes(byte ^ 0xFF for byte in answer.body[middle : middle + 40])
        answer.body = answer.body[:middle] + broken + answer.body[middle + 40 :]
        return answer

    return act


def false_gzip() -> Action:
    """Declare gzip, and send plain text."""
    headers = {"Content-Encoding": "gzip"}
    return lambda request, answer: replace(answer, headers=answer.headers | headers, coded=True)


def gzip_bomb(inflated: int = 1 << 30) -> Action:
    """A small gzip body that inflates to ``inflated`` bytes (about 1000 times its size)."""
    headers = {"Content-Type": HTML, "Content-Encoding": "gzip"}
    return lambda request, answer: Answer(
        200, {**headers}, stream=lambda: bomb(inflated), chunked=True, coded=True
    )


def bomb(inflated: int) -> Iterator[bytes]:
    """Yield a valid gzip file of zeros, in whole mebibytes, without holding it in memory."""
    zeros = bytes(_BLOCK)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # After a full flush a block is independent, so one block is made and sent repeatedly.
    block = packer.compress(zeros) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum, blocks = 0, max(1, inflated // _BLOCK)
    yield _GZIP_HEAD
    for _ in range(blocks):
        checksum = zlib.crc32(zeros, checksum)
        yield block
    size = blocks * _BLOCK & 0xFFFFFFFF
    yield packer.flush() + struct.pack("<II", checksum, size)


def large(size: int = 50_000_000, *, declared: bool = True) -> Action:
    """The page, extended to ``size`` bytes; with or without a Content-Length."""

    def act(request: Request, answer: Answer) -> Answer:
        page = answer.body
        answer.stream = lambda: _drawn_out(page, size)
        answer.length, answer.chunked, answer.coded = max(size, len(page)), not declared, True
        return answer

    return act


def _drawn_out(page: bytes, size: int) -> Iterator[bytes]:
    yield page
    left = size - len(page)
    block = b"<p>padding without end</p>" * 4096
    while left > 0:
        yield block[:left]
        left -= len(block)


def nested(depth: int = 100_000) -> Action:
    """The page with that many nested elements around its text."""

    def act(request: Request, answer: Answer) -> Answer:
        head, body, rest = answer.body.partition(b"<p>")
        answer.body = head + b"<div>" * depth + body + rest
        return answer

    return act


def external_entity() -> Action:
    """A feed with an entity that refers to a local file."""
    return _xml(
        '<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
        "<rss version='2.0'><channel><item><title>&file;</title>"
        "<link>https://uza.uz/en/posts/entity_1</link></item></channel></rss>"
    )


def billion_laughs() -> Action:
    """A feed whose entities grow to gigabytes when expanded."""
    entities = "".join(f'<!ENTITY e{place} "{f"&e{place - 1};" * 10}">' for place in range(1, 11))
    return _xml(
        f'<!DOCTYPE rss [<!ENTITY e0 "laugh">{entities}]>'
        "<rss version='2.0'><channel><item><title>&e10;</title>"
        "<link>https://uza.uz/en/posts/laughs_2</link></item></channel></rss>"
    )


def _xml(text: str) -> Action:
    body = f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()
    return lambda request, answer: Answer(200, {"Content-Type": _XML}, body)


def _scrambled(body: bytes, flips: int, seed: int) -> bytes:
    random, scrambled = Random(seed), bytearray(body)
    for _ in range(min(flips, len(body))):
        scrambled[random.randrange(len(body))] = random.randrange(256)
    return bytes(scrambled)
