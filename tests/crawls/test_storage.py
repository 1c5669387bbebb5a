"""Disks that fill up, damaged files and wrong clocks: no line is lost, none is written twice."""

import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from replica import Replica, faults
from replica.faults import Fault
from replica.world import World
from tests.crawls.harness import FAULTS_OF_OURS, LONGEST, NOW, Crawl, ids_of, wait_until
from tests.days import pass_time
from tests.torture.kills import SOUND, judge

ENGLISH = ("-a", "editions=en")


@pytest.fixture
def large() -> Iterator[Replica]:
    with Replica(World(seed=7, posts=110, now=NOW, imported=0, legacy=0)) as replica:
        yield replica


def errors(process: subprocess.Popen[str], exit_code: int) -> list[str]:
    """Return what a run says of its troubles; it must end with the exit code, without a trace."""
    log = process.communicate(timeout=LONGEST)[1]
    assert process.returncode == exit_code, log
    assert not [sign for sign in FAULTS_OF_OURS if sign in log], log
    told = [line for line in log.splitlines() if " ERROR: " in line or line.startswith("scrapy ")]
    return [line for line in told if f"exit code {exit_code}: " not in line]


def check_completed(crawl: Crawl) -> None:
    """The next run fetches what is missing, and writes the year files, too."""
    with crawl.start() as process:
        assert errors(process, 0) == []
    folder = crawl.data / "uza"
    assert judge(folder, ids_of(crawl.replica.world.listing())) == SOUND
    newest = [path.read_bytes().count(b"\n") for path in folder.glob("articles/*.jsonl")]
    assert sum(newest) == len(crawl.rows())


# Room.


@pytest.fixture
def resize(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Make the folder a disk of a given size."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a disk of its own can only be mounted by root")

    def remount(size: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(tmp_path)], check=True)

    yield remount
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@pytest.mark.parametrize("size", ["64k", "200k", "1m"])
def test_a_full_disk_ends_the_run_and_the_next_one_completes_it(
    size: str, resize: Callable[[str], None], large: Replica, tmp_path: Path
) -> None:
    crawl = Crawl(large, tmp_path)
    resize(size)
    with crawl.start() as process:
        (told,) = errors(process, 7)
    assert "disk" in told or "No space left" in told
    resize("64m")
    check_completed(crawl)


def test_a_disk_that_is_full_before_the_run_is_told_in_one_line(
    resize: Callable[[str], None], large: Replica, tmp_path: Path
) -> None:
    crawl = Crawl(large, tmp_path)
    resize("16m")
    crawl(*ENGLISH)
    with pytest.raises(OSError, match="No space left"):
        (tmp_path / "filler").write_bytes(bytes(17_000_000))
    with crawl.start() as process:
        (told,) = errors(process, 7)
    assert "cannot be" in told
    (tmp_path / "filler").unlink()
    check_completed(crawl)


def test_a_run_ends_in_order_while_there_is_room_to_end(
    resize: Callable[[str], None], large: Replica, tmp_path: Path
) -> None:
    crawl = Crawl(large, tmp_path)
    resize("64m")
    large.faults.append(Fault("/posts/.*_", faults.delay(0.05)))
    room = {"DISK_FREE_LEAST": 32_000_000, "STALLED_MINUTES": 0.05, "RETRY_AFTER_MAX": 1}
    with crawl.start(**room) as process:
        wait_until(lambda: len(list(tmp_path.glob("data/uza/warc/*"))))
        (tmp_path / "filler").write_bytes(bytes(40_000_000))
        (told,) = errors(process, 7)
    assert "of the disk are free, less than 32.0 MB (DISK_FREE_LEAST)" in told
    assert len(list(tmp_path.glob("data/uza/runs/*.json"))) == 1
    (tmp_path / "filler").unlink()
    large.faults.clear()
    check_completed(crawl)


@pytest.mark.parametrize("most", [100_000, 600_000])
def test_a_file_that_cannot_grow_ends_the_run_and_the_next_one_completes_it(
    most: int, large: Replica, tmp_path: Path
) -> None:
    crawl = Crawl(large, tmp_path)
    with crawl.start() as process:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most, most))
        (told,) = errors(process, 7)
    assert "cannot be" in told
    check_completed(crawl)


# Damage.


