import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.settings import ITEM_PIPELINES
from replica import Replica
from replica.post import Post
from tests.commands import Refused
from tests.crawls.harness import NOW, Crawl, ids_of, options, targets
from tests.crawls.truth import expected

FOREIGN = json.dumps(ITEM_PIPELINES | {"nosuch.X": 1})
BAD = [
    (["-a", "colour=red"], "unknown argument 'colour'; there are: editions, since"),
    (["-a", "editions="], "is not an edition code"),
    (["-a", "editions=en,english"], "'english' is not an edition code"),
    (["-a", "editions=EN"], "'EN' is not an edition code"),
    (["-a", "editions=e1"], "'e1' is not an edition code"),
    (["-a", "since=yesterday"], "since=yesterday: expected a day such as"),
    (["-a", "since=2024-02-30"], "since=2024-02-30: expected a day such as"),
    (["-a", "since=20240501"], "since=20240501: expected a day such as"),
    (["-a", "since=2024-05-02", "-a", "until=2024-5-3"], "until=2024-5-3: expected a day"),
    (["-a", "until=2024-05-01"], "until needs since"),
    (["-a", "since=2024-05-02", "-a", "until=2024-05-01"], "is before since=2024-05-02"),
    (["-a", "ids=abc"], "ids=abc: expected 500000-500999"),
    (["-a", "ids=0"], "ids=0: expected"),
    (["-a", "ids=5-"], "ids=5-: expected"),
    (["-a", "ids=9-5"], "5 is before 9"),
    (["-a", "urls=/nowhere/at/all.txt"], "cannot be read (No such file or directory)"),
    (["-a", "urls=."], "cannot be read (Is a directory)"),
    (["-a", "limit=0"], "limit=0: expected a whole number from 1"),
    (["-a", "limit=-3"], "limit=-3: expected a whole number from 1"),
    (["-a", "limit=many"], "limit=many: expected a whole number from 1"),
    (["-a", "ids=5", "-a", "since=2024-05-01"], "since and ids cannot be combined"),
    (["-a", "editions"], "Invalid -a value, use -a NAME=VALUE"),
    (["-s", "CAPTURE=no"], "CAPTURE=no: expected 0 or 1"),
    (["-s", "CAPTURE_FILE_BYTES=1GB"], "CAPTURE_FILE_BYTES=1GB: expected a whole number"),
    (["-s", "GONE_SIGHTINGS=x"], "GONE_SIGHTINGS=x: expected a whole number"),
    (["-s", "REVISIT_HOURS=6,1"], "REVISIT_HOURS=6,1: expected hours that grow"),
    (["-s", "STALLED_MINUTES=10"], "STALLED_MINUTES=10: expected more than RETRY_AFTER_MAX=600 s"),
    (["-s", "GONE_VISIT_HOURS=a,b"], "GONE_VISIT_HOURS=a,b: expected hours that grow"),
    (["-s", "LISTINGS_MINUTES=soon"], "LISTINGS_MINUTES=soon: expected a number"),
    (["-s", "UZA_SITE_URL=uza.uz"], "UZA_SITE_URL uza.uz: expected a web address"),
    (["-s", "UZA_API_URL=http://a:b"], "UZA_API_URL http://a:b: expected a web address"),
    (["-a", "wayback=yes"], "wayback=yes: expected 1"),
    (["-s", "WAYBACK_DELAY=soon"], "WAYBACK_DELAY=soon: expected a number"),
    (["-s", "CDX_URL=nowhere"], "CDX_URL nowhere: expected a web address"),
    (["-s", "ITEM_PIPELINES={}"], "pipelines.reading.Validate is disabled but required"),
    (
        ["-s", 'EXTENSIONS={"crawler.extensions.item_outcomes.RecordOutcomes": null}'],
        "RecordOutcomes is disabled but required: without it no article is stored",
    ),
    (["-s", 'ITEM_PIPELINES={"a.b": "first"}'], "ITEM_PIPELINES: Invalid value first"),
    (["-s", "ITEM_PIPELINES=5"], "-s: a value of the wrong kind"),
    (["-s", "LOG_LEVEL=20"], "LOG_LEVEL=20: expected DEBUG, INFO"),
    (["-L", "info"], "LOG_LEVEL=info: expected DEBUG, INFO"),
    (["-s", "LOG_LEVEL"], "Invalid -s value, use -s NAME=VALUE"),
    (["-s"], "argument -s/--set: expected one argument"),
    (["-s", "DOWNLOAD_DELAY=x"], "DOWNLOAD_DELAY=x: expected a number"),
    (["-s", "DOWNLOAD_DELAY=-1"], "DOWNLOAD_DELAY=-1: expected a number that is not below 0"),
    (["-s", "DOWNLOAD_DELAY=nan"], "DOWNLOAD_DELAY=nan: expected a number"),
    (["-s", "CONCURRENT_REQUESTS=x"], "CONCURRENT_REQUESTS=x: expected a whole number"),
    (["-s", "CONCURRENT_REQUESTS=0"], "CONCURRENT_REQUESTS=0: expected a number above 0"),
    (
        ["-s", "FIRST_RUN_HOURS=99999999999"],
        "FIRST_RUN_HOURS=99999999999: expected at most 1000000",
    ),
    (
        ["-s", "REVISIT_HOURS=1,99999999999"],
        "REVISIT_HOURS=1,99999999999: expected hours that grow",
    ),
    (["-s", "PROGRESS_SECONDS=0"], "PROGRESS_SECONDS=0: expected a number above 0"),
    (["-s", "COOKIES_ENABLED=maybe"], "COOKIES_ENABLED=maybe: expected 0 or 1"),
    (["-s", "RETRY_HTTP_CODES=x"], "RETRY_HTTP_CODES=x: expected whole numbers"),
    (["-s", "DEFAULT_REQUEST_HEADERS=x"], "Invalid -s value, use -s NAME=VALUE"),
    (["-s", "DOWNLOAD_SLOTS=x"], "Invalid -s value, use -s NAME=VALUE"),
    (["-s", 'DOWNLOAD_SLOTS={"a": 1}'], "expected hosts with numbers"),
    (["-s", "LOG_FORMAT=%(nobody)s"], "LOG_FORMAT=%(nobody)s: expected a format of logging"),
    (["-s", "LOG_ENCODING=x"], "LOG_ENCODING=x: expected an encoding"),
    (["-s", "TWISTED_REACTOR=x"], "TWISTED_REACTOR=x: expected twisted.internet.asyncioreactor."),
    (
        ["-s", "ASYNCIO_EVENT_LOOP=nosuch.Loop"],
        "ASYNCIO_EVENT_LOOP: nosuch.Loop cannot be imported",
    ),
    (["-s", "SCHEDULER=crawler.X"], "SCHEDULER: crawler.X cannot be imported"),
    (["-s", "SCHEDULER=nosuch.X"], "SCHEDULER: nosuch.X cannot be imported"),
    (["-s", f"ITEM_PIPELINES={FOREIGN}"], "ITEM_PIPELINES: nosuch.X cannot be imported"),
    (["-s", 'DOWNLOADER_MIDDLEWARES={"a.b": 1}'], "DOWNLOADER_MIDDLEWARES: a.b cannot be imported"),
    (["-s", 'SPIDER_MIDDLEWARES={"crawler.x": 1}'], "SPIDER_MIDDLEWARES: crawler.x cannot be"),
    (["-s", 'DOWNLOAD_HANDLERS={"http": "a.b"}'], "DOWNLOAD_HANDLERS: a.b cannot be imported"),
    (["-s", 'ADDONS={"x": 1}'], "ADDONS: x cannot be imported"),
    (["-s", "JOBDIR=/proc/x"], "JOBDIR /proc/x"),
    (["-s", "SPIDER_MODULES=x"], "SPIDER_MODULES=x: there is no such module"),
    (["-s", "SPIDER_LOADER_CLASS=x"], "SPIDER_LOADER_CLASS: x cannot be imported"),
    (["-s", 'FEEDS={"rows": {"format": "x"}}'], "FEEDS: rows: unknown format 'x'; expected csv, "),
    (["-o", "s4://bucket/x.csv"], "s4://bucket/x.csv: no storage 's4'; there are: file, "),
    (["-o", "s3://bucket/x.csv"], "s3://bucket/x.csv: cannot be written (missing boto"),
    (["-s", 'FEEDS={"rows": {}}'], "FEEDS: rows: unknown format ''; expected csv, "),
    (["-s", 'FEEDS={"rows.csv": 1}'], "FEEDS: rows.csv: 1: expected a mapping"),
    (["-s", "DATA_DIR="], "DATA_DIR is empty; expected a folder"),
    (
        ["-s", "LOG_FILE=nosuch/x"],
        "LOG_FILE nosuch/x: cannot be written (No such file or directory)",
    ),
    (["--logfile", "docs"], "LOG_FILE 'docs': expected the name of a file"),
    (["--profile", "nosuch/x"], "--profile nosuch/x: cannot be written (No such file"),
    (["-o", "rows.marshal"], "Unrecognized output format 'marshal'"),
    (["--pidfile", "nosuch/x"], "--pidfile nosuch/x: cannot be written (No such file"),
    (["-O", "README.md/rows.jsonl"], "README.md/rows.jsonl: cannot be written (Not a directory)"),
    (["-o", "/proc/rows.csv"], "/proc/rows.csv: cannot be written (No such file or directory)"),
    (["-O", "docs:jsonl"], "'docs': expected the name of a file"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD)
def test_a_bad_argument_is_one_line_before_anything_happens(
    arguments: list[str], message: str, crawl: Crawl, replica: Replica, refused: Refused
) -> None:
    assert message in refused("crawl", "uza", *options(crawl.settings), *arguments)
    assert not crawl.data.exists()
    assert replica.requests == []


def test_what_a_spiders_own_settings_switch_off_is_seen(
    crawl: Crawl, replica: Replica, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"ITEM_PIPELINES": {"pipelines.recording.WriteJournal": None}}
    monkeypatch.setattr("spiders.uza.UzaSpider.custom_settings", own)
    line = refused("crawl", "uza", *options(crawl.settings))
    assert "ITEM_PIPELINES: pipelines.reading.Validate is disabled but required" in line
    assert not crawl.data.exists()
    assert replica.requests == []


@pytest.mark.parametrize(
    ("agencies", "message"),
    [
        (["nobody"], "no agency 'nobody'; there are: "),
        ([], "expected one agency; there are: "),
        (["uza", "uza"], "expected one agency; there are: "),
        (["uza", "--colour"], "unknown option --colour; see the command with -h"),
        (["uza", "--loglvel"], "unknown option --loglvel; did you mean --loglevel?"),
    ],
)
def test_an_unknown_agency_is_one_line(
    agencies: list[str], message: str, crawl: Crawl, refused: Refused
) -> None:
    assert message in refused("crawl", *agencies, *options(crawl.settings))


@pytest.mark.parametrize("taken", ["data", "data/uza", "data/uza/journal", "data/uza/lock/x"])
def test_a_folder_that_cannot_be_written_is_one_line(
    taken: str, crawl: Crawl, replica: Replica, refused: Refused
) -> None:
    place = crawl.data.parent / taken
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("in the way")
    line = refused("crawl", "uza", *options(crawl.settings))
    assert f"{crawl.data / 'uza'}: cannot be written" in line
    assert "-s DATA_DIR=PATH" in line
    assert replica.requests == []


def test_editions_are_crawled_alone(crawl: Crawl, replica: Replica) -> None:
    run = crawl("-a", "editions=en,de,kz", exit_code=3)
    listed = [*replica.world.listing("en"), *replica.world.listing("de")]
    assert crawl.ids() == ids_of(listed)
    assert run.report["sources_served"] == {"en/rss": 1, "en/api": 1, "de/api": 1}
    assert run.report["sources_failed"] == {}
    warned = [line for line in run.log.splitlines() if "unconfirmed" in line]
    assert len(warned) == 1
    assert "edition kz is unconfirmed" in warned[0]
    assert run.report["asked_in_vain"] == {"unlisted": 1}  # kz


@pytest.mark.any_day
def test_days_are_those_of_tashkent(crawl: Crawl, replica: Replica) -> None:
    midnight = datetime.combine(NOW.date() - timedelta(days=10), time())
    first, last = midnight.date(), midnight.date() + timedelta(days=1)
    moments = [timedelta(seconds=-1), timedelta(0), timedelta(hours=47.999), timedelta(hours=48)]
    posts = [replica.world.publish("fr", at=midnight + moment) for moment in moments]
    for hours in range(200):
        replica.world.publish("fr", at=midnight - timedelta(days=1, hours=hours))
    run = crawl("-a", "editions=fr", "-a", f"since={first}", "-a", f"until={last}")
    assert crawl.ids() == ids_of(posts[1:3])
    assert run.report["backfill"] == f"since={first} until={last} editions=fr"
    assert targets(replica, "/rss") == ["/fr/rss"]
    assert not targets(replica, "&page=3")


def test_ids_are_fetched_and_holes_are_absent(crawl: Crawl, replica: Replica) -> None:
    posts = replica.world.listing(imported=False)[:5]
    numbers = range(posts[-1].id, posts[0].id + 3)
    run = crawl("-a", f"ids={numbers[0]}-{numbers[-1]}")
    assert crawl.ids() == ids_of(posts)
    absent = len(numbers) - len(posts)
    assert run.outcomes == {"new": 5, "absent": absent}
    assert run.report["reasons"] == {"absent: HTTP 404": absent}
    assert targets(replica) == ["/robots.txt", *targets(replica, "/posts/")]
    row, truth = crawl.row(posts[0]), expected(posts[0])
    assert row["published_at"] == posts[0].published_minute
    assert row["published_precision"] == "minute"
    for name in ("title", "body", "authors", "language", "edition"):
        assert row[name] == truth[name]


def test_addresses_of_every_form_are_one_article_each(
    crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    posts = replica.world.posts
    native = next(post for post in posts if post.kind == "native")
    imported = next(post for post in posts if post.kind == "imported" and post.legacy_path)
    legacy = [post for post in posts if post.kind == "legacy"]
    lines = [*_native_forms(native, replica), f"https://uza.uz/react/posts/{imported.slug}"]
    lines.append(f"http://uza.uz{imported.legacy_path}/")
    for place, post in enumerate(legacy):
        forms = _legacy_forms(post)
        lines += forms[place % 3 :] + forms[: place % 3]  # each form is the first one now and then
    file = tmp_path / "addresses.txt"
    file.write_text("\n".join(["# ours", "", *lines, *REFUSED]))
    run = crawl("-a", f"urls={file}", exit_code=3)
    assert crawl.ids() == ids_of([native, imported, *legacy])
    assert run.outcomes == {"new": len(legacy) + 2}
    assert run.report["addresses_refused"] == {"other host": 2, "listing": 1, "home page": 1}
    assert run.report["asked_in_vain"] == {"not the address of an article": 4}
    for post in (native, imported, *legacy):
        assert _said(crawl.row(post)) == _said(expected(post))
    layouts = {row["extractor"]["layout"] for row in crawl.rows()}
    assert {"legacy-desktop", "legacy-mobile", "legacy-print"} <= layouts


REFUSED = [
    "https://example.org/en/posts/somewhere-else_500000",
    "http://127.0.0.2/posts/somewhere-else_500001",
    "https://uza.uz/en/posts/category/society",
    "https://uza.uz/",
]


def _native_forms(post: Post, replica: Replica) -> list[str]:
    return [
        f"https://uza.uz/{post.edition}/posts/{post.slug}",
        f"http://www.uza.uz/react/posts/{post.slug}/",
        f"https://uza.uz/en/react/posts/{post.slug}?q=%2Freact%2Fposts%2F{post.slug}#top",
        f"uza.uz/posts/_{post.id}",
        f"https://uza.uz/posts/{post.id}",
        f"{replica.site_url}/ru/posts/{post.slug}",
    ]


def _legacy_forms(post: Post) -> list[str]:
    address = f"http://www.uza.uz{post.path}"
    code = f"ELEMENT_CODE={post.slug}"
    return [
        f"{address}/",
        f"{address}/?m=y&{code}",
        f"{address}/?SECTION_CODE=x&{code}&print=Y",
    ]


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """Return what does not depend on the source."""
    names = ("id", "title", "body", "authors", "byline_raw", "credit", "language", "agency")
    return {name: row[name] for name in names} | {"published_at": row["published_at"][:10]}


def test_a_limit_leaves_the_rest_to_the_next_run(crawl: Crawl, replica: Replica) -> None:
    posts = replica.world.listing("ru")
    run = crawl("-a", "editions=ru", "-a", "limit=3")
    assert run.outcomes == {"new": 3}
    assert run.report["pending"] == len(posts) - 3 > 0
    assert len(crawl.rows()) == 3
    run = crawl("-a", "editions=ru")
    assert run.report["carried_over"] == len(posts) - 3
    assert crawl.ids() == ids_of(posts)
