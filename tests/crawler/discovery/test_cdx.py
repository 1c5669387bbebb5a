"""The index of a web archive, in the forms of the Internet Archive and of pywb."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cdx import (
    CdxEntry,
    IndexPage,
    NotAnIndex,
    Place,
    Query,
    decode_place,
    encode_place,
    hosts_to_ask,
    read_index,
)

MILL = "http://uza.uz/en/society/mill-01-02-2019/"
PLAIN = f"uz,uza)/en/society/mill-01-02-2019 20190301100000 {MILL} text/html 200 ABCD 1234"
CDXJ = "uz,uza)/en/society/mill-01-02-2019 20190301100000 " + json.dumps(
    {"url": MILL, "mime": "text/html", "status": "200", "digest": "sha1:ABCD", "offset": "0"}
)
LISTED = CdxEntry(MILL, "20190301100000", "ABCD", "200", "text/html")
KEY = "uz%2Cuza%29%2Fen+20190301100001%21"
QUERY = Query("https://archive.example/cdx", "uza.uz", 2)
WHOLE = Place((("20190101000000", "20191231235959"),))

GARBAGE = [
    "",
    "one",
    "one two",
    "uz,uza)/a 20190301100000",
    f"uz,uza)/a 2019 {MILL} text/html 200 ABCD 1",
    f"uz,uza)/a 20191301100000 {MILL} text/html 200 ABCD 1",
    f"uz,uza)/a 20190301100000 {MILL} text/html",
    "uz,uza)/a 20190301100000 {",
    "uz,uza)/a 20190301100000 {}",
    'uz,uza)/a 20190301100000 {"url": 5}',
    'uz,uza)/a 20190301100000 {"url": "http://uza.uz/\\u0000", "digest": "A"}',
    "uz,uza)/a 20190301100000 nowhere text/html 200 ABCD 1",
]


@pytest.mark.parametrize(
    "line",
    [
        *(PLAIN, CDXJ, PLAIN.replace(" ", "\t"), PLAIN.replace(" ", "  ")),
        CDXJ.replace("text/html", "Text/HTML; charset=utf-8").replace('"200"', "200"),
    ],
)
def test_a_line_of_either_server_is_a_capture(line: str) -> None:
    assert read_index(f"{line}\n") == IndexPage([LISTED], [], None)


@pytest.mark.parametrize("line", GARBAGE[1:])
def test_garbage_among_lines_is_kept_apart_and_loses_no_good_line(line: str) -> None:
    assert read_index(f"{PLAIN}\n{line}\n{CDXJ}\n") == IndexPage([LISTED, LISTED], [line], None)


@given(st.text())
def test_no_text_is_an_error_of_ours(text: str) -> None:
    try:
        page = read_index(text)
    except NotAnIndex:
        return
    assert page.lines == len(page.captures) or page.captures


def test_an_answer_without_a_right_line_is_no_index() -> None:
    with pytest.raises(NotAnIndex, match="no line of an index, but '<html>"):
        read_index("<html>\n<p>Sorry</p>")
    assert read_index("").lines == 0


def test_the_key_to_resume_by_stands_below_an_empty_line() -> None:
    assert read_index(f"{PLAIN}\r\n\r\n{KEY}\r\n").resume == KEY
    assert read_index(f"{PLAIN}\n{PLAIN}\n").resume is None
    assert read_index(f"{PLAIN}\n").resume is None
    assert read_index("").resume is None


def test_an_empty_line_between_captures_hides_none_of_them() -> None:
    page = read_index(f"{PLAIN}\n\n{PLAIN}\n\n{KEY}\n")
    assert (len(page.captures), page.resume) == (2, KEY)
    page = read_index(f"{PLAIN}\n\n{PLAIN}\n")
    assert (len(page.captures), page.resume) == (2, None)


@pytest.mark.parametrize(
    ("line", "is_good"),
    [
        (PLAIN, True),
        (PLAIN.replace(" 200 ", " 404 "), False),
        (PLAIN.replace("text/html 200", "warc/revisit -"), False),
        (PLAIN.replace("text/html", "image/png"), False),
    ],
)
def test_only_a_page_that_the_site_answered_with_is_good(line: str, is_good: bool) -> None:
    assert [listed.is_good for listed in read_index(line).captures] == [is_good]


def test_without_a_digest_each_capture_counts_as_different() -> None:
    assert read_index(PLAIN.replace("ABCD", "-")).captures[0].digest == "20190301100000"


def test_an_address_asks_for_good_pages_of_a_host_within_a_window() -> None:
    asked = parse_qs(urlsplit(QUERY.address(WHOLE)).query)
    assert asked == {
        "url": ["uza.uz"],
        "matchType": ["host"],
        "filter": ["statuscode:200", "mimetype:text/html"],
        "from": ["20190101000000"],
        "to": ["20191231235959"],
        "limit": ["2"],
        "showResumeKey": ["true"],
    }
    assert QUERY.address(Place(WHOLE.windows, KEY)).endswith(f"&resumeKey={KEY}")


def test_an_index_that_tells_a_key_is_read_on_from_there_to_its_end() -> None:
    place = WHOLE.after(IndexPage([LISTED] * 2, [], KEY), 2)
    assert place == Place(WHOLE.windows, KEY)
    last = place.after(IndexPage([LISTED], [], None), 2)
    assert last is not None
    assert last.is_end


def test_an_index_that_tells_the_same_key_again_is_left() -> None:
    with pytest.raises(NotAnIndex, match="again and again"):
        Place(WHOLE.windows, KEY).after(IndexPage([LISTED], [], KEY), 2)


def test_a_second_with_too_many_captures_cannot_be_halved() -> None:
    with pytest.raises(NotAnIndex, match="more captures in the second 20190101000000"):
        Place((("20190101000000", "20190101000000"),)).halved()


def served(times: list[str], most: int, place: Place) -> Iterator[str]:
    """Yield what a search takes of an index that knows no key, as pywb's."""
    while not place.is_end:
        first, last = place.windows[0]
        found = [time for time in sorted(times) if first <= time <= last][:most]
        page = IndexPage(
            [CdxEntry(MILL, time, "A", "200", "text/html") for time in found], [], None
        )
        after = place.after(page, most)
        if after is not None:
            yield from found
        place = decode_place(encode_place(after or place.halved()))


@given(st.lists(st.integers(0, 364), unique=True), st.integers(2, 5))
def test_an_index_without_keys_is_read_whole_and_once_by_halved_windows(
    days: list[int], most: int
) -> None:
    times = [f"2019{day // 28 % 12 + 1:02}{day % 28 + 1:02}{day // 336:02}0000" for day in days]
    assert sorted(served(times, most, WHOLE)) == sorted(times)


def test_a_host_that_differs_by_www_alone_is_asked_once() -> None:
    hosts = frozenset({"uza.uz", "www.uza.uz", "www.other.example"})
    assert list(hosts_to_ask(hosts)) == ["uza.uz", "www.other.example"]
