"""The real commands: a crawl, its ledger lost, ``scrapy rebuild``, and a crawl that goes on."""

import re
from pathlib import Path

from replica import Replica
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


def test_articles_of_a_rebuilt_ledger_are_fetched_where_they_are_cited(crawl: Crawl) -> None:
    crawl()
    rows = crawl.rows()
    rebuild(crawl.data, "uza")
    run = crawl("-a", "revisit=all")
    assert run.outcomes == {"unchanged": len(rows)}
    assert crawl.rows() == rows


def test_a_damaged_line_ends_in_exit_code_7_and_a_wrong_name_in_2(crawl: Crawl) -> None:
    crawl("-a", "limit=3")
    journal = next((crawl.data / "uza" / "journal").iterdir())
    journal.write_bytes(journal.read_bytes() + b'{"id": "uza:5"\n')
    assert "line 4 is no row of an article" in rebuild(crawl.data, "uza", exit_code=7)
    assert "1 damaged" in rebuild(crawl.data, "--skip-damaged", "uza")
    assert "there are: " in rebuild(crawl.data, "nowhere", exit_code=2)