def older_ledger(folder: Path) -> None:
    shutil.copy(folder.parent / "ledger.sqlite", folder)


def older_backup(folder: Path) -> None:
    older_ledger(folder)
    shutil.copy(folder.parent / "ledger.id", folder)


def torn_line(folder: Path) -> None:
    (journal,) = folder.glob("journal/*.jsonl")
    journal.write_bytes(journal.read_bytes()[:-100])


def half_a_line_more(folder: Path) -> None:
    (journal,) = folder.glob("journal/*.jsonl")
    journal.write_bytes(journal.read_bytes() + b'{"schema":')


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no ledger": lambda folder: (folder / "ledger.sqlite").unlink(),
    "older ledger": older_ledger,
    "older ledger and sidecar": older_backup,
    "torn line": torn_line,
    "half a line more": half_a_line_more,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_folder_is_refused_and_keeps_its_lines(
    damage: str, crawl: Crawl, replica: Replica
) -> None:
    crawl.begin("-a", "editions=ru")
    folder = crawl.data / "uza"
    for name in ("ledger.sqlite", "ledger.id"):
        shutil.copy(folder / name, crawl.data)
    crawl(*ENGLISH)
    DAMAGES[damage](folder)
    before = {path.name: path.read_bytes() for path in folder.glob("journal/*")}
    with crawl.start(*ENGLISH) as process:
        (told,) = errors(process, 7)
    assert "scrapy rebuild uza" in told
    assert {path.name: path.read_bytes() for path in folder.glob("journal/*")} == before


def test_a_folder_copied_during_a_run_goes_on_soundly_or_is_refused(
    large: Replica, tmp_path: Path
) -> None:
    large.faults.append(Fault("/posts/", faults.delay(0.16)))
    crawl = Crawl(large, tmp_path / "original")
    copies = [tmp_path / f"copy {number}" for number in range(4)]
    with crawl.start(CONCURRENT_REQUESTS=4) as process:
        for copy in copies:
            wait_until_grown(crawl)
            copied(crawl.data, copy / "data")
        assert process.poll() is None  # else a copy may be of a run that had ended, without its end
        process.kill()
    large.faults.clear()
    for copy in copies:
        check_copy(Crawl(large, copy))


def wait_until_grown(crawl: Crawl) -> None:
    before = journal_size(crawl)
    wait_until(lambda: journal_size(crawl) > before)


def journal_size(crawl: Crawl) -> int:
    return sum(path.stat().st_size for path in crawl.data.glob("uza/journal/*"))


def copied(folder: Path, copy: Path) -> None:
    """Copy as a backup does: file by file, while the run goes on."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file():
            (copy / path.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy / path.relative_to(folder))
            time.sleep(0.02)


def check_copy(crawl: Crawl) -> None:
    """A run on a copy completes it, or refuses and leaves it to a rebuild; no line is lost."""
    before = {path.name: path.read_bytes() for path in crawl.data.glob("uza/journal/*")}
    with crawl.start() as process:
        log = process.communicate(timeout=LONGEST)[1]
    if process.returncode:
        assert process.returncode == 7, log
        assert len(log.splitlines()) == 1
        assert "scrapy rebuild uza" in log
        assert {path.name: path.read_bytes() for path in crawl.data.glob("uza/journal/*")} == before
    else:
        assert judge(crawl.data / "uza", ids_of(crawl.replica.world.listing())) == SOUND


@pytest.mark.any_day
def test_a_clock_set_back_makes_no_version_twice(crawl: Crawl, replica: Replica) -> None:
    before = crawl(*ENGLISH)
    edited, *_ = replica.world.listing("en", imported=False)
    replica.world.edit(edited.id, title="Bridge over the Oqsuv closed again")
    replica.world.publish("en")
    pass_time(timedelta(days=-10))
    run = crawl(*ENGLISH)
    assert run.outcomes == {"new": 1, "edited": 1}
    assert run.report["started_at"] < before.report["started_at"]
    pass_time(timedelta(days=10))
    rows = crawl.rows()
    assert crawl("-a", "revisit=all", *ENGLISH).outcomes == {"unchanged": len(rows) - 1}
    assert crawl.rows() == rows
    versions = [(row["version"], row["change"]) for row in rows if row["id"] == edited.article_id]
    assert sorted(versions) == [(1, "new"), (2, "edited")]  # of two months, at the start of one
