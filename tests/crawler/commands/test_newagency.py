"""A new agency from one page."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT, Refused, scrapy

PAGE = ROOT / "tests" / "pages" / "yonhap" / "2019-04-09-en-current" / "page.html"
URL = "https://wire.example.uz/view/a-story-20190409002"
# What the new spider's sources are, told by a process that has its folder among its own.
SOURCES = """
import sys
import pages, spiders
for package in (pages, spiders):
    package.__path__.insert(0, f"{sys.argv[1]}/{package.__name__}")
from scrapy.utils.project import get_project_settings
from crawler.scaffold.agencies import listings
from spiders.wire import WireSpider
print([listing.address(1) for _, listing in listings(WireSpider, get_project_settings())])
"""


@pytest.mark.slow
def test_one_page_becomes_a_spider_a_page_class_a_case_and_a_test(tmp_path: Path) -> None:
    run = scrapy("newagency", "wire", PAGE, "--url", URL, "--into", tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "zones     Asia/Samarkand, Asia/Tashkent" in run.stdout
    assert "left to decide:" in run.stdout
    (case,) = tmp_path.glob("tests/pages/wire/*/article.json")
    article = json.loads(case.read_text("utf-8"))
    assert article["id"] == "wire:20190409002"
    assert article["title"].startswith("Island postman retires")
    assert "without having lost a letter" in article["body"]
    assert article["extractor"] == {"layout": "current", "source": "page"}
    loaded = subprocess.run(
        [sys.executable, "-c", SOURCES, tmp_path],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        cwd=ROOT,
    )
    assert loaded.stdout == "['https://wire.example.uz/sitemap.xml']\n", loaded.stderr
    for tool in (["check", "--select", "F,E"], ["format", "--check"]):
        folders = [tmp_path / "pages", tmp_path / "spiders"]
        assert subprocess.run([sys.executable, "-m", "ruff", *tool, *folders]).returncode == 0


def test_what_is_there_is_not_overwritten(tmp_path: Path, refused: Refused) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "wire.py").write_text("mine")
    said = refused("newagency", "wire", PAGE, "--url", URL, "--into", tmp_path)
    assert "is there already" in said
    assert (tmp_path / "pages" / "wire.py").read_text() == "mine"
    assert not (tmp_path / "spiders").exists()


def test_a_page_of_a_site_at_a_port_is_of_the_new_agency(tmp_path: Path) -> None:
    url = "http://wire.example:8080/view/a-story-20190409002"
    run = scrapy("newagency", "wire", PAGE, "--url", url, "--into", tmp_path)
    assert run.stderr == ""
    (case,) = tmp_path.glob("tests/pages/wire/*/article.json")
    assert json.loads(case.read_text("utf-8"))["id"] == "wire:20190409002"


def test_a_number_in_the_query_is_the_articles(tmp_path: Path) -> None:
    url = "http://wire.example/view.php?id=77&utm_source=mail"
    run = scrapy("newagency", "wire", PAGE, "--url", url, "--into", tmp_path)
    assert run.stderr == ""
    (case,) = tmp_path.glob("tests/pages/wire/*/article.json")
    article = json.loads(case.read_text("utf-8"))
    assert (article["id"], article["url"]) == (
        "wire:view.php_77",
        "http://wire.example/view.php?id=77",
    )


def test_a_page_that_the_new_class_refuses_is_told(tmp_path: Path) -> None:
    home = "https://wire.example/"
    run = scrapy("newagency", "wire", PAGE, "--url", home, "--into", tmp_path)
    assert "refuses its own page" in run.stderr
    assert "refused.json" in run.stderr


@pytest.mark.parametrize(
    ("html", "lacks"),
    [("", "no headline"), ("<p>hi</p>", "no headline"), ("<h1>A mill</h1>", "no text")],
)
def test_a_page_with_nothing_makes_no_agency(
    tmp_path: Path, refused: Refused, html: str, lacks: str
) -> None:
    page = tmp_path / "page.html"
    page.write_text(html)
    said = refused("newagency", "wire", page, "--url", URL, "--into", tmp_path, exit_code=1)
    assert lacks in said
    assert not (tmp_path / "pages").exists()


def test_a_feed_at_another_host_is_told_and_not_made_a_source(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    feed = '<link rel="alternate" type="application/rss+xml" href="https://feeds.example/x">'
    page.write_text(feed + PAGE.read_text("utf-8"))
    run = scrapy("newagency", "wire", page, "--url", URL, "--into", tmp_path)
    assert "feeds     https://feeds.example/x" in run.stdout
    assert "spiders/wire.py has a sitemap, unproved" in run.stdout
    assert "feeds.example" not in (tmp_path / "spiders" / "wire.py").read_text("utf-8")


def test_what_makes_no_sense_is_refused_in_one_line(refused: Refused, tmp_path: Path) -> None:
    into = ("--into", tmp_path)
    assert "expected a name and a page" in refused("newagency", "wire")
    assert "cannot be the name of an agency" in refused("newagency", "Wire-2", PAGE, "--url", URL)
    assert "cannot be the name of an agency" in refused(
        "newagency", "class", PAGE, "--url", URL, *into
    )
    assert "cannot be the name of an agency" in refused(
        "newagency", "page", PAGE, "--url", URL, *into
    )
    assert "--url" in refused("newagency", "wire", PAGE)
    missing = refused("newagency", "wire", tmp_path / "nowhere.html", "--url", URL)
    assert "cannot be read" in missing
