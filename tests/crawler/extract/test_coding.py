import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.decode import undo_coding
from crawler.extract.errors import BadBody

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = b"<html><p>Forty-two farms have water again.</p></html>" * 50


def bare_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, compresslevel=1),
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=1),
    "zstd": zstd.compress,
}
CODED = {
    "": PAGE,
    "identity": PAGE,
    "gzip": gzip.compress(PAGE),
    "X-GZIP": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "br": brotli.compress(PAGE),
    "zstd": zstd.compress(PAGE),
    "gzip, br": brotli.compress(gzip.compress(PAGE)),
    '"br"': brotli.compress(PAGE),
    "br;q=1.0": brotli.compress(PAGE),
}


@pytest.mark.parametrize("coding", CODED)
def test_coding_is_undone(coding: str) -> None:
    assert undo_coding(CODED[coding], coding) == PAGE


def test_deflate_without_its_header_is_undone() -> None:
    assert undo_coding(bare_deflate(PAGE), "deflate") == PAGE


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_several_members_or_frames_are_one_body(coding: str) -> None:
    pack = COMPRESS[coding]
    assert undo_coding(pack(PAGE) + pack(b"end") + b"\0\0", coding) == PAGE + b"end"
    with pytest.raises(BadBody, match=coding) as caught:
        undo_coding(pack(PAGE) + pack(b"end")[:-6], coding)
    assert caught.value.reason == "cut short"


def test_a_frame_of_zstd_to_be_skipped_is_skipped() -> None:
    skipped = b"\x50\x2a\x4d\x18\x04\0\0\0four"
    assert undo_coding(skipped + zstd.compress(PAGE), "zstd") == PAGE


@pytest.mark.parametrize(
    "coding",
    [
        *("gzip", "x-gzip", "zstd", "br", "deflate", "gzip, br", "compress"),
        *("utf-8", "UTF-8", "none", "8bit", "binary", "text/html", "chunked", ","),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        *(PAGE, b"", b"from the first word on", b"x marks the spot", "Мельница".encode("cp1251")),
        *("<p>Мельница</p>".encode(encoding) for encoding in ("utf-16", "utf-16-le", "utf-16-be")),
    ],
)
def test_text_is_taken_as_it_is_whatever_coding_is_told(body: bytes, coding: str) -> None:
    assert undo_coding(body, coding) == body


@pytest.mark.parametrize("coding", ["", "identity", "utf-8", "br", "deflate", "gzip", "zstd"])
@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_gzip_and_zstd_are_undone_whatever_is_told(coding: str, packing: str) -> None:
    assert undo_coding(COMPRESS[packing](PAGE), coding) == PAGE


@pytest.mark.parametrize("coding", COMPRESS)
def test_bomb_is_refused(coding: str) -> None:
    bomb = COMPRESS[coding](bytes(16_000_000))
    tracemalloc.start()
    with pytest.raises(BadBody) as caught:
        undo_coding(bomb, coding, limit=1_000_000)
    most_memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.reason == "too large"
    assert most_memory < 8_000_000


# As a page, not as one line again and again: what is packed must be long enough to be no text.
LONG = b"".join(b"<p>Farm %d has water for %d fields.</p>" % (n, n * n % 97) for n in range(300))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_body_that_ends_early_is_refused(coding: str, share: float) -> None:
    packed = COMPRESS[coding](LONG)
    with pytest.raises(BadBody) as caught:
        undo_coding(packed[: int(len(packed) * share)], coding)
    assert caught.value.reason == "cut short"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
@pytest.mark.parametrize("place", [0.2, 0.5, 0.9])
def test_body_that_is_overwritten_in_the_middle_is_refused(coding: str, place: float) -> None:
    packed = bytearray(COMPRESS[coding](LONG))
    start = int(len(packed) * place)
    packed[start : start + 8] = b"NOT HERE"
    with pytest.raises(BadBody):
        undo_coding(bytes(packed), coding)


def test_deflate_that_ends_long_before_its_bytes_is_damaged() -> None:
    with pytest.raises(BadBody, match="ends 40 bytes early"):
        undo_coding(bare_deflate(PAGE) + bytes(40), "deflate")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_damaged_body_is_refused(coding: str) -> None:
    damaged = bytearray(CODED[coding])
    damaged[4:24] = b"\xff" * 20
    with pytest.raises(BadBody) as caught:
        undo_coding(bytes(damaged), coding)
    assert caught.value.reason in ("bad coding", "cut short")


def test_a_coding_that_nothing_here_undoes_is_refused() -> None:
    with pytest.raises(BadBody) as caught:
        undo_coding(b"\x1f\x9d\x90" + bytes(range(256)), "compress")
    assert caught.value.reason == "unknown coding"


def test_plain_body_beyond_the_limit_is_refused() -> None:
    with pytest.raises(BadBody) as caught:
        undo_coding(PAGE, "", limit=100)
    assert caught.value.reason == "too large"


def test_body_of_exactly_the_limit_is_taken() -> None:
    assert undo_coding(gzip.compress(PAGE), "gzip", limit=len(PAGE)) == PAGE


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_any_bytes_are_undone_or_refused(body: bytes, coding: str) -> None:
    with suppress(BadBody):
        source = b"\x1f\x8b" + body if coding == "gzip" else body
        assert len(undo_coding(source, coding, limit=1000)) <= 1000
