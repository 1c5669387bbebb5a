"""How other programs and repositories read the descriptions of a release."""

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.release.documents.maker import Maker
from crawler.release.verify import Verifier
from tests.crawler.release.archives import archive_in, release_of, rows

MAKER = Maker("Institut", "https://ochiq.example", "CC-BY-4.0", "10.5281/zenodo.1234567")


def released(folder: Path, **chosen: Any) -> Path:
    release_of(archive_in(folder), folder / "out", maker=MAKER, **chosen)
    return folder / "out"


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what reads Croissant
@pytest.mark.parametrize("parquet", [True, False], ids=["Parquet", "lines"])
def test_croissant_has_every_field_of_every_row_in_one_record_set(
    tmp_path: Path, parquet: bool
) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    out = released(tmp_path, parquet=parquet)
    described = mlcroissant.Dataset(out / "croissant.json")
    issues = described.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    lines = {row["id"]: row for path in out.glob("articles/*/*.gz") for row in rows(path)}
    found = {each["articles/id"].decode(): each for each in described.records("articles")}
    assert found.keys() == lines.keys()
    assert {f"articles/{name}" for name in lines["uza:1"]} == found["uza:1"].keys()
    (person,) = found["uza:1"]["articles/authors"]
    assert person["articles/authors/name"].decode() == "Ёқуб Толзоров"
    assert found["uza:3"]["articles/category"]["articles/category/slug"] == b"sport_1"
    if parquet:  # whose times are the texts of the lines
        assert found["uza:4"]["articles/published_at"] == b"2023-07-01"
    assert len(list(described.records("versions"))) == 2
    assert len(list(described.records("states"))) == len(lines)
    assert len(list(described.records("links"))) == len(rows(out / "links/2024.jsonl.gz"))


def test_croissant_stays_small_and_says_what_is_asked_of_responsible_data(tmp_path: Path) -> None:
    out = released(tmp_path)
    told = read(out / "croissant.json")
    assert {each["@id"] for each in told["recordSet"]} == {
        "articles", "versions", "links", "states", "authors", "sections",
    }  # fmt: skip
    for name in ("dataCollection", "dataLimitations", "personalSensitiveInformation", "dataBiases"):
        assert told[f"rai:{name}"]


def test_a_record_set_without_rows_is_left_out(tmp_path: Path) -> None:
    from crawler.store.archive import Archive
    from tests.crawler.archives import store

    archive = Archive(tmp_path / "uza")
    store(archive, 1, edition="en", published_at="2024-01-01")
    archive.close()
    release_of(tmp_path / "uza", tmp_path / "out")
    told = read(tmp_path / "out/croissant.json")
    assert {each["@id"] for each in told["recordSet"]} == {"articles", "states"}
    package = read(tmp_path / "out/datapackage.json")
    assert {each["name"] for each in package["resources"]} == {"articles", "states"}


def test_the_data_package_tells_which_values_a_field_can_have(tmp_path: Path) -> None:
    package = read(released(tmp_path) / "datapackage.json")
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    (articles,) = (each for each in package["resources"] if each["name"] == "articles")
    fields = {each["name"]: each for each in articles["schema"]["fields"]}
    assert "gone" in fields["change"]["constraints"]["enum"]
    assert fields["id"]["constraints"]["pattern"].startswith("^")
    kinds = [fields[name]["type"] for name in ("capture", "authors", "version", "announced")]
    assert kinds == ["object", "array", "integer", "boolean"]


def test_datacite_has_what_a_repository_demands(tmp_path: Path) -> None:
    told = read(released(tmp_path) / "datacite.json")
    demanded = ("creators", "titles", "publisher", "publicationYear", "types", "schemaVersion")
    assert all(told[name] for name in demanded)
    assert told["doi"] == MAKER.doi
    assert "language" not in told  # it can have only one
    assert {"description": "Languages: uz-Cyrl, uz-Latn", "descriptionType": "Other"} in told[
        "descriptions"
    ]
    assert {each["dateType"] for each in told["dates"]} == {"Issued", "Collected"}


def test_the_crate_names_every_file_once_and_points_to_nothing_else(tmp_path: Path) -> None:
    out = released(tmp_path)
    graph = {each["@id"]: each for each in read(out / "ro-crate-metadata.json")["@graph"]}
    files = {name for name, each in graph.items() if each["@type"] == "File"}
    there = {each.relative_to(out).as_posix() for each in out.rglob("*") if each.is_file()}
    assert files == there - {"ro-crate-metadata.json", "SHA256SUMS"}
    assert {each["@id"] for each in graph["./"]["hasPart"]} == files
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    named = {each["@id"] for thing in graph.values() for each in thing.values()
             if isinstance(each, dict)}  # fmt: skip
    assert named <= graph.keys() | {"https://w3id.org/ro/crate/1.1"}
    assert not list(Verifier(out).problems())


@pytest.mark.parametrize("parquet", [True, False], ids=["Parquet", "lines"])
def test_the_head_of_the_card_is_what_hugging_face_asks_for(tmp_path: Path, parquet: bool) -> None:
    yaml = pytest.importorskip("yaml")
    card = (released(tmp_path, parquet=parquet) / "README.md").read_text("utf-8")
    head = yaml.safe_load(card.split("---\n")[1])
    assert head["license"] == "other"
    assert head["language"] == ["uz"]
    assert head["language_bcp47"] == ["uz-Cyrl", "uz-Latn"]
    assert head["size_categories"] == ["n<1K"]
    configs = [each["config_name"] for each in head.get("configs", [])]
    assert configs == (["articles", "versions"] if parquet else [])
