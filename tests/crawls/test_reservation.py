"""What a site reserves is read from what is fetched anyway, and from one more request a day."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from replica import Replica, faults
from replica.faults import Action, Fault
from replica.messages import Answer, Request
from tests.commands import scrapy
from tests.crawls.harness import Crawl
from tests.days import pass_time

pytestmark = pytest.mark.slow
TDMREP = "/.well-known/tdmrep.json"
POLICY = [{"location": "/*", "tdm-reservation": 1}]
FEW = ("-a", "limit=2", "-a", "editions=en")


@pytest.fixture
def asking(crawl: Crawl) -> Crawl:
    crawl.settings["TDMREP_HOURS"] = 24
    return crawl


def asked(replica: Replica) -> int:
    return [request.target for request in replica.requests].count(TDMREP)


def policy(request: Request, answer: Answer) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(POLICY).encode())


def noai(request: Request, answer: Answer) -> Answer:
    return replace(answer, headers=answer.headers | {"X-Robots-Tag": "noai"})


def test_the_site_is_asked_once_a_day_and_a_release_says_what_it_answered(
    asking: Crawl, replica: Replica, tmp_path: Path
) -> None:
    replica.options.robots = "User-agent: CCBot\nDisallow: /posts/\n"
    replica.faults = [Fault(TDMREP, policy), Fault("/posts/", noai)]
    asking(*FEW)
    asking(*FEW)
    assert asked(replica) == 1
    pass_time(timedelta(hours=25))
    asking(*FEW)
    assert asked(replica) == 2
    assert {tuple(row["rights"][0].items()) for row in asking.rows()} == {
        (("source", "header"), ("name", "x-robots-tag"), ("value", "noai"))
    }
    done = scrapy("release", "uza", "--out", tmp_path / "out", DATA_DIR=asking.data)
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "out/rights.json").read_text("utf-8"))
    robots, tdmrep = told["files"]
    assert [each["to"] for each in robots["statements"]] == ["ccbot"]
    assert [each["says"] for each in tdmrep["statements"]] == ["tdm-reservation: 1"]
    assert tdmrep["at"][:10] == robots["at"][:10]
    verified = scrapy("verify", "uza", DATA_DIR=asking.data)
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize("action", [faults.reset(), faults.status(404), faults.status(500)])
def test_a_site_that_does_not_answer_is_crawled_all_the_same(
    asking: Crawl, replica: Replica, action: Action
) -> None:
    replica.faults = [Fault(TDMREP, action)]
    run = asking(*FEW)
    assert run.outcomes == {"new": 2}
    asking(*FEW)
    assert 1 <= asked(replica) <= 2  # Twisted itself repeats a request whose connection was reset


def test_what_robots_forbids_is_not_asked_for(asking: Crawl, replica: Replica) -> None:
    replica.options.robots = "User-agent: *\nDisallow: /.well-known/\n"
    asking(*FEW)
    assert asked(replica) == 0


def test_without_captures_nobody_could_say_what_was_answered(
    asking: Crawl, replica: Replica
) -> None:
    asking(*FEW, "-s", "CAPTURE=0")
    assert asked(replica) == 0
