"""The real commands: a crawl, its ledger lost, ``scrapy rebuild``, and a crawl that goes on."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from replica import Replica, faults
from replica.faults import Fault
from tests.commands import scrapy
from tests.crawls.harness import Crawl


def rebuild(data: Path, *arguments: str, exit_code: int = 0) -> str:
    """Rebuild, and return all that was said."""
    done = scrapy("rebuild", *arguments, DATA_DIR=data)
    assert done.returncode == exit_code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_a_crawl_with_a_rebuilt_ledger_writes_nothing_twice_and_finds_its_work_again(
    crawl: Crawl, replica: Replica
) -> None:
    crawl("-a", "limit=20")
    before = crawl.ids()
    assert len(before) == 20
    (crawl.data / "uza" / "ledger.sqlite").unlink()
    assert "scrapy rebuild uza" in crawl(exit_code=7).log
    told = rebuild(crawl.data, "uza")
    assert re.search(r"made from 20 versions, \d\d captures, 1 run reports; 0 damaged", told)
    run = crawl()
    assert run.outcomes["new"] > run.outcomes.get("unchanged", 0)  # where list and page differ
    assert set(before) < set(crawl.ids())
    assert len(crawl.ids()) == len(set(crawl.ids()))
    requests = len(replica.requests)
    rows = crawl.rows()
    assert crawl().outcomes == {}
    assert crawl.rows() == rows
    assert len(replica.requests) - requests <= 1 + 2 * 10  # robots.txt, two of each list: marks


# When a list last showed an article is not known any more: no run takes it for shown now.
SOURCES = (
    "SELECT article_id, road, url, edition, title, published_raw, modified_raw, category "
    "FROM sighting ORDER BY article_id, road"
)
SEEN = "SELECT count(*) FROM sighting WHERE seen_at IS NOT NULL"
MARKS = "SELECT id, roads, state FROM article ORDER BY id"


def told(data: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / "uza" / "ledger.sqlite")) as database:
        return database.execute(query).fetchall()


def test_a_rebuilt_ledger_knows_which_source_saw_which_article(
    crawl: Crawl, replica: Replica
) -> None:
    oldest = min(post.id for post in replica.world.posts if post.kind == "native")
    crawl("-a", f"ids={oldest}-{oldest + 5}")
    crawl()
    world = replica.world
    edited = world.listing("en")[0]
    world.edit(edited.id, title="Another headline")
    world.publish("oz")
    crawl()
    world.publish("ru")
    replica.faults.append(Fault("/api/v1/posts?", faults.status(500)))
    crawl(exit_code=3)  # the HTML lists serve
    replica.faults.clear()
    before = [told(crawl.data, query) for query in (SOURCES, MARKS)]
    sources = {source for _, source, *_ in before[0]}
    assert sources >= {"rss", "api", "html", "ids"}
    places = {"UZA_SITE_URL": replica.site_url, "UZA_API_URL": replica.api_url}
    done = scrapy("rebuild", "uza", DATA_DIR=crawl.data, **places)
    assert done.returncode == 0, done.stderr
    after = [told(crawl.data, query) for query in (SOURCES, MARKS)]
    assert set(after[0]) ^ set(before[0]) == set()
    assert after == before
    assert told(crawl.data, SEEN) == [(0,)]
    assert "their source is not known" not in done.stdout

    rebuild(crawl.data, "uza")  # as at the agency's own site: only the host differs
    assert told(crawl.data, MARKS) == before[1]
    own = [str(row).replace(replica.site_url, "https://uza.uz") for row in before[0]]
    assert sorted(map(str, told(crawl.data, SOURCES))) == sorted(own)


def test_without_captures_a_rebuilt_ledger_says_what_it_does_not_know(crawl: Crawl) -> None:
    crawl("-a", "limit=3", CAPTURE=0)
    said = rebuild(crawl.data, "uza")
    assert "3 articles: their source is not known" in said


def test_articles_of_a_rebuilt_ledger_are_fetched_where_they_are_cited(crawl: Crawl) -> None:
    crawl.begin()
    rows = crawl.rows()
    rebuild(crawl.data, "uza")
    run = crawl("-a", "revisit=all")
    assert run.outcomes == {"unchanged": len(rows)}
    assert crawl.rows() == rows


def test_a_damaged_line_ends_in_exit_code_7_and_a_wrong_name_in_2(crawl: Crawl) -> None:
    crawl("-a", "limit=3")
    journal = next((crawl.data / "uza" / "journal").iterdir())
    journal.write_bytes(journal.read_bytes() + b'{"id": "uza:5"\n')
    assert re.search(
        r"line 4, byte \d+, is not a row of an article", rebuild(crawl.data, "uza", exit_code=7)
    )
    assert "1 damaged" in rebuild(crawl.data, "--skip-damaged", "uza")
    assert "0 damaged" in rebuild(crawl.data, "uza")
    assert "there are: " in rebuild(crawl.data, "nowhere", exit_code=2)


def test_a_ledger_is_made_where_the_agencys_spider_cannot_be_loaded(crawl: Crawl) -> None:
    crawl("-a", "limit=3")
    data = {"DATA_DIR": crawl.data, "SPIDER_MODULES": "tests.crawls.broken_spiders"}
    done = scrapy("rebuild", "uza", **data)
    assert done.returncode == 0, done.stderr
    assert "uza: its spider cannot be loaded (RuntimeError: " in done.stdout
    assert "which source saw which article" in done.stdout
    assert "made from 3 versions" in done.stdout
    assert told(crawl.data, "SELECT count(*) FROM sighting") == [(0,)]
    other = scrapy("rebuild", "nowhere", **data)
    assert (other.returncode, other.stdout) == (2, "")
    assert other.stderr.count("\n") == 1
