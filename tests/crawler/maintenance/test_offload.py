"""Files in a bucket: a real S3 server, kills, cuts, refusals, changes, two hosts at once."""

import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from crawler.errors import ArchiveError, OutOfReach, StorageError, UsageError
from crawler.evidence.wacz import write_evidence
from crawler.maintenance.rebuild import Rebuild
from crawler.release.build import Order, build
from crawler.release.publish import moved_releases
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.store.states import begin_withdrawal
from crawler.system import offloaded
from crawler.warc.index import CaptureIndex
from crawler.warc.record import pack
from tests.commands import CAN_FORK, command, scrapy, start
from tests.crawler.buckets import CUT, S3
from tests.crawler.offloads import TO, files, moving, offload, problems, quiet, stored
from tests.crawler.offloads import finished as finished
from tests.crawler.release.archives import contents
from tests.crawler.withdrawals import PHRASE, PLAN, version, withdraw
from tests.days import pass_time, start_day

pytestmark = pytest.mark.slow
FILES = ["articles/2026.jsonl", "journal/2026-12.jsonl"]  # and three of captures


# What is moved, and that all read it there.


def test_files_lie_in_the_bucket_once_and_no_longer_here(s3: S3, folder: Path) -> None:
    before = files(folder)
    assert [name for name in sorted(before) if name in FILES] == FILES
    assert offload(folder).moved == len(before) == 5
    assert files(folder) == {}
    assert stored(s3) == before
    assert problems(folder) == []


def test_all_commands_read_there_what_they_read_here(s3: S3, folder: Path, tmp_path: Path) -> None:
    def all_that_is_read(out: str) -> object:
        with ArchiveReader(folder) as reader:
            rows = list(reader)
            captures = [reader.record(row).block for row in rows]
            versions = reader.versions("uza:594021")
            build(
                reader, Order(agency="uza", site="https://uza.uz", out=tmp_path / out, plots=False)
            )
        return rows, captures, versions, contents(tmp_path / out)

    Rebuild(folder, quiet).make()  # no visits are counted from here on, as after the next one
    before = all_that_is_read("before")
    offload(folder)
    assert all_that_is_read("after") == before
    Rebuild(folder, quiet).make()
    assert all_that_is_read("rebuilt") == before
    assert problems(folder) == []


def test_a_capture_is_read_by_its_range_alone(s3: S3, folder: Path) -> None:
    offload(folder)
    s3.requests.clear()
    with ArchiveReader(folder) as reader:
        row = reader["uza:2"].versions[0]
        reader.record(row)
    assert len(s3.requests) == 2  # its line of the journal, and the record


def test_evidence_of_an_article_takes_ranges_and_is_that_of_the_files(
    s3: S3, folder: Path, tmp_path: Path
) -> None:
    def evidence(out: str) -> dict[str, bytes]:
        with ArchiveReader(folder) as reader:
            write_evidence(reader, "uza:594021", tmp_path / out)
        with ZipFile(tmp_path / out) as zipped:
            return {name: zipped.read(name) for name in zipped.namelist() if "package" not in name}

    before = evidence("before.wacz")
    offload(folder)
    whole = offloaded._kept_copy.cache_info().misses
    s3.requests.clear()
    assert evidence("after.wacz") == before
    assert offloaded._kept_copy.cache_info().misses == whole
    assert s3.requests


def forgeries(record: bytes) -> Iterator[bytes]:
    """Yield a record with one byte of its text changed, in all ways."""
    last = len(record.rstrip()) - 1
    for byte in range(256):
        if byte != record[last]:
            changed = record[:last] + bytes([byte]) + record[last + 1 :]
            yield pack(changed)


def test_a_capture_that_was_changed_in_the_bucket_is_no_evidence(s3: S3, folder: Path) -> None:
    offload(folder)
    with ArchiveReader(folder) as reader:
        capture = next(iter(CaptureIndex(reader.database).of_article("uza:594021")))
        name = next(name for name in s3.objects() if name.endswith(capture.file))
        data = s3.objects()[name]
        start, end = capture.offset, capture.offset + capture.length
        record = gzip.decompress(data[start:end])
        forged = next(made for made in forgeries(record) if len(made) == end - start)
        s3.ask("PUT", name, data[:start] + forged + data[end:])
        with pytest.raises(StorageError, match=f"cannot be read at byte {start}"):
            write_evidence(reader, "uza:594021", folder / "x.wacz")


def test_an_archive_of_which_all_lies_in_the_bucket_goes_on_and_back(s3: S3, folder: Path) -> None:
    before = files(folder)
    offload(folder)
    with closing(Archive(folder)) as archive:
        archive.captures.plan = PLAN
        version(archive, 3, "It rained again")
    written = files(folder)
    assert sorted(written) == [
        "journal/2027-02.jsonl",
        *(n for n in sorted(written) if "warc" in n),
    ]
    assert problems(folder) == []
    moving(folder).bring_all_back()
    assert files(folder) == before | written
    assert stored(s3) == {}
    assert problems(folder) == []


