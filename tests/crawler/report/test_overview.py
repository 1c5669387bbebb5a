"""How all archives fare, at one glance."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import parser
from prometheus_client.openmetrics import parser as open_parser

from crawler.errors import ExitCode
from crawler.report.overview import Overview, overview_lines, read_overview, worst
from crawler.report.overview import openmetrics as metrics_of
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from tests.commands import Refused, scrapy
from tests.crawler.archives import store

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def run_ended(
    archive: Archive,
    age: timedelta,
    exit_code: int | None = 0,
    failed: Mapping[str, str] | None = None,
    served: tuple[str, ...] = (),
    **outcomes: int,
) -> str:
    """Keep the report of a run that ended so long before noon; return when it began."""
    moment = f"{NOON - age:%Y-%m-%dT%H:%M:%SZ}"
    run_id = f"{NOON - age:%Y%m%dT%H%M%SZ}"
    report = {
        "run": run_id,
        "started_at": moment,
        "ended_at": moment,
        "outcomes": outcomes,
        "sources_served": dict.fromkeys(served, 1),
        "sources_failed": failed or {},
        "exit_code": exit_code,
        "exit_reason": "why it ended so",
    }
    archive.ledger.keep_report(run_id, json.dumps(report).encode(), ended=True)
    return moment


def overview(archive: Archive) -> Overview:
    archive.close()
    with ArchiveReader(archive.folder) as reader:
        return read_overview(reader.database, archive.folder, "uza", NOON)


def test_an_archive_without_a_run_has_never_been_well(tmp_path: Path) -> None:
    told = overview(Archive(tmp_path))
    assert (told.run, told.exit_code, told.good_at, told.age) == (None, None, None, None)
    assert overview_lines([told], None)[1].split()[:4] == ["uza", "never", "-", "-"]
    assert (told.code(None), told.code(HOUR)) == (ExitCode.FINE, ExitCode.SOURCE_FAILED)


def test_the_last_good_run_may_be_older_than_the_last(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    run_ended(archive, 30 * HOUR, new=5)
    good = run_ended(archive, 3 * HOUR, new=7, edited=1, failed={})
    run_ended(archive, HOUR, exit_code=4, new=1)
    told = overview(archive)
    assert (told.good_at, told.age, told.exit_code) == (good, 3 * 3600, 4)
    assert told.outcomes == {"new": 8, "edited": 1}  # of the last 24 hours
    table = overview_lines([told], None)
    assert table[1].split()[:8] == ["uza", good, "3", "h", "4", "8", "1", "0"]
    assert table[1].endswith("why it ended so")


def test_a_run_that_a_service_manager_stopped_is_well_and_a_killed_one_is_not(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    good = run_ended(archive, 2 * HOUR, exit_code=143)
    run_ended(archive, HOUR, exit_code=None)
    told = overview(archive)
    assert (told.good_at, told.exit_code, told.code(None)) == (good, None, 3)
    assert overview_lines([told], None)[1].endswith(f"run {told.run} was killed")


def test_a_source_fails_since_the_first_run_in_a_row_that_it_failed_in(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    rss, api = {"en/rss": "HTTP 404"}, {"en/api": "HTTP 500"}
    run_ended(archive, 50 * HOUR, 3, rss)
    run_ended(archive, 40 * HOUR, 0, served=("en/rss", "en/api"))
    first = run_ended(archive, 30 * HOUR, 3, rss, ("en/api",))
    run_ended(archive, 20 * HOUR, 0)  # asked for ids: no source was asked
    run_ended(archive, 10 * HOUR, 3, rss | api)
    last = run_ended(archive, 2 * HOUR, 3, rss | api)
    told = overview(archive)
    assert told.failing == {"en/rss": first, "en/api": f"{NOON - 10 * HOUR:%Y-%m-%dT%H:%M:%SZ}"}
    assert f"source en/rss fails since {first}" in overview_lines([told], None)[1]
    many = Overview(agency="uza", failing=dict.fromkeys(("a", "b", "c", "d"), last))
    assert many.code(None) == 3  # although no run of it failed: the last one read no source
    assert many.lines(None) == [f"4 sources (a, b, c and 1 more) fail since {last}"]
    assert sorted(many.wrong(None)) == ["source a", "source b", "source c", "source d"]
    assert last > first


def test_what_failed_and_is_served_again_does_not_fail(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    run_ended(archive, 2 * HOUR, 3, {"en/rss": "HTTP 404"})
    run_ended(archive, HOUR, 0, served=("en/rss",))
    assert overview(archive).failing == {}


def test_the_gravest_code_of_all_is_told() -> None:
    fine, late = Overview(agency="a", exit_code=0, age=60), Overview(agency="b", exit_code=0, age=9)
    changed, damaged = Overview(agency="c", exit_code=4), Overview(agency="d", problem="damaged")
    assert worst([fine, late], None) == 0
    assert worst([fine, late], timedelta(seconds=30)) == 3
    assert worst([fine, changed, late], timedelta(seconds=30)) == 4
    assert worst([damaged, changed], None) == 7
    assert worst([Overview(agency="e", exit_code=2)], None) == 2


def test_a_disk_with_little_room_is_told_before_a_run_finds_none(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    run_ended(archive, HOUR)
    archive.close()
    free = shutil.disk_usage(tmp_path).free
    with ArchiveReader(tmp_path) as reader:
        low, fine = (
            read_overview(reader.database, tmp_path, "uza", NOON, least)
            for least in (free // 3, free // 10)
        )
    assert (low.code(None), fine.code(None)) == (ExitCode.STORAGE_FAILED, ExitCode.FINE)
    assert overview_lines([low], None)[1].endswith("of its disk are free")
    (line,) = [line for line in metrics_of([low]) if b"free_bytes{" in line]
    assert float(line.split()[-1]) == pytest.approx(free, rel=0.1)


PARSERS = (parser.text_string_to_metric_families, open_parser.text_string_to_metric_families)


@pytest.mark.parametrize("parse", PARSERS)
def test_prometheus_reads_the_metrics(parse: Callable[[str], Any], tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    good = run_ended(archive, 3 * HOUR, new=7)
    first = run_ended(archive, HOUR, 3, {"en/rss": "HTTP 404"}, edited=2)
    told = [overview(archive), Overview(agency="tass", problem="damaged")]
    values = {
        (each.name, *sorted(each.labels.values())): each.value
        for family in parse(b"".join(metrics_of(told)).decode())
        for each in family.samples
    }
    name = "news_archive"
    assert values[f"{name}_exit_code", "uza"] == 3
    assert (f"{name}_exit_code", "tass") not in values
    assert [values[f"{name}_readable", agency] for agency in ("uza", "tass")] == [1, 0]
    assert [values[f"{name}_outcomes", each, "uza"] for each in ("new", "edited")] == [7, 2]
    since = values[f"{name}_source_failing_since_timestamp_seconds", "en/rss", "uza"]
    assert since == datetime.fromisoformat(first).timestamp()
    at = values[f"{name}_good_run_timestamp_seconds", "uza"]
    assert at == datetime.fromisoformat(good).timestamp()


@pytest.mark.slow
def test_an_archive_that_waits_for_its_first_run_after_an_update_is_not_damaged(
    tmp_path: Path,
) -> None:
    Archive(tmp_path / "uza").close()
    with sqlite3.connect(tmp_path / "uza" / "ledger.sqlite") as database:
        database.execute("PRAGMA user_version = 5")
    database.close()
    out = tmp_path / "metrics"
    done = scrapy("status", "--openmetrics", out, DATA_DIR=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert 'news_archive_readable{agency="uza"} 0' in out.read_text()
    assert "killed_runs{" not in out.read_text()
    assert "the next run of scrapy crawl uza brings" in scrapy("status", DATA_DIR=tmp_path).stdout
    assert scrapy("status", "--max-age", "6h", DATA_DIR=tmp_path).returncode == 3


@pytest.mark.slow
def test_the_command_tells_all_archives_and_names_a_damaged_one(tmp_path: Path) -> None:
    for agency in ("uza", "tass"):
        with Archive(tmp_path / agency) as archive:
            store(archive, 1)
    (tmp_path / "no agency").mkdir()
    done = scrapy("status", DATA_DIR=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["agency", "tass", "uza"]
    assert scrapy("status", "--max-age", "6h", DATA_DIR=tmp_path).returncode == 3
    (tmp_path / "tass" / "ledger.sqlite").write_bytes(b"no database" * 1000)
    done = scrapy("status", "--json", DATA_DIR=tmp_path)
    assert done.returncode == 7
    tass, uza = json.loads(done.stdout)
    assert "tass/ledger.sqlite" in tass["problem"]
    assert uza["problem"] is None
    out = tmp_path / "archive.prom"
    done = scrapy("status", "--openmetrics", out, DATA_DIR=tmp_path)
    assert (done.returncode, done.stdout) == (7, "")
    metrics = out.read_text()
    assert 'news_archive_readable{agency="tass"} 0' in metrics
    assert 'news_archive_pending{agency="uza"} ' in metrics
    assert not [name for name in ("pending", "size_bytes") if f'{name}{{agency="tass"}}' in metrics]
    line = scrapy("status", DATA_DIR=tmp_path).stdout.splitlines()[1]
    assert line.split()[:8] == ["tass", "never", *"------"]  # nothing that nobody could count


@pytest.mark.slow
def test_of_named_agencies_one_without_a_run_is_late_and_one_not_named_is_left_out(
    tmp_path: Path,
) -> None:
    for agency in ("uza", "tass"):
        Archive(tmp_path / agency).close()
    done = scrapy("status", "uza", "ria", "--max-age", "6h", DATA_DIR=tmp_path)
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["agency", "uza", "ria"]
    assert (done.returncode, "no good run" in done.stdout.splitlines()[2]) == (3, True)


@pytest.mark.slow
def test_a_folder_without_a_ledger_hides_no_other_archive(tmp_path: Path) -> None:
    for agency in ("uza", "tass"):
        with Archive(tmp_path / agency) as archive:
            store(archive, 1)
    (tmp_path / "ria").mkdir()
    (tmp_path / "tass" / "ledger.sqlite").unlink()
    done = scrapy("status", "--json", DATA_DIR=tmp_path)
    assert done.returncode == 7, done.stderr
    ria, tass, uza = json.loads(done.stdout)
    assert (ria["problem"], ria["good_at"]) == (None, None)
    assert "missing beside journal/" in tass["problem"]
    assert (uza["problem"], uza["agency"]) == (None, "uza")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "there is no archive in "),
        (("--max-age", "6"), "--max-age 6: expected a time such as 90m, 6h or 2d"),
        (("uza", "nobody", "--max-age", "6h"), "no agency 'nobody'"),
    ],
)
def test_what_cannot_be_told_is_one_line(
    arguments: tuple[str, ...], message: str, refused: Refused, tmp_path: Path
) -> None:
    assert message in refused("status", *arguments, "-s", f"DATA_DIR={tmp_path}")


def test_metrics_that_cannot_be_written_are_one_line(refused: Refused, tmp_path: Path) -> None:
    Archive(tmp_path / "uza").close()
    place = tmp_path / "nowhere" / "archive.prom"
    line = refused("status", "--openmetrics", place, "-s", f"DATA_DIR={tmp_path}")
    assert f"--openmetrics {place}: cannot be written" in line
