"""Scrapy's own commands: they work as everywhere, and leave the archive alone."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess
from xml.etree import ElementTree

import pytest

from replica import Replica, faults
from replica.faults import Fault
from replica.post import Post
from tests.commands import Refused, scrapy
from tests.crawls.harness import FAULTS_OF_OURS, Crawl, targets

PARTS = ("authors", "category", "capture")


@pytest.fixture
def post(replica: Replica) -> Post:
    return replica.world.listing("en", imported=False)[0]


def look(crawl: Crawl, *arguments: str, exit_code: int = 0) -> CompletedProcess[str]:
    """Look at something; there is no traceback, and no archive afterwards."""
    done = scrapy(*arguments, **crawl.settings)
    assert not [sign for sign in FAULTS_OF_OURS if sign in done.stderr], done.stderr
    assert done.returncode == exit_code, done.stderr
    assert not crawl.data.exists()
    return done


@pytest.mark.parametrize("spider", [[], ["--spider", "uza"]])
@pytest.mark.parametrize("command", ["fetch", "shell"])
def test_a_page_is_shown_and_nothing_is_recorded(
    command: str, spider: list[str], crawl: Crawl, replica: Replica, post: Post
) -> None:
    code = ["-c", "response.text"] if command == "shell" else []
    told = look(crawl, command, *spider, *code, f"{replica.site_url}{post.path}")
    assert post.title in told.stdout
    assert "RefererMiddleware" not in told.stderr  # there is none, and nobody misses it
    assert targets(replica) == ["/robots.txt", post.path]  # a look has the manners of a crawl
    assert "(+tests@example.org)" in replica.requests[-1].headers["user-agent"]


def test_a_redirect_to_another_host_is_followed(crawl: Crawl, replica: Replica, post: Post) -> None:
    elsewhere = replica.site_url.replace("127.0.0.1", "localhost")
    replica.faults.append(Fault("/elsewhere", faults.redirect(f"{elsewhere}{post.path}")))
    assert post.title in look(crawl, "fetch", f"{replica.site_url}/elsewhere").stdout


def test_parse_shows_the_row_of_an_article(crawl: Crawl, replica: Replica, post: Post) -> None:
    url = f"{replica.site_url}{post.path}"
    told = look(crawl, "parse", "--nocolour", "--spider", "uza", url).stdout
    assert f"'id': '{post.article_id}'" in told
    assert f"'title': {post.title!r}" in told
    told = look(crawl, "parse", "--spider", "uza", f"{replica.site_url}/en/posts").stderr
    assert "no article can be read from it" in told


@pytest.mark.parametrize("arguments", [[], ["uza"]])
def test_check_has_no_contracts_to_check(arguments: list[str], crawl: Crawl) -> None:
    assert "Ran 0 contracts" in look(crawl, "check", *arguments).stderr


def test_bench_measures_scrapy_with_its_own_settings(crawl: Crawl) -> None:
    del crawl.settings["CONCURRENT_REQUESTS_PER_DOMAIN"]
    told = look(crawl, "bench", "-s", "CLOSESPIDER_TIMEOUT=1").stderr
    assert "pages/min" in told


@pytest.mark.parametrize("command", ["check", "fetch", "parse", "shell", "view"])
def test_an_unknown_agency_is_one_line(command: str, crawl: Crawl) -> None:
    spider = ["nosuch"] if command == "check" else ["--spider", "nosuch", "http://127.0.0.1:9/"]
    told = look(crawl, command, *spider, "--nolog", exit_code=2)
    assert told.stderr.startswith(f"scrapy {command}: no agency 'nosuch'; there are: ")
    assert told.stderr.count("\n") == 1


def test_genspider_says_what_makes_a_spider_here(refused: Refused) -> None:
    assert "scrapy newagency NAME URL" in refused("genspider", "foo", "foo.example")


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (["spiders/uza.py"], "a spider of this project is run by: scrapy crawl AGENCY"),
        (["nosuch.py"], "File not found: nosuch.py"),
        ([], "expected the file of a spider"),
    ],
)
def test_runspider_says_what_it_does_not_run(file: list[str], message: str) -> None:
    done = scrapy("runspider", *file, "--nolog")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"scrapy runspider: {message}\n"


def test_runspider_runs_a_spider_of_somebody_elses(tmp_path: Path) -> None:
    file = tmp_path / "quick.py"
    file.write_text(
        "import scrapy\n\n\nclass Quick(scrapy.Spider):\n    name = 'quick'\n\n"
        "    async def start(self):\n        print('it runs')\n        return\n        yield\n"
    )
    done = scrapy("runspider", file, "--nolog", ITEM_PIPELINES={}, EXTENSIONS={})
    assert (done.returncode, done.stdout, done.stderr) == (0, "it runs\n", "")


def cells(row: Mapping[str, str]) -> dict[str, object]:
    """Return what the cells of a row say, as JSON has it."""
    return {name: json.loads(row[name] or "null") for name in PARTS}


def test_cells_of_csv_and_xml_are_json(crawl: Crawl, replica: Replica, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("rows.jsonl", "rows.csv", "rows.xml")]
    crawl("-a", "editions=en", *(part for file in files for part in ("-O", str(file))))
    truth = [json.loads(line) for line in files[0].read_text().splitlines()]
    expected = [{name: row[name] or None for name in PARTS} for row in truth]
    with files[1].open(newline="") as file:
        assert [cells(row) for row in csv.DictReader(file)] == expected
    told = [
        {field.tag: field.text or "" for field in item}
        for item in ElementTree.parse(files[2]).getroot()
    ]
    assert [cells(row) for row in told] == expected
