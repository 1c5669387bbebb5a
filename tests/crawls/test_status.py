import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawls.harness import ROOT, Crawl, options


def status(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "status", *arguments, *options({"DATA_DIR": data})],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_status_tells_what_the_journal_and_the_report_tell(crawl: Crawl) -> None:
    run = crawl("-a", "limit=20")
    files = {path: path.read_bytes() for path in crawl.data.rglob("*.jsonl")}
    told = json.loads(status(crawl.data, "uza", "--json").stdout)
    assert told["articles"]["stored"] == len(crawl.rows()) == told["versions"]["new"]
    assert told["articles"]["pending"] == run.report["left"] == told["due"]["news"] > 0
    assert told["runs"] == [run.report | {"ended": True}]
    years = {path.stem: path.read_text().count("\n") for path in crawl.data.glob("uza/articles/2*")}
    assert years == {
        year: states["stored"]
        for year, states in told["years"].items()
        if year and "stored" in states
    }
    table = status(crawl.data, "uza")
    assert (table.returncode, table.stderr) == (0, "")
    assert f"{run.report['run']} finished: 20 new, " in table.stdout
    assert {path: path.read_bytes() for path in crawl.data.rglob("*.jsonl")} == files


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "expected an agency; there are: uza"),
        (("uza", "other"), "expected one agency, not also 'other'"),
        (("uza",), "there is no archive; crawl first"),
    ],
)
def test_a_status_that_cannot_be_told_is_one_line(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    answer = status(tmp_path, *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.count("\n") == 1
    assert message in answer.stderr
