"""Posts that are dated back appear far down a list that is otherwise known."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from replica import Replica
from replica.options import Options
from replica.world import World
from tests.crawls.harness import NOW, Archives, Crawl, ids_of, targets

EDITION = "-a", "editions=oz", "-a", "revisit=none"
HOURS = range(3, 24)


@pytest.fixture(params=[50, 28])
def crawl(request: pytest.FixtureRequest, tmp_path: Path, archives: Archives) -> Iterator[Crawl]:
    """An archive of all there is, more than two days of about 80 posts each."""
    options = Options(per_page_cap=request.param)
    with archives.serve(World(seed=7, posts=700, now=NOW, imported=0), options) as replica:
        crawl = Crawl(replica, tmp_path, archives)
        crawl.begin(*EDITION, FIRST_RUN_HOURS=24 * 365 * 10)
        replica.requests.clear()
        yield crawl


def total(replica: Replica) -> int:
    with urlopen(f"{replica.api_url}/posts?_l=oz&_f=json", timeout=30) as answer:
        told = json.load(answer)["total"]
    assert isinstance(told, int)
    return told


def lists(crawl: Crawl) -> int:
    """Return how many pages of lists and feeds were asked for."""
    return len(targets(crawl.replica, "/posts?")) + len(targets(crawl.replica, "/rss"))


def test_posts_dated_back_by_hours_are_found_by_the_next_run(crawl: Crawl) -> None:
    world = crawl.replica.world
    backdated = [world.publish("oz", at=NOW - timedelta(hours=hours)) for hours in HOURS]
    run = crawl(*EDITION)
    assert run.outcomes == {"new": len(HOURS)}
    assert set(ids_of(backdated)) <= set(crawl.ids())
    assert len(crawl.ids()) == total(crawl.replica)
    assert lists(crawl) <= 6  # of 80 posts a day, 28 a page: four pages, one of them for the shift


@pytest.mark.parametrize("hours", [3, 11, 23])
def test_a_post_dated_back_is_found_though_the_first_page_is_as_it_was(
    crawl: Crawl, hours: int
) -> None:
    late = crawl.replica.world.publish("oz", at=NOW - timedelta(hours=hours))
    run = crawl(*EDITION)
    assert run.outcomes == {"new": 1}
    assert crawl.row(late)["version"] == 1
    assert len(crawl.ids()) == total(crawl.replica)


def test_a_list_that_has_nothing_new_is_asked_for_its_first_page(crawl: Crawl) -> None:
    assert crawl(*EDITION).outcomes == {}
    assert lists(crawl) == 2


def test_a_list_without_dates_or_total_shows_posts_dated_back_too(tmp_path: Path) -> None:
    options = Options(api=False)
    with Replica(World(seed=7, posts=300, now=NOW, imported=0), options=options) as replica:
        crawl = Crawl(replica, tmp_path)
        crawl(*EDITION, exit_code=3)  # the API, which is asked first, does not answer
        late = replica.world.publish("oz", at=NOW - timedelta(hours=14))
        run = crawl(*EDITION, exit_code=3)
        assert run.outcomes == {"new": 1}
        assert crawl.row(late)["version"] == 1
