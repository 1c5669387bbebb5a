"""Damage of every kind, done to the archive of a real crawl: all of it is found, and named."""

import json
import re
import shutil
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from crawler.commands import verify as command
from crawler.maintenance.rebuild import Rebuild
from crawler.maintenance.withdraw import Withdrawal
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.verify import captures
from crawler.verify.archive import verify
from crawler.verify.context import SHARE, Context, sizes_in
from crawler.warc.index import CaptureRecord
from crawler.warc.record import Record, digest_of
from pages.uza import RULES
from replica import Replica
from replica.world import World
from tests.commands import scrapy
from tests.crawler.archives import store
from tests.crawls.damage import (
    DAMAGE,
    count_one_more,
    drop_year_line,
    flip_head,
    flip_payload,
    forge_text,
    in_ledger,
    journal_of,
    spoil_report,
    stale_index,
)
from tests.crawls.harness import NOW, Crawl
from tests.days import start_day


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    start_day()
    folder = tmp_path_factory.mktemp("verified")
    with Replica(World(seed=7, posts=24, now=NOW, imported=2)) as replica:
        Crawl(replica, folder)()
    return folder / "data"


@pytest.fixture
def archive(crawled: Path, tmp_path: Path) -> Path:
    shutil.copytree(crawled, tmp_path / "data")
    return tmp_path / "data" / "uza"


def context_of(
    folder: Path, reader: ArchiveReader, *, whole: bool = True, turn: int = 0
) -> Context:
    return Context(
        folder=folder,
        database=reader.database,
        sizes=sizes_in(folder),
        image_size=RULES.image_size,
        whole=whole,
        turn=turn,
    )


def problems(folder: Path, *, whole: bool = True, turn: int = 0) -> list[str]:
    with ArchiveReader(folder) as reader:
        return list(verify(context_of(folder, reader, whole=whole, turn=turn)))


def notes(folder: Path) -> list[str]:
    with ArchiveReader(folder) as reader:
        context = context_of(folder, reader)
        assert list(verify(context)) == []
        return context.notes


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_is_found_and_named_with_its_place(
    archive: Path, damage: Callable[[Path], str]
) -> None:
    named = damage(archive)
    found = problems(archive)
    assert [problem for problem in found if re.match(named, problem)], found


def test_all_damage_is_told_not_only_the_first(archive: Path) -> None:
    several = [forge_text, flip_payload, drop_year_line, stale_index, count_one_more, spoil_report]
    named = [damage(archive) for damage in several]
    found = problems(archive)
    assert [each for each in named if not any(re.match(each, problem) for problem in found)] == []


def test_an_archive_as_a_crawl_left_it_is_whole(archive: Path) -> None:
    before = sizes_in(archive)
    run = scrapy("verify", "uza", DATA_DIR=archive.parent)
    assert (run.returncode, run.stderr) == (0, "")
    assert re.search(r"^ +\d+  lines of the journal$", run.stdout, re.MULTILINE)
    assert sizes_in(archive) == before


def test_the_command_names_what_is_wrong_and_ends_with_7(archive: Path) -> None:
    named = forge_text(archive)
    run = scrapy("verify", "--json", "uza", DATA_DIR=archive.parent)
    assert run.returncode == 7
    assert run.stderr.count("\n") == 1
    told = json.loads(run.stdout)
    assert re.match(named, told["problems"][-1])
    assert told["checked"]["lines of the journal"] > 20


