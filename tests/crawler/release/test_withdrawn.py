"""What a release says of withdrawn articles to those who have copies of earlier ones."""

import gzip
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.release.documents.manifest import write_sums
from crawler.release.verify import Verifier
from crawler.store.archive import Archive
from tests.crawler.archives import store
from tests.crawler.release.archives import archive_in, release_of, rows

AT = "2026-11-25T10:00:00Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Withdraw one article that was never fetched before, and one of many versions."""
    folder = archive_in(tmp_path)
    archive = Archive(folder)
    bare: dict[str, Any] = {"title": "withdrawn", "body": "", "change": "withdrawn"}
    store(archive, 9, **bare, reason="privacy", fetched_at="2026-11-25T11:00:00Z")
    told = {"edition": "en", "published_at": "2023-07-01", "published_precision": "day"}
    store(archive, 4, **bare, **told, version=3, reason="a court", fetched_at=AT)
    archive.close()
    return folder


def listed(out: Path) -> list[dict[str, Any]]:
    return rows(out / "withdrawn.jsonl.gz")


def test_what_was_withdrawn_is_listed_with_day_and_reason(folder: Path, tmp_path: Path) -> None:
    release_of(folder, tmp_path / "out")
    assert listed(tmp_path / "out") == [
        {"id": "uza:4", "at": AT, "reason": "a court"},
        {"id": "uza:9", "at": "2026-11-25T11:00:00Z", "reason": "privacy"},
    ]
    card = (tmp_path / "out/README.md").read_text("utf-8")
    assert f"| `uza:4` | {AT} | a court |" in card
    assert "## Withdrawn: delete these from your copy" in card
    assert not list(Verifier(tmp_path / "out").problems())
    package = json.loads((tmp_path / "out/datapackage.json").read_text("utf-8"))
    (resource,) = [each for each in package["resources"] if each["name"] == "withdrawn"]
    assert resource["path"] == ["withdrawn.jsonl.gz"]
    assert resource["schema"]["primaryKey"] == ["id"]


def test_a_selection_lists_all_of_it_too(folder: Path, tmp_path: Path) -> None:
    release_of(folder, tmp_path / "out", conditions={"edition = ?": "uz"})
    assert [each["id"] for each in listed(tmp_path / "out")] == ["uza:4", "uza:9"]
    assert not list(Verifier(tmp_path / "out").problems())


def test_where_nothing_was_withdrawn_the_card_says_so(tmp_path: Path) -> None:
    release_of(archive_in(tmp_path), tmp_path / "out")
    assert listed(tmp_path / "out") == []
    assert "Nothing was withdrawn." in (tmp_path / "out/README.md").read_text("utf-8")
    assert not list(Verifier(tmp_path / "out").problems())


@pytest.mark.parametrize(
    ("forged", "problem"),
    [
        ([], "uza:4 is withdrawn in articles/, but not listed"),
        ([{"id": "uza:4", "at": AT, "reason": "none"}], "uza:4 differs from articles/"),
        ([{"id": "uza:1", "at": AT, "reason": "a court"}], "uza:1 differs from articles/"),
        ([{"id": "uza:4"}], "missing required field `at`"),
        (None, "withdrawn.jsonl.gz: cannot be read to its end"),
    ],
)
def test_a_list_that_is_forged_or_missing_is_named(
    folder: Path, tmp_path: Path, forged: list[Any] | None, problem: str
) -> None:
    out = tmp_path / "out"
    release_of(folder, out)
    lines = "".join(f"{json.dumps(each)}\n" for each in forged or ())
    (out / "withdrawn.jsonl.gz").unlink()
    if forged is not None:
        (out / "withdrawn.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    write_sums(out)
    assert problem in "\n".join(Verifier(out).problems())


def test_the_time_of_collection_ends_with_the_last_visit_and_not_with_a_withdrawal(
    tmp_path: Path,
) -> None:
    archive = archive_in(tmp_path)
    before = release_of(archive, tmp_path / "before").figures
    with closing(Archive(archive)) as opened:
        bare: dict[str, Any] = {"title": "withdrawn", "body": "", "change": "withdrawn"}
        store(opened, 2, **bare, version=2, fetched_at=AT)
    after = release_of(archive, tmp_path / "after").figures
    assert (after.first_fetch, after.last_fetch) == (before.first_fetch, before.last_fetch)
    with closing(Archive(archive)) as opened:
        opened.ledger.database.execute(
            "UPDATE article SET fetched_at = '2026-11-24T12:00:00Z' WHERE id = 'uza:1'"
        )
        opened.commit()
    visited = release_of(archive, tmp_path / "visited").figures
    assert visited.last_fetch == "2026-11-24T12:00:00Z"
