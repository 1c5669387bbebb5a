"""Every misbehaviour of the replica, each with the outcome it must have and no other."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from replica import Replica, faults, payloads
from replica.faults import Action, Fault
from replica.messages import Answer, Request
from replica.post import Post
from replica.world import World
from tests.crawls.archived import answers, warc_records
from tests.crawls.harness import NOW, Crawl, Run, ids_of, targets
from tests.crawls.truth import expected


@dataclass(frozen=True)
class Spoiled:
    """One article's page misbehaves, and perhaps the API's answer for it, too."""

    page: Action
    api: Action | None = None
    times: int | None = None


def moved(request: Request, answer: Answer) -> Answer:
    """Redirect to another address of the same article."""
    return (
        answer
        if request.path.startswith("/de/")
        else Answer(301, {"Location": f"/de{request.path}"})
    )


# Articles that arrive whole all the same.
SURVIVED = {
    "500, then the page": Spoiled(faults.status(500), times=2),
    "503 without Retry-After": Spoiled(faults.status(503), times=1),
    "reset once": Spoiled(faults.reset(), times=1),
    "truncated once": Spoiled(faults.truncated(), times=1),
    "chunks truncated once": Spoiled(faults.truncated_chunked(), times=1),
    "late": Spoiled(faults.delay(0.5)),
    "chunked": Spoiled(faults.chunked()),
    "no gzip": Spoiled(faults.uncompressed()),
    "false gzip": Spoiled(payloads.false_gzip()),
    "false charset": Spoiled(faults.charset("windows-1251")),
    "unknown charset": Spoiled(faults.charset("no-such-charset")),
    "no charset": Spoiled(faults.charset(None)),
    "windows-1251": Spoiled(faults.recoded("windows-1251")),
    "windows-1251, not told": Spoiled(faults.recoded("windows-1251", declared=False)),
    "koi8-r": Spoiled(faults.recoded("koi8-r")),
    "utf-16": Spoiled(faults.recoded("utf-16")),
    "moved": Spoiled(moved),
}
# Articles whose page cannot be read, so that the API tells them.
TOLD_BY_API = {
    "shell": Spoiled(faults.shell()),
    "maintenance": Spoiled(faults.html()),
    "garbled": Spoiled(payloads.garbled(2000)),
    "damaged compression": Spoiled(payloads.broken_gzip()),
    "JSON": Spoiled(faults.json_text("{")),
}
# Articles that do not arrive, with the reason that is counted.
FAILED = {
    "HTTP 500": Spoiled(faults.status(500)),
    "HTTP 403": Spoiled(faults.status(403)),
    "listed but HTTP 404": Spoiled(faults.status(404)),
    "listed but HTTP 410": Spoiled(faults.status(410)),
    "timeout": Spoiled(faults.hang()),
    "connection lost": Spoiled(faults.reset()),
    "truncated": Spoiled(faults.truncated()),
    "truncated ": Spoiled(faults.truncated_chunked()),
    "truncated  ": Spoiled(faults.reset(0.5)),
    "listed but redirected to no article": Spoiled(faults.redirect("/")),
    "redirected to another host": Spoiled(faults.redirect("https://example.org/en/posts/x_1")),
    "redirected to another host ": Spoiled(faults.redirect("http://169.254.169.254/latest")),
    "redirected to another host  ": Spoiled(faults.redirect("http://127.0.0.1:22/")),
    "HTTP 302": Spoiled(faults.redirect("file:///etc/passwd")),
    "redirected to no address": Spoiled(faults.redirect("http://[::1")),
    "redirect loop": Spoiled(faults.redirect_loop()),
    "listed but no body, API HTTP 404": Spoiled(faults.shell(), faults.status(404)),
    "no body, API HTTP 500": Spoiled(faults.shell(), faults.status(500)),
    "no body, API no body": Spoiled(faults.shell(), faults.html()),
    "no body, API not json": Spoiled(faults.shell(), faults.json_text("{")),
    "no body, API not an article": Spoiled(faults.shell(), faults.json_text("{}")),
    "bad coding, API HTTP 500": Spoiled(payloads.broken_gzip(), faults.status(500)),
    "no body, API timeout": Spoiled(faults.shell(), faults.hang()),
}


@dataclass(frozen=True)
class Spoiling:
    """A crawl in which every article is spoiled in its own way."""

    crawl: Crawl
    run: Run
    posts: dict[str, Post]


@pytest.fixture(scope="module")
def spoiling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spoiling]:
    with Replica(World(seed=7, posts=0, now=NOW, imported=0, legacy=0)) as replica:
        posts = {}
        for name, case in (SURVIVED | TOLD_BY_API | FAILED).items():
            posts[name] = post = replica.world.publish("ru")
            replica.faults.append(Fault(rf"_{post.id}$", case.page, times=case.times))
            if case.api:
                replica.faults.append(Fault(rf"/v1/posts/{post.id}\?", case.api))
        crawl = Crawl(replica, tmp_path_factory.mktemp("spoiling"))
        run = crawl("-a", "editions=ru", exit_code=4, DOWNLOAD_TIMEOUT=1.5)
        yield Spoiling(crawl, run, posts)


@pytest.mark.parametrize("case", SURVIVED)
def test_an_article_survives(case: str, spoiling: Spoiling) -> None:
    truth = expected(spoiling.posts[case])
    row = spoiling.crawl.row(spoiling.posts[case])
    assert {name: row[name] for name in truth} == truth
    assert row["extractor"]["source"] == "page"


@pytest.mark.parametrize("case", TOLD_BY_API)
def test_an_article_is_told_by_the_api(case: str, spoiling: Spoiling) -> None:
    post = spoiling.posts[case]
    truth = expected(post) | {"published_raw": f"{post.published_at:%Y-%m-%d %H:%M:%S}"}
    row = spoiling.crawl.row(post)
    assert {name: row[name] for name in truth} == truth
    assert (row["extractor"]["source"], row["extractor"]["layout"]) == ("api", "api")


@pytest.mark.parametrize("case", FAILED)
def test_an_article_fails_for_its_reason(case: str, spoiling: Spoiling) -> None:
    post = spoiling.posts[case]
    assert post.article_id not in spoiling.crawl.ids()
    reason, _, address = spoiling.run.reason(post.article_id).partition(" (")
    assert reason == case.strip()
    assert address.startswith(spoiling.crawl.replica.site_url)


def test_every_outcome_is_counted_once(spoiling: Spoiling) -> None:
    report, run = spoiling.run.report, spoiling.run
    assert run.outcomes == {"new": len(SURVIVED | TOLD_BY_API), "failed": len(FAILED)}
    assert sum(report["reasons"].values()) == len(FAILED)
    assert report["reasons"]["failed: truncated"] == 3
    assert report["pending"] == 0


def test_what_was_answered_is_archived_as_it_came(spoiling: Spoiling) -> None:
    asked = Counter((log.target, log.status) for log in spoiling.crawl.replica.requests)
    kept = answers(spoiling.crawl)
    unanswered = ("timeout", "connection lost", "reset once", "no body, API timeout")
    silent = [f"/{spoiling.posts[case].id}" for case in unanswered]
    silent += [f"_{spoiling.posts[case].id}" for case in unanswered]
    assert not kept - asked
    assert all(any(part in target for part in silent) for target, _ in asked - kept)


def test_an_answer_cut_short_is_archived_as_far_as_it_came(spoiling: Spoiling) -> None:
    cut = Counter(
        record.rec_headers.get_header("X-Article-ID")
        for record in warc_records(spoiling.crawl)
        if record.rec_headers.get_header("WARC-Truncated") == "disconnect"
    )
    for case in ("truncated", "truncated ", "truncated  "):
        assert cut[spoiling.posts[case].article_id] == 3
    assert cut[spoiling.posts["truncated once"].article_id] == 1


def test_what_may_pass_is_tried_three_times(spoiling: Spoiling) -> None:
    for case, tries in {
        "HTTP 500": 3,
        "timeout": 3,
        "HTTP 403": 1,
        "listed but HTTP 404": 1,
    }.items():
        assert len(targets(spoiling.crawl.replica, f"_{spoiling.posts[case].id}")) == tries


# What each edition's lists answer, and the sources that failed and served.
LISTS = {
    "en": ({"_l=en": faults.status(500)}, {"api": "HTTP 500"}, {"rss", "html"}),
    "ru": ({"_l=ru": faults.html()}, {"api": "not json"}, {"rss", "html"}),
    "fr": (
        {"_l=fr": faults.json_text('{"status": "ok"}')},
        {"api": "expected a paginator with a list under 'data'"},
        {"html"},
    ),
    "de": ({"_l=de": faults.json_text("{")}, {"api": "not json"}, {"html"}),
    "es": ({"_l=es": faults.empty_list()}, {"api": "an empty list"}, {"html"}),
    "ar": ({"_l=ar": faults.hang()}, {"api": "timeout"}, {"html"}),
    "cn": ({"_l=cn": faults.reset()}, {"api": "connection lost"}, {"html"}),
    "uz": (
        {"_l=uz": faults.status(403), "/uz/posts.page": faults.status(500)},
        {"api": "HTTP 403", "html": "HTTP 500"},
        {"rss", "sitemap"},
    ),
    "oz": (
        {"_l=oz": faults.status(404), "/oz/posts.page": faults.html(), "oz/rss": faults.html()},
        {"api": "HTTP 404", "html": "no link matches", "rss": "expected XML, got an HTML page"},
        {"sitemap"},
    ),
}


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawl, Run]]:
    rules = [Fault(part, act) for spoiled, _, _ in LISTS.values() for part, act in spoiled.items()]
    with Replica(World(seed=7, posts=60, now=NOW, imported=0), faults=rules) as replica:
        replica.options.sitemap = True
        crawl = Crawl(replica, tmp_path_factory.mktemp("listing"))
        yield crawl, crawl("-a", f"editions={','.join(LISTS)}", exit_code=3, DOWNLOAD_TIMEOUT=1.5)


@pytest.mark.parametrize("edition", LISTS)
def test_the_next_source_serves_and_the_report_says_which(
    edition: str, listing: tuple[Crawl, Run]
) -> None:
    _, failed, served = LISTS[edition]
    report = listing[1].report
    failures = _of(edition, report["sources_failed"])
    assert failures.keys() == failed.keys()
    for source, reason in failed.items():
        assert failures[source].startswith(reason)
        assert [
            line
            for line in listing[1].log.splitlines()
            if f"source {edition}/{source} failed" in line
        ]
    assert _of(edition, report["sources_served"]).keys() == served


def _of(edition: str, figures: dict[str, str]) -> dict[str, str]:
    parts = [(name.split("/"), figure) for name, figure in figures.items()]
    return {source: figure for (of, source), figure in parts if of == edition}


def test_other_sources_find_every_article(listing: tuple[Crawl, Run]) -> None:
    crawl, run = listing
    assert crawl.ids() == ids_of(crawl.replica.world.listing())
    assert run.outcomes == {"new": len(crawl.ids())}
