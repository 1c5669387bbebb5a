"""Every part of the benchmarks runs, on a few pages, and prints its table; nothing is timed."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import __main__ as entry
from benchmarks import crawls, peers, releases, searches
from benchmarks.cores import Usage
from benchmarks.results import GOALS, Goal
from benchmarks.serving import serving
from tests.commands import start


def run(capsys: pytest.CaptureFixture[str], folder: Path, *parts: str) -> tuple[str, list[str]]:
    """Measure parts; return what was printed, and the titles in the file of raw figures."""
    kept = folder / "raw" / "figures.json"
    entry.main([*parts, "--scale", "tiny", "--json", str(kept)])
    titles = [part["title"] for part in json.loads(kept.read_bytes())["parts"]]
    return capsys.readouterr().out, titles


def run_untimed(command: Sequence[str], folder: Path, log: Path, exit_code: int = 0) -> Usage:
    """Run a command without a new interpreter, whose imports take most of its time."""
    with (
        log.open("wb") as file,
        start([*command], stdout=file.fileno(), stderr=file.fileno()) as process,
    ):
        assert process.wait() == exit_code, log.read_text("utf-8")
    return Usage(cpu=1.0, seconds=1.0, memory=1.0)


@pytest.mark.parametrize(
    "part",
    [
        "parts",
        "rereading",
        "ledger",
        "growth",
        "estimate",
        "peers",
        "start",
        "searches",
        "room",
        "releases",
    ],
)  # fmt: skip
def test_a_part_prints_its_table_above_its_goals(
    part: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(peers, "ENVIRONMENTS", {})  # others take a minute
    monkeypatch.setattr(releases, "run", run_untimed)
    monkeypatch.setattr(searches, "_COUNTS", (0, 1_000))  # ten times as many, two seconds
    out, (title,) = run(capsys, tmp_path, part)
    table, _, goals = out.partition(f"### {title}")[2].partition(GOALS)
    assert "| goal" in goals
    assert table.lstrip().startswith("| ")


@pytest.mark.parametrize("name", [crawls.UNTUNED, crawls.TUNED, crawls.PLAIN])
def test_a_way_to_crawl_asks_for_every_page(name: str, tmp_path: Path) -> None:
    way = next(way for way in crawls.variations() if way.name == name)
    with serving(3) as server:
        usage = way.crawl(server, 3, tmp_path)
    assert usage.cpu > 0
    assert usage.memory > 10


def test_a_crawl_that_asks_for_too_little_is_no_measurement(tmp_path: Path) -> None:
    null = next(crawls.variations())
    with serving(1) as server, pytest.raises(RuntimeError, match="not 2 pages"):
        null.crawl(server, 2, tmp_path)


@pytest.mark.parametrize(
    ("measured", "at_least", "word"),
    [
        (1.0, False, "met"),
        (1.1, False, "**missed**"),
        (1.0, True, "met"),
        (0.9, True, "**missed**"),
    ],
)
def test_a_goal_says_whether_it_is_met(measured: float, at_least: bool, word: str) -> None:
    assert Goal("what", 1.0, measured, "ms", at_least).cells[-1] == word


def test_figures_take_the_place_of_the_last_ones_in_the_document(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{entry.BEGIN}old\n{entry.END}after\n")
    monkeypatch.setattr(entry, "DOCUMENT", document)
    entry.write("new")
    assert document.read_text() == f"before\n{entry.BEGIN}\nnew\n\n{entry.END}after\n"


def test_figures_of_others_stay_until_they_are_measured_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document, others = tmp_path / "performance.md", f"### {peers.TITLE}\n\nothers\n\n"
    document.write_text(f"{entry.BEGIN}\nold\n\n{others}{entry.END}")
    monkeypatch.setattr(entry, "DOCUMENT", document)
    entry.write("new\n")
    assert document.read_text() == f"{entry.BEGIN}\nnew\n\n{others}{entry.END}"
    entry.write(f"new\n\n{GOALS}\nmet\n")
    assert document.read_text() == f"{entry.BEGIN}\nnew\n\n{others}{GOALS}\nmet\n\n{entry.END}"
    entry.write(f"newer\n\n{GOALS}\nmissed\n")
    assert document.read_text() == f"{entry.BEGIN}\nnewer\n\n{others}{GOALS}\nmissed\n\n{entry.END}"
    entry.write(f"### {peers.TITLE}\n\nnewest\n")
    assert document.read_text() == f"{entry.BEGIN}\n### {peers.TITLE}\n\nnewest\n\n{entry.END}"
