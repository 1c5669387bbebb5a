"""What a release says of how long an article must be missing to be gone."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from crawler.model.article import Sighting
from crawler.release.verify import Verifier
from crawler.store.archive import Archive
from tests.crawler.archives import store
from tests.crawler.release.archives import archive_in, release_of

USUAL = {"sightings": 3, "hours": 48, "share": 0.05}


def released(folder: Path, *reports: dict[str, Any]) -> Path:
    """Return the release of an archive whose runs reported this."""
    with closing(Archive(archive_in(folder))) as archive:
        for day, report in enumerate(reports, 1):
            encoded = msgspec.json.encode(report)
            archive.ledger.keep_report(f"202611{day:02}T000000Z", encoded, ended=True)
        archive.commit()
    release_of(folder / "uza", folder / "out")
    assert list(Verifier(folder / "out").problems()) == []
    return folder / "out"


def test_the_settings_of_all_runs_are_listed(tmp_path: Path) -> None:
    hasty = {"gone_after": USUAL | {"sightings": 1, "hours": 0}}
    usual = {"gone_after": USUAL}
    out = released(tmp_path, {}, usual, usual, hasty, usual)
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    assert package["gone_rules"] == [
        {"sightings": None, "hours": None, "share": None, "runs": 1,
         "first_run": "20261101T000000Z", "last_run": "20261101T000000Z"},
        USUAL | {"runs": 3, "first_run": "20261102T000000Z", "last_run": "20261105T000000Z"},
        USUAL | {"sightings": 1, "hours": 0, "runs": 1,
                 "first_run": "20261104T000000Z", "last_run": "20261104T000000Z"},
    ]  # fmt: skip
    sentence = (
        "An article counts as gone if 3 or more responses, over 48 or more hours, were without it, "
        "or 1 or more responses, over 0 or more hours, were without it. Some runs did not record "
        "this."
    )
    card = (out / "README.md").read_text("utf-8")
    assert sentence in card
    assert "| unknown | unknown | unknown | 1 | 20261101T000000Z | 20261101T000000Z |" in card
    assert "| 3 | 48 | 0.05 | 3 | 20261102T000000Z | 20261105T000000Z |" in card
    assert sentence in (out / "croissant.json").read_text("utf-8")


def test_what_a_person_confirmed_is_counted(tmp_path: Path) -> None:
    with closing(Archive(archive_in(tmp_path))) as archive:
        seen = Sighting(404, "2026-11-24T00:00:00Z")
        gone = {"change": "gone", "version": 2, "fetched_at": seen.at, "evidence": [seen]}
        store(archive, 2, **gone, run="confirm-gone-20261124T000000Z")
    release_of(tmp_path / "uza", tmp_path / "out")
    for name in ("README.md", "croissant.json"):
        assert " A person confirmed 1 of those here." in (tmp_path / "out" / name).read_text(
            "utf-8"
        )


def test_without_a_report_they_are_unknown(tmp_path: Path) -> None:
    out = released(tmp_path)
    assert json.loads((out / "datapackage.json").read_text("utf-8"))["gone_rules"] == []
    assert "to count as gone was not recorded." in (out / "README.md").read_text("utf-8")
