"""A site that is out of order: whatever it answers then, nothing is told of the articles."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest

from replica import Replica, faults
from replica.faults import Fault
from replica.messages import Answer, Request
from replica.options import Changed
from replica.post import Post
from tests.commands import scrapy
from tests.crawls.harness import Crawl, Run, targets
from tests.days import pass_time

ENGLISH = ("-a", "editions=en")
ALL = ("-a", "revisit=all")
PAGES = r"^/(\w+/)?posts/[^/]*$"
API_POSTS = r"/api/v1/posts/[^?]"
DAYS = 3  # from the first visit to the last, with one each day


@contextmanager
def ledger(crawl: Crawl) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(crawl.data / "uza" / "ledger.sqlite")) as database:
        yield database
        database.commit()


def day_passes(crawl: Crawl) -> None:
    """Let a day pass, for the site and for whoever reads it."""
    pass_time(timedelta(days=1))
    crawl.replica.world.now += timedelta(days=1)


def come_due(crawl: Crawl, *posts: Post) -> None:
    with ledger(crawl) as database:
        database.executemany(
            "UPDATE article SET due = 1 WHERE id = ?", [(post.article_id,) for post in posts]
        )


def states(crawl: Crawl) -> set[str]:
    with ledger(crawl) as database:
        return {state for (state,) in database.execute("SELECT DISTINCT state FROM article")}


def absences(crawl: Crawl) -> int:
    with ledger(crawl) as database:
        return int(database.execute("SELECT count(*) FROM absence").fetchone()[0])


def visits(crawl: Crawl, *arguments: str, exit_code: int) -> list[Run]:
    """Run once a day."""
    runs = []
    for _ in range(DAYS):
        runs.append(crawl(*arguments, exit_code=exit_code, DOWNLOAD_TIMEOUT=1, RETRY_TIMES=0))
        day_passes(crawl)
    return runs


def figures(run: Run) -> list[str]:
    return [alarm["figure"].split()[0] for alarm in run.report["monitors"]]


@pytest.fixture(autouse=True)
def _news(replica: Replica) -> None:
    """Publish enough for a share of it to say something."""
    for _ in range(9):
        replica.world.publish("en")


@pytest.mark.parametrize(
    ("changed", "api"),
    [
        *[(changed, api) for changed in (True, "body", "scripts") for api in ("gone", "no posts")],
        (True, "timeout"),
        ("scripts", "HTTP 500"),
    ],
)
def test_a_redesign_leaves_no_trace_but_failures(
    crawl: Crawl, replica: Replica, changed: Changed, api: str
) -> None:
    crawl.begin(*ENGLISH)
    before = crawl.rows()
    replica.options.changed = changed
    replica.options.missing = "shell"
    if api == "gone":
        replica.options.api = False
    else:
        act = {"no posts": faults.status(404), "timeout": faults.hang()}
        replica.faults.append(Fault(API_POSTS, act.get(api, faults.status(500))))
    for run in visits(crawl, *ALL, exit_code=4):
        assert run.outcomes == {"failed": len(before)}
        assert figures(run) == ["layouts"]
        assert len(run.report["monitors"][0]["examples"]) == 3
    assert states(crawl) == {"stored"}
    assert absences(crawl) == 0

    replica.options.changed, replica.options.api = False, True
    replica.faults.clear()
    assert crawl(*ALL).outcomes == {"unchanged": len(before)}
    assert crawl.rows() == before


def test_a_site_that_answers_404_for_a_weekend_has_taken_nothing_down(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    before = crawl.rows()
    replica.faults.append(Fault(PAGES, faults.status(404)))
    for run in visits(crawl, *ALL, exit_code=4):
        assert run.outcomes == {"missing": len(before)}
        assert figures(run) == ["missing"]
        assert "ERROR: monitor all: missing" in run.log
    assert crawl.rows() == before
    told = scrapy("status", "uza", DATA_DIR=crawl.data)
    assert "scrapy confirm-gone uza" in told.stdout
    figures_told = json.loads(scrapy("status", "uza", "--json", DATA_DIR=crawl.data).stdout)
    (held,) = figures_told["held_back"]
    assert (held["missing"], held["there"]) == (len(before), 0)

    replica.faults.clear()
    assert crawl(*ALL).outcomes == {"unchanged": len(before)}
    assert crawl.rows() == before
    assert "held back" not in scrapy("status", "uza", DATA_DIR=crawl.data).stdout
    assert (states(crawl), absences(crawl)) == ({"stored"}, 0)


def test_an_edition_that_fails_alone_has_taken_nothing_down(crawl: Crawl, replica: Replica) -> None:
    for edition in ["de"] * 2 + ["uz"] * 90:
        replica.world.publish(edition)
    crawl.begin()
    day_passes(crawl)  # what is visited in the second in which it was found was not visited again
    before = crawl.rows()
    german = [row["id"] for row in before if row["edition"] == "de"]
    assert 2 < len(german) < 0.05 * len(before)
    numbers = "|".join(name.removeprefix("uza:") for name in german)
    replica.faults.append(Fault(rf"/posts/.*({numbers})$", faults.status(404)))
    for run in visits(crawl, *ALL, exit_code=4):
        assert run.outcomes["missing"] == len(german)
        assert [alarm["place"] for alarm in run.report["monitors"]] == ["de"]
    assert crawl.rows() == before


def test_runs_of_a_few_articles_each_add_up(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    before = crawl.rows()
    replica.faults.append(Fault(PAGES, faults.status(404)))
    two = (*ALL, "-a", "limit=2")
    assert crawl(*two).outcomes == {"missing": 2}  # which happens
    for day in range(DAYS):
        for _ in range(len(before) // 2 - (day == 0)):
            assert crawl(*two, exit_code=4).outcomes == {"missing": 2}
        day_passes(crawl)
    assert crawl.rows() == before


def test_what_the_site_lists_is_not_gone(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    posts = replica.world.listing("en")[:2]
    for post in posts:
        replica.faults.append(Fault(f"{post.path}$", faults.status(404)))
    asked = ("-a", f"revisit={','.join(post.article_id for post in posts)}")
    assert crawl(*asked).outcomes == {"missing": 2}
    assert "missing" in states(crawl)

    come_due(crawl, *posts)
    run = crawl(*ENGLISH, exit_code=3)
    assert run.report["reasons"] == {"failed: listed but HTTP 404": 2}
    assert (states(crawl), absences(crawl)) == ({"stored"}, 0)


def test_what_is_listed_again_is_visited_and_is_back(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    post = replica.world.listing("en")[0]
    replica.world.remove(post.id)
    visit = ("-a", f"revisit={post.article_id}")
    assert crawl(*visit, GONE_SIGHTINGS=1, GONE_HOURS=0).outcomes == {"gone": 1}
    replica.world.restore(post.id)
    assert crawl(*ENGLISH).outcomes == {"back": 1}


def test_what_is_gone_and_listed_again_is_there_though_its_page_fails(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    post = replica.world.listing("en")[0]
    replica.world.remove(post.id)
    visit = ("-a", f"revisit={post.article_id}")
    assert crawl(*visit, GONE_SIGHTINGS=1, GONE_HOURS=0).outcomes == {"gone": 1}
    replica.world.restore(post.id)
    replica.faults.append(Fault(f"{post.path}$", faults.status(404)))
    run = crawl(*ENGLISH, GONE_SIGHTINGS=1, GONE_HOURS=0)
    assert run.report["gone_after"] == {"sightings": 1, "hours": 0, "share": 0.05}
    assert run.report["reasons"] == {"failed: listed but HTTP 404": 1}
    assert (states(crawl), absences(crawl)) == ({"stored"}, 0)
    assert crawl.row(post)["change"] == "gone"  # nothing but the list has said otherwise yet

    replica.faults.clear()
    assert crawl(*visit).outcomes == {"back": 1}


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (b"news|content-block", "no layout"),
        (b"news-top-head|content-block", "not an article"),  # it links to others, as a list does
        (b"content-block", "no body"),
    ],
)
def test_a_page_that_cannot_be_read_is_there_whatever_the_api_says(
    crawl: Crawl, replica: Replica, part: bytes, reason: str
) -> None:
    crawl.begin(*ENGLISH)
    post = replica.world.listing("en")[0]

    def renamed(request: Request, answer: Answer) -> Answer:
        answer.body = re.sub(part, b"story", answer.body)
        return answer

    replica.faults.append(Fault(f"{post.path}$", renamed))
    replica.faults.append(Fault(f"/api/v1/posts/{post.id}", faults.status(410)))
    with ledger(crawl) as database:
        database.execute("UPDATE article SET etag = NULL, last_modified = NULL")
    come_due(crawl, post)
    run = crawl(*ENGLISH, GONE_SIGHTINGS=1, GONE_HOURS=0)
    assert run.report["reasons"] == {f"failed: {reason}, API HTTP 410": 1}
    assert (states(crawl), absences(crawl)) == ({"stored"}, 0)


def test_a_shell_says_nothing_where_no_page_is_anything_else(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    replica.options.changed = "scripts"
    replica.options.missing = "shell"
    post = replica.world.listing("en")[0]
    replica.world.remove(post.id)
    replica.requests.clear()
    come_due(crawl, post)
    run = crawl(*ENGLISH, GONE_SIGHTINGS=1, GONE_HOURS=0)
    assert run.report["reasons"] == {"failed: no body, API HTTP 404": 1}
    assert len(targets(replica, "/posts/")) == 3  # the page, the API, and a page that is there


def test_a_shell_says_nothing_where_the_api_tells_no_article(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    replica.options.missing, replica.options.api = "shell", False
    post = replica.world.listing("en")[0]
    replica.world.remove(post.id)
    come_due(crawl, post)
    run = crawl(*ENGLISH, GONE_SIGHTINGS=1, GONE_HOURS=0, exit_code=3)  # the list of the API, too
    assert run.report["reasons"] == {"failed: no body, API HTTP 404": 1}


def test_evidence_names_page_and_status_of_each_visit(crawl: Crawl, replica: Replica) -> None:
    crawl.apart = True
    crawl.begin(*ENGLISH)
    post = replica.world.listing("en")[0]
    replica.world.remove(post.id)
    visit = ("-a", f"revisit={post.article_id}")
    outcomes = [crawl(*visit, GONE_HOURS=0).outcomes for _ in range(3)]
    assert outcomes == [{"missing": 1}, {"missing": 1}, {"gone": 1}]
    seen = crawl.row(post)["evidence"]
    assert [(each["asked"], each["status"]) for each in seen] == [("page", 404)] * 3
    assert all(each["url"].endswith(post.path) for each in seen)


def test_somebody_who_has_looked_confirms_what_is_held_back(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    stored = len(crawl.rows())
    gone: list[Post] = list(replica.world.listing("en")[:4])
    for post in gone:
        replica.world.remove(post.id)
    asked = ("-a", f"revisit={','.join(post.article_id for post in gone)}")
    visits(crawl, *asked, exit_code=4)
    assert len(crawl.rows()) == stored
    one, *others = sorted((post.article_id for post in gone), reverse=True)
    confirmed = scrapy("confirm-gone", "uza", one, "--yes", DATA_DIR=crawl.data)
    assert (confirmed.returncode, confirmed.stderr) == (0, "")
    assert confirmed.stdout.endswith(
        "1 recorded as gone; the next run brings articles/ up to date\n"
    )
    confirmed = scrapy("confirm-gone", "uza", "--yes", DATA_DIR=crawl.data)
    assert "3 recorded as gone" in confirmed.stdout
    rows = {row["id"]: row for row in crawl.rows()}
    for article_id in (one, *others):
        assert (rows[article_id]["change"], rows[article_id]["version"]) == ("gone", 2)
        assert len(rows[article_id]["evidence"]) == DAYS
        assert rows[article_id]["run"].startswith("confirm-gone-")
    assert "held back" not in scrapy("status", "uza", DATA_DIR=crawl.data).stdout

    crawl(*ENGLISH)
    for post in gone:
        replica.world.restore(post.id)
    assert crawl(*asked).outcomes == {"back": 4}


def test_pages_that_no_layout_reads_are_noticed_in_the_first_run(
    crawl: Crawl, replica: Replica
) -> None:
    replica.options.changed = True
    run = crawl(*ENGLISH, exit_code=4)  # the API serves
    assert run.outcomes == {"new": len(crawl.rows())}
    assert figures(run) == ["layouts"]
    assert len(run.report["monitors"][0]["examples"]) == 3


def test_a_part_of_the_pages_that_no_layout_reads_is_noticed_though_the_api_serves(
    crawl: Crawl, replica: Replica
) -> None:
    for _ in range(30):
        replica.world.publish("en")
    replica.faults.append(Fault(r"^/(\w+/)?posts/.*[0-6]$", faults.shell()))
    run = crawl(*ENGLISH, exit_code=4)
    assert run.outcomes == {"new": len(crawl.rows())}
    assert figures(run) == ["no"]
    assert len(run.report["monitors"][0]["examples"]) == 3


def test_a_small_first_run_that_reads_nothing_is_a_changed_site(
    crawl: Crawl, replica: Replica
) -> None:
    replica.options.changed = True
    replica.faults.append(Fault(API_POSTS, faults.status(404)))
    run = crawl(*ENGLISH, "-a", "limit=5", exit_code=4, READ_UNKNOWN_LAYOUTS=False)
    assert run.outcomes == {"failed": 5}
    assert figures(run) == ["layouts"]


def test_lists_that_cannot_be_read_any_more_are_noticed_though_no_page_was_due(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    replica.options.changed, replica.options.api = True, False
    replica.faults.append(Fault("/rss", faults.html()))
    run = crawl(*ENGLISH, exit_code=4)
    assert run.outcomes == {}
    assert figures(run) == ["lists"]
    assert "lists and feeds were read at 0 of " in run.log


def test_lists_that_do_not_answer_are_no_new_design(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    replica.faults.append(Fault("/", faults.status(500)))
    run = crawl(*ENGLISH, exit_code=3, RETRY_TIMES=0, ROBOTSTXT_OBEY=0)
    assert figures(run) == []


def test_texts_that_are_read_otherwise_nearly_everywhere_are_noticed(
    crawl: Crawl, replica: Replica
) -> None:
    def act(request: Request, answer: Answer) -> Answer:
        answer.body = re.sub(rb"<p>.*?</p>", b"", answer.body, flags=re.DOTALL)
        return answer

    replica.options.validators = False  # whatever is shown, a page is as it was
    crawl(*ENGLISH)
    replica.faults.append(Fault(PAGES, act))
    run = crawl(*ALL, exit_code=4)
    assert run.outcomes["edited"] >= 10
    assert figures(run) == ["edited"]
    assert len(run.report["monitors"][0]["examples"]) == 3
