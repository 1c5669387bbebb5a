import re
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.errors import StorageError
from crawler.warc.record import pack, unpack
from crawler.warc.scan import Scanned, scan


def others(bodies: list[bytes], *, gzip: bool) -> list[bytes]:
    """Return records as another program writes them."""
    written = []
    for number, body in enumerate(bodies):
        out = BytesIO()
        writer = WARCWriter(out, gzip=gzip)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        uri = f"https://uza.uz/{number}"
        record = writer.create_warc_record(
            uri, "response", payload=BytesIO(body), length=len(body), http_headers=http
        )
        writer.write_record(record)
        written.append(out.getvalue())
    return written


def scanned(tmp_path: Path, data: bytes) -> list[Scanned]:
    path = tmp_path / "others.warc"
    path.write_bytes(data)
    found = list(scan(path))
    # Nothing is left out, and nothing told twice.
    assert [each.offset for each in found] == [0, *(f.offset + f.length for f in found[:-1])]
    assert found[-1].offset + found[-1].length == len(data)
    return found


def bodies(found: list[Scanned]) -> list[bytes]:
    return [each.record.answer[2] for each in found if each.record]


PAGES = [b"<p>one</p>", b"<p>two</p>" * 9_000, b"<p>three</p>"]


@pytest.mark.parametrize("gzip", [True, False])
def test_records_of_another_program_are_read(tmp_path: Path, gzip: bool) -> None:
    found = scanned(tmp_path, b"".join(others(PAGES, gzip=gzip)))
    assert bodies(found) == PAGES
    assert [each.problem for each in found] == ["", "", ""]


@pytest.mark.parametrize("gzip", [True, False])
def test_a_file_cut_short_yields_what_is_whole(tmp_path: Path, gzip: bool) -> None:
    found = scanned(tmp_path, b"".join(others(PAGES, gzip=gzip))[:-5])
    assert bodies(found) == PAGES[:2]
    assert found[-1].problem == "is cut short"


@pytest.mark.parametrize("gzip", [True, False])
def test_after_damage_the_next_record_is_found(tmp_path: Path, gzip: bool) -> None:
    first, second, third = others(PAGES, gzip=gzip)
    damaged = bytes(len(second) // 2) + second[len(second) // 2 :]
    found = scanned(tmp_path, first + damaged + third)
    assert bodies(found) == [PAGES[0], PAGES[2]]
    (bad,) = [each for each in found if each.problem]
    assert (bad.offset, bad.length) == (len(first), len(second))


@pytest.mark.parametrize("told", [b"9", b"99999999", b"many", b"9" * 5000])
def test_a_false_length_costs_only_its_record(tmp_path: Path, told: bytes) -> None:
    first, second, third = others([b"a", b"b" * 50, b"c"], gzip=False)
    start = second.index(b"Content-Length: ") + 16
    second = second[:start] + told + second[second.index(b"\r\n", start) :]
    assert bodies(scanned(tmp_path, first + second + third)) == [b"a", b"c"]


@pytest.mark.parametrize("wrong", [-1, 9])
def test_a_length_that_is_false_is_told_as_such(tmp_path: Path, wrong: int) -> None:
    plain = b"".join(others([b"a", b"b"], gzip=False))
    told = int(re.search(rb"Content-Length: (\d+)", plain)[1]) + wrong  # type: ignore[index]
    false = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % told, plain, count=1)
    assert scanned(tmp_path, false)[0].problem == f"does not end after {told} bytes as declared"


def test_what_to_do_with_a_file_packed_as_a_whole_is_said(tmp_path: Path) -> None:
    plain = b"".join(others(PAGES, gzip=False))
    (found,) = scanned(tmp_path, pack(plain))
    assert found.problem.endswith("unpack the file with gunzip")


@pytest.mark.parametrize("gzip", [True, False])
def test_a_film_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gzip: bool) -> None:
    monkeypatch.setattr("crawler.warc.scan.LARGEST_RECORD", 10_000)
    found = scanned(tmp_path, b"".join(others(PAGES, gzip=gzip)))
    assert bodies(found) == [PAGES[0], PAGES[2]]
    assert found[1].problem.startswith("contains more than 10000 bytes")


def test_a_false_length_in_a_packed_record_costs_only_it(tmp_path: Path) -> None:
    first, second, third = others([b"a", b"b", b"c"], gzip=True)
    told = re.sub(rb"Content-Length: \d+", b"Content-Length: " + b"9" * 5000, unpack(second))
    assert bodies(scanned(tmp_path, first + pack(told) + third)) == [b"a", b"c"]


@pytest.mark.parametrize("gzip", [True, False])
@pytest.mark.parametrize("before", [b"\r\n\r\n", b"\xef\xbb\xbf", b"a banner of a mirror\n"])
def test_a_file_may_begin_with_other_bytes(tmp_path: Path, before: bytes, gzip: bool) -> None:
    found = scanned(tmp_path, before + b"".join(others(PAGES, gzip=gzip)))
    assert bodies(found) == PAGES
    assert found[0].problem


@pytest.mark.parametrize("data", [b"<html>no archive</html>", b"\x1f\x8b\x08 neither"])
def test_what_is_no_archive_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    (found,) = scanned(tmp_path, data)
    assert found.record is None
    assert found.problem.startswith("is not a ")


def test_an_empty_file_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.warc").touch()
    assert list(scan(tmp_path / "empty.warc")) == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"none\.warc: cannot be read \(No such file"):
        list(scan(tmp_path / "none.warc"))


def record(body: bytes, *, line: bytes = b"\r\n", end: bytes = b"\r\n\r\n") -> bytes:
    """Return a record with these ends of its lines and behind it."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (b"WARC/1.0", b"WARC-Type: response", b"Content-Length: %d" % len(http))
    return line.join((*head, b"", b"")) + http + end


@pytest.mark.parametrize("gzip", [True, False])
@pytest.mark.parametrize("line", [b"\r\n", b"\n"])
@pytest.mark.parametrize(
    "end",
    [b"\r\n\r\n", b"\r\n", b"", b"\r\n\r\n\r\n", b"\n\n", b"\n", b"\r\n" * 5, b"\n\r\n", b"\r\n\n"],
)
def test_a_record_is_whole_by_its_length_however_its_lines_end(
    tmp_path: Path, line: bytes, end: bytes, gzip: bool
) -> None:
    records = [record(body, line=line, end=end) for body in PAGES]
    found = scanned(tmp_path, b"".join(map(pack, records) if gzip else records))
    assert bodies(found) == PAGES
    assert [each.problem for each in found] == ["", "", ""]


@pytest.mark.parametrize("gzip", [True, False])
@pytest.mark.parametrize("end", [b"more\r\n\r\n", b"\0\0\r\n\r\n"])
def test_what_is_neither_a_line_end_nor_a_record_is_damage(
    tmp_path: Path, end: bytes, gzip: bool
) -> None:
    records = [record(b"a"), record(b"b", end=end), record(b"c")]
    found = scanned(tmp_path, b"".join(map(pack, records) if gzip else records))
    assert bodies(found) == [b"a", b"c"]
    assert [each.problem.partition(" after")[0] for each in found] == ["", "does not end", ""]
