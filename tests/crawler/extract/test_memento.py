import gzip

import brotli  # type: ignore[import-untyped]
import pytest

from crawler.extract.memento import (
    AHEAD,
    FalseTime,
    Memento,
    check_time,
    original_document,
    read_memento,
    read_stamp,
    write_stamp,
)
from crawler.system.clock import now

ROOT = "https://archive.example/web"
PAGE = "http://www.uza.uz/en/society/mill-01-02-2019/?print=Y&m=y"
MILL = Memento(ROOT, "20190301100000", PAGE)


def test_a_capture_has_a_raw_address_and_one_for_people() -> None:
    assert MILL.raw == f"{ROOT}/20190301100000id_/{PAGE}"
    assert MILL.shown == f"{ROOT}/20190301100000/{PAGE}"
    assert MILL.taken_at == "2019-03-01T10:00:00Z"


@pytest.mark.parametrize("address", [MILL.raw, MILL.shown, MILL.raw.replace("id_", "mp_")])
def test_an_address_tells_archive_time_and_original(address: str) -> None:
    assert read_memento(address, {}) == MILL


def test_an_archive_that_answers_with_the_nearest_capture_says_when_that_was() -> None:
    told = read_memento(MILL.raw, {"memento-datetime": "Sat, 02 Mar 2019 11:00:00 GMT"})
    assert told
    assert told.taken_at == "2019-03-02T11:00:00Z"
    assert read_memento(MILL.raw, {"memento-datetime": "of late"}) == MILL


@pytest.mark.parametrize("address", [ROOT, f"{ROOT}/2019id_/{PAGE}", PAGE, f"{ROOT}/*/{PAGE}"])
def test_other_addresses_are_no_capture(address: str) -> None:
    assert read_memento(address, {}) is None


@pytest.mark.parametrize("stamp", ["", "2019", "20190230000000", "2019030110000٠"])
def test_what_is_no_timestamp_is_refused(stamp: str) -> None:
    with pytest.raises(ValueError, match=r"stamp|time|day"):
        read_stamp(stamp)


@pytest.mark.parametrize(
    "stamp", ["00000000000000", "00010101000000", "19910805235959", "99991231235959", "9" * 14]
)
def test_a_capture_from_before_the_web_or_after_now_has_a_false_time(stamp: str) -> None:
    with pytest.raises(FalseTime):
        _ = Memento(ROOT, stamp, PAGE).taken_at


def test_clocks_of_others_may_be_ahead_by_a_day_and_the_web_is_as_old_as_its_first_page() -> None:
    assert Memento(ROOT, "19910806000000", PAGE).taken_at == "1991-08-06T00:00:00Z"
    assert Memento(ROOT, write_stamp(now() + AHEAD * 0.9), PAGE).taken_at
    with pytest.raises(FalseTime):
        check_time((now() + AHEAD * 1.1).isoformat())


def test_a_header_with_a_false_time_makes_no_other_moment_right() -> None:
    headers = {"memento-datetime": "Fri, 31 Dec 9999 23:59:59 -0500"}  # none can be reckoned with
    assert read_memento(MILL.raw, headers) == MILL
    told = read_memento(MILL.raw, {"memento-datetime": "Mon, 01 Jan 0102 00:00:00 GMT"})
    assert told
    with pytest.raises(FalseTime):
        _ = told.taken_at


def test_a_captured_page_stands_under_its_own_address_with_its_own_headers() -> None:
    headers = {
        "x-archive-orig-content-type": "text/html; charset=windows-1251",
        "content-type": "text/html",
        "x-archive-orig-content-encoding": "gzip",
    }
    document = original_document(MILL, 200, headers, "Мельница".encode("windows-1251"))
    assert (document.url, document.text) == (PAGE, "Мельница")


def test_a_page_that_is_still_compressed_is_unpacked() -> None:
    body = gzip.compress(b"A mill")
    assert original_document(MILL, 200, {"content-type": "text/html"}, body).text == "A mill"


def test_a_page_in_a_file_is_packed_as_it_was_received() -> None:
    memento = Memento("warc://file/a.warc.gz@0+9", "20190301100000", PAGE)
    headers = {"content-type": "text/html", "content-encoding": "br"}
    body = brotli.compress(b"A mill")
    assert original_document(memento, 200, headers, body).text == "A mill"
    undone = headers | {"content-encoding": "gzip"}
    assert original_document(memento, 200, undone, b"A mill").text == "A mill"
