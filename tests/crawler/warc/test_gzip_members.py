import gzip
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.warc.record import pack, pack_head, room, store, unpack


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_what_is_packed_is_unpacked_the_same(head: bytes, body: bytes) -> None:
    assert unpack(pack_head(head, body)) == gzip.decompress(pack_head(head, body)) == head + body
    assert unpack(pack(body)) == body


@pytest.mark.parametrize("size", [0, 1, 65_534, 65_535, 65_536, 131_070, 200_000])
def test_a_body_of_any_size_is_stored_in_blocks(size: int) -> None:
    body = bytes(index % 251 for index in range(size))
    member = pack_head(b"head", body)
    assert gzip.decompress(member) == b"head" + body
    assert len(member) <= size + 5 * (size // 65_535 + 1) + 30


def test_a_long_head_is_packed() -> None:
    assert len(pack_head(b"Header: value\r\n" * 100, b"")) < 100


def test_equal_data_are_equal_bytes_at_any_time() -> None:
    assert pack_head(b"a", b"b")[4:8] == pack(b"ab")[4:8] == b"\0\0\0\0"


@pytest.mark.parametrize("cut", [1, 8, 12])
def test_a_member_cut_short_is_an_error(cut: int) -> None:
    with pytest.raises(zlib.error):
        unpack(pack_head(b"head", b"body" * 10)[:-cut])


@pytest.mark.parametrize("place", [0, 2, 12, 50, -8, -1])
def test_a_damaged_member_is_an_error(place: int) -> None:
    member = bytearray(pack_head(b"head", b"body" * 20))
    member[place] ^= 0xFF
    with pytest.raises(zlib.error):
        unpack(bytes(member))


@given(st.integers(24, 70_000) | st.integers(131_000, 131_200) | st.integers(655_300, 655_500))
@example(65_558)
@example(65_559)
@example(65_563)
@example(65_564)
@example(131_098)
@example(131_099)
@pytest.mark.slow
def test_a_member_can_be_made_of_any_length(length: int) -> None:
    data = bytes(index % 251 for index in range(room(length)))
    member = store(data, length)
    assert len(member) == length
    assert gzip.decompress(member) == unpack(member) == data
