"""What becomes of articles after they were stored: edits, silence, disappearance and return."""

import sqlite3
from contextlib import closing
from datetime import UTC, timedelta
from email.utils import format_datetime
from urllib.request import urlopen

import pytest

from crawler.store.states import YEAR
from crawler.system.clock import steady
from replica import Replica, faults
from replica.faults import Fault
from replica.messages import HTML, Answer, Request
from replica.options import Missing
from replica.post import Post
from tests.commands import scrapy
from tests.crawls.harness import Crawl, targets
from tests.days import START

pytestmark = pytest.mark.any_day
ENGLISH = ("-a", "editions=en")
ALL = ("-a", "revisit=all")
LATE = START.astimezone(UTC) + timedelta(days=3650)


def state(crawl: Crawl, post: Post) -> str:
    with closing(sqlite3.connect(crawl.data / "uza" / "ledger.sqlite")) as ledger:
        query = "SELECT state FROM article WHERE id = ?"
        return str(ledger.execute(query, (post.article_id,)).fetchone()[0])


def versions(crawl: Crawl, post: Post) -> list[tuple[int, str]]:
    rows = [row for row in crawl.rows() if row["id"] == post.article_id]
    return [(row["version"], row["change"]) for row in rows]


def english(replica: Replica) -> Post:
    return replica.world.listing("en")[0]


