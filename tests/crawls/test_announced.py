"""Which edits the site announced: only what it shows after an edit tells that."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from crawler.system.clock import now
from pages.uza import RULES
from replica import Replica
from replica.faults import Fault
from replica.messages import Answer, Request
from replica.post import Post
from tests.crawler.release.archives import release_of, rows
from tests.crawls.harness import Crawl
from tests.days import pass_time

pytestmark = pytest.mark.any_day
ALL = ("-a", "revisit=all")  # without a look at any list
LATER = timedelta(minutes=1)


def edit(replica: Replica, posts: Iterable[Post], *, moved: bool, text: str = "Edited.") -> None:
    """Change the text of posts, and their time of change or not."""
    for post in posts:
        at = replica.world[post.id].updated_at + LATER * moved
        replica.world.edit(post.id, paragraphs=(*post.paragraphs, text), updated_at=at)


def edited(crawl: Crawl) -> dict[str, list[bool | None]]:
    """Return of each article whether its edits were announced."""
    told: dict[str, list[bool | None]] = {}
    for row in crawl.rows():
        if row["change"] == "edited":
            told.setdefault(row["id"], []).append(row["announced"])
    return told


def time_of_request(_: Request, answer: Answer) -> Answer:
    if "Last-Modified" in answer.headers:
        answer.headers["Last-Modified"] = format_datetime(now(), usegmt=True)
    return answer


def shown(replica: Replica, post: Post) -> str:
    return f"{replica.world[post.id].updated_at:%Y-%m-%dT%H:%M:%S}+05:00"


def older(replica: Replica) -> tuple[Post, ...]:
    """Return posts that were not changed just now."""
    return replica.world.listing(imported=False)[20:32]


def test_last_modified_tells_which_edits_were_announced(crawl: Crawl, replica: Replica) -> None:
    crawl.begin()
    moved, quiet = older(replica)[:7], older(replica)[7:]
    edit(replica, moved, moved=True)
    edit(replica, quiet, moved=False)
    crawl(*ALL)
    told = edited(crawl)
    assert [told.pop(post.article_id) for post in moved] == [[True]] * 7
    assert [told.pop(post.article_id) for post in quiet] == [[False]] * 5
    assert told == {}
    times = {row["modified_at"] for row in crawl.rows() if row["change"] == "edited"}
    assert times == {None}  # the time in a list was of an earlier state


@pytest.mark.parametrize("server", ["without validators", "time of request"])
def test_without_a_time_of_change_after_it_an_edit_is_neither(
    crawl: Crawl, replica: Replica, server: str
) -> None:
    if server == "without validators":
        replica.options.validators = False
    else:
        replica.faults.append(Fault("/posts/", time_of_request))
    crawl()
    edit(replica, older(replica)[:7], moved=True)
    edit(replica, older(replica)[7:], moved=False)
    crawl(*ALL)
    told = Counter(each for some in edited(crawl).values() for each in some)
    assert told == {None: 12}


def test_a_list_tells_an_edit_that_was_announced_but_none_that_was_not(
    crawl: Crawl, replica: Replica
) -> None:
    replica.options.validators = False
    crawl()
    moved, quiet = older(replica)[:7], older(replica)[7:]
    edit(replica, moved, moved=True)
    edit(replica, quiet, moved=False)
    crawl.come_due()
    crawl()  # reads the lists first, so an edit may have come after them
    told = {
        row["id"]: (row["announced"], row["modified_at"])
        for row in crawl.rows()
        if row["change"] == "edited"
    }
    assert told == {post.article_id: (True, shown(replica, post)) for post in moved} | {
        post.article_id: (None, None) for post in quiet
    }


def test_a_list_that_shows_the_new_headline_with_the_old_time_tells_a_silent_edit(
    crawl: Crawl, replica: Replica
) -> None:
    replica.options.validators = False
    crawl()
    post = older(replica)[0]
    replica.world.edit(post.id, title="A louder headline", updated_at=post.updated_at)
    assert crawl().outcomes == {"edited": 1}
    row = crawl.row(post)
    assert (row["announced"], row["modified_at"]) == (False, shown(replica, post))


def test_a_time_that_moved_without_an_edit_does_not_announce_the_next_one(
    crawl: Crawl, replica: Replica
) -> None:
    replica.options.validators = False
    crawl()
    post = older(replica)[0]
    replica.world.edit(post.id, updated_at=post.updated_at + LATER)
    assert crawl().outcomes == {"unchanged": 1}
    edit(replica, [post], moved=False)
    crawl.come_due()
    crawl()
    assert edited(crawl) == {post.article_id: [None]}


def test_a_list_tells_of_an_edit_after_one_that_nothing_told_of(
    crawl: Crawl, replica: Replica
) -> None:
    replica.options.validators = False
    crawl()
    post = older(replica)[0]
    edit(replica, [post], moved=False)
    crawl(*ALL)
    edit(replica, [post], moved=True, text="Edited again.")
    crawl()
    assert edited(crawl) == {post.article_id: [None, True]}


def test_a_release_has_what_a_list_tells_that_was_read_later(
    crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    replica.options.validators = False
    crawl()
    moved, quiet = older(replica)[:3], older(replica)[3:8]
    edit(replica, moved, moved=True)
    edit(replica, quiet, moved=False)
    crawl(*ALL)
    told = {post.article_id: [None] for post in (*moved, *quiet)}
    assert edited(crawl) == told
    pass_time(timedelta(seconds=2))
    assert crawl().outcomes == {"unchanged": 3}
    release_of(crawl.data / "uza", tmp_path / "out", dates=RULES.timestamp)
    assert edited(crawl) == told
    states = {each["id"]: each["announced"] for each in rows(tmp_path / "out/states.jsonl.gz")}
    assert [states.pop(post.article_id) for post in moved] == [True] * 3
    assert [states.pop(post.article_id) for post in quiet] == [False] * 5
    assert set(states.values()) == {None}
    assert "Of the edits here: 0 true, 0 false, 8 null." in (tmp_path / "out/README.md").read_text()
