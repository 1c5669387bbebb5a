"""Which articles a withdrawal names: copies and translations within three months."""

from pathlib import Path
from typing import Any

import pytest

from crawler.release.similarity.relatives import relatives_of
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from replica.texts import UZBEK, latin
from tests.commands import scrapy
from tests.crawler.archives import store

TEXT = "\n\n".join(UZBEK.sentences[:8])
CYRILLIC: dict[str, Any] = {"edition": "uz", "script": "Cyrl", "language": "uz-Cyrl"}
LATIN: dict[str, Any] = {"edition": "oz", "script": "Latn", "language": "uz-Latn"}
COPY = "nearly the same text"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    archive = Archive(tmp_path / "uza")
    told = {"body": TEXT, "published_precision": "minute"}
    store(archive, 1, **CYRILLIC, **told, published_at="2023-12-31T10:00:00+05:00")
    store(archive, 2, **LATIN, **told | {"body": latin(TEXT)}, published_at="2024-01-01")
    store(archive, 3, **CYRILLIC, **told, published_at="2024-02-29T10:00:00+05:00")
    store(archive, 4, **CYRILLIC, published_at="2024-01-02", body="\n\n".join(UZBEK.sentences[8:]))
    store(archive, 5, **CYRILLIC, **told, published_at="2024-04-01T10:00:00+05:00")
    store(archive, 6, **CYRILLIC, **told)
    store(archive, 7, **LATIN, **told | {"body": latin(TEXT)})
    archive.close()
    return tmp_path / "uza"


@pytest.mark.parametrize(
    ("number", "found"), [(1, [2]), (2, [1, 3]), (3, [2]), (4, []), (5, []), (6, [7]), (9, [])]
)
def test_copies_are_found_before_and_after_in_either_script(
    folder: Path, number: int, found: list[int]
) -> None:
    with ArchiveReader(folder) as reader:
        told = relatives_of(reader, f"uza:{number}")
    assert told == {f"uza:{each}": COPY for each in found}


def test_a_withdrawal_names_them_and_leaves_them(folder: Path) -> None:
    said = scrapy("withdraw", "uza:2", "--reason", "a court", "--yes", DATA_DIR=folder.parent)
    assert (said.returncode, said.stderr) == (0, "")
    for number in (1, 3):
        assert f"uza:{number}: {COPY}, and stays: withdraw it, too?\n" in said.stdout
    assert "uza:4:" not in said.stdout
    with ArchiveReader(folder) as reader:
        assert reader["uza:1"].versions[-1].change == "new"
