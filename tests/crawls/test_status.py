import json
import subprocess
from pathlib import Path

import pytest

from tests.commands import Refused, scrapy
from tests.crawls.harness import Crawl


def status(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return scrapy("status", *arguments, DATA_DIR=data)


def test_status_tells_what_the_journal_and_the_report_tell(crawl: Crawl) -> None:
    run = crawl("-a", "limit=20")
    files = {path: path.read_bytes() for path in crawl.data.rglob("*.jsonl")}
    told = json.loads(status(crawl.data, "uza", "--json").stdout)
    assert told["articles"]["stored"] == len(crawl.rows()) == told["versions"]["new"]
    assert told["articles"]["pending"] == run.report["pending"] == told["due"]["news"] > 0
    assert told["runs"] == [run.report | {"ended": True}]
    years = {path.stem: path.read_text().count("\n") for path in crawl.data.glob("uza/articles/2*")}
    assert years == {
        year: states["stored"]
        for year, states in told["years"].items()
        if year and "stored" in states
    }
    table = status(crawl.data, "uza")
    assert (table.returncode, table.stderr) == (0, "")
    ended = f"{run.report['run']} ended with exit code 0 (20 new): 20 new, "
    assert ended in table.stdout
    assert {path: path.read_bytes() for path in crawl.data.rglob("*.jsonl")} == files


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("uza", "other"), "no agency 'other'; there are: "),
        (("uza",), "there is no archive; crawl first"),
    ],
)
def test_a_status_that_cannot_be_told_is_one_line(
    tmp_path: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    assert message in refused("status", *arguments, "-s", f"DATA_DIR={tmp_path}")
