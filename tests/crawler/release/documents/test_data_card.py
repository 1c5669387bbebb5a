"""What a reader learns from the data card who has nothing but the release."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from crawler.model.article import Person
from crawler.model.rules import TimestampRules
from crawler.release.rows import row_hash
from crawler.release.similarity.stories import Link
from crawler.release.states import State
from crawler.store.archive import Archive
from crawler.store.stand_in_site import StandIn, note_stand_in
from tests.crawler.archives import store
from tests.crawler.release.archives import release_of, rows


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released")
    archive = Archive(folder / "uza")
    told: dict[str, Any] = {"edition": "uz", "language": "uz-Cyrl", "script": "Cyrl"}
    people = [Person("Ёқуб Толзоров"), Person("С. Олмазоров", "photo")]
    store(archive, 1, **told, published_at="2021-05-01T23:00:00+05:00", authors=people)
    store(archive, 2, **told, published_at="2024-05-01T23:00:00+05:00")
    archive.close()
    release_of(folder / "uza", folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def card(out: Path) -> str:
    return (out / "README.md").read_text("utf-8")


def test_who_took_the_photo_is_not_counted_as_an_author(out: Path, card: str) -> None:
    figures = json.loads((out / "figures.json").read_text("utf-8"))
    assert figures["authors"] == {"Ёқуб Толзоров": 1}
    assert "| Ёқуб Толзоров | 1 |" in card
    assert "Олмазоров" not in card


def test_a_name_that_looks_like_html_is_a_name_for_all_that(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    store(archive, 1, edition="en", authors=[Person("<b>Aziz</b> | Olmazorov")])
    archive.close()
    release_of(tmp_path / "uza", tmp_path / "out")
    card = (tmp_path / "out/README.md").read_text("utf-8")
    assert r"| \<b>Aziz\</b> \| Olmazorov | 1 |" in card


def test_tables_of_the_most_frequent_tell_how_many_there_are(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    for number, letter in enumerate("bdfghjklmnprs", 1):
        store(archive, number, authors=[Person(f"Aziz {letter}almazorov")])
    archive.close()
    zone = TimestampRules("Asia/Tashkent")
    release_of(tmp_path / "uza", tmp_path / "out", dates=zone)
    card = (tmp_path / "out/README.md").read_text("utf-8")
    assert "| author (12 of 13) | articles |" in card
    assert "in the agency's zone (Asia/Tashkent)" in card


def test_years_without_an_article_are_told_between_those_that_have_some(card: str) -> None:
    assert re.findall(r"^\| (\d{4}) \| (\d) \| (\d) \|$", card, re.M) == [
        ("2021", "1", "1"), ("2022", "0", "0"), ("2023", "0", "0"), ("2024", "1", "1"),
    ]  # fmt: skip


def test_the_codes_of_the_editions_are_explained_by_the_languages_of_their_texts(
    out: Path, card: str
) -> None:
    figures = json.loads((out / "figures.json").read_text("utf-8"))
    assert figures["languages"] == {"uz uz-Cyrl": 2}
    assert "| uz | uz-Cyrl | 2 |" in card


def test_every_field_of_a_link_and_every_reason_of_a_version_is_explained(card: str) -> None:
    for name in ("kind", "id", "earlier", "evidence", "likeness"):
        assert re.search(rf"^\| `{name}` \| [a-z]+ \| [^|]+ \|$", card, re.M), name
    (change,) = re.findall(r"^\| `change` \|.+$", card, re.M)
    for name in ("new", "edited", "respelled", "reparsed", "older", "gone", "back", "withdrawn"):
        assert f"`{name}`: " in change


def test_every_state_is_explained_and_when_an_article_counts_as_gone(card: str) -> None:
    (told,) = re.findall(r"^\| `state` \|.+$", card, re.M)
    for name in get_args(State.__annotations__["state"]):
        assert f"`{name}`: " in told, name
    assert "`gone_rules` in datapackage.json" in told
    assert "### When an article is gone\n" in card


def test_the_card_names_no_file_that_is_not_in_the_folder(out: Path, card: str) -> None:
    assert "docs/" not in card
    for name in re.findall(r"^\| `([\w.]+\.(?:gz|json|py))` \|", card, re.M):
        assert (out / name).exists(), name


def test_a_silence_that_cannot_be_judged_is_not_told_as_completeness(card: str) -> None:
    found = card.partition("## Where something may be missing")[2].partition("\n## ")[0]
    assert "None was found" in found
    assert "says nothing of" in found


def test_what_no_visit_saw_is_told_and_how_far_marks_can_be_trusted(
    card: str,
) -> None:
    assert "visited again 1, 6, 24, 72, 168, 720\n  hours after publication" in card
    assert "lower\n  bounds" in card
    assert "silent edits are found less\n  often than announced ones" in card
    assert "delayed entry" in card
    for row in ("near-duplicates, edited", "translations by `content` alone"):
        assert re.search(rf"^\| {row} +\|.+\| 0\.\d{{3}} +\| 0\.\d{{3}} +\|$", card, re.M), row


def ask(card: str, folder: Path, said: str) -> list[tuple[str, Any]]:
    """Return the answer to the question in the card that has these words."""
    duckdb = pytest.importorskip("duckdb")
    (question,) = [each for each in re.findall(r"```sql\n(.+?)```", card, re.S) if said in each]
    question = re.sub("(?<=\\()'(?=(articles|authors|links)[/.])", f"'{folder}/", question)
    answer: list[tuple[str, Any]] = duckdb.sql(question).fetchall()
    return answer


def test_an_article_counts_once_for_each_person_in_its_byline(card: str, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    full, short, other = map(Person, ("Aziz Olmazorov", "A. Olmazorov", "Malika Anorzorova"))
    store(archive, 1, edition="en", authors=[full, short, other])
    store(archive, 2, edition="en", authors=[short, Person("Malika Anorzorova", "photo")])
    store(archive, 3, edition="en")
    archive.close()
    release_of(tmp_path / "uza", tmp_path / "out")
    told = ask(card, tmp_path / "out", "AS person")
    assert told == [("aziz olmazorov", 2), ("anorzorova malika", 1)]


def test_stories_are_made_again_without_the_weakest_evidence(card: str, tmp_path: Path) -> None:
    links = [
        ("uza:2", "uza:1", ["api", "text"]), ("uza:3", "uza:2", ["minute"]),
        ("uza:4", "uza:3", ["content"]), ("uza:5", "uza:4", ["image"]),
        ("uza:7", "uza:6", ["content"]),
    ]  # fmt: skip
    found = [Link("translation", *each) for each in links]
    found.append(Link("near_duplicate", "uza:9", "uza:8", ["text"], 0.9))
    lines = b"".join(msgspec.json.encode(each) + b"\n" for each in found)
    for name, content in (("2023", b""), ("2024", lines)):
        path = tmp_path / "links" / f"{name}.jsonl.gz"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(content))
    assert dict(ask(card, tmp_path, "stories")) == {
        "uza:1": "uza:1", "uza:2": "uza:1", "uza:3": "uza:1", "uza:4": "uza:4", "uza:5": "uza:4",
    }  # fmt: skip


def test_marks_of_made_up_texts_are_said_to_mean_nothing(card: str, tmp_path: Path) -> None:
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, edition="en")
        note_stand_in(archive.ledger.database, StandIn("http://127.0.0.1:9"))
        archive.commit()
    release_of(tmp_path / "uza", tmp_path / "out")
    said = "these marks, links and stories say nothing about real news"
    assert said in (tmp_path / "out/README.md").read_text("utf-8")
    assert said not in card


def test_the_example_of_a_row_hash_is_right(card: str) -> None:
    told = card.partition("For example, ")[2]
    row, form, hashed = re.findall(r"`(.+?)`", told)[:3]
    assert row_hash(json.loads(row)) == hashed == hashlib.sha256(form.encode()).hexdigest()


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_the_recipe_of_the_row_hash_holds_in_another_language(out: Path, card: str) -> None:
    (recipe,) = re.findall(r"```javascript\n(.+?)```", card, re.DOTALL)
    found = [row for path in sorted(out.glob("*/*/*.gz")) for row in rows(path)]
    asked = "".join(f"console.log(rowHash({json.dumps(row)}));" for row in found)
    run = subprocess.run(
        ["node", "-e", recipe + asked], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.split() == [row["row_hash"] for row in found] != []
