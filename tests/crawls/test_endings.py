"""How a run ends: the exit code, the reason, and what was asked for by name."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from socket import socket

import pytest

from crawler.settings import EXTENSIONS
from replica import Replica, faults
from replica.faults import Fault
from replica.post import Post
from tests.commands import Refused, scrapy
from tests.crawls.harness import LONGEST, Crawl, options, targets

ENGLISH = ("-a", "editions=en")


@pytest.fixture
def post(crawl: Crawl, replica: Replica) -> Post:
    """A post whose page, and API, fail."""
    post = replica.world.listing("en", imported=False)[0]
    replica.faults.append(Fault(f"/posts/.*{post.id}", faults.status(500)))
    return post


def named(way: str, post: Post, folder: Path) -> tuple[str, str]:
    """Return the argument that asks for a post by name."""
    file = folder / "addresses.txt"
    file.write_text(f"https://uza.uz/posts/{post.id}\n")
    return "-a", {"ids": f"ids={post.id}", "urls": f"urls={file}"}[way]


@pytest.mark.parametrize("way", ["ids", "urls"])
def test_one_of_one_that_failed_is_not_fine_and_asked_for_again_it_is_fetched(
    way: str, crawl: Crawl, replica: Replica, post: Post, tmp_path: Path
) -> None:
    asked = named(way, post, tmp_path)
    for _ in range(2):
        run = crawl(*asked, exit_code=3)
        assert run.outcomes == {"failed": 1}
        assert run.report["exit_reason"] == "requested by name, but not fetched: 1 failed"
    replica.faults.clear()
    assert crawl(*asked).outcomes == {"new": 1}


@pytest.mark.parametrize("way", ["ids", "urls"])
def test_a_name_without_an_article_is_told(
    way: str, crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    post = replica.world.listing("en", imported=False)[0]
    replica.faults.append(Fault(f"/posts/.*{post.id}", faults.status(404)))
    run = crawl(*named(way, post, tmp_path), exit_code=3)
    assert run.report["asked_in_vain"] == {"absent": 1}


def test_of_a_range_of_ids_what_failed_is_told_and_holes_are_not(crawl: Crawl, post: Post) -> None:
    run = crawl("-a", f"ids={post.id}-{post.id + 20}", exit_code=3)
    assert run.report["asked_in_vain"] == {"failed": 1}
    assert run.outcomes["absent"] > 0


def test_a_revisit_by_id_that_failed_is_not_fine(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    post = replica.world.listing("en", imported=False)[0]
    replica.faults.append(Fault(f"/posts/.*{post.id}", faults.status(500)))
    run = crawl("-a", f"revisit={post.article_id}", exit_code=3)
    assert run.report["asked_in_vain"] == {"failed": 1}


def test_a_revisit_by_id_that_finds_no_article_is_not_fine(crawl: Crawl, replica: Replica) -> None:
    post = replica.world.listing("en", imported=False)[0]
    replica.faults.append(Fault(f"/posts/.*{post.id}", faults.status(404)))
    crawl("-a", f"ids={post.id}", exit_code=3)
    run = crawl("-a", f"revisit={post.article_id}", exit_code=3)
    assert run.report["asked_in_vain"] == {"absent": 1}


@pytest.mark.parametrize("wanted", ["al", "uza:1", "uza:1,uza:2"])
def test_what_no_revisit_knows_is_refused_before_anything_is_fetched(
    wanted: str, crawl: Crawl, replica: Replica, refused: Refused
) -> None:
    line = refused("crawl", "uza", "-a", f"revisit={wanted}", *options(crawl.settings))
    assert f"revisit=uza:{wanted.removeprefix('uza:')}: there is no archive in " in line
    assert not crawl.data.exists()
    crawl.begin(*ENGLISH)
    replica.requests.clear()
    line = refused("crawl", "uza", "-a", f"revisit={wanted}", *options(crawl.settings))
    assert "is not known; expected due, none, all, or ids of articles in the archive" in line
    assert targets(replica) == []
    assert crawl(*ENGLISH).outcomes == {}


def test_status_says_how_runs_ended(crawl: Crawl, replica: Replica) -> None:
    replica.faults.append(Fault("en/rss", faults.status(404)))
    crawl(*ENGLISH, exit_code=3)
    told = scrapy("status", "uza", DATA_DIR=crawl.data)
    assert "ended with exit code 3 (source en/rss failed (HTTP 404))" in told.stdout


def test_a_run_that_cannot_write_its_year_files_says_so_everywhere(
    crawl: Crawl, replica: Replica
) -> None:
    (crawl.data / "uza").mkdir(parents=True)
    (crawl.data / "uza" / "articles").write_text("in the way")
    run = crawl(*ENGLISH, exit_code=7)
    assert "articles: cannot be written" in run.report["exit_reason"]
    with closing(sqlite3.connect(crawl.data / "uza" / "ledger.sqlite")) as ledger:
        ((ended, kept),) = ledger.execute("SELECT ended, report FROM run").fetchall()
    assert ended
    assert json.loads(kept)["exit_code"] == 7


def test_a_last_commit_that_fails_is_what_the_report_says(crawl: Crawl, replica: Replica) -> None:
    extensions = json.dumps(EXTENSIONS | {"tests.crawls.failing_close.FailClose": 88})
    run = crawl(*ENGLISH, exit_code=7, EXTENSIONS=extensions)
    assert "no room" in run.report["exit_reason"]
    assert " ended with exit code 7 (" in scrapy("status", "uza", DATA_DIR=crawl.data).stdout
    with crawl.start(*ENGLISH) as process:
        assert process.wait(LONGEST) == 0
    reports = [json.loads(path.read_text()) for path in crawl.data.glob("uza/runs/*.json")]
    told = {report["run"]: report["exit_code"] for report in reports}
    assert sorted(told.values()) == [0, 7]
    assert told[run.report["run"]] == 7


def test_rows_that_could_not_be_written_where_they_were_asked_for_are_told(
    crawl: Crawl, replica: Replica
) -> None:
    """Nobody listens at the port: Scrapy finds out when the run is over."""
    with socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        place = f"ftp://127.0.0.1:{nobody.getsockname()[1]}/rows.jsonl"
        run = crawl(*ENGLISH, "-o", place, exit_code=7, sound=False)
    assert run.outcomes["new"] == len(crawl.rows()) > 0
    assert run.report["exit_code"] == 7
    assert "1 of the files of -o or -O could not be written" in run.log.splitlines()[-1]
    told = scrapy("status", "uza", DATA_DIR=crawl.data).stdout
    assert "ended with exit code 7 (1 of the files of -o or -O could not be written" in told
