"""Releases in a bucket: whole or not at all, never over another, and fetched to be read."""

import os
import signal
from pathlib import Path
from subprocess import Popen

import pytest

from crawler.errors import OutOfReach, StorageError, UsageError
from crawler.release.documents.manifest import SUMS
from crawler.release.publish import local_copy, room_for
from crawler.release.verify import Verifier
from tests.commands import Refused, command, scrapy, start
from tests.crawler.buckets import CUT, S3
from tests.crawler.release.archives import archive_in, contents, release_of

pytestmark = pytest.mark.slow
TO = "s3://news/2026"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return archive_in(tmp_path / "data")


def publish(folder: Path, to: str = TO) -> None:
    with room_for(to, folder) as out:
        release_of(folder, out)


def stored(s3: S3) -> dict[str, bytes]:
    return {name.removeprefix("2026/"): data for name, data in s3.objects().items()}


def _releases(s3: S3) -> dict[str, bytes]:
    """Return all objects but the archive's manifest, which is written first and stays."""
    return {name: data for name, data in s3.objects().items() if name != "uza/manifest.json"}


def local(folder: Path) -> dict[str, bytes]:
    """Return the same release as a folder has it."""
    release_of(folder, folder.parent / "out")
    return contents(folder.parent / "out")


def killed_after(s3: S3, process: Popen[str], uploaded: str) -> None:
    """Kill a process as soon as it has uploaded an object, whose response it never gets."""

    def kill(method: str, path: str, _: int) -> int | None:
        if (method, path) != ("PUT", uploaded):
            return None
        os.kill(process.pid, signal.SIGKILL)
        return CUT

    s3.after = kill
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    s3.after = lambda *_: None


def test_a_release_in_a_bucket_is_that_of_a_folder(s3: S3, folder: Path) -> None:
    publish(folder)
    assert stored(s3) == local(folder)
    puts = [request for request in s3.requests if request.startswith("PUT")]
    assert puts[-1] == f"PUT 2026/{SUMS}"
    assert list((folder / "releases").iterdir()) == []
    with local_copy(TO) as copy:
        assert list(Verifier(copy, {}).problems()) == []
    with pytest.raises(UsageError, match="a release is there already; choose another address"):
        publish(folder)


def test_a_release_that_fails_leaves_nothing(s3: S3, folder: Path) -> None:
    s3.fault = lambda method, path, _: 507 if (method, path) == ("PUT", f"2026/{SUMS}") else None
    with pytest.raises(OutOfReach, match="507"):
        publish(folder)
    assert stored(s3) == {}
    assert list((folder / "releases").iterdir()) == []


