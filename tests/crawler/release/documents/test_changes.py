import gzip
import re
from pathlib import Path

import pytest

from crawler.errors import UsageError
from crawler.model.article import Sighting
from crawler.release.documents.changelog import check_previous
from crawler.store.archive import Archive
from tests.crawler.archives import store
from tests.crawler.release.archives import archive_in, release_of

LATER = "2026-11-25T00:00:00Z"


def go_on(folder: Path) -> None:
    archive = Archive(folder)
    again = {"fetched_at": LATER}
    store(archive, 1, edition="uz", published_at="2024-05-02", version=2, change="edited", **again)
    store(
        archive, 2, edition="oz", published_at="2024-05-01", version=2, change="reparsed", **again
    )
    sight = [Sighting(410, LATER)]
    store(archive, 3, edition="en", version=3, change="gone", evidence=sight, **again)
    store(archive, 4, edition="en", published_at="2023-07-01", version=3, change="back", **again)
    store(archive, 7, edition="en", published_at="2025-07-01", **again)
    store(archive, 8, edition="en", change="gone", evidence=sight, **again)
    archive.close()


def told_in(release: Path) -> list[tuple[str, str]]:
    text = (release / "CHANGES.md").read_text()
    return re.findall(r"^## (.+?): .+? \(\d+\)\n\n(.+)$", text, re.MULTILINE)


def test_what_changed_is_told_by_kind_and_edition_with_the_ids(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    release_of(archive, tmp_path / "old")
    go_on(archive)
    conditions: dict[str, object] = {"edition <> ?": "unknown"}
    out = tmp_path / "new"
    release_of(archive, out, previous=tmp_path / "old", conditions=conditions)
    text = (out / "CHANGES.md").read_text()
    found = re.findall(r"^## (.+?): (.+?) \((\d+)\)\n\n(.+)$", text, re.MULTILINE)
    assert found == [
        ("new", "en", "1", "uza:7"),
        ("edited", "uz", "1", "uza:1"),
        ("reparsed", "oz", "1", "uza:2"),
        ("gone", "en", "2", "uza:3 uza:8"),
        ("back", "en", "1", "uza:4"),
        ("left out", "unknown", "1", "uza:5"),
    ]
    assert "| gone | 2 |" in text
    assert text.startswith("# Changes since old\n")


def test_an_edit_that_was_read_better_since_is_an_edit(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    release_of(archive, tmp_path / "old")
    changed = Archive(archive)
    for number, edition in ((1, "uz"), (3, "en")):
        fields = {"edition": edition, "published_at": "2024-05-02", "fetched_at": LATER}
        store(changed, number, version=3, change="edited", body="Edited.", **fields)
        store(changed, number, version=4, change="reparsed", body="Better.", **fields)
    changed.close()
    release_of(archive, tmp_path / "middle")
    changed = Archive(archive)
    store(changed, 3, version=5, change="reparsed", body="Best.", **fields)
    changed.close()
    release_of(archive, tmp_path / "new", previous=tmp_path / "old")
    assert told_in(tmp_path / "new") == [("edited", "uza:3"), ("edited", "uza:1")]
    release_of(archive, tmp_path / "newer", previous=tmp_path / "middle")
    assert told_in(tmp_path / "newer") == [("reparsed", "uza:3")]


def test_what_was_respelled_is_told_apart_unless_it_was_edited_as_well(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    release_of(archive, tmp_path / "old")
    changed = Archive(archive)
    fields = {"published_at": "2024-05-02", "fetched_at": LATER}
    store(changed, 1, version=3, change="edited", body="Edited.", edition="uz", **fields)
    store(changed, 1, version=4, change="respelled", body="Respelled.", edition="uz", **fields)
    store(changed, 3, version=3, change="respelled", body="Respelled.", edition="en", **fields)
    changed.close()
    release_of(archive, tmp_path / "new", previous=tmp_path / "old")
    assert told_in(tmp_path / "new") == [("edited", "uza:1"), ("respelled", "uza:3")]


def test_what_is_withdrawn_is_told_apart_from_what_is_gone(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    release_of(archive, tmp_path / "old")
    changed = Archive(archive)
    fields = {"edition": "en", "published_at": "2023-07-01", "fetched_at": LATER}
    store(changed, 4, version=3, change="withdrawn", body="", reason="a court order", **fields)
    changed.close()
    release_of(archive, tmp_path / "new", previous=tmp_path / "old")
    assert told_in(tmp_path / "new") == [("withdrawn", "uza:4")]
    assert "delete them from your copy" in (tmp_path / "new/CHANGES.md").read_text()


def test_an_earlier_release_that_is_broken_is_refused_in_a_line(tmp_path: Path) -> None:
    release_of(archive_in(tmp_path), tmp_path / "old")
    check_previous(tmp_path / "old")
    file = tmp_path / "old/articles/uz/2024.jsonl.gz"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(UsageError, match=r"articles/uz/2024\.jsonl\.gz is missing or was changed"):
        check_previous(tmp_path / "old")
    with pytest.raises(UsageError, match="is no whole release"):
        check_previous(tmp_path)


def test_an_earlier_release_of_which_a_row_is_broken_leaves_nothing_half_written(
    tmp_path: Path,
) -> None:
    archive = archive_in(tmp_path)
    release_of(archive, tmp_path / "old")
    file = tmp_path / "old/articles/uz/2024.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"id": 1}\n'))
    with pytest.raises(UsageError, match=r"--previous .+2024\.jsonl\.gz: cannot be read"):
        release_of(archive, tmp_path / "new", previous=tmp_path / "old")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old", "uza"]