def test_a_damaged_ledger_is_named_and_rebuild_is_the_way_out(archive: Path) -> None:
    in_ledger(archive, "UPDATE meta SET value = value")
    path = archive / "ledger.sqlite"
    with path.open("r+b") as file:
        for page in range(3, path.stat().st_size // 4096, 5):
            file.seek(page * 4096)
            file.write(b"\xff" * 64)
    run = scrapy("verify", "uza", DATA_DIR=archive.parent)
    assert run.returncode == 7
    assert "ledger.sqlite" in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_status_tells_what_was_found_until_nothing_is(archive: Path) -> None:
    path = archive / "ledger.sqlite"
    sound = path.read_bytes()
    path.write_bytes(sound[:8192] + b"\xff" * 4096 + sound[12288:])
    assert scrapy("verify", "uza", DATA_DIR=archive.parent).returncode == 7
    path.write_bytes(sound)
    told = scrapy("status", DATA_DIR=archive.parent)
    assert told.returncode == 7
    assert "scrapy verify found 1 problem at " in told.stdout
    assert scrapy("verify", "uza", DATA_DIR=archive.parent).returncode == 0
    assert scrapy("status", DATA_DIR=archive.parent).returncode == 0
    (archive / "verified.json").write_text("{}")
    assert "verified.json cannot be read" in scrapy("status", DATA_DIR=archive.parent).stdout


def test_captures_are_read_whole_in_turn_unless_all_are_asked_for(archive: Path) -> None:
    named = flip_payload(archive)
    found = [problems(archive, whole=False, turn=day) for day in range(SHARE)]
    seen = [each for each in found if any(re.match(named, problem) for problem in each)]
    assert len(seen) == 1
    assert flip_head(archive)
    assert all(problems(archive, whole=False, turn=day) for day in range(SHARE))


def test_a_payload_that_does_not_fit_its_digest_is_told() -> None:
    body = b"<p>Apples.</p>"
    fields = {"warc-type": "response", "warc-payload-digest": digest_of(body)}
    record = Record(fields, b"HTTP/1.1 200 OK\r\n\r\n<p>Pears!.</p>")
    capture = CaptureRecord(
        file="uza.warc.gz", offset=0, length=9, kind="response", status=200, mime="text/html",
        digest=digest_of(body), uri=None, taken_at=None,  # type: ignore[arg-type]
    )  # fmt: skip
    assert captures.record_problem(record, capture) == "its payload does not fit its digest"


def test_a_whole_file_that_was_moved_with_its_index_is_not_here_and_no_fault(archive: Path) -> None:
    (archive.parent / "more room").mkdir()
    for path in archive.glob("warc/*"):
        path.rename(archive.parent / "more room" / path.name)
    assert [note for note in notes(archive) if "is not here, so its captures were not" in note]


def test_what_a_run_has_not_committed_yet_is_a_note(archive: Path) -> None:
    with closing(Archive(archive)) as working:
        store(working, 909, published_at="2026-11-20T10:00:00+05:00")
        working.commit()
        assert [note for note in notes(archive) if "the next run writes their files" in note]
        store(working, 910)
        working.journal.write()
        (note,) = [note for note in notes(archive) if "from a run that is active" in note]
        assert note.startswith(f"{journal_of(archive)}: ")


def test_an_index_with_keys_of_an_earlier_release_is_a_note(archive: Path) -> None:
    (path,) = archive.glob("warc/*.cdxj")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(b"earlier/" + line for line in lines))
    assert notes(archive) == [f"{path}: has the keys of an earlier release"]


def test_an_archive_is_whole_after_an_edit_a_withdrawal_and_a_rebuild(archive: Path) -> None:
    with closing(Archive(archive)) as working:
        row = json.loads(journal_of(archive).read_text("utf-8").splitlines()[0])
        Withdrawal(working, row["id"], lambda line: None).work("asked for")
    assert problems(archive) == []
    Rebuild(archive, lambda line: None).make()
    assert problems(archive) == []


def test_ctrl_c_is_a_line_and_130(
    archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(context: Context) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr("crawler.verify.archive.verify", interrupted)
    asked = command.Command()
    asked.settings = get_project_settings()
    asked.settings.set("DATA_DIR", str(archive.parent))
    asked.run(["uza"], Namespace(captures=False, json=False))
    assert asked.exitcode == 130
    assert capsys.readouterr().err == "scrapy verify: interrupted by SIGINT; nothing was changed\n"
