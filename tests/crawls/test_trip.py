import json
from pathlib import Path

from crawler.settings import EXTENSIONS
from replica import Replica
from replica.faults import Fault, delay
from tests.crawls.harness import Crawl

MOST = 45  # files that who follows an article must open


def test_a_new_article_runs_through_few_files(
    crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    """From the parse of its feed, by way of a commit, to its counted outcome."""
    post, *others = replica.world.listing("en", imported=False)
    for other in others:
        replica.world.remove(other.id)
    replica.faults.append(Fault(post.path, delay(1.5)))  # longer than a commit takes to come
    file = tmp_path / "trip.json"
    run = crawl(
        *("-a", "editions=en"),
        SPIDER_MODULES="tests.crawls.tracing",
        EXTENSIONS=json.dumps({**EXTENSIONS, "tests.crawls.tracing.TraceTrip": 1}),
        TRIP_FILE=file,
    )
    assert run.outcomes == {"new": 1}
    trip = json.loads(file.read_text())
    assert len(trip) <= MOST, "\n".join(sorted(trip))