def test_only_what_no_run_writes_to_is_moved(s3: S3, folder: Path) -> None:
    start_day()  # the day on which all was written
    assert moving(folder).finished() == []
    pass_time(timedelta(days=1))
    assert {name.partition("/")[0] for name in moving(folder).finished()} == {"warc"}
    pass_time(timedelta(days=52))
    assert set(moving(folder).finished()) == set(files(folder))
    torn = folder / "journal" / "2026-12.jsonl"
    torn.write_bytes(torn.read_bytes() + b"{")
    assert set(moving(folder).finished()) == set(files(folder)) - {"journal/2026-12.jsonl"}


def test_a_file_of_a_year_that_was_written_again_replaces_the_one_in_the_bucket(
    s3: S3, folder: Path
) -> None:
    offload(folder)
    (folder / "articles" / "2026.jsonl").write_bytes(b"{}\n")
    assert offload(folder).moved == 1
    assert stored(s3)["articles/2026.jsonl"] == b"{}\n"


def test_a_new_disk_finds_what_is_in_the_bucket(s3: S3, folder: Path, tmp_path: Path) -> None:
    offload(folder)
    new = tmp_path / "new" / "uza"
    assert offload(new).moved == 0
    with pytest.raises(StorageError, match=r"ledger\.sqlite is missing beside"):
        Archive(new)
    Rebuild(new, quiet).make()
    assert problems(new) == []
    (folder / "offloaded.json").unlink()  # of this archive, that alone is lost
    assert problems(folder)
    offload(folder)
    assert problems(folder) == []


# What can go wrong.


def test_a_connection_that_is_cut_is_tried_again(s3: S3, folder: Path) -> None:
    before = files(folder)
    s3.fault = lambda method, path, number: CUT if number % 2 else None
    offload(folder)
    assert stored(s3) == before


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (CUT, r"no response from http://127.0.0.1:\d+ \(error sending request\);"),
        (507, "507 Insufficient Storage"),
        (403, "403 Forbidden"),
    ],
)
def test_a_bucket_that_takes_no_object_is_named_and_nothing_goes(
    status: int, told: str, s3: S3, folder: Path
) -> None:
    before = files(folder)
    s3.fault = lambda method, path, _: status if method == "PUT" and "warc" in path else None
    with pytest.raises(OutOfReach, match=f"^s3://news/all/uza/warc/.*{told}.*, then run the same"):
        offload(folder)
    assert files(folder) == before
    s3.fault = lambda *_: None
    offload(folder)
    assert (stored(s3), files(folder)) == (before, {})


def test_what_the_server_stores_otherwise_is_not_removed_here(s3: S3, folder: Path) -> None:
    before = files(folder)

    def spoil(method: str, path: str, _: int) -> None:
        if method == "PUT" and "warc" in path:
            s3.ask("PUT", path, b"?" * len(before[f"warc/{path.split('/')[-1]}"]))

    s3.after = spoil
    with pytest.raises(StorageError, match="was changed since it was moved there"):
        offload(folder)
    assert files(folder) == before
    s3.after = lambda *_: None
    offload(folder)
    assert (stored(s3), files(folder)) == (before, {})


@pytest.mark.parametrize("change", ["other", "shorter", "empty", "gone"])
def test_a_changed_object_is_named_by_all_that_read_it(change: str, s3: S3, folder: Path) -> None:
    offload(folder)
    (name,) = [name for name in s3.objects() if "0002.warc" in name]
    size = len(s3.objects()[name])
    if change == "gone":
        s3.ask("DELETE", name)
    else:
        s3.ask("PUT", name, b"?" * {"other": size, "shorter": size - 1, "empty": 0}[change])
    told = problems(folder)
    assert told[0].startswith(f"{folder}/warc/")
    assert [line for line in told if f"s3://news/{name}: " in line] == told
    what = "is missing; restore it" if change == "gone" else "was changed since it was moved there"
    with pytest.raises(StorageError, match=rf"0002\.warc\.gz: {what}"):
        Rebuild(folder, quiet).make()


def test_a_changed_journal_is_reported_once_for_all_year_files(s3: S3, folder: Path) -> None:
    (folder / "articles" / "2024.jsonl").write_bytes(b"")
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database, database:
        database.execute("UPDATE article SET year = '2024' WHERE id = 'uza:2'")
        database.execute("DELETE FROM changed_year")  # as if a run had written both files
    offload(folder)
    (name,) = [name for name in s3.objects() if "journal" in name]
    s3.ask("PUT", name, b"?" * len(s3.objects()[name]))
    told = [line for line in problems(folder) if f"s3://news/{name}: was changed" in line]
    assert [line.partition(": ")[0] for line in told] == [
        f"{folder}/articles/2024.jsonl and 1 more",
        f"{folder}/journal/2026-12.jsonl",
    ]


def test_no_connection_is_no_damage(s3: S3, folder: Path) -> None:
    offload(folder)
    s3.fault = lambda *_: CUT
    with pytest.raises(OutOfReach):
        problems(folder)
    with ArchiveReader(folder) as reader, pytest.raises(OutOfReach):
        reader.versions("uza:2")
    with pytest.raises(OutOfReach):
        Rebuild(folder, quiet).make()
    with pytest.raises(OutOfReach):
        withdraw(folder)
    s3.fault = lambda *_: None
    assert problems(folder) == []


