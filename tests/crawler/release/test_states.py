"""What a release says of when each article was last seen, and since when it was not."""

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.maintenance.rebuild import Rebuild
from crawler.model.article import Sighting
from crawler.model.link import Link
from crawler.model.rules import TimestampRules
from crawler.release.documents.manifest import write_sums
from crawler.release.verify import Verifier
from crawler.store.archive import Archive
from tests.crawler.archives import store
from tests.crawler.release.archives import LATER, archive_in, release_of, rows

FIRST, SEEN, MISSED = "2026-11-23T00:00:00Z", "2026-11-26T08:00:00Z", "2026-11-27T09:00:00Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Visit an article in vain, miss another, withdraw one, and read one from a web archive."""
    folder = archive_in(tmp_path)
    archive = Archive(folder)
    states = archive.ledger.states
    states.fetched("uza:1", SEEN)
    for at in (MISSED, "2026-11-28T09:00:00Z"):
        states.note_absence("uza:2", [Sighting(404, at, "page", "https://uza.uz/posts/2")])
    states.missing("uza:2", "HTTP 404", 0)
    bare: dict[str, Any] = {"title": "withdrawn", "body": "", "change": "withdrawn"}
    store(archive, 8)
    store(archive, 8, **bare, version=2, reason="privacy", fetched_at="2026-11-25T11:00:00Z")
    store(archive, 9, archive_url="https://archive.example/9", fetched_at="2012-01-01T00:00:00Z")
    archive.close()
    return folder


def told(out: Path) -> dict[str, tuple[str, str | None, int | None, str | None]]:
    return {
        each["id"]: tuple(
            each[name] for name in ("state", "last_seen_at", "visits", "missing_since")
        )
        for each in rows(out / "states.jsonl.gz")
    }


def problems(out: Path) -> str:
    return "\n".join(Verifier(out).problems())


