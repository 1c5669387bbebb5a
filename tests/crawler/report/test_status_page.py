"""The page of all archives: what is wrong, articles by day, gaps and last runs."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.audit.gaps import Gap
from crawler.crawl.run_result import Alarm
from crawler.report.overview import Overview
from crawler.report.past_runs import PastRun
from crawler.report.status_page import DAYS, Agency, status_page
from crawler.store.archive import Archive
from tests.commands import Refused, scrapy
from tests.crawler.archives import store

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)
TODAY = NOON.date()
WELL = Overview(
    agency="uza", exit_code=0, good_at="2026-12-10T11:30:00Z", age=1800,
    next_run="2026-12-10T12:06:00Z",
)  # fmt: skip


def page(*agencies: Agency) -> LexborHTMLParser:
    return LexborHTMLParser(b"".join(status_page(agencies, None, NOON)))


def texts(shown: LexborHTMLParser, selector: str) -> list[str]:
    return [node.text(strip=True) for node in shown.css(selector)]


def days_ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def test_a_line_for_each_agency_says_how_it_fares() -> None:
    failing = Overview(
        agency="tass", run="1", exit_code=4, exit_reason="en: 0 < 3 articles", outcomes={"new": 7},
        pending=0, bytes=0, running_since="2026-12-10T11:59:00Z",
    )  # fmt: skip
    made_up = Overview(agency="unn", stand_in="http://127.0.0.1:8099", good_at=WELL.good_at, age=9)
    fresh = Overview(agency="ap")
    agencies = [Agency(overview=each) for each in (failing, WELL, made_up, fresh)]
    shown = page(*agencies)
    assert "2 of 4 archives are fine." in texts(shown, "header p")[0]
    states = ["fails", "fine", "fine(made up)", "no run yet"]
    assert texts(shown, "main > .wide td:nth-child(2)") == states
    assert texts(shown, "main > .wide tr:nth-child(1) .number")[-5:-2] == ["7", "0", "0"]
    assert texts(shown, "main > .wide td:nth-child(4)") == [
        *("running", "2026-12-10 12:06", "not known", "not known"),
    ]
    assert texts(shown, "#tass ~ ul li") == ["en: 0 < 3 articles"]
    assert "http://127.0.0.1:8099" in texts(shown, "#unn ~ p")[0]


def test_the_chart_has_a_bar_for_each_day_of_all_editions_and_marks_gaps() -> None:
    posts = {"en": {days_ago(0): 2, days_ago(1): 8, days_ago(200): 99}, "ru": {days_ago(1): 2}}
    gap = Gap(first=days_ago(4), last=days_ago(3), posts=0, usual=19)
    shown = page(Agency(overview=WELL, posts=posts, gaps={"en": [gap]}))
    bars = shown.css("svg rect")
    assert len(bars) == DAYS
    heights = [float(bar.attributes["height"] or "") for bar in bars]
    assert heights[-2:] == [100, 20]
    assert [place for place, bar in enumerate(bars) if bar.attributes.get("class") == "gap"] == [
        DAYS - 5,
        DAYS - 4,
    ]
    assert min(heights[-5:-3]) > 0
    assert texts(shown, "#uza ~ ul li") == ["en: 2026-12-06 to 2026-12-07: 0 articles, usually 19"]
    assert "articles in 90 days: 12, at most 10 a day" in texts(shown, "figcaption")[0]


def test_runs_and_what_the_last_one_noticed_are_told() -> None:
    alarm = Alarm("en", "articles", "0", "usually <b>9", [])
    runs = [
        PastRun(
            id=str(code), started_at="2026-12-10T11:00:00Z", ended_at="", outcomes={},
            exit_code=code, exit_reason="<why>", monitors=[alarm],
        )
        for code in (4, None)
    ]  # fmt: skip
    runs[1].is_active = True
    shown = page(Agency(overview=WELL, runs=runs))
    assert texts(shown, "section td") == [
        *("2026-12-10 11:00", "4", "<why>"),
        *("2026-12-10 11:00", "-", "running"),
    ]
    assert texts(shown, "#uza ~ ul li") == ["monitor en: articles 0, usually <b>9"]


def test_a_damaged_archive_shows_no_chart_that_says_it_is_empty() -> None:
    shown = page(Agency(overview=Overview(agency="uza", problem="damaged")))
    assert not shown.css("svg")
    assert texts(shown, "#uza ~ ul li") == ["damaged"]


@pytest.mark.parametrize("agencies", [[], [Agency(overview=WELL)]])
def test_the_page_needs_nothing_from_elsewhere(agencies: Sequence[Agency]) -> None:
    shown = page(*agencies)
    assert not shown.css("script, link, img, iframe")
    assert not re.search(r"url\(|@import", shown.css("style")[0].text())
    assert "$" not in (shown.html or "")


@pytest.mark.slow
def test_the_command_writes_the_page_at_once(tmp_path: Path) -> None:
    with Archive(tmp_path / "uza") as archive:
        store(archive, 1, edition="en", published_at=f"{days_ago(0)}T10:00:00+05:00")
    out = tmp_path / "status.html"
    out.write_text("as it was")
    done = scrapy("status", "--html", out, DATA_DIR=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "articles in 90 days: 1, at most 1 a day" in out.read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["status.html", "uza"]


def test_a_page_that_cannot_be_written_is_one_line(refused: Refused, tmp_path: Path) -> None:
    Archive(tmp_path / "uza").close()
    line = refused("status", "--html", tmp_path / "no" / "x.html", "-s", f"DATA_DIR={tmp_path}")
    assert "x.html: cannot be written" in line