@pytest.mark.skipif(not CAN_FORK, reason="each would take a second more")
@pytest.mark.parametrize("what", [(), ("--releases",)])
def test_a_misspelled_bucket_leaves_nothing_that_names_it(
    what: tuple[str, ...], s3: S3, folder: Path
) -> None:
    done = scrapy("offload", "uza", "--to", "s3://nwes/all", *what, DATA_DIR=folder.parent)
    assert (done.returncode, "there is no such bucket" in done.stderr) == (7, True), done.stderr
    assert not (folder / "offloaded.json").exists()
    assert offload(folder).moved == 5


def test_two_hosts_at_once_move_each_file_once(s3: S3, folder: Path, tmp_path: Path) -> None:
    before = files(folder)
    hosts = [folder, Path(shutil.copytree(folder, tmp_path / "other" / "uza"))]
    processes = [
        start(command("offload", "uza", "--to", TO, DATA_DIR=host.parent)) for host in hosts
    ]
    told = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert stored(s3) == before
    for host in hosts:
        assert files(host) == {}
        assert problems(host) == []


def test_another_archive_is_not_mixed_with_the_first(s3: S3, folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other" / "uza"))
    offload(folder)
    (other / "articles" / "2026.jsonl").write_bytes(b"{}\n")
    before = stored(s3)
    with pytest.raises(UsageError, match="another archive has put a articles/2026"):
        offload(other)
    assert stored(s3) == before
    assert list(files(other)) == ["articles/2026.jsonl"]


# Where to.


def test_a_folder_elsewhere_is_a_bucket_too(folder: Path, tmp_path: Path) -> None:
    before = files(folder)
    to = (tmp_path / "elsewhere").as_uri()
    offload(folder, to)
    assert files(folder) == {}
    assert problems(folder) == []
    withdraw(folder)
    assert before.keys() <= files(folder).keys()
    assert PHRASE not in "".join(p.read_text("latin-1") for p in tmp_path.glob("elsewhere/**/*.*l"))


def test_files_of_one_archive_lie_in_one_place(s3: S3, folder: Path) -> None:
    offload(folder)
    with pytest.raises(UsageError, match="has files in s3://news/all/uza already; name that, or"):
        offload(folder, "s3://news/other")


def test_a_copy_of_the_archive_takes_no_files_that_it_never_had(
    folder: Path, tmp_path: Path
) -> None:
    to = (tmp_path / "else where").as_uri()
    copy = Path(shutil.copytree(folder, tmp_path / "copy" / "uza"))
    with closing(Archive(copy)) as archive:
        archive.captures.plan = PLAN
        version(archive, 3, "It rained again")
    pass_time(timedelta(days=80))
    assert offload(copy, to).moved == 6
    assert (tmp_path / "else where" / "uza" / "manifest.json").exists()
    (folder / "journal" / "2026-12.jsonl").unlink()  # this one was lost, and is there
    offload(folder, to)
    assert problems(folder) == []
    Archive(folder).close()


# Withdrawing.


def test_a_withdrawn_text_is_gone_from_the_bucket_too(s3: S3, folder: Path) -> None:
    offload(folder)
    withdraw(folder)
    assert stored(s3) == {}
    offload(folder)
    assert len(stored(s3)) == 5
    assert PHRASE.encode() not in b"".join(stored(s3).values())
    assert problems(folder) == []


def test_a_withdrawal_is_not_complete_while_the_bucket_has_the_text(s3: S3, folder: Path) -> None:
    offload(folder)
    s3.fault = lambda method, path, _: 403 if method in ("DELETE", "POST") else None
    with pytest.raises(OutOfReach):
        withdraw(folder)
    with pytest.raises(UsageError, match="first run: scrapy withdraw uza:594021"):
        moving(folder).finished()
    s3.fault = lambda *_: None
    withdraw(folder)
    assert stored(s3) == {}
    assert problems(folder) == []


def test_a_withdrawal_finds_what_a_killed_command_has_left(s3: S3, folder: Path) -> None:
    s3.after = lambda method, path, _: 403 if method == "GET" and "warc" in path else None
    with pytest.raises(OutOfReach):
        offload(folder)
    assert len(stored(s3)) == 1
    s3.after = lambda *_: None
    withdraw(folder)
    assert stored(s3) == {}


def test_no_bucket_is_searched_for_releases_that_has_none(s3: S3, folder: Path) -> None:
    offload(folder)
    moving(folder).bring_all_back()
    s3.fault = lambda *_: 403
    assert moved_releases(folder) == []


def test_an_unfinished_withdrawal_comes_first(folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        begin_withdrawal(archive.ledger.database, "uza:594021")
        archive.commit()
    with pytest.raises(ArchiveError, match="first run: scrapy withdraw uza:594021"):
        moving(folder, folder.as_uri()).finished()
