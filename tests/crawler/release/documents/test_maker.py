"""Who made a release, how to reach them, and what may be done with it: in every description."""

import json
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.errors import UsageError
from crawler.release.documents.maker import Maker, maker_of
from crawler.release.verify import Verifier
from tests.crawler.release.archives import archive_in, release_of

MAKER = Maker('Institut "Ochiq"', "data@ochiq.example", "CC-BY-4.0", "10.5281/zenodo.1234567")
PLACE = "https://doi.org/10.5281/zenodo.1234567"


def settings(**given: str) -> Settings:
    return Settings(dict.fromkeys(("OPERATOR", "CONTACT", "RELEASE_DOI"), "") | given)


def test_a_release_names_its_maker_licence_and_doi_and_is_whole(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    out = tmp_path / "out"
    release_of(archive_in(tmp_path), out, maker=MAKER)
    cited = yaml.safe_load((out / "CITATION.cff").read_text("utf-8"))
    entity = {"name": MAKER.name, "email": MAKER.contact}
    assert (cited["authors"], cited["contact"], cited["doi"]) == ([entity], [entity], MAKER.doi)
    assert "license" not in cited  # it would be that of the texts, too
    assert "belong to their publisher" in cited["abstract"]
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    assert package["id"] == PLACE
    assert [each.get("name") for each in package["licenses"]] == [None, "CC-BY-4.0"]
    assert package["contributors"] == [
        {"title": MAKER.name, "roles": ["author"], "email": MAKER.contact}
    ]
    assert "SPDX-License-Identifier: CC-BY-4.0\n" in (out / "LICENSE").read_text("utf-8")
    card = (out / "README.md").read_text("utf-8")
    assert f"Made by {MAKER.name}. Contact: {MAKER.contact}." in card
    assert f"> {MAKER.name}: *" in card
    assert PLACE in card
    assert not list(Verifier(out).problems())


def test_a_maker_without_an_address_is_not_said_to_have_one(tmp_path: Path) -> None:
    release_of(archive_in(tmp_path), tmp_path / "out")
    card = (tmp_path / "out/README.md").read_text("utf-8")
    assert "Its maker has given no address" in card
    assert "Contact:" not in card


def test_no_description_puts_the_whole_data_set_under_the_licence_of_the_own_work(
    tmp_path: Path,
) -> None:
    release_of(archive_in(tmp_path), tmp_path / "out", maker=MAKER)
    told = {path.name: json.loads(path.read_text("utf-8")) for path in tmp_path.glob("out/*.json")}
    assert told["croissant.json"]["license"]["url"] == "LICENSE"
    crate = {each["@id"]: each for each in told["ro-crate-metadata.json"]["@graph"]}
    assert crate["./"]["license"] == {"@id": "LICENSE"}
    assert "belong to their publisher" in crate["LICENSE"]["description"]
    texts, own_work = told["datacite.json"]["rightsList"]
    assert "rightsUri" not in texts
    assert own_work["rightsIdentifier"] == MAKER.license


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what reads Croissant
def test_croissant_gives_the_licence_of_the_own_work_with_its_bounds(tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    release_of(archive_in(tmp_path), tmp_path / "out", maker=MAKER)
    described = mlcroissant.Dataset(tmp_path / "out/croissant.json").metadata
    (creator,) = described.creators
    assert (creator.name, creator.email) == (MAKER.name, MAKER.contact)
    assert "belong to their publisher" in json.dumps(described.to_json()["license"])


def test_the_settings_name_the_maker() -> None:
    given = {"OPERATOR": MAKER.name, "CONTACT": MAKER.contact, "RELEASE_DOI": MAKER.doi}
    assert maker_of(settings(**given, RELEASE_LICENSE="cc-by-4.0")) == MAKER
    assert maker_of(settings(RELEASE_LICENSE="CC0-1.0")) == Maker()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"RELEASE_LICENSE": "free"}, "RELEASE_LICENSE=free: expected one id of https://spdx.org"),
        ({"RELEASE_LICENSE": "MIT OR CC0-1.0"}, "expected one id"),
        ({"RELEASE_LICENSE": "LicenseRef-ours"}, "expected one id"),
        ({"RELEASE_DOI": "https://doi.org/10.5281/1"}, "expected a DOI"),
        ({"OPERATOR": "two\nlines"}, "OPERATOR: expected the name"),
    ],
)
def test_a_setting_that_is_wrong_is_refused(wrong: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        maker_of(settings(**{"RELEASE_LICENSE": "CC0-1.0"} | wrong))


def test_the_licence_of_the_settings_is_that_of_a_release_made_by_hand() -> None:
    from crawler import settings as defaults

    assert Maker().license == defaults.RELEASE_LICENSE
