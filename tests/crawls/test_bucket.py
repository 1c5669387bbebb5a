"""Crawls of an archive whose finished files lie in a bucket."""

from datetime import timedelta

import pytest

from replica import Replica
from tests.commands import scrapy
from tests.crawler.buckets import CUT, S3
from tests.crawls.harness import Crawl
from tests.days import pass_time

pytestmark = pytest.mark.slow
ENGLISH = ("-a", "editions=en", "-a", "revisit=all")
DRAFT = "Bridge over the Oqsuv closed again"


@pytest.fixture
def moved(crawl: Crawl, s3: S3) -> Crawl:
    """Return a crawl of months ago, with all its files in the bucket."""
    crawl.begin("-a", "editions=en")
    pass_time(timedelta(days=80))
    run = scrapy("offload", "uza", "--to", "s3://news/all", DATA_DIR=crawl.data)
    assert run.returncode == 0, run.stderr
    assert not list(crawl.data.glob("uza/*/*.jsonl"))
    s3.requests.clear()
    return crawl


def sound(crawl: Crawl) -> None:
    run = scrapy("verify", "uza", "--captures", DATA_DIR=crawl.data)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_run_reads_the_version_before_and_the_file_of_the_year_there(
    moved: Crawl, replica: Replica, s3: S3
) -> None:
    edited, *_ = replica.world.listing("en", imported=False)
    replica.world.edit(edited.id, title=DRAFT)
    assert moved(*ENGLISH).outcomes == {"edited": 1, "unchanged": 2}
    asked = [request.split("/")[2] for request in s3.requests]
    assert asked == ["journal", "articles"]  # a range, and no whole journal for the file of a year
    assert moved.row(edited)["title"] == DRAFT
    status = scrapy("status", "uza", DATA_DIR=moved.data).stdout
    assert "\nbucket    0.0 MB in s3://news/all/uza\n" in status
    sound(moved)
    assert scrapy("reparse", "uza", "--jobs", 1, DATA_DIR=moved.data).returncode == 0
    assert scrapy("browse", "uza", "--only-build", DATA_DIR=moved.data).returncode == 0
    assert scrapy("rebuild", "uza", DATA_DIR=moved.data).returncode == 0
    sound(moved)


def test_a_month_that_a_clock_ahead_has_moved_too_early_goes_on_and_is_moved_again(
    crawl: Crawl, replica: Replica, s3: S3
) -> None:
    crawl.begin("-a", "editions=en")
    pass_time(timedelta(days=400))
    assert scrapy("offload", "uza", "--to", "s3://news/all", DATA_DIR=crawl.data).returncode == 0
    pass_time(timedelta(days=-400))
    (journal,) = [name for name in s3.objects() if "/journal/" in name]
    edited, *_ = replica.world.listing("en", imported=False)
    replica.world.edit(edited.id, title=DRAFT)
    assert crawl(*ENGLISH).outcomes == {"edited": 1, "unchanged": 2}
    sound(crawl)
    pass_time(timedelta(days=400))
    assert scrapy("offload", "uza", DATA_DIR=crawl.data).returncode == 0
    (again,) = [name for name in s3.objects() if "/journal/" in name]
    assert again != journal
    sound(crawl)


def test_a_run_that_cannot_reach_the_bucket_ends_and_the_next_one_completes_it(
    moved: Crawl, replica: Replica, s3: S3
) -> None:
    edited, *_ = replica.world.listing("en", imported=False)
    replica.world.edit(edited.id, title=DRAFT)
    s3.fault = lambda *_: CUT
    run = moved(*ENGLISH, exit_code=7)
    assert "s3://news/all/uza/journal/" in run.log
    assert "then run the same command again" in run.log
    s3.fault = lambda *_: None
    assert moved(*ENGLISH).outcomes["edited"] == 1
    sound(moved)
