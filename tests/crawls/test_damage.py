"""Damage in ledger and journal, met in the middle of a run or of another command."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from replica import Replica
from tests.commands import scrapy
from tests.crawls.harness import Crawl

ENGLISH = ("-a", "editions=en")
AGAIN = (*ENGLISH, "-a", "revisit=all")


def journal(crawl: Crawl) -> Path:
    (path,) = crawl.data.glob("uza/journal/*.jsonl")
    return path


def damage_line(crawl: Crawl, article_id: str) -> int:
    """Make a row's JSON unreadable, in as many bytes; return the line's number."""
    rows = journal(crawl).read_bytes().splitlines(keepends=True)
    (number,) = (n for n, row in enumerate(rows) if json.loads(row)["id"] == article_id)
    rows[number] = rows[number].replace(b'"title":', b'"title"\xff', 1)
    journal(crawl).write_bytes(b"".join(rows))
    return number + 1


def test_an_article_whose_line_is_damaged_fails_and_the_run_goes_on(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    first, second, *_ = replica.world.listing("en", imported=False)
    number = damage_line(crawl, first.article_id)
    for post in (first, second):
        replica.world.edit(post.id, title=f"Another title of {post.id}")
    run = crawl(*AGAIN, exit_code=7)
    assert run.outcomes["edited"] == run.outcomes["failed"] == 1
    assert run.report["reasons"] == {"failed: damaged version": 1}
    assert run.reason(first.article_id).startswith("damaged version (")
    version = f"{first.article_id} version 1 cannot be read at byte"
    place = f"{journal(crawl)}: line {number}: {version}"
    *told, last = errors(run.log)
    assert told
    assert last.startswith(f"exit code 7: {place}")
    assert all(line.startswith(place) for line in told)
    assert all(line.endswith("scrapy rebuild uza --skip-damaged") for line in told)


def test_after_a_rebuild_the_article_is_fetched_again_and_every_line_is_json(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    first, *_ = replica.world.listing("en", imported=False)
    damage_line(crawl, first.article_id)
    assert scrapy("rebuild", "--skip-damaged", "uza", DATA_DIR=crawl.data).returncode == 0
    run = crawl(*ENGLISH)
    assert run.outcomes["new"] == 1
    assert crawl.row(first)["version"] == 1
    assert len(list(journal(crawl).parent.glob("*.damaged-1"))) == 1


@pytest.mark.parametrize(
    "command",
    [
        ("export", "uza"),
        ("release", "uza"),
        ("browse", "--only-build", "uza"),
        ("diff", "{id}"),
        ("capture", "{id}"),
        ("rebuild", "uza"),
    ],
    ids=lambda command: command[0],
)
def test_a_command_that_needs_a_damaged_line_names_file_and_line(
    crawl: Crawl, replica: Replica, command: tuple[str, ...]
) -> None:
    crawl.begin(*ENGLISH)
    first, *_ = replica.world.listing("en", imported=False)
    number = damage_line(crawl, first.article_id)
    done = scrapy(*(part.format(id=first.article_id) for part in command), DATA_DIR=crawl.data)
    assert done.returncode == 7
    (told,) = done.stderr.splitlines()
    assert str(journal(crawl)) in told
    assert f"line {number}" in told
    assert "scrapy rebuild uza --skip-damaged" in told
    assert not list(crawl.data.glob("uza/releases/*"))


def test_captures_whose_row_is_damaged_are_named_by_a_reparse_and_the_others_read(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    first, *_ = replica.world.listing("en", imported=False)
    number = damage_line(crawl, first.article_id)
    with closing(sqlite3.connect(crawl.data / "uza" / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE capture SET code = 'other'")
    done = scrapy("reparse", "uza", DATA_DIR=crawl.data)
    assert done.returncode == 7
    assert "Traceback" not in done.stderr
    assert "damaged 1" in done.stdout
    assert f"line {number}" in done.stdout


def errors(log: str) -> list[str]:
    """Return what a log, or a refusal, says of errors, without the time."""
    refused = [line for line in log.splitlines() if line.startswith("scrapy crawl: ")]
    lines = [line.partition(" ERROR: ")[2] for line in log.splitlines() if " ERROR: " in line]
    return lines or [refused[0].removeprefix("scrapy crawl: ")] * 2


UNDECODABLE = "CAST(x'ff0a' AS TEXT)"
HIDDEN: dict[str, tuple[str, tuple[str, ...]]] = {
    "what is to be fetched": (f"UPDATE article SET address = {UNDECODABLE}", AGAIN),
    "what is compared with": (f"UPDATE version SET content_hash = {UNDECODABLE}", AGAIN),
    "what a payload is of": (f"UPDATE capture SET uri = {UNDECODABLE}", AGAIN),
    "what the ledger is": (f"UPDATE meta SET value = {UNDECODABLE}", AGAIN),
    "what tells when to visit again": ("UPDATE article SET published_at = x'61'", AGAIN),
    "what tells how large a page was": ("UPDATE article SET size = 'large'", AGAIN),
    "an address that is no text": ("UPDATE article SET address = x'61'", AGAIN),
    "where a list was left": (f"UPDATE mark SET page_one = {UNDECODABLE}", ENGLISH),
    "what a run did": (f"UPDATE run SET report = {UNDECODABLE}", ENGLISH),
    "a report that is no JSON": ("UPDATE run SET report = substr(report, 9)", ENGLISH),
    "a report that lacks something": (
        "UPDATE run SET report = replace(report, 'outcome', 'income')",
        ENGLISH,
    ),
    "a run that seems not to have ended": (
        "UPDATE run SET ended = 0, report = substr(report, 9)",
        ENGLISH,
    ),
}


@pytest.mark.parametrize("damage", HIDDEN)
def test_damage_that_only_the_run_comes_upon_ends_it_in_order(
    crawl: Crawl, replica: Replica, damage: str
) -> None:
    statement, arguments = HIDDEN[damage]
    crawl.begin(*ENGLISH)
    with closing(sqlite3.connect(crawl.data / "uza" / "ledger.sqlite")) as ledger, ledger:
        ledger.execute(statement)
    post, *_ = replica.world.listing("en", imported=False)
    replica.world.edit(post.id, title="Another title")
    replica.world.publish("en")
    with crawl.start(*arguments) as process:
        _, log = process.communicate(timeout=100)
    assert process.returncode == 7, log
    assert not [sign for sign in ("Traceback", "Unhandled", "never retrieved") if sign in log], log
    told, last = errors(log)
    assert "scrapy rebuild uza" in told
    assert last.endswith(told.removeprefix("stopping: "))


def test_an_archive_is_whole_again_once_damaged_lines_are_moved_aside(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    first, *_ = replica.world.listing("en", imported=False)
    damage_line(crawl, first.article_id)
    assert scrapy("verify", "uza", DATA_DIR=crawl.data).returncode == 7
    assert scrapy("rebuild", "--skip-damaged", "uza", DATA_DIR=crawl.data).returncode == 0
    crawl(*ENGLISH)
    verified = scrapy("verify", "uza", DATA_DIR=crawl.data)
    assert (verified.returncode, verified.stderr) == (0, "")
