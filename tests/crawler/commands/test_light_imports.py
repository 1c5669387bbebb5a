"""What a command imports: its start is most of what most commands cost."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crawler.commands import probe
from crawler.probe.visit import MOST_REQUESTS
from crawler.store.archive import Archive

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
EXECUTE = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from scrapy.cmdline import execute
execute(["scrapy", *sys.argv[1:]])
"""
# What no command needs that only tells of an archive, or of what agencies there are.
HEAVY = {
    *("datasette", "dateutil", "distributed", "matplotlib", "multiprocessing", "pyarrow", "rich"),
    *("selectolax", "twisted.internet.reactor", "warcio"),
    *("pages", "pipelines", "probes", "spiders.uza"),
    *("crawler.audit", "crawler.browse", "crawler.crawl.spider", "crawler.discovery"),
    *(
        "crawler.extract.document",
        "crawler.extract.page",
        "crawler.extract.agencies",
        "crawler.maintenance",
        "crawler.release",
        "crawler.scaffold",
    ),
    *("crawler.text", "crawler.verify"),
}


def imported(*arguments: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", EXECUTE, *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    return set(told.stderr.split())


def test_every_command_can_be_listed_without_what_any_of_them_needs() -> None:
    ours = {name for name in imported("list") if name.startswith("crawler.")}
    packages = {name.split(".")[1] for name in ours}
    assert packages == {
        "cli",
        "commands",
        "crawl",
        "errors",
        "extract",
        "model",
        "settings",
        "system",
    }
    assert {name for name in ours if name.startswith("crawler.crawl.")} == {
        "crawler.crawl.agency_loader"
    }


@pytest.mark.parametrize("command", ["list", "status", "export"])
def test_a_command_that_tells_of_an_archive_imports_no_crawler(
    command: str, tmp_path: Path
) -> None:
    with closing(Archive(tmp_path / "uza")):
        pass
    arguments = [] if command == "list" else ["uza", "-s", f"DATA_DIR={tmp_path}"]
    assert sorted(imported(command, *arguments) & HEAVY) == []


def test_the_manual_says_the_bound_that_it_does_not_import() -> None:
    assert f"at most {MOST_REQUESTS} requests" in probe.Command.manual
