"""Sections of a release: their spellings, topics and months."""

import json
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from crawler.model.article import Label
from crawler.release.documents.manifest import write_sums
from crawler.release.figures import Figures
from crawler.release.files import write_rows
from crawler.release.tables import write_tables
from crawler.release.verify import Verifier
from crawler.store.archive import Archive
from tests.crawler.archives import store
from tests.crawler.release.archives import release_of, rows

PUBLISHED = [
    ("uz", Label("Жамият", "jamiyat"), "2024-05-01T10:00:00+05:00"),
    ("uz", Label("Jamiyat", "jamiyat"), "2024-07-01T10:00:00+05:00"),
    ("uz", Label("Jamiyat", "jamiyat"), "2023-02-01"),
    ("uz", Label("Jamiyat", "jamiyat"), None),
    ("en", Label("Society", "jamiyat"), "2024-05-01T10:00:00+05:00"),
    ("en", Label("Tourism"), None),
    (None, Label("Спорт", "sport_1"), "2024-05-01T10:00:00+05:00"),
    ("en", None, "2024-05-01T10:00:00+05:00"),
]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    with closing(Archive(tmp_path / "uza")) as archive:
        for number, (edition, section, at) in enumerate(PUBLISHED, 1):
            store(archive, number, edition=edition, category=section, published_at=at)
    release_of(tmp_path / "uza", tmp_path / "out")
    return tmp_path / "out"


def test_each_name_has_a_key_its_topic_and_its_months(out: Path) -> None:
    society, may = "14000000", "2024-05"
    assert [tuple(row.values()) for row in rows(out / "sections.jsonl.gz")] == [
        (None, "Спорт", "sport_1", "sport", "15000000", 1, may, may),
        ("en", "Society", "jamiyat", "sosiety", society, 1, may, may),
        ("en", "Tourism", None, "tourism", None, 1, None, None),
        ("uz", "Jamiyat", "jamiyat", "jamiyat", society, 3, "2023-02", "2024-07"),
        ("uz", "Жамият", "jamiyat", "jamiyat", society, 1, may, may),
    ]
    assert list(Verifier(out).problems()) == []
    assert "| Jamiyat | 4 |" in (out / "README.md").read_text("utf-8")


def test_the_table_is_described(out: Path) -> None:
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    (resource,) = [each for each in package["resources"] if each["name"] == "sections"]
    (first, *_) = rows(out / "sections.jsonl.gz")
    assert [each["name"] for each in resource["schema"]["fields"]] == list(first)
    assert '"sections-files"' in (out / "croissant.json").read_text("utf-8")


def test_a_forged_table_is_named(out: Path) -> None:
    path = out / "sections.jsonl.gz"
    first, *others = rows(path)
    forged = [first | {"media_topic": "16000000"}, *others]
    write_rows(path, [json.dumps(row).encode() + b"\n" for row in forged])
    (out / "SHA256SUMS").unlink()
    write_sums(out)
    assert list(Verifier(out).problems()) == ["sections.jsonl.gz: line 1 differs from figures.json"]


@pytest.mark.parametrize("name", ["authors", "sections"])
def test_a_table_that_agrees_with_forged_figures_is_named(out: Path, name: str) -> None:
    figures = json.loads((out / "figures.json").read_text("utf-8"))
    forged = {"authors": {"Nobody Olmazorov": 3}, "sections": {'["uz","Sport",null,null]': 3}}
    (out / "figures.json").write_text(json.dumps(figures | {name: forged[name]}), "utf-8")
    told = msgspec.json.decode((out / "figures.json").read_bytes(), type=Figures)
    write_tables(told, out)
    (out / "SHA256SUMS").unlink()
    write_sums(out)
    assert list(Verifier(out).problems()) == [f"figures.json: '{name}' differs from the rows"]
