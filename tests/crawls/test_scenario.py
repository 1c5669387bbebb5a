"""Thirty days of a site, compressed: what the journal tells of them is what happened."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from replica import Replica, faults
from replica.faults import Fault
from replica.post import Post
from tests.crawls.harness import Crawl
from tests.days import pass_time

pytestmark = pytest.mark.any_day
ENGLISH = ("-a", "editions=en")


class Story:
    """Lets days pass between the runs of a crawl, and keeps what the versions must be."""

    def __init__(self, crawl: Crawl, replica: Replica) -> None:
        self.crawl = crawl
        self.world = replica.world
        self.replica = replica
        self.told: dict[str, list[str]] = {}

    def publish(self, title: str) -> Post:
        post = self.world.publish("en", title=title)
        self.tell(post, "new")
        return post

    def tell(self, post: Post, change: str) -> None:
        self.told.setdefault(post.article_id, []).append(change)

    def edit(self, post: Post, title: str, *, silent: bool = False) -> None:
        now_told = {"updated_at": self.world[post.id].updated_at} if silent else {}
        self.world.edit(post.id, title=title, **now_told)
        self.tell(post, "edited")

    def days_pass(self, days: float) -> None:
        """Run, then let time pass, for the site and for whoever reads it."""
        run = self.crawl(*ENGLISH)
        assert "failed" not in run.outcomes, run.log
        pass_time(timedelta(days=days))
        self.world.now += timedelta(days=days)

    def versions(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in self.crawl.rows():
            found.setdefault(row["id"], []).append(row["change"])
            assert row["version"] == len(found[row["id"]])
        return found

    def change_the_code(self) -> None:
        """Make all that was read so far look as if other code had read it."""
        with closing(sqlite3.connect(self.crawl.data / "uza" / "ledger.sqlite")) as ledger:
            ledger.execute("UPDATE version SET code = 'older'")
            ledger.execute("UPDATE article SET code = 'older'")
            ledger.commit()


def test_thirty_days_leave_exactly_the_versions_that_happened(
    crawl: Crawl, replica: Replica
) -> None:
    story = Story(crawl, replica)
    for post in replica.world.listing("en"):
        story.tell(post, "new")
    fickle = story.publish("A bridge opens")
    quiet = story.publish("Rain is expected")
    doomed = story.publish("A notice that is taken down")
    gone_for_good = story.publish("A notice that stays away")
    shell = story.publish("A page without a body")
    story.days_pass(1)

    story.edit(fickle, "A bridge opens late")  # A, B, A
    story.edit(quiet, "Snow is expected", silent=True)
    replica.world.remove(doomed.id)
    replica.world.remove(gone_for_good.id)
    story.days_pass(2)

    story.edit(fickle, "A bridge opens")
    story.days_pass(2)
    replica.faults.append(Fault(shell.path, faults.shell()))  # another source reads the same
    story.days_pass(2)
    replica.faults.clear()
    story.days_pass(1)

    story.tell(doomed, "gone")
    story.tell(gone_for_good, "gone")
    story.days_pass(1)
    replica.world.restore(doomed.id)
    story.tell(doomed, "back")
    story.days_pass(10)

    story.change_the_code()  # reads all of it as before: no version
    story.days_pass(11)
    story.days_pass(8)
    story.edit(quiet, "Snow has fallen", silent=True)
    story.days_pass(400)
    story.days_pass(400)

    assert story.versions() == story.told
    announced = [row["announced"] for row in crawl.rows() if row["change"] == "edited"]
    assert sorted(map(str, announced)) == ["False", "False", "True", "True"]
