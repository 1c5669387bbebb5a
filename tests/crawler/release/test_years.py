"""What a release takes from the one before, instead of making it again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.maintenance.residual_copies import remove_copies
from crawler.release import years
from crawler.release.verify import Verifier
from crawler.release.years import FOLDER
from crawler.store.archive import Archive
from replica.texts import UZBEK
from tests.crawler.archives import store
from tests.crawler.release.archives import LATER, archive_in, contents, release_of

TEXT = "\n\n".join(UZBEK.sentences[4:12])
DECEMBER = "2025-12-30T10:00:00+05:00"
AFTER = {"published_at": "2026-01-02T10:00:00+05:00", "published_precision": "minute"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = archive_in(tmp_path)
    add(folder, 10, edition="uz", script="Cyrl", body=TEXT, published_at=DECEMBER)
    return folder


def add(folder: Path, number: int, **fields: Any) -> None:
    archive = Archive(folder)
    store(archive, number, **{"published_precision": "minute"} | fields)
    archive.close()


def linked(one: Path, other: Path) -> set[str]:
    """Return the files that are one in both."""
    return {
        path.relative_to(one).as_posix()
        for path in one.rglob("*")
        if path.is_file() and (there := other / path.relative_to(one)).exists()
        and path.samefile(there)
    }  # fmt: skip


def assert_as_made_anew(folder: Path, new: Path, previous: Path) -> None:
    """Check that a release is, byte for byte, what it would be without a previous one."""
    anew = new.with_name("anew")
    years_before = folder / FOLDER
    years_before.rename(folder / "aside")
    release_of(folder, anew, previous=previous, parquet=True)
    assert contents(new) == contents(anew)
    assert linked(new, anew) == set()
    assert list(Verifier(new).problems()) == []


@pytest.fixture
def old(archive: Path, tmp_path: Path) -> Path:
    pytest.importorskip("pyarrow")
    release_of(archive, tmp_path / "old", parquet=True)
    return tmp_path / "old"


def test_years_without_a_change_are_linked_and_a_copy_in_the_next_year_is_found(
    archive: Path, old: Path, tmp_path: Path
) -> None:
    add(archive, 11, edition="uz", script="Cyrl", body=TEXT, **AFTER)
    release = release_of(archive, tmp_path / "new", parquet=True, previous=old)
    found = linked(tmp_path / "new", old)
    assert {name for name in found if name.startswith(("articles", "links"))} == {
        path for path in contents(old) if path.startswith(("articles", "links"))
    }
    assert "parquet/articles/edition=en/year=2023/0.parquet" in found
    assert release.figures.near_duplicates == 2
    assert_as_made_anew(archive, tmp_path / "new", old)


def test_a_year_that_changed_is_made_again_and_the_others_are_not(
    archive: Path, old: Path, tmp_path: Path
) -> None:
    edited = {"version": 3, "change": "edited", "body": "Other.", "fetched_at": LATER}
    fields = {"edition": "en", "published_at": "2023-07-01", "published_precision": "day"}
    add(archive, 4, **fields, **edited)
    release_of(archive, tmp_path / "new", parquet=True, previous=old)
    found = linked(tmp_path / "new", old)
    assert "articles/en/2023.jsonl.gz" not in found
    assert {"articles/unknown/undated.jsonl.gz", "articles/uz/2025.jsonl.gz"} <= found
    assert_as_made_anew(archive, tmp_path / "new", old)


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


@pytest.mark.parametrize(
    "change",
    [
        lambda folder, old: spoil(old / "links/2023.jsonl.gz"),
        lambda folder, old: spoil(folder / FOLDER / "2023"),
        lambda folder, old: [*remove_copies(folder)],
    ],
    ids=["the file was changed", "the record is broken", "a withdrawal removed it"],
)
def test_what_cannot_be_taken_is_made_again(
    archive: Path, old: Path, tmp_path: Path, change: Callable[[Path, Path], object]
) -> None:
    change(archive, old)
    release_of(archive, tmp_path / "new", parquet=True, previous=old)
    assert "articles/en/2023.jsonl.gz" not in linked(tmp_path / "new", old)
    assert list(Verifier(tmp_path / "new").problems()) == []


def test_other_code_makes_all_years_again(
    archive: Path, old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(years, "code", lambda: "other")
    release_of(archive, tmp_path / "new", previous=old)
    assert linked(tmp_path / "new", old) == set()


def test_a_selection_links_nothing_and_records_nothing(archive: Path, tmp_path: Path) -> None:
    chosen = {"edition IN (?)": "en"}
    release_of(archive, tmp_path / "old", conditions=chosen)
    assert not (archive / FOLDER).exists()
    release_of(archive, tmp_path / "new", conditions=chosen, previous=tmp_path / "old")
    assert linked(tmp_path / "new", tmp_path / "old") == set()
