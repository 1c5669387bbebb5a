"""Hostile pages, lists and feeds: refused or harmless, counted, and the run goes on."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from replica import Replica, faults, payloads
from replica.faults import Action, Fault
from replica.messages import Answer, Request
from replica.post import Post
from replica.world import World
from tests.crawls.harness import NOW, Crawl, Run, targets
from tests.crawls.truth import expected


def replaced(old: str, new: bytes) -> Action:
    """Put bytes into the page for the first of some words."""

    def act(request: Request, answer: Answer) -> Answer:
        answer.body = answer.body.replace(old.encode(), new, 1)
        return answer

    return act


def rewritten(change: Callable[[Any], None]) -> Action:
    """Change the JSON of an answer."""

    def act(request: Request, answer: Answer) -> Answer:
        told = json.loads(answer.body)
        change(told)
        answer.body = json.dumps(told).encode()
        return answer

    return act


def with_post(**fields: Any) -> Action:
    """Change fields of the API's post."""
    return rewritten(lambda answer: answer["data"].update(fields))


def with_entries(answer: Any) -> None:
    """Put entries into a list that lead out of it, and what is no entry at all."""
    answer["data"] += [answer["data"][0] | {"slug": slug, "id": 3} for slug in SLUGS]
    answer["data"] += [None, 7, [], "post", {}, {"slug": ["x"]}, {"slug": {"a": 1}}]


def with_surrogate(answer: Any) -> None:
    """Give a list's first entry half a character."""
    answer["data"][0]["title"] = "\ud800"


SLUGS = ("..%2F..%2Fetc%2Fpasswd_5", "../../etc/passwd_6", "a\x00b_7", "x" * 900, "..", "a\\b_9")
TITLE = 'head__title">'
SCRIPT = "<script>alert(1)</script>"

# Pages that are refused, and the API with them, with the reason that is counted.
REFUSED: dict[str, tuple[Action, Action | None, str]] = {
    "bomb": (payloads.gzip_bomb(), faults.status(500), "too large, API HTTP 500"),
    "large": (payloads.large(), None, "too large"),
    "large, not told": (payloads.large(declared=False), None, "too large"),
    "number of another post": (
        faults.shell(),
        with_post(id=999_999),
        "no body, API another article",
    ),
    "another post": (
        faults.shell(),
        with_post(id=None, slug="other_999999"),
        "no body, API another article",
    ),
    "nested content": (
        faults.shell(),
        with_post(content="<div>" * 100_000 + "deep"),
        "no body, API too deep",
    ),
    "nested JSON": (faults.shell(), faults.json_text("[" * 100_000), "no body, API not json"),
    "long number": (
        faults.shell(),
        faults.json_text(f'{{"data": {{"title": "T", "id": {"9" * 5000}}}}}'),
        "no body, API not json",
    ),
    "other types": (
        faults.shell(),
        faults.json_text('{"data": {"title": 7, "content": {"a": 1}, "tags": 3}}'),
        "no body, API no body",
    ),
}
# Pages that are read, with what is left of the hostile part.
HARMLESS: dict[str, tuple[Action, Action | None]] = {
    "nested": (payloads.nested(), None),
    "NUL and surrogates": (payloads.invalid_utf8(), None),
    "NUL in the title": (replaced(TITLE, TITLE.encode() + b"\x00\x01"), None),
    "surrogates in the title": (replaced(TITLE, f"{TITLE}&#xD800;&#0;".encode()), None),
    "script in the title": (replaced(TITLE, (TITLE + SCRIPT).encode()), None),
    "comment without end": (replaced(TITLE, b'x"><!--'), None),
    "NUL in JSON": (faults.shell(), with_post(title="A \x00 title")),
    "surrogate in JSON": (faults.shell(), with_post(title="A \ud800 title")),
    "script in JSON": (
        faults.shell(),
        with_post(content=f"<p>One</p>{SCRIPT}<p onclick=x>Two</p>"),
    ),
}


@dataclass(frozen=True)
class Attack:
    """A crawl of hostile answers, with a healthy article among them."""

    crawl: Crawl
    run: Run
    posts: dict[str, Post]
    healthy: Post


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attack]:
    with Replica(World(seed=7, posts=0, now=NOW, imported=0, legacy=0)) as replica:
        posts = {}
        pages = {name: case[:2] for name, case in REFUSED.items()} | HARMLESS
        for name, (page, api) in pages.items():
            posts[name] = post = replica.world.publish("ru")
            replica.faults.append(Fault(rf"_{post.id}$", page))
            if api:
                replica.faults.append(Fault(rf"/v1/posts/{post.id}\?", api))
        healthy = replica.world.publish("en")
        replica.faults += [
            Fault("_l=ru", rewritten(with_entries)),
            Fault("_l=en", rewritten(with_surrogate)),
            Fault("ru/rss", payloads.billion_laughs()),
            Fault("en/rss", payloads.external_entity()),
        ]
        crawl = Crawl(replica, tmp_path_factory.mktemp("attack"))
        yield Attack(crawl, crawl("-a", "editions=ru,en", exit_code=3), posts, healthy)


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_article_is_refused(case: str, attack: Attack) -> None:
    post = attack.posts[case]
    assert attack.run.reason(post.article_id).partition(" (")[0] == REFUSED[case][2]
    assert post.article_id not in attack.crawl.ids()


@pytest.mark.parametrize("case", HARMLESS)
def test_a_hostile_article_is_harmless(case: str, attack: Attack) -> None:
    row = attack.crawl.row(attack.posts[case])
    assert row["title"]
    assert row["body"]
    text = json.dumps(row, ensure_ascii=False)
    assert not [part for part in ("alert(1)", "<script", "onclick", "\\u0000") if part in text]


def test_healthy_articles_arrive_all_the_same(attack: Attack) -> None:
    truth = expected(attack.healthy)
    row = attack.crawl.row(attack.healthy)
    for name in ("title", "body", "authors", "images"):
        assert row[name] == truth[name]
    assert len(attack.crawl.rows()) == len(HARMLESS) + 1


def test_slugs_that_lead_elsewhere_are_refused_and_counted(attack: Attack) -> None:
    refused = attack.run.report["addresses_refused"]
    assert refused == {"control character": 1, "path in slug": 4, "slug too long": 1}
    assert not targets(attack.crawl.replica, "passwd")
    data = attack.crawl.data
    written = [path for path in data.parent.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(data / "uza") for path in written)


def test_entities_of_a_feed_are_not_resolved(attack: Attack) -> None:
    assert attack.run.report["sources_failed"] == {}
    for article_id in ("uza:1", "uza:2"):  # their links are read; their titles stay as written
        assert attack.run.reason(article_id).startswith("listed but HTTP 404")
    told = attack.run.log + attack.crawl.data.joinpath("uza/ledger.sqlite").read_bytes().decode(
        "latin-1"
    )
    assert "root:" not in told
    assert "laughlaugh" not in told


def test_hostile_outcomes_are_counted(attack: Attack) -> None:
    failures = len(REFUSED) + 2  # and the addresses in the feeds
    assert attack.run.outcomes == {"new": len(HARMLESS) + 1, "failed": failures}