def test_a_run_with_nothing_new_or_due_asks_only_the_listings(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin()
    replica.requests.clear()
    run = crawl()
    assert run.outcomes == {}
    assert targets(replica, "/posts/") == []
    lists = [target for target in targets(replica) if target != "/robots.txt"]
    assert len(lists) <= 2 * 10


def test_what_is_due_is_visited_again_and_a_304_counts_as_unchanged(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    before = crawl.rows()
    crawl.come_due()
    replica.requests.clear()
    run = crawl(*ENGLISH)
    assert run.outcomes == {"unchanged": len(before)}
    assert crawl.rows() == before
    answers = [asked.status for asked in replica.requests if "/posts/" in asked.target]
    assert answers == [304] * len(before)


def test_no_visit_waits_for_a_clock_that_ran_years_ahead_or_is_made_twice_in_a_row(
    crawl: Crawl,
) -> None:
    crawl.begin(*ENGLISH)
    crawl.come_due(steady() + 10 * YEAR)
    assert crawl(*ENGLISH).outcomes == {"unchanged": len(crawl.rows())}
    assert crawl(*ENGLISH).outcomes == {}


def test_revisits_can_be_left_out_or_asked_for_by_id(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    crawl.come_due()
    assert crawl(*ENGLISH, "-a", "revisit=none").outcomes == {}
    post = english(replica)
    replica.requests.clear()
    assert crawl("-a", f"revisit={post.article_id}").outcomes == {"unchanged": 1}
    (asked,) = (target for target in targets(replica) if target != "/robots.txt")
    assert asked.endswith(post.path)


def test_an_article_is_gone_only_after_three_answers_and_may_come_back(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.apart = True
    crawl.begin(*ENGLISH)
    post = english(replica)
    replica.world.remove(post.id)
    visit = ("-a", f"revisit={post.article_id}")
    for _ in range(2):
        assert crawl(*visit, GONE_HOURS=0).outcomes == {"missing": 1}
        assert state(crawl, post) == "missing"
    assert crawl(*visit, GONE_HOURS=0).outcomes == {"gone": 1}
    first, gone = (row for row in crawl.rows() if row["id"] == post.article_id)
    assert (gone["version"], gone["change"], gone["body"]) == (2, "gone", first["body"])
    assert len(gone["evidence"]) == 3
    assert crawl(*visit, GONE_HOURS=0).outcomes == {"unchanged": 1}
    replica.world.restore(post.id)
    assert crawl(*visit).outcomes == {"back": 1}
    assert versions(crawl, post) == [(1, "new"), (2, "gone"), (3, "back")]
    assert state(crawl, post) == "stored"


@pytest.mark.parametrize(
    ("missing", "answers"), [("shell", [("page", 200), ("api", 404)]), ("front", [("page", 302)])]
)
def test_a_shell_without_a_post_and_a_way_to_the_front_page_are_evidence_too(
    crawl: Crawl, replica: Replica, missing: Missing, answers: list[tuple[str, int]]
) -> None:
    crawl.begin(*ENGLISH)
    replica.options.missing = missing
    post = english(replica)
    replica.world.remove(post.id)
    crawl("-a", f"revisit={post.article_id}", GONE_HOURS=0, GONE_SIGHTINGS=1)
    row = crawl.row(post)
    assert row["change"] == "gone"
    assert [(seen["asked"], seen["status"]) for seen in row["evidence"]] == answers
    (page,) = [seen["url"] for seen in row["evidence"] if seen["asked"] == "page"]
    assert page.startswith("https://uza.uz/")
    assert page.endswith(post.path)


def test_a_way_to_another_page_than_the_front_page_is_no_evidence(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    post = english(replica)
    replica.faults.append(Fault(post.path, faults.redirect("/en/posts")))
    run = crawl("-a", f"revisit={post.article_id}", GONE_HOURS=0, GONE_SIGHTINGS=1, exit_code=3)
    assert run.report["reasons"] == {"failed: redirected to no article": 1}
    assert versions(crawl, post) == [(1, "new")]


def test_an_article_that_is_there_again_was_never_gone(crawl: Crawl, replica: Replica) -> None:
    crawl.apart = True
    crawl.begin(*ENGLISH)
    post = english(replica)
    visit = ("-a", f"revisit={post.article_id}")
    for _ in range(3):  # found in between, so three sightings never gather
        replica.world.remove(post.id)
        assert crawl(*visit, GONE_HOURS=0).outcomes == {"missing": 1}
        replica.world.restore(post.id)
        assert crawl(*visit, GONE_HOURS=0).outcomes == {"unchanged": 1}
    assert versions(crawl, post) == [(1, "new")]


def test_three_answers_within_hours_make_nothing_gone(crawl: Crawl, replica: Replica) -> None:
    crawl.apart = True
    crawl.begin(*ENGLISH)
    post = english(replica)
    replica.world.remove(post.id)
    for _ in range(4):
        assert crawl("-a", f"revisit={post.article_id}").outcomes == {"missing": 1}


def test_an_article_is_gone_once_even_if_the_clock_was_set_back(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.apart = True
    crawl.begin(*ENGLISH)
    post = english(replica)
    with closing(sqlite3.connect(crawl.data / "uza" / "ledger.sqlite")) as ledger:
        ledger.execute("UPDATE version SET fetched_at = '2099-01-01T00:00:00Z'")
        ledger.commit()
    replica.world.remove(post.id)
    visit = ("-a", f"revisit={post.article_id}", "-a", "limit=1")
    for outcome in ("missing", "missing", "gone", "unchanged"):
        assert crawl(*visit, GONE_HOURS=0).outcomes == {outcome: 1}
    assert versions(crawl, post) == [(1, "new"), (2, "gone")]


def test_a_redirect_to_another_article_is_none_of_its_own_page_unmodified(
    crawl: Crawl, replica: Replica
) -> None:
    crawl.begin(*ENGLISH)
    post, other = replica.world.listing("en")[:2]
    with closing(sqlite3.connect(crawl.data / "uza" / "ledger.sqlite")) as ledger:
        ledger.execute(
            "UPDATE article SET etag = NULL, last_modified = ?", (format_datetime(LATE),)
        )
        ledger.commit()
    replica.faults.append(Fault(f"_{post.id}$", faults.redirect(other.path)))
    run = crawl("-a", f"revisit={post.article_id}", exit_code=3)
    assert run.report["reasons"] == {f"failed: redirected to {other.article_id}": 1}
    assert [asked.status for asked in replica.requests if asked.target == other.path][-1] == 304


def test_a_killed_visit_of_all_goes_on_where_it_was(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    count = len(crawl.rows())
    assert crawl(*ALL, "-a", "limit=1").outcomes == {"unchanged": 1}
    assert crawl(*ALL).outcomes == {"unchanged": count - 1}
    assert crawl(*ALL).outcomes == {"unchanged": count}


def test_a_run_ends_when_its_minutes_are_over_and_the_next_one_goes_on(
    crawl: Crawl, replica: Replica
) -> None:
    run = crawl(*ENGLISH, "-a", "minutes=0.05", DOWNLOAD_DELAY=1)
    assert run.report["pending"] > 0
    crawl(*ENGLISH)
    assert crawl.ids() == sorted(post.article_id for post in replica.world.listing("en"))


def test_a_long_backfill_brings_the_news(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    old = replica.world.listing("ru")[:3]
    replica.faults.append(Fault(f"/posts/{old[0].id}$", faults.delay(2), times=1))
    fresh = replica.world.publish("en")
    ids = ",".join(str(post.id) for post in old)
    run = crawl("-a", f"ids={ids}", "-a", "editions=en", LISTINGS_MINUTES=0.01)
    assert run.outcomes == {"new": 4}
    assert fresh.article_id in crawl.ids()


def test_code_that_reads_otherwise_makes_no_edit(crawl: Crawl, replica: Replica) -> None:
    crawl.begin(*ENGLISH)
    post = english(replica)
    with closing(sqlite3.connect(crawl.data / "uza" / "ledger.sqlite")) as ledger:
        ledger.execute("UPDATE version SET code = 'older', content_hash = 'older'")
        ledger.execute("UPDATE article SET code = 'older'")
        ledger.commit()
    assert crawl("-a", f"revisit={post.article_id}").outcomes == {"reparsed": 1}
    replica.world.edit(post.id, title="Now an edit")
    assert crawl("-a", f"revisit={post.article_id}").outcomes == {"edited": 1}


def test_the_page_of_another_article_under_an_address_is_no_edit(
    crawl: Crawl, replica: Replica
) -> None:
    def confused(request: Request, answer: Answer) -> Answer:
        own = f'<link rel="canonical" href="https://uza.uz{other.path}"></head>'.encode()
        return Answer(200, {"Content-Type": HTML}, page.replace(b"</head>", own))

    crawl(*ENGLISH)
    post, other = replica.world.listing("en")[:2]
    rows = crawl.rows()
    with urlopen(f"{replica.site_url}{other.path}") as answer:
        page = answer.read()
    replica.faults.append(Fault(f"{post.path}$", confused))  # as a cache may confuse its entries
    run = crawl("-a", f"revisit={post.article_id}", exit_code=3)
    assert run.report["reasons"] == {"failed: another article": 1}
    reparsed = scrapy("reparse", "uza", DATA_DIR=crawl.data, UZA_SITE_URL=replica.site_url)
    assert reparsed.returncode == 0, reparsed.stderr
    assert crawl.rows() == rows
    replica.faults.clear()
    assert crawl("-a", f"revisit={post.article_id}").outcomes == {"unchanged": 1}
