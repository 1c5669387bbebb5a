"""Two releases of an archive, before and after it changed, by what others made to judge them."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from crawler.export.formats import write
from crawler.export.row import Source
from crawler.model.article import Sighting
from crawler.release.documents.maker import Maker
from crawler.store.archive import Archive
from tests.crawler.archives import store
from tests.crawler.export.test_standards import NINJS
from tests.crawler.release.archives import release_of, rows
from tests.crawler.release.world import fill_with_posts

pytestmark = pytest.mark.slow
MAKER = Maker("Institut", "https://ochiq.example", "CC-BY-4.0", "10.5281/zenodo.1234567")
EDITED, REMOVED, WITHDRAWN, NEW = 3, 5, 7, 9  # numbers of articles beside those of the replica
LATER = "2026-11-27T00:00:00Z"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Release an archive of the replica's posts; edit, remove and withdraw; release it again."""
    folder = tmp_path_factory.mktemp("validated")
    fill_with_posts(folder / "uza", posts=60)
    _record(folder / "uza", {number: {} for number in (EDITED, REMOVED, WITHDRAWN)})
    before, after = folder / "before", folder / "after"
    release_of(folder / "uza", before, maker=MAKER)
    changes: dict[int, dict[str, Any]] = {
        EDITED: {"change": "edited", "changed_fields": ["title"], "title": "Another title"},
        REMOVED: {"change": "gone", "evidence": [Sighting(404, LATER)]},
        WITHDRAWN: {"change": "withdrawn", "title": "withdrawn", "body": "", "reason": "court"},
    }
    second = {"version": 2, "fetched_at": LATER}
    _record(folder / "uza", {number: {**change, **second} for number, change in changes.items()})
    _record(folder / "uza", {NEW: {"fetched_at": LATER}})
    release_of(folder / "uza", after, maker=MAKER, previous=before)
    return {"before": before, "after": after}


def _record(folder: Path, changes: Mapping[int, dict[str, Any]]) -> None:
    archive = Archive(folder)
    for number, fields in changes.items():
        store(archive, number, **{"edition": "en", "published_at": "2024-05-01", **fields})
    archive.close()


@pytest.fixture(params=["before", "after"])
def released(request: pytest.FixtureRequest, releases: dict[str, Path]) -> Path:
    return releases[request.param]


def run(environment: str, program: str, *arguments: str, folder: Path) -> str:
    """Run a program of an environment that ``make test`` installs; return what it prints."""
    place = Path(sys.prefix) / environment / "bin" / program
    assert place.exists(), f"make .venv/{environment}/installed"
    done = subprocess.run(
        [place, *arguments], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def lines(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*/*/*.jsonl.gz")):
        yield from rows(path)


def test_they_differ_by_an_edit_a_removal_and_a_withdrawal(releases: dict[str, Path]) -> None:
    changes = [{row["change"] for row in lines(each)} for each in releases.values()]
    assert changes[1] - changes[0] == {"withdrawn"}
    assert [len(rows(each / "withdrawn.jsonl.gz")) for each in releases.values()] == [0, 1]
    told = {row["id"]: row["change"] for row in lines(releases["after"]) if row["version"] == 2}
    assert [told[f"uza:{number}"] for number in (EDITED, REMOVED)] == ["edited", "gone"]


def test_frictionless_finds_the_data_package_valid(released: Path) -> None:
    told = json.loads(
        run("pywb", "frictionless", "validate", "datapackage.json", "--json", folder=released)
    )
    assert (told["valid"], told["errors"], told["warnings"]) == (True, [], [])
    # Each reads all its rows.
    tasks = {task["name"]: task["stats"]["rows"] for task in told["tasks"]}
    assert tasks["articles"] + tasks["versions"] == sum(1 for _ in lines(released))


def test_cffconvert_finds_the_citation_valid(released: Path) -> None:
    assert "are valid" in run("validators", "cffconvert", "--validate", folder=released)
    assert MAKER.name in run("validators", "cffconvert", "-f", "bibtex", folder=released)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what reads Croissant
def test_mlcroissant_finds_no_issue_and_loads_every_record_set(released: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    described = mlcroissant.Dataset(released / "croissant.json")
    issues = described.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    sets = [each.uuid for each in described.metadata.record_sets]
    assert {"articles", "versions", "states"} <= set(sets)
    for each in sets:
        assert list(described.records(each))


def test_every_row_is_valid_by_the_schema_of_the_release(released: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = read(released / "schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    valid = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for row in lines(released):
        valid.validate(row)


def test_every_row_is_valid_ninjs(released: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    valid = jsonschema.Draft202012Validator(NINJS)
    for item in b"".join(
        write("ninjs", lines(released), Source("https://uza.uz", "Made up."))
    ).splitlines():
        valid.validate(json.loads(item))


def test_datacite_finds_its_metadata_valid(released: Path) -> None:
    schema = pytest.importorskip("datacite.schema45")
    schema.validate(read(released / "datacite.json"))
