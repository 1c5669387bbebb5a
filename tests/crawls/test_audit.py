import json
from typing import Any

from replica import Replica
from tests.commands import scrapy
from tests.crawls.harness import Crawl, ids_of

NO_LISTS = "editions=tr"  # an edition without articles: a plain run that lists nothing, and says so


def told(crawl: Crawl, command: str, *arguments: str) -> dict[str, Any]:
    answer = scrapy(command, "uza", "--json", *arguments, DATA_DIR=crawl.data)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_what_an_audit_finds_missing_is_queued_and_fetched_by_the_next_run(
    crawl: Crawl, replica: Replica
) -> None:
    posts = [post for post in replica.world.posts if post.kind == "native"]
    native = sorted(posts, key=lambda post: post.id)
    low, high = native[4].id, native[-5].id
    crawl("-a", f"ids={native[0].id}-{low},{high}-{native[-1].id}")
    found = told(crawl, "audit")
    assert (found["ids"]["missing"], found["ids"]["missing_ranges"]) == (high - low - 1, 1)
    (gap,) = found["ids"]["largest"]
    assert (gap["first"], gap["last"]) == (low + 1, high - 1)
    assert gap["after"] <= gap["before"]
    assert found["seen"]["overlaps"] == {"ids": 10}

    assert told(crawl, "audit", "--fix")["queued"]["ids"] == high - low - 1
    assert told(crawl, "status")["articles"]["pending"] == high - low - 1
    waiting = told(crawl, "audit", "--fix")
    assert waiting["queued"]["ids"] == 0
    assert waiting["ids"] == found["ids"] | {"queued": high - low - 1}
    run = crawl("-a", NO_LISTS, exit_code=3)
    assert run.report["carried_over"] == high - low - 1

    clean = told(crawl, "audit")
    assert (clean["ids"]["missing"], clean["ids"]["queued"], clean["unfetched"]) == (0, 0, [])
    assert crawl.ids() == ids_of(native)
    assert clean["seen"]["overlaps"] == {"ids": len(native)}
    status = told(crawl, "status")["articles"]
    assert status == {"stored": len(native), "absent": clean["seen"]["absent"]}
