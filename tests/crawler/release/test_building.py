import errno
import gzip
import json
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.cli import pool_of, read_selection
from crawler.errors import Locked, StorageError, UsageError
from crawler.maintenance.rebuild import Rebuild
from crawler.maintenance.withdraw import Withdrawal
from crawler.release import build
from crawler.release.documents.manifest import write_sums
from crawler.release.rows import read_told, released_line, row_hash
from crawler.release.verify import Verifier
from crawler.store.archive import Archive, lock_folder
from tests.crawler.archives import store
from tests.crawler.release.archives import TEXT, archive_in, contents, release_of, rows, told


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return archive_in(tmp_path)


def test_articles_stand_by_edition_and_year_and_versions_begin_with_them(
    archive: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    release = release_of(archive, out)
    assert {path: told(out / path) for path in release_files(out, "articles")} == {
        "articles/en/2023.jsonl.gz": [("uza:4", 2)],
        "articles/en/2025.jsonl.gz": [("uza:3", 2)],
        "articles/oz/2024.jsonl.gz": [("uza:2", 1)],
        "articles/unknown/undated.jsonl.gz": [("uza:5", 1)],
        "articles/uz/2024.jsonl.gz": [("uza:1", 1)],
    }
    assert told(out / "versions/en/2025.jsonl.gz") == [("uza:3", 1)]
    assert release_files(out, "versions") == [
        "versions/en/2023.jsonl.gz",
        "versions/en/2025.jsonl.gz",
    ]
    assert told(out / "gone.jsonl.gz") == [("uza:4", 2)]
    assert (release.day, release.figures.articles) == ("2026-11-24", 5)
    assert list(Verifier(out).problems()) == []


def release_files(out: Path, kind: str) -> list[str]:
    return [name for name in contents(out) if name.startswith(f"{kind}/")]


def test_a_copy_in_the_other_script_is_marked_and_a_translation(
    archive: Path, tmp_path: Path
) -> None:
    release_of(archive, tmp_path / "out")
    (copy,) = rows(tmp_path / "out/articles/oz/2024.jsonl.gz")
    assert (copy["near_duplicate_of"], copy["story"]) == ("uza:1", "uza:1")
    (first,) = rows(tmp_path / "out/articles/uz/2024.jsonl.gz")
    assert (first["near_duplicate_of"], first["story"]) == (None, "uza:1")
    assert rows(tmp_path / "out/links/2024.jsonl.gz") == [
        {"kind": kind, "id": "uza:2", "earlier": "uza:1", "evidence": ["text"], "likeness": alike}
        for kind, alike in (("translation", None), ("near_duplicate", 1.0))
    ]


@pytest.mark.parametrize(
    ("earlier", "marked"),
    [("2023-12-01", True), ("2023-11-30", False), ("2016-01-31", False), (None, False)],
)
def test_a_text_told_before_the_last_month_is_not_compared(
    tmp_path: Path, earlier: str | None, marked: bool
) -> None:
    archive = Archive(tmp_path / "uza")
    fields: dict[str, Any] = {"edition": "uz", "script": "Cyrl", "body": TEXT}
    store(archive, 1, published_at=earlier, **fields)
    store(archive, 2, published_at="2024-01-31", **fields)
    archive.close()
    release_of(tmp_path / "uza", tmp_path / "out")
    (row,) = rows(tmp_path / "out/articles/uz/2024.jsonl.gz")
    assert row["near_duplicate_of"] == ("uza:1" if marked else None)


def test_a_row_is_the_line_of_the_journal_and_three_fields_more(
    archive: Path, tmp_path: Path
) -> None:
    release_of(archive, tmp_path / "out")
    (file,) = (archive / "journal").iterdir()
    lines = file.read_text().splitlines()
    journal = {(row["id"], row["version"]): row for row in map(json.loads, lines)}
    (newest,), (superseded,) = (
        rows(tmp_path / "out" / kind / "en/2025.jsonl.gz") for kind in ("articles", "versions")
    )
    assert superseded["capture"]["file"] == "uza.warc.gz"
    for row, story in ((newest, "uza:3"), (superseded, None)):
        line = {**journal["uza:3", row["version"]], "near_duplicate_of": None, "story": story}
        assert row == {**line, "row_hash": row_hash(line)}


def test_the_same_journal_gives_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    release_of(archive, tmp_path / "one")
    release_of(archive, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two", "uza"]


MADE_BY = {"name": "agency-news-archive", "version": "0.7.0", "commit": "5" * 40}


@pytest.mark.parametrize("commit", [MADE_BY["commit"], None])
def test_every_description_names_the_code_that_made_it(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commit: str | None
) -> None:
    monkeypatch.setattr("crawler.system.software.VERSION", "0.7.0")
    monkeypatch.setattr("crawler.system.software.commit", lambda: commit)
    release_of(archive, tmp_path / "out")
    made = f"Made by agency-news-archive 0.7.0, commit {commit or 'unknown'}."
    for name in ("README.md", "CITATION.cff", "datapackage.json", "croissant.json"):
        assert made in (tmp_path / "out" / name).read_text("utf-8")
    for name in ("figures.json", "datapackage.json"):
        told = json.loads((tmp_path / "out" / name).read_text("utf-8"))
        assert told["software"] == MADE_BY | {"commit": commit}
    citation = (tmp_path / "out/CITATION.cff").read_text("utf-8")
    assert ("    commit:" in citation) == bool(commit)


def test_other_tools_unpack_and_check_it(archive: Path, tmp_path: Path) -> None:
    release_of(archive, tmp_path / "out")
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=tmp_path / "out", capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    path = tmp_path / "out/articles/en/2025.jsonl.gz"
    unpacked = subprocess.run(["gzip", "-dc", path], capture_output=True, check=True, timeout=60)
    assert unpacked.stdout == gzip.decompress(path.read_bytes())


@pytest.mark.parametrize("step", ["write_years", "scatter", "write_figures", "write_sums"])
def test_an_interrupted_release_leaves_nothing_and_the_next_one_begins_again(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(build, step, interrupt)
        with pytest.raises(KeyboardInterrupt):
            release_of(archive, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["uza"]
    release_of(archive, tmp_path / "out")
    release_of(archive, tmp_path / "whole")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_nothing_that_a_killed_release_left_comes_into_the_next_one(
    archive: Path, tmp_path: Path
) -> None:
    release_of(archive, tmp_path / "whole")
    for name in ("articles/en/1999.jsonl.gz", "work/en-2025.older", "plots/old.png"):
        left = tmp_path / "out.part" / name
        left.parent.mkdir(parents=True, exist_ok=True)
        left.write_bytes(b"left\n")
    release_of(archive, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_articles_are_chosen_by_day_and_edition(archive: Path, tmp_path: Path) -> None:
    chosen = {"since": "2024-01-01", "editions": "uz,en"}
    selection = read_selection("2024-01-01", None, "uz,en")
    conditions = selection.published | selection.of_editions
    release = release_of(archive, tmp_path / "out", conditions=conditions, chosen=chosen)
    assert release_files(tmp_path / "out", "articles") == [
        "articles/en/2025.jsonl.gz",
        "articles/uz/2024.jsonl.gz",
    ]
    assert told(tmp_path / "out/versions/en/2025.jsonl.gz") == [("uza:3", 1)]
    assert told(tmp_path / "out/gone.jsonl.gz") == []
    assert release.figures.versions == {"1": 1, "2": 1}
    card = (tmp_path / "out/README.md").read_text()
    assert "**A selection**, made with: editions uz,en, since 2024-01-01." in card
    assert list(Verifier(tmp_path / "out").problems()) == []


def test_a_superseded_version_stands_by_its_own_year_and_edition(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    store(archive, 1, edition="en", published_at="2023-12-31")
    fixed = {"version": 2, "change": "reparsed", "fetched_at": "2026-11-25T00:00:00Z"}
    store(archive, 1, edition="ru", published_at="2024-01-01", **fixed)
    archive.close()
    release_of(tmp_path / "uza", tmp_path / "out")
    assert told(tmp_path / "out/versions/en/2023.jsonl.gz") == [("uza:1", 1)]
    assert release_files(tmp_path / "out", "articles") == ["articles/ru/2024.jsonl.gz"]
    assert release_files(tmp_path / "out", "versions") == ["versions/en/2023.jsonl.gz"]
    assert list(Verifier(tmp_path / "out").problems()) == []


def test_what_an_article_was_before_it_was_withdrawn_is_not_released_or_counted(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path / "uza")
    store(archive, 1, edition="en", published_at="2024-01-01", body="A secret.")
    fields: dict[str, Any] = {"edition": "en", "published_at": "2024-01-01", "body": ""}
    store(archive, 1, version=2, change="withdrawn", fetched_at="2026-11-25T00:00:00Z", **fields)
    archive.close()
    release = release_of(tmp_path / "uza", tmp_path / "out")
    assert told(tmp_path / "out/articles/en/2024.jsonl.gz") == [("uza:1", 2)]
    assert release_files(tmp_path / "out", "versions") == []
    assert told(tmp_path / "out/gone.jsonl.gz") == [("uza:1", 2)]
    assert (release.figures.versions, release.figures.changes) == ({"1": 1}, {"withdrawn": 1})
    assert list(Verifier(tmp_path / "out").problems()) == []


def test_a_full_disk_leaves_nothing_behind(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for what in ("crawler.release.files.RowFile.finish", "crawler.store.archive.os.write"):
        with monkeypatch.context() as patch:
            patch.setattr(what, full)
            with pytest.raises(StorageError, match="No space left on device"):
                release_of(archive, tmp_path / "out")
        assert [path.name for path in tmp_path.iterdir()] == ["uza"]


def forge(archive: Path, old: str, new: str) -> None:
    (journal,) = (archive / "journal").iterdir()
    text = journal.read_text("utf-8")
    assert old in text
    assert len(old) == len(new)
    journal.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "line", "version"),
    [("Body, edited.", "Body, forged.", 4, 2), ('"Body."', '"Bady."', 3, 1)],
    ids=["newest", "superseded"],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_forged_text_is_named_and_nothing_is_left(
    archive: Path, tmp_path: Path, old: str, new: str, line: int, version: int, jobs: str
) -> None:
    forge(archive, old, new)
    named = (
        rf"2026-\d\d\.jsonl: line {line}: uza:3 version {version} cannot be read at byte \d+ "
        r"\(its content_hash does not fit"
    )
    chosen: dict[str, Any] = {"conditions": {"id = ?": "uza:3"}}
    with pool_of(None, jobs) as pool, pytest.raises(StorageError, match=named):
        release_of(archive, tmp_path / "out", pool, **chosen)
    assert [path.name for path in tmp_path.iterdir()] == ["uza"]


def test_lines_that_traded_places_are_named(tmp_path: Path) -> None:
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, title="Title A")
        store(archive, 2, title="Title B")
    (journal,) = (tmp_path / "uza" / "journal").iterdir()
    journal.write_bytes(b"".join(reversed(journal.read_bytes().splitlines(keepends=True))))
    named = r"line 1: uza:1 version 1 cannot be read at byte 0 \(found uza:2 version 1 there\)"
    with pytest.raises(StorageError, match=named):
        release_of(tmp_path / "uza", tmp_path / "out")


def test_a_line_of_a_newer_schema_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    store(archive, 1, schema="2.0")
    archive.close()
    named = r"line 1: uza:1 version 1 cannot be released \(schema 2\.0.* scrapy rebuild uza --skip-"
    with pytest.raises(StorageError, match=named):
        release_of(tmp_path / "uza", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["uza"]


def test_a_row_without_a_field_that_came_later_is_made_whole(tmp_path: Path) -> None:
    archive_in(tmp_path)
    (file,) = (tmp_path / "uza/journal").iterdir()
    line = file.read_bytes().splitlines(keepends=True)[0].replace(b'"1.5"', b'"1.0"')
    shorter = line.replace(b'"reason":null,', b"")
    assert shorter != line
    whole = json.loads(released_line(shorter, read_told(line), None, "uza:1"))
    del whole["row_hash"]
    assert whole == {**json.loads(line), "near_duplicate_of": None, "story": "uza:1"}


def test_nothing_to_release_an_existing_folder_and_a_second_release_are_refused(
    archive: Path, tmp_path: Path
) -> None:
    Archive(tmp_path / "empty").close()
    with pytest.raises(UsageError, match="there is nothing to release; crawl first"):
        release_of(tmp_path / "empty", tmp_path / "out")
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError, match="is there already"):
        release_of(archive, tmp_path / "out")
    with lock_folder(tmp_path / "other.lock"), pytest.raises(Locked):
        release_of(archive, tmp_path / "other")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        release_of(archive, tmp_path / "file" / "out")


def take_out(archive: Path, article_id: str) -> None:
    """Withdraw an article as the command does, which a reader keeps from emptying the log."""
    with (
        closing(Archive(archive)) as opened,
        pytest.raises(StorageError, match="another program reads it"),
    ):
        Withdrawal(opened, article_id, print).work("a reason")


def just_before_its_name(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen between the last file of a release and its name."""

    def write_and_let_happen(folder: Path, known: Mapping[str, str]) -> None:
        write_sums(folder, known)
        happens()

    monkeypatch.setattr(build, "write_sums", write_and_let_happen)


@pytest.mark.slow
def test_a_release_that_holds_what_was_withdrawn_meanwhile_gets_no_name_and_leaves_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before_its_name(monkeypatch, lambda: take_out(archive, "uza:1"))
    out = tmp_path / "releases" / "out"
    with pytest.raises(StorageError, match="uza:1 was withdrawn while the release was made"):
        release_of(archive, out)
    assert list(out.parent.iterdir()) == []
    assert not (archive / "release.years").exists()  # it would have the text
    monkeypatch.undo()
    with closing(Archive(archive)) as opened:
        Withdrawal(opened, "uza:1", print).work(None)
    release_of(archive, out)
    assert TEXT[:40] not in b"".join(map(gzip.decompress, packed(out))).decode()


def packed(out: Path) -> list[bytes]:
    return [path.read_bytes() for path in out.rglob("*.gz")]


@pytest.mark.slow
def test_what_was_withdrawn_meanwhile_is_no_matter_to_a_release_without_it(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before_its_name(monkeypatch, lambda: take_out(archive, "uza:1"))
    release_of(archive, tmp_path / "out", conditions={"edition IN (?)": "en"})
    assert (tmp_path / "out").is_dir()


def test_a_ledger_made_again_meanwhile_may_lack_what_a_release_holds(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before_its_name(monkeypatch, lambda: Rebuild(archive, print).make())
    with pytest.raises(StorageError, match="the ledger was made again"):
        release_of(archive, tmp_path / "out")
    assert not list(tmp_path.glob("out*"))


def test_a_false_time_names_no_release(archive: Path, tmp_path: Path) -> None:
    with closing(Archive(archive)) as opened:
        store(opened, 6, edition="fr", fetched_at="9999-12-31T00:00:00Z")
    release = release_of(archive, tmp_path / "out")
    assert (release.day, release.figures.last_fetch[:10]) == ("2026-11-24", "2026-11-24")
    with pytest.raises(UsageError, match="all that is to be released is dated after now"):
        release_of(archive, tmp_path / "other", conditions={"edition IN (?)": "fr"})


def test_no_two_data_sets_are_cited_alike(tmp_path: Path) -> None:
    with Archive(tmp_path / "uza") as archive:
        store(archive, 1, edition="en")
        store(archive, 2, edition="ru")
    releases = [
        release_of(tmp_path / "uza", tmp_path / "whole"),
        release_of(tmp_path / "uza", tmp_path / "same"),
        release_of(
            tmp_path / "uza",
            tmp_path / "part",
            conditions={"edition = ?": "en"},
            chosen={"editions": "en"},
        ),
    ]
    with Archive(tmp_path / "uza") as archive:
        store(archive, 2, version=2, change="edited", edition="ru", body="Another.")
    releases.append(release_of(tmp_path / "uza", tmp_path / "later"))
    assert {release.day for release in releases} == {releases[0].day}
    whole, same, part, later = (release.version for release in releases)
    assert whole == same
    assert len({whole, part, later}) == 3
    cited = (tmp_path / "part" / "CITATION.cff").read_text("utf-8")
    assert f'title: "News articles of uza.uz (a selection: editions en), {part}"' in cited
    assert "chosen by editions en" in cited