def test_each_article_has_its_state(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    release_of(folder, out)
    assert told(out) == {
        "uza:1": ("present", SEEN, 2, None),
        "uza:2": ("missing", FIRST, 1, MISSED),
        "uza:3": ("present", LATER, 2, None),
        "uza:4": ("gone", FIRST, 1, LATER),  # by the evidence of its row: the ledger has none
        "uza:5": ("present", FIRST, 1, None),
        "uza:8": ("withdrawn", None, None, None),
        "uza:9": ("archived", None, 0, None),
    }
    assert problems(out) == ""
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    (resource,) = [each for each in package["resources"] if each["name"] == "states"]
    assert [each["name"] for each in resource["schema"]["fields"]] == list(
        rows(out / "states.jsonl.gz")[0]
    )
    assert "| `states.jsonl.gz` |" in (out / "README.md").read_text("utf-8")


def test_a_selection_has_the_states_of_its_articles(folder: Path, tmp_path: Path) -> None:
    release_of(folder, tmp_path / "out", conditions={"edition = ?": "en"})
    assert told(tmp_path / "out").keys() == {"uza:3", "uza:4"}
    assert problems(tmp_path / "out") == ""


def test_a_visit_that_finds_nothing_new_makes_another_release(folder: Path, tmp_path: Path) -> None:
    before = release_of(folder, tmp_path / "before")
    archive = Archive(folder)
    archive.ledger.states.fetched("uza:5", SEEN)
    archive.close()
    after = release_of(folder, tmp_path / "after")
    assert before.version != after.version
    assert told(tmp_path / "after")["uza:5"] == ("present", SEEN, 2, None)


DAY = 86_400.0
FOUND = datetime.fromisoformat(LATER).timestamp()
SAME, NEWER, NEXT_DAY = "2026-11-23 06:00:00", "2026-11-24 04:00:00", "2026-11-25 06:00:00"


@pytest.mark.parametrize(
    ("raw", "changed_at", "told_at", "in_row", "announced"),
    [
        (SAME, None, FOUND + DAY, None, False),
        (SAME, FOUND - DAY, FOUND + DAY, None, False),  # with another headline
        (NEWER, FOUND + DAY, FOUND + DAY, None, True),
        (NEWER, FOUND - DAY, FOUND + DAY, None, None),  # perhaps of an earlier change
        (NEXT_DAY, FOUND + 2 * DAY, FOUND + 2 * DAY, None, None),  # of a later change
        (SAME, None, FOUND - DAY, None, None),  # told before the edit was found
        (SAME, None, FOUND + DAY, True, None),  # its row has it
        ("2026-11-22 06:00:00", FOUND + DAY, FOUND + DAY, None, None),
        ("soon", FOUND + DAY, FOUND + DAY, None, None),
    ],
)
def test_a_list_that_is_read_later_tells_which_edits_were_announced(
    folder: Path,
    tmp_path: Path,
    raw: str,
    changed_at: float | None,
    told_at: float,
    in_row: bool | None,
    announced: bool | None,
) -> None:
    archive = Archive(folder)
    store(archive, 10, modified_at="2026-11-23T06:00:00+05:00")
    edited: dict[str, Any] = {"change": "edited", "fetched_at": LATER, "announced": in_row}
    store(archive, 10, version=2, body="Another.", **edited)
    link = Link("https://uza.uz/posts/10", "api", modified_raw=raw)
    archive.ledger.frontier.sight("uza:10", link)
    archive.ledger.database.execute(
        "UPDATE sighting SET changed_at = ?, told_at = ?", (changed_at, told_at)
    )
    archive.close()
    release_of(folder, tmp_path / "out", dates=TimestampRules("Asia/Tashkent"))
    states = {each["id"]: each["announced"] for each in rows(tmp_path / "out/states.jsonl.gz")}
    assert states.pop("uza:10") is announced
    assert set(states.values()) == {None}
    assert problems(tmp_path / "out") == ""


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what reads Croissant
def test_visits_are_unknown_if_the_ledger_was_made_again(folder: Path, tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    (folder / "ledger.sqlite").unlink()
    Rebuild(folder, lambda _: None).make()
    archive = Archive(folder)
    archive.ledger.states.fetched("uza:5", SEEN)
    archive.close()
    out = tmp_path / "out"
    release_of(folder, out)
    assert {visits for _, _, visits, _ in told(out).values()} == {None}
    assert told(out)["uza:5"] == ("present", SEEN, None, None)
    assert problems(out) == ""
    described = mlcroissant.Dataset(out / "croissant.json")
    assert len(list(described.records("states"))) == 7


@pytest.mark.parametrize(
    ("number", "forged", "problem"),
    [
        (1, {"id": "uza:7"}, "line 2: uza:7 is not in articles/"),
        (1, {"id": "uza:1"}, "line 2: uza:1 is out of order, or twice"),
        (0, {"state": "withdrawn"}, "line 1: uza:1 is withdrawn here but not in articles/"),
        (5, {"state": "present"}, "line 6: uza:8 is withdrawn here but not in articles/"),
        (0, {"state": "gone"}, "line 1: uza:1 is gone here but not in articles/"),
        (0, {"announced": True}, "line 1: uza:1 has `announced`, but is no edit of which"),
        (0, {"missing_since": MISSED}, f"uza:1 is present, and missing since {MISSED}"),
        (0, {"last_seen_at": "2026-13-45T00:00:00Z"}, "has the time 2026-13-45T00:00:00Z"),
        (0, {"last_seen_at": "yesterday"}, "states.jsonl.gz: line 1: Expected `str` matching"),
        (0, {"visits": -1}, "states.jsonl.gz: line 1: Expected `int` >= 0"),
        (0, {"seen": 1}, "states.jsonl.gz: line 1: Object contains unknown field `seen`"),
        (6, None, "states.jsonl.gz: 1 articles have no state"),
    ],
)
def test_a_forged_state_is_named(
    folder: Path, tmp_path: Path, number: int, forged: dict[str, Any] | None, problem: str
) -> None:
    out = tmp_path / "out"
    release_of(folder, out)
    path = out / "states.jsonl.gz"
    lines = rows(path)
    lines[number : number + 1] = [] if forged is None else [lines[number] | forged]
    path.write_bytes(gzip.compress("".join(f"{json.dumps(each)}\n" for each in lines).encode()))
    write_sums(out)
    assert problem in problems(out)


def test_a_missing_table_is_named(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    release_of(folder, out)
    (out / "states.jsonl.gz").unlink()
    write_sums(out)
    assert "states.jsonl.gz: cannot be read to its end" in problems(out)
