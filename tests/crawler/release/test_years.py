"""What a release takes from the one before, instead of making it again."""

import gzip
import os
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from benchmarks.releases import Newsroom, fill
from crawler.errors import StorageError
from crawler.maintenance.residual_copies import remove_copies
from crawler.model.article import Article
from crawler.model.fields import content_hash
from crawler.release import build, years
from crawler.release.documents.manifest import digest_of
from crawler.release.rows import Row, read_rows
from crawler.release.verify import Verifier
from crawler.release.years import FOLDER
from crawler.store.archive import Archive
from crawler.store.newest_versions import Place
from crawler.store.reader import ArchiveReader
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


def test_a_new_article_of_an_old_year_changes_no_later_year(
    archive: Path, old: Path, tmp_path: Path
) -> None:
    add(archive, 12, edition="uz", script="Cyrl", published_at="2024-02-02", body=TEXT)
    release_of(archive, tmp_path / "new", parquet=True, previous=old)
    found = linked(tmp_path / "new", old)
    assert "articles/uz/2024.jsonl.gz" not in found
    assert {"articles/uz/2025.jsonl.gz", "links/2025.jsonl.gz"} <= found
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


AUTUMN = datetime(2026, 8, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
END = datetime(2026, 11, 24, tzinfo=UTC)


def many(first: int, number: int, begin: datetime, end: datetime) -> Iterator[Article]:
    """Yield articles, of which one in seven has the text of an earlier one."""
    room, chance, known = Newsroom(first, stock=2_000), Random(first), list[Article]()
    for row in room.articles(first, number, begin, end):
        if known and row.id.endswith("7"):
            text = chance.choice(known[-400:])
            row = replace(row, title=text.title, body=text.body, script=text.script)
            row.content_hash = content_hash(msgspec.to_builtins(row))
        known.append(row)
        yield row


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a thousand articles of four months, and its release."""
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("autumn")
    fill(folder / "uza", many(1, 1_000, *AUTUMN))
    release_of(folder / "uza", folder / "old", parquet=True)
    return folder


@pytest.fixture
def thousand(autumn: Path, tmp_path: Path) -> Path:
    shutil.copytree(autumn, tmp_path, dirs_exist_ok=True)
    return tmp_path


def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Release an archive after its last release; return how many rows were made again."""
    number = 0

    def counted(places: Iterable[Place], *rest: Any) -> Iterator[Row]:
        nonlocal number
        for row in read_rows(places, *rest):
            number += 1
            yield row

    with monkeypatch.context() as patch:
        patch.setattr(build, "read_rows", counted)
        release_of(folder / "uza", folder / "new", parquet=True, previous=folder / "old")
    return number


def test_a_day_of_news_costs_its_month_and_gives_the_same_bytes(
    thousand: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(thousand / "uza", many(10_000, 100, AUTUMN[1], END))
    november = sum(row.startswith("2026-11") for row in days_of(thousand / "uza"))
    assert made(thousand, monkeypatch) == november < 350
    assert_as_made_anew(thousand / "uza", thousand / "new", thousand / "old")


def days_of(folder: Path) -> list[str]:
    with ArchiveReader(folder) as reader:
        return [day for (day,) in reader.database.execute("SELECT published_at FROM article")]


@pytest.mark.slow
def test_an_edit_of_an_older_month_costs_the_months_since_then(
    thousand: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (edited,) = many(20_000, 1, datetime(2026, 10, 1, tzinfo=UTC), END)
    fill(thousand / "uza", iter([edited]))
    since = sum(row >= "2026-10" for row in days_of(thousand / "uza"))
    assert made(thousand, monkeypatch) == since
    assert_as_made_anew(thousand / "uza", thousand / "new", thousand / "old")


@pytest.mark.slow
def test_a_month_without_marks_that_can_be_read_is_made_again(
    thousand: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(thousand / "uza", many(10_000, 5, AUTUMN[1], END))
    spoil(thousand / "uza" / FOLDER / "2026-10.marks")
    assert made(thousand, monkeypatch) == 1_005
    assert_as_made_anew(thousand / "uza", thousand / "new", thousand / "old")


class _Order:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder),)


def test_marks_that_would_run_code_are_refused(
    thousand: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(thousand / "uza", many(10_000, 5, AUTUMN[1], END))
    records = thousand / "uza" / FOLDER
    forged = records / "2026-10.marks"
    forged.write_bytes(gzip.compress(pickle.dumps(_Order(thousand / "run"))))
    year = years._decode((records / "2026").read_bytes())
    year.marks["2026-10"] = digest_of(forged)
    (records / "2026").write_bytes(years._encode(year))
    with pytest.raises(StorageError, match=r"2026-10.marks: was not written by .*posix.mkdir"):
        made(thousand, monkeypatch)
    assert not (thousand / "run").exists()


@pytest.mark.slow
def test_a_month_can_be_continued_again_and_again(
    thousand: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for first in (10_000, 11_000):
        fill(thousand / "uza", many(first, 5, AUTUMN[1], END))
        again = made(thousand, monkeypatch)
        shutil.rmtree(thousand / "old")
        (thousand / "new").rename(thousand / "old")
    assert again < 350
    fill(thousand / "uza", many(12_000, 5, END, END))
    assert made(thousand, monkeypatch) == again + 5
    assert_as_made_anew(thousand / "uza", thousand / "new", thousand / "old")


def test_a_selection_links_nothing_and_records_nothing(archive: Path, tmp_path: Path) -> None:
    chosen = {"edition IN (?)": "en"}
    release_of(archive, tmp_path / "old", conditions=chosen)
    assert not (archive / FOLDER).exists()
    release_of(archive, tmp_path / "new", conditions=chosen, previous=tmp_path / "old")
    assert linked(tmp_path / "new", tmp_path / "old") == set()