def test_a_killed_release_is_none_and_the_next_one_completes_it(
    s3: S3, folder: Path, refused: Refused
) -> None:
    chosen = ("release", "uza", "--no-parquet", "--jobs", 1, "--out", TO)
    process = start(command(*chosen, DATA_DIR=folder.parent))

    killed_after(s3, process, "2026/schema.json")
    assert stored(s3)
    assert f"{TO}: is no whole release (SHA256SUMS is not there)" in refused("verify-release", TO)
    done = scrapy(*chosen, DATA_DIR=folder.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{TO}: 5 articles, release ")
    with local_copy(TO) as copy:
        assert list(Verifier(copy, {}).problems()) == []
    assert list((folder / "releases").iterdir()) == []


def test_nothing_is_written_over(s3: S3, folder: Path) -> None:
    s3.ask("PUT", "2026/README.md", b"Somebody's.")
    with pytest.raises(StorageError, match=r"s3://news/2026/README\.md: is there with other cont"):
        publish(folder)
    assert stored(s3) == {"README.md": b"Somebody's."}


def test_changes_are_told_since_a_release_in_a_bucket(s3: S3, folder: Path) -> None:
    publish(folder)
    with local_copy(TO) as previous:
        release_of(folder, folder.parent / "next", previous=previous)
    told = (folder.parent / "next" / "CHANGES.md").read_text()
    assert told.startswith("# Changes since 2026\n")


def test_a_release_in_a_bucket_that_has_a_withdrawn_article_is_named(s3: S3, folder: Path) -> None:
    publish(folder)
    asked = ("withdraw", "uza:1", "--reason", "a court", "--yes", "--releases", TO)
    done = scrapy(*asked, DATA_DIR=folder.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{TO}: this release has it; make a new one, and inform its users\n" in done.stdout


def test_releases_that_are_there_are_moved_and_a_withdrawal_finds_them(
    s3: S3, folder: Path, refused: Refused
) -> None:
    release_of(folder, folder / "releases" / "first")
    before = contents(folder / "releases" / "first")
    done = scrapy("offload", "uza", "--to", "s3://news", "--releases", DATA_DIR=folder.parent)
    assert done.returncode == 0, done.stderr
    prefix = "uza/releases/first/"
    assert {name.removeprefix(prefix): data for name, data in _releases(s3).items()} == before
    assert list((folder / "releases").iterdir()) == []
    elsewhere = ("offload", "uza", "--to", "s3://news/else", "-s", f"DATA_DIR={folder.parent}")
    assert "the archive has releases in s3://news/uza; use that address" in refused(*elsewhere)
    done = scrapy("withdraw", "uza:1", "--reason", "a court", "--yes", DATA_DIR=folder.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"s3://news/{prefix.rstrip('/')}: this release has it; make a new one" in done.stdout


@pytest.mark.parametrize("part", ["schema.json", SUMS])
def test_a_release_that_is_killed_while_it_moves_is_moved_by_the_next_call(
    part: str, s3: S3, folder: Path
) -> None:
    release_of(folder, folder / "releases" / "first")
    before = contents(folder / "releases" / "first")
    chosen = command("offload", "uza", "--to", "s3://news", "--releases", DATA_DIR=folder.parent)
    process = start(chosen)

    killed_after(s3, process, f"uza/releases/first/{part}")
    assert contents(folder / "releases" / "first") == before
    if part == SUMS:  # it is there whole, and the removal here has begun
        (folder / "releases" / "first" / "schema.json").unlink()
    done = scrapy("offload", "uza", "--releases", DATA_DIR=folder.parent)
    assert (done.returncode, list((folder / "releases").iterdir())) == (0, []), done.stderr
    objects = _releases(s3)
    assert {name.removeprefix("uza/releases/first/"): objects[name] for name in objects} == before


def moved(folder: Path, *names: str) -> dict[str, bytes]:
    """Move releases; return the files of the first one."""
    for name in names:
        release_of(folder, folder / "releases" / name)
    before = contents(folder / "releases" / names[0])
    done = scrapy("offload", "uza", "--to", "s3://news", "--releases", DATA_DIR=folder.parent)
    assert (done.returncode, list((folder / "releases").iterdir())) == (0, []), done.stderr
    return before


def test_moved_releases_come_back_and_the_archive_may_use_another_bucket(
    s3: S3, folder: Path
) -> None:
    before = moved(folder, "first", "second")
    done = scrapy("offload", "uza", "--back", "--releases", DATA_DIR=folder.parent)
    assert done.returncode == 0, done.stderr
    assert "s3://news/uza/releases/first: brought back to " in done.stderr
    assert contents(folder / "releases" / "first") == before
    names = [path.name for path in sorted((folder / "releases").iterdir())]
    assert (names, _releases(s3)) == (["first", "second"], {})
    elsewhere = ("offload", "uza", "--to", "s3://news/else", "--releases")
    assert scrapy(*elsewhere, DATA_DIR=folder.parent).returncode == 0


@pytest.mark.parametrize("method", ["GET", "POST"])  # POST removes
def test_a_release_whose_way_back_is_cut_comes_back_with_the_next_call(
    method: str, s3: S3, folder: Path
) -> None:
    before = moved(folder, "first")
    asked: list[str] = []

    def refuse(asked_by: str, path: str, _: int) -> int | None:
        asked.extend([path] if asked_by == method else [])
        return 403 if len(asked) > 3 else None

    s3.fault = refuse
    back = ("offload", "uza", "--back", "--releases")
    done = scrapy(*back, DATA_DIR=folder.parent)
    assert (done.returncode, done.stderr.count("\n")) == (7, 1), done.stderr
    left = [name for name in _releases(s3) if name.startswith("uza/releases/first/")]
    assert (len(left) < len(before), f"uza/releases/first/{SUMS}" in left) == (
        method == "POST",
        True,
    )
    s3.fault = lambda *_: None
    done = scrapy(*back, DATA_DIR=folder.parent)
    assert (done.returncode, _releases(s3)) == (0, {}), done.stderr
    assert contents(folder / "releases" / "first") == before


def test_neither_a_changed_release_nor_one_of_the_same_name_is_brought_back(
    s3: S3, folder: Path, refused: Refused
) -> None:
    moved(folder, "first")
    back = ("offload", "uza", "--back", "--releases")
    (folder / "releases" / "first").mkdir()
    asked = (*back, "-s", f"DATA_DIR={folder.parent}")
    assert "is not the release at s3://news/uza/releases/first; move it" in refused(*asked)
    (folder / "releases" / "first").rmdir()
    s3.ask("PUT", "uza/releases/first/schema.json", b"{}")
    stored = _releases(s3)
    done = scrapy(*back, DATA_DIR=folder.parent)
    assert (done.returncode, _releases(s3)) == (7, stored)
    assert "s3://news/uza/releases/first: schema.json" in done.stderr
    assert list((folder / "releases").iterdir()) == []


def test_a_release_that_is_damaged_is_not_moved(s3: S3, folder: Path, refused: Refused) -> None:
    release_of(folder, folder / "releases" / "first")
    (folder / "releases" / "first" / "schema.json").unlink()
    chosen = (
        "offload",
        "uza",
        "--to",
        "s3://news",
        "--releases",
        "-s",
        f"DATA_DIR={folder.parent}",
    )
    assert "schema.json: is missing" in refused(*chosen, exit_code=7)
    assert _releases(s3) == {}


@pytest.mark.parametrize("place", ["s3://", "s3:/bucket/x", "ftp://host/x"])
def test_an_address_that_is_none_makes_no_folder_of_that_name(
    place: str, folder: Path, refused: Refused
) -> None:
    line = refused("release", "uza", "--out", place, "-s", f"DATA_DIR={folder.parent}")
    assert f"{place}: expected an address such as s3://bucket/folder" in line
    assert not Path(place).exists()
