"""What was read from a stand-in stays apart from what the agency published."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from replica import Replica
from replica.demo import command_by_hand
from replica.world import World
from tests.commands import ROOT, Refused, scrapy
from tests.crawls.harness import NOW, QUICK, Crawl, options

FEW = "-a", "limit=10"
NOTICE = "Everything here is made up."


def without_addresses(crawl: Crawl) -> list[str]:
    """Return the settings of a crawl that would ask the live site."""
    kept = {name: value for name, value in crawl.settings.items() if not name.endswith("_URL")}
    return options(kept)


@pytest.fixture
def stored(crawl: Crawl) -> Crawl:
    run = crawl(*FEW, STAND_IN_COMMAND="make stand-in")
    assert run.report["stand_in"] == crawl.replica.site_url
    crawl.replica.requests.clear()
    return crawl


@pytest.mark.parametrize(
    "arguments",
    [(), ("-a", "revisit=all"), ("-a", "ids=1-2"), ("-a", "wayback=1"), ("-a", "since=2026-11-01")],
)
def test_a_made_up_archive_never_asks_the_site(
    stored: Crawl, refused: Refused, arguments: tuple[str, ...]
) -> None:
    before = stored.ids()
    line = refused("crawl", "uza", *arguments, *without_addresses(stored))
    assert "everything in it is made up, so nothing is requested from uza.uz" in line
    assert "start the stand-in: make stand-in; then crawl with -s UZA_SITE_URL=" in line
    assert stored.ids() == before
    assert not stored.replica.requests
    assert len(list(stored.data.glob("uza/runs/*.json"))) == 1


def test_nor_does_one_whose_ledger_was_lost_and_made_again(stored: Crawl, refused: Refused) -> None:
    for path in (*stored.data.glob("uza/ledger*"), stored.data / "uza" / "MADE-UP.json"):
        path.unlink()
    assert scrapy("rebuild", "uza", DATA_DIR=stored.data).returncode == 0
    assert "is made up" in refused("crawl", "uza", *without_addresses(stored))
    assert stored(*FEW).report["stand_in"] == stored.replica.site_url


def test_half_an_address_is_refused(crawl: Crawl, refused: Refused) -> None:
    crawl.settings.pop("UZA_API_URL")
    line = refused("crawl", "uza", *options(crawl.settings))
    assert "UZA_SITE_URL names a stand-in on this machine, UZA_API_URL does not" in line
    assert not crawl.data.exists()
    assert not crawl.replica.requests


def test_an_archive_of_the_site_never_asks_a_stand_in(crawl: Crawl, refused: Refused) -> None:
    mirror = crawl(*FEW, SITE_IS_MIRROR=1)
    assert mirror.report["stand_in"] is None
    assert not (crawl.data / "uza" / "MADE-UP.json").exists()
    crawl.replica.requests.clear()
    line = refused("crawl", "uza", *options(crawl.settings))
    assert "contains articles from uza.uz" in line
    assert not crawl.replica.requests
    assert crawl(*FEW, SITE_IS_MIRROR=1).report["stand_in"] is None


def test_status_and_a_release_of_it_say_that_it_is_made_up(stored: Crawl, tmp_path: Path) -> None:
    status = scrapy("status", "uza", DATA_DIR=stored.data).stdout
    assert status.startswith("made up   everything in this archive: ")
    told = json.loads(scrapy("status", "uza", "--json", DATA_DIR=stored.data).stdout)
    assert told["stand_in"] == stored.replica.site_url
    out = tmp_path / "out"
    assert scrapy("release", "uza", "--out", out, DATA_DIR=stored.data).returncode == 0
    package = json.loads((out / "datapackage.json").read_text())
    croissant = json.loads((out / "croissant.json").read_text())
    for title in (package["title"], croissant["citeAs"]):
        assert "Made-up articles from a stand-in for uza.uz, " in title
    assert package["sources"] == [
        {"title": "a stand-in for uza.uz", "path": stored.replica.site_url}
    ]
    for text in (
        (out / "README.md").read_text(),
        (out / "CITATION.cff").read_text(),
        package["description"],
        croissant["description"],
    ):
        assert NOTICE in text
        assert "that uza.uz published" not in text
        assert "from https://uza.uz" not in text
    assert f"**{NOTICE}" in (out / "README.md").read_text()
    assert scrapy("verify-release", out).returncode == 0


def test_the_demo_tells_how_to_crawl_its_site_by_hand(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Replica(World(seed=7, posts=90, now=NOW)) as replica:
        crawl = Crawl(replica, tmp_path)
        crawl(*FEW)
        by_hand = command_by_hand(replica, data)
    start, crawling = by_hand.splitlines()
    words = [re.sub(r"^\.venv/bin/", "", word) for word in shlex.split(start.removesuffix("&"))]
    assert words[:3] == ["python", "-m", "replica"]
    with subprocess.Popen(
        [sys.executable, *words[1:]], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert replica.site_url.encode() in process.stdout.readline()
        try:
            arguments = shlex.split(crawling)[1:]
            run = scrapy(*arguments, "-a", "limit=5", "-a", "editions=en", **QUICK)
        finally:
            process.terminate()
    assert run.returncode == 0, run.stderr
    # The site that was started is the same one: nothing is edited, and nothing is gone.
    assert {row["change"] for row in crawl.rows()} == {"new"}
