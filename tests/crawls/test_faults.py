"""A site in trouble for a whole run: what is healthy arrives, the rest is told and comes later."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from replica import Replica, faults, payloads
from replica.faults import Action, Fault
from replica.messages import Answer, Request
from replica.post import Post
from replica.world import World
from tests.crawls.harness import NOW, Crawl, Run, ids_of
from tests.crawls.truth import expected
from tests.torture.kills import SOUND, judge

ENGLISH = ("-a", "editions=en")
SHARE = 0.2  # of all answers
TROUBLES: dict[str, Action] = {
    "500": faults.status(500),
    "503": faults.status(503),
    "429": faults.status(429),
    "timeout": faults.hang(),
    "reset": faults.reset(),
    "truncated": faults.truncated(),
    "garbled": payloads.garbled(2000),
}


@dataclass
class Trouble:
    """Spoils a share of all answers, each in its own way, and takes note of which."""

    world: World
    random: Random = field(default_factory=lambda: Random(7))
    asked: set[str] = field(default_factory=set)  # articles
    healthy: set[str] = field(default_factory=set)
    used: Counter[str] = field(default_factory=Counter)

    def __call__(self, request: Request, answer: Answer) -> Answer:
        post = self._post(request)
        if post:
            self.asked.add(post.article_id)
        if self.random.random() < SHARE:
            name = self.random.choice(list(TROUBLES))
            self.used[name] += 1
            return TROUBLES[name](request, answer)
        if post:
            self.healthy.add(post.article_id)
        return answer

    def _post(self, request: Request) -> Post | None:
        """Return the post that a page, or the API, was asked for."""
        _, found, name = request.path.partition("/posts/")
        return self.world.find(name) if found else None


@dataclass(frozen=True)
class Troubled:
    """A run in trouble, with what it was told; the site is healthy again."""

    crawl: Crawl
    run: Run
    trouble: Trouble

    @property
    def failed(self) -> set[str]:
        """Articles of which no answer was healthy."""
        return self.trouble.asked - self.trouble.healthy


@pytest.fixture(scope="module", params=[0, 1], ids=["no retry", "one retry"])
def troubled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Troubled]:
    """Crawl a site in trouble; without a retry even the listings are, and many articles fail."""
    retries: int = request.param
    world = World(seed=7, posts=150, now=NOW)
    with Replica(world) as replica:
        trouble = Trouble(world)
        replica.faults.append(Fault("/posts/" if retries else "", trouble))
        crawl = Crawl(replica, tmp_path_factory.mktemp("trouble"))
        crawl.settings |= {"DOWNLOAD_TIMEOUT": 1.5, "FAILED_RETRY_SECONDS": 0}
        # So many articles of an edition may fail by chance that a monitor tells of it, too.
        run = crawl(exit_code=0 if retries else (3, 4), RETRY_TIMES=retries)
        assert (run.exit_code == 4) is bool(run.report["monitors"])
        replica.faults.clear()
        yield Troubled(crawl, run, trouble)


def test_every_healthy_article_arrives_as_it_is(troubled: Troubled) -> None:
    assert set(troubled.trouble.used) == set(TROUBLES)
    assert troubled.crawl.ids() == sorted(troubled.trouble.healthy)
    for row in troubled.crawl.rows():
        post = troubled.trouble.world.find(row["id"].removeprefix("uza:"))
        assert post
        truth = expected(post)
        assert (row["title"], row["body"]) == (truth["title"], truth["body"])


def test_every_failed_article_is_listed_with_its_reason(troubled: Troubled) -> None:
    failed = troubled.failed
    assert failed
    told = Counter(f"failed: {troubled.run.reason(each).partition(' (')[0]}" for each in failed)
    assert told == troubled.run.report["reasons"]
    with closing(sqlite3.connect(troubled.crawl.data / "uza" / "ledger.sqlite")) as ledger:
        rows = ledger.execute("SELECT id FROM article WHERE state = 'failed'")
        assert {article_id for (article_id,) in rows} == failed


def test_what_failed_arrives_with_the_next_healthy_run(troubled: Troubled) -> None:
    run = troubled.crawl()
    assert run.report["carried_over"] >= len(troubled.failed)
    assert run.outcomes["new"] >= len(troubled.failed)
    folder = troubled.crawl.data / "uza"
    verdict = judge(folder, ids_of(troubled.trouble.world.listing()))
    assert all(told.endswith(" captures") for told in verdict.captures)  # garbled answers, too
    assert replace(verdict, captures=[]) == SOUND


@pytest.mark.any_day
def test_a_month_of_missed_posts_is_found_by_the_next_run(tmp_path: Path) -> None:
    before = NOW - timedelta(days=31)
    with Replica(World(seed=7, posts=60, now=before, imported=0, legacy=0)) as replica:
        crawl = Crawl(replica, tmp_path)
        crawl(*ENGLISH, FIRST_RUN_HOURS=10_000)
        known = len(crawl.ids())
        for hours in range(1, 31 * 24, 4):
            replica.world.publish("en", at=before + timedelta(hours=hours))
        run = crawl(*ENGLISH, FIRST_RUN_HOURS=48)
        assert run.outcomes == {"new": 186}
        assert crawl.ids() == ids_of(replica.world.listing("en"))
        assert len(crawl.ids()) == known + 186
