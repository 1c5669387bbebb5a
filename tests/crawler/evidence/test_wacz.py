"""The evidence of one article: what is in it, and that every forgery of it is named."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from crawler.errors import StorageError, UsageError
from crawler.evidence.wacz import (
    DIGEST,
    INDEX,
    PACKAGE,
    PAGES,
    ROWS,
    WARC,
    write_evidence,
)
from crawler.maintenance.withdraw import Withdrawal
from crawler.model.fields import MISFIT
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.warc.record import pack
from crawler.warc.scan import scan_bytes
from crawler.warc.writer import Plan
from tests.commands import Refused
from tests.crawler.archives import store
from tests.crawler.wacz_files import (
    DAYS,
    files,
    problems,
    put,
    replaced,
    take,
    without_record,
)


@pytest.fixture
def out(folder: Path, tmp_path: Path) -> Path:
    with ArchiveReader(folder) as reader:
        written = write_evidence(reader, "uza:1", tmp_path / "1.wacz")
    assert (written.versions, written.captures, written.proved) == (3, 4, 0)
    assert written.lacking == []
    return tmp_path / "1.wacz"


def test_the_file_has_the_lines_and_the_records_as_they_are_and_what_they_refer_to(
    folder: Path, out: Path
) -> None:
    held = files(out)
    (journal,) = (folder / "journal").iterdir()
    (warc,) = (folder / "warc").glob("*.warc.gz")
    assert held[ROWS] == journal.read_bytes()
    assert held[WARC] == warc.read_bytes()
    kinds = [found.record.kind for found in scan_bytes(held[WARC]) if found.record]
    assert kinds == ["warcinfo", *["response", "request"] * 3, "revisit", "request"]
    assert problems(out) == []


def test_only_what_is_of_the_article_is_taken_with_what_tells_of_the_run(folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={"run": "2"}, code="c0de")
        store(archive, 3, capture=take(archive, 3, DAYS[4], b"<h1>Three</h1>"))
        store(archive, 4, capture=take(archive, 4, DAYS[5], b"<h1>Four</h1>"))
    with ArchiveReader(folder) as reader:
        write_evidence(reader, "uza:4", folder / "4.wacz")
    found = [each.record for each in scan_bytes(files(folder / "4.wacz")[WARC]) if each.record]
    assert [each.kind for each in found] == ["warcinfo", "response", "request"]
    assert found[0].block == b"run: 2\r\n"
    assert found[1].fields["warc-warcinfo-id"] == found[0].fields["warc-record-id"]


def flip(out: Path, name: str) -> None:
    with ZipFile(out) as zipped:
        start = zipped.getinfo(name).header_offset + 30 + len(name)
        middle = start + zipped.getinfo(name).file_size // 2
    data = bytearray(out.read_bytes())
    data[middle] ^= 1
    out.write_bytes(data)


@pytest.mark.parametrize("name", [WARC, INDEX, PAGES, ROWS, DIGEST])
def test_a_changed_byte_is_named_by_its_file_in_a_line(out: Path, name: str) -> None:
    flip(out, name)
    told, *more = problems(out)
    assert told == f"{name}: cannot be read (Bad CRC-32 for file '{name}')"
    assert len(more) == 1


@pytest.mark.parametrize("name", [WARC, INDEX, PAGES, ROWS])
def test_a_file_that_was_changed_lacks_or_is_too_much_is_named(out: Path, name: str) -> None:
    held = files(out)
    put(out, {**held, name: held[name] + b"\n"}, summed=False)
    assert f"{name}: was changed: its checksum differs" in problems(out)
    put(out, {path: held[path] for path in held if path != name}, summed=False)
    assert f"{name}: is missing" in problems(out)
    put(out, {**held, "notes/mine.txt": b"mine"}, summed=False)
    assert problems(out) == [f"notes/mine.txt: is not listed in {PACKAGE}"]
    put(out, {**held, PACKAGE: held[PACKAGE].replace(b"Evidence", b"Proof")}, summed=False)
    assert problems(out) == [f"{PACKAGE}: was changed: its checksum in {DIGEST} differs"]


def without_line(held: dict[str, bytes]) -> None:
    first, _, third = held[ROWS].splitlines(keepends=True)
    held[ROWS] = first + third


def other_payload(held: dict[str, bytes]) -> None:
    found = list(scan_bytes(held[WARC]))[3]
    assert found.record
    head = "".join(f"{name}: {value}\r\n" for name, value in found.record.fields.items())
    block = found.record.block.replace(b"One", b"Six")
    record = pack(f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n")
    after = held[WARC][found.offset + found.length :]
    held[WARC] = held[WARC][: found.offset] + record + after


def other_page(held: dict[str, bytes]) -> None:
    held[PAGES] = held[PAGES].replace(b"Title 1", b"Title 6")


def other_index(held: dict[str, bytes]) -> None:
    held[INDEX] = b"".join(held[INDEX].splitlines(keepends=True)[1:])


def doubled_line(held: dict[str, bytes]) -> None:
    held[ROWS] += held[ROWS].splitlines(keepends=True)[-1]


FORGERIES: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "a text": (
        replaced(b'"title":"Title 1","summary":null,"body":"Body."',
                 b'"title":"Title 1","summary":null,"body":"Bady."'),
        f"{ROWS}: version 1: {MISFIT}",
    ),
    "a day": (
        replaced(b'"fetched_at":"2026-11-22T', b'"fetched_at":"2026-11-21T'),
        f"{ROWS}: version 2: says that it was fetched at 2026-11-21T07:00:00Z, and its record "
        f"{DAYS[2]}",
    ),
    "a version that was left out": (
        without_line,
        f"{ROWS}: line 2: is version 3 of uza:1, where version 2 of uza:1 belongs",
    ),
    "a version that stands there twice": (
        doubled_line, f"{ROWS}: line 4: is version 3 of uza:1, where version 4 of uza:1 belongs",
    ),
    "a version of another article": (
        replaced(b'"id":"uza:1","agency":"uza","url":"https://uza.uz/posts/1","edition":null,'
                 b'"language":null,"script":null,"orthography":null,"other_languages":[],'
                 b'"title":"Title 1"',
                 b'"id":"uza:2","agency":"uza","url":"https://uza.uz/posts/1","edition":null,'
                 b'"language":null,"script":null,"orthography":null,"other_languages":[],'
                 b'"title":"Title 1"'),
        f"{ROWS}: line 1: is version 1 of uza:2, where version 1 of uza:1 belongs",
    ),
    "a line that is no row": (
        replaced(b'"title":"Title 1"', b'"title":1'),
        f"{ROWS}: line 1: Expected `str`, got `int` - at `$.title`",
    ),
    "a response that was left out": (
        without_record(3), f"{ROWS}: version 1: the response it was read from is not here",
    ),
    "a payload that others refer to": (
        without_record(1),
        f"{WARC}: the record at byte {{}}: refers to a payload that is not here",
    ),
    "the sight of a missing page": (
        without_record(7),
        f"{PACKAGE}: says that there are 3 versions and 4 captures, but here are 3 and 3",
    ),
    "a payload": (
        other_payload, f"{WARC}: the record at byte {{}}: its payload does not fit its digest",
    ),
    "the list of pages": (other_page, f"{PAGES}: does not match the records and rows here"),
    "the index": (other_index, f"{INDEX}: does not match the records and rows here"),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGERIES)
def test_what_was_forged_is_named_though_the_checksums_are_new(out: Path, what: str) -> None:
    forge, message = FORGERIES[what]
    held = files(out)
    forge(held)
    put(out, held)
    places = [found.offset for found in scan_bytes(held[WARC])]
    assert {message.format(place) for place in places} & set(problems(out))


def test_what_was_reparsed_later_keeps_the_time_of_its_version(
    folder: Path, tmp_path: Path
) -> None:
    with closing(Archive(folder)) as archive:
        with ArchiveReader(folder) as reader:
            second = reader["uza:1"].versions[1]
        again: dict[str, Any] = {"version": 4, "change": "reparsed", "title": "Zwei"}
        store(archive, 1, **again, capture=second.capture, fetched_at=DAYS[3])
    with ArchiveReader(folder) as reader:
        write_evidence(reader, "uza:1", tmp_path / "1.wacz")
    assert problems(tmp_path / "1.wacz") == []


def test_what_is_no_evidence_is_one_line(folder: Path, tmp_path: Path, out: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file"):
        problems(tmp_path / "none.wacz")
    (tmp_path / "text.wacz").write_text("text")
    with pytest.raises(StorageError, match="is not a complete ZIP file"):
        problems(tmp_path / "text.wacz")
    (tmp_path / "half.wacz").write_bytes(out.read_bytes()[:-40])
    with pytest.raises(StorageError, match="is not a complete ZIP file"):
        problems(tmp_path / "half.wacz")
    for wrong in (b'"image_size":"("', b'"image_size":"\xff"', b'"image_size":1'):
        held = files(out)
        size = re.search(rb'"image_size":[^,]+', held[PACKAGE])
        assert size
        put(
            tmp_path / "size.wacz",
            held | {PACKAGE: held[PACKAGE].replace(size[0], wrong)},
            summed=False,
        )
        with pytest.raises(StorageError, match=r"datapackage\.json does not describe evidence"):
            problems(tmp_path / "size.wacz")
    with ZipFile(tmp_path / "other.zip", "w") as zipped:
        zipped.writestr("a.txt", "a")
    with pytest.raises(StorageError, match=r"datapackage\.json does not describe evidence"):
        problems(tmp_path / "other.zip")


def test_without_an_answer_or_an_article_there_is_no_evidence_and_no_file(
    folder: Path, tmp_path: Path
) -> None:
    with closing(Archive(folder)) as archive:
        store(archive, 9)
    for name, why in (("uza:9", "no response of it is archived"), ("uza:8", "no version of it")):
        with ArchiveReader(folder) as reader, pytest.raises(UsageError, match=why):
            write_evidence(reader, name, tmp_path / "x.wacz")
    with closing(Archive(folder)) as archive:
        archive.run = "withdraw"
        Withdrawal(archive, "uza:1", print).work("asked for")
    with ArchiveReader(folder) as reader, pytest.raises(UsageError, match="was withdrawn at"):
        write_evidence(reader, "uza:1", tmp_path / "x.wacz")
    assert not list(tmp_path.glob("x.wacz*"))


def test_a_damaged_archive_leaves_no_file_and_what_was_there(folder: Path, tmp_path: Path) -> None:
    (warc,) = (folder / "warc").glob("*.warc.gz")
    data = warc.read_bytes()
    (tmp_path / "1.wacz").write_text("mine")
    for found in scan_bytes(data):
        middle = found.offset + found.length // 2
        warc.write_bytes(data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :])
        named = f"{warc}: cannot be read at byte {found.offset} "
        with ArchiveReader(folder) as reader, pytest.raises(StorageError, match=re.escape(named)):
            write_evidence(reader, "uza:1", tmp_path / "1.wacz")
    assert (tmp_path / "1.wacz").read_text() == "mine"
    assert not list(tmp_path.glob("*.tmp"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected an article and --out FILE, or --check FILE alone"),
        (["uza:1"], "expected an article and --out FILE"),
        (["uza:1", "--out", "a", "--check", "b"], "expected an article and --out FILE"),
        (["uza:1", "--out", ""], "--out '': expected the name of a file"),
        (["uza:1", "--out", "none/1.wacz"], "--out none/1.wacz: cannot be written"),
        (["nobody:1", "--out", "a"], "no agency 'nobody'"),
        (["--check", "none.wacz"], "none.wacz: there is no such file"),
    ],
)
def test_wrong_use_is_one_line(
    folder: Path, refused: Refused, arguments: list[str], message: str
) -> None:
    assert message in refused("evidence", *arguments, "-s", f"DATA_DIR={folder.parent}")
