"""An answer reaches its reader without its coding, or as it came if that cannot be undone."""

import gzip
import zlib

import brotli  # type: ignore[import-untyped]
import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.capture import UndoCoding

PAGE = b"<p>A page that says more than one line, and says it again.</p>\n" * 2_000
SOUND = gzip.compress(PAGE)
LIMIT = 1_000_000


def answered(body: bytes, coding: str | list[str] | None, **meta: int) -> Response:
    headers = {} if coding is None else {"Content-Encoding": coding}
    request = Request("http://127.0.0.1/", meta=meta)
    response = Response(request.url, headers=headers, body=body)
    return UndoCoding(LIMIT).process_response(request, response)


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (SOUND, "gzip"),
        (SOUND, "x-gzip"),
        (SOUND, None),
        (SOUND, "utf-8"),
        (SOUND + b"<!-- proxy -->", "gzip"),
        (zlib.compress(PAGE), "deflate"),
        (brotli.compress(PAGE), "br"),
        (brotli.compress(SOUND), ["gzip", "br"]),
        (PAGE, None),
        (PAGE, "gzip"),
        (PAGE, "deflate"),
        (PAGE, "br"),
        (PAGE, "utf-8"),
        (PAGE, "none"),
    ],
)
def test_a_whole_answer_is_unpacked(body: bytes, coding: str | list[str] | None) -> None:
    response = answered(body, coding)
    assert response.body == PAGE
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (SOUND[: len(SOUND) // 2], "gzip"),
        (SOUND[:-2], "gzip"),
        (SOUND[:-8] + bytes(8), "gzip"),
        (SOUND[: len(SOUND) // 2], None),
        (zlib.compress(PAGE)[:-50], "deflate"),
        (brotli.compress(PAGE)[:-20], "br"),
        (SOUND[2:], "compress"),
    ],
)
def test_a_damaged_answer_is_left_as_it_came(body: bytes, coding: str | None) -> None:
    response = answered(body, coding)
    assert response.body == body
    assert response.headers.get("Content-Encoding") == (coding.encode() if coding else None)


def test_a_bomb_is_not_unpacked_beyond_the_limit_of_its_request() -> None:
    bomb = gzip.compress(bytes(5_000_000))
    assert answered(bomb, "gzip").body == bomb
    assert len(answered(bomb, "gzip", download_maxsize=6_000_000).body) == 5_000_000
