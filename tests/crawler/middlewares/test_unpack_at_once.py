"""Answers are unpacked as Scrapy unpacks them, whatever is wrong with them."""

import gzip
import zlib
from collections.abc import Callable

import pytest
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

from crawler.middlewares.decompress import UnpackAtOnce

PAGE = b"<p>A page that says more than one line.</p>\n" * 2_000
SOUND = gzip.compress(PAGE)
LIMIT = 1_000_000
CASES = {
    "sound": SOUND,
    "empty page": gzip.compress(b""),
    "cut short": SOUND[: len(SOUND) // 2],
    "cut within the checksum": SOUND[:-2],
    "wrong checksum": SOUND[:-8] + bytes(8),
    "two members": SOUND + SOUND,
    "something behind it": SOUND + b"<!-- proxy -->",
    "not packed at all": PAGE,
    "nothing": b"",
}


def outcome(decode: Callable[[bytes, bytes, int], bytes], body: bytes, limit: int) -> object:
    """Return what is unpacked, or the kind of failure."""
    try:
        return decode(body, b"gzip", limit)
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("limit", [LIMIT, len(PAGE), len(PAGE) - 1, 10, 0])
@pytest.mark.parametrize("case", CASES)
def test_an_answer_is_unpacked_as_scrapy_does(case: str, limit: int) -> None:
    ours = outcome(UnpackAtOnce._decode, CASES[case], limit)
    assert ours == outcome(HttpCompressionMiddleware._decode, CASES[case], limit)


def test_a_bomb_is_not_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    failure = outcome(UnpackAtOnce._decode, bomb, LIMIT)
    assert failure == outcome(HttpCompressionMiddleware._decode, bomb, LIMIT)
    assert isinstance(failure, type)


def test_other_codings_are_left_to_scrapy() -> None:
    assert UnpackAtOnce._decode(zlib.compress(PAGE), b"deflate", LIMIT) == PAGE
