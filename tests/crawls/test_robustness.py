"""What once lost articles or stopped a run, and must never again."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.settings import ITEM_PIPELINES
from replica import Replica, faults
from replica.faults import Fault
from replica.messages import Answer, Request
from tests.crawls.harness import Crawl, ids_of, targets, wait_until


def test_an_article_that_was_absent_arrives_once_it_is_listed(
    crawl: Crawl, replica: Replica
) -> None:
    post = replica.world.listing("en", imported=False)[0]
    replica.world.remove(post.id)
    run = crawl("-a", f"ids={post.id}", exit_code=3)
    assert run.outcomes == {"absent": 1}
    replica.world.restore(post.id)
    crawl("-a", "editions=en")
    assert post.article_id in crawl.ids()


def test_addresses_without_scheme_with_odd_spaces_or_very_long_are_fetched(
    crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    first, second, third, long = [replica.world.publish("en") for _ in range(4)]
    addresses = tmp_path / "addresses.txt"
    addresses.write_text(
        f"uza.uz/posts/{first.id}\n/en/posts/{second.id}\n\u200bhttps://uza.uz./posts/{third.id}\n"
        f"https://uza.uz/posts/{long.id}?q={'x' * 3000}\n"
    )
    run = crawl("-a", f"urls={addresses}", "-a", "minutes=1")
    assert run.outcomes == {"new": 4}


def test_a_link_that_is_no_address_costs_no_other(crawl: Crawl, replica: Replica) -> None:
    def spoil(request: Request, answer: Answer) -> Answer:
        assert isinstance(answer.body, bytes)
        broken = b"<item><title>x</title><link>http://[bad</link></item>"
        answer.body = answer.body.replace(b"</channel>", broken + b"</channel>")
        return answer

    replica.faults.append(Fault("/en/rss", spoil))
    run = crawl("-a", "editions=en")
    assert crawl.ids() == ids_of(replica.world.listing("en"))
    assert run.report["sources_failed"] == {}


def test_an_alias_that_redirects_to_another_article_is_no_failure(
    crawl: Crawl, replica: Replica
) -> None:
    alias, real = replica.world.listing("en", imported=False)[:2]
    replica.faults.append(Fault(f"/posts/.*{alias.id}", faults.redirect(real.path)))
    run = crawl("-a", "editions=en")
    assert run.report["reasons"] == {f"absent: redirected to {real.article_id}": 1}
    assert real.article_id in crawl.ids()


def test_the_address_that_answered_is_the_one_asked_for_next_time(
    crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    post = replica.world.listing("en", imported=False)[0]
    replica.faults.append(Fault(rf"^/en/.*_{post.id}$", faults.redirect(f"/de{post.path}", 301)))
    crawl("-a", "editions=en")
    replica.requests.clear()
    addresses = tmp_path / "addresses.txt"
    addresses.write_text(f"https://uza.uz/posts/{post.id}\n")
    run = crawl("-a", f"urls={addresses}")
    assert run.outcomes == {"unchanged": 1}
    assert targets(replica, f"_{post.id}") == [f"/de{post.path}"]


def test_a_list_that_lost_its_dates_is_not_taken_for_a_whole_one(
    crawl: Crawl, replica: Replica
) -> None:
    def rename(request: Request, answer: Answer) -> Answer:
        assert isinstance(answer.body, bytes)
        answer.body = answer.body.replace(b'"publish_time"', b'"published"')
        return answer

    for _ in range(60):
        replica.world.publish("en")
    replica.faults.append(Fault("/api/v1/posts[?]", rename))
    run = crawl("-a", "editions=en", "-a", "since=2020-01-01", exit_code=3)
    assert run.report["sources_failed"] == {"en/api": "no readable dates"}


def test_a_row_that_a_pipeline_made_a_dict_of_ends_as_any_other(crawl: Crawl) -> None:
    pipelines = '{"tests.crawls.operators_pipelines.MakeDict": 800}'
    run = crawl("-a", "editions=en", "-a", "limit=3", ITEM_PIPELINES=_with(pipelines))
    assert run.outcomes == {"new": 3}


def test_what_a_pipeline_of_the_operators_drops_is_refused(crawl: Crawl) -> None:
    pipelines = '{"tests.crawls.operators_pipelines.DropAll": 50}'
    run = crawl("-a", "editions=en", "-a", "limit=3", ITEM_PIPELINES=_with(pipelines))
    assert run.outcomes == {"refused": 3}
    assert run.report["reasons"] == {"refused: dropped by a pipeline": 3}


def test_a_run_whose_outcomes_cannot_be_noted_ends_and_waits_for_none(crawl: Crawl) -> None:
    pipelines = '{"tests.crawls.operators_pipelines.DropForNoReason": 50}'
    run = crawl("-a", "editions=en", ITEM_PIPELINES=_with(pipelines), exit_code=1, sound=False)
    assert "cannot be recorded" in run.report["stopped_by"]


def _with(pipelines: str) -> str:
    """Add a pipeline to those of the settings."""
    return json.dumps({**ITEM_PIPELINES, **json.loads(pipelines)})


def test_nobody_else_can_write_the_ledger_while_a_run_works(crawl: Crawl, replica: Replica) -> None:
    replica.faults.append(Fault("/robots.txt", faults.delay(2), times=1))
    with crawl.start("-a", "editions=en", "-a", "limit=2") as working:
        wait_until(lambda: targets(replica))
        other = sqlite3.connect(crawl.data / "uza" / "ledger.sqlite", timeout=0.1)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        assert working.wait(60) == 0


def test_a_long_range_of_ids_begins_at_once_and_is_noted_as_it_is_fetched(
    crawl: Crawl, replica: Replica
) -> None:
    newest = max(post.id for post in replica.world.listing(imported=False))
    run = crawl("-a", f"ids={newest}-{newest + 3_000_000}", "-a", "limit=20")
    assert run.report["discovered"] == 1000
    assert run.report["pending"] == 980
    assert sum(run.outcomes.values()) == 20
