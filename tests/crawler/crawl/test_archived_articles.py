"""What an archive's answers mean for the captures that are under way."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadConnectionRefusedError
from scrapy.http import HtmlResponse
from twisted.python.failure import Failure

from crawler.crawl.deletions import Deletion
from crawler.crawl.guessed_articles import Guesses
from crawler.crawl.outcomes import Outcomes, RetryPolicy
from crawler.crawl.wayback import MOST_UNANSWERED, ArchivedArticles
from crawler.extract.article import Normalise
from crawler.extract.memento import FalseTime, Memento
from crawler.model.article import Draft
from crawler.model.identity import Identity, NotAnArticle, identify
from crawler.store.archive import Archive
from crawler.store.frontier import Scope
from pages.uza import LAYOUTS, RULES

ROOT = "https://archive.example/web"
SLUG = "mill-{:02}-02-2019"
PAGE = b"""<html><head><title>A mill is built</title></head><body><div>UzA English</div>
<div>02.02.2019 10:11</div><div>A mill is built</div><div>A mill is built</div>
<div>The mill stands by the river and grinds the corn of all of the villages around it.</div>
<div>Nodira Tolzorova, UzA</div></body></html>"""
EMPTY = b"<html><body><div id=root></div></body></html>"
STRANGE = b"<html><body><p>" + b"Words that stand in no order that we know. " * 40

NEW_DESIGN = (
    b'<meta property="og:title" content="A mill is built"><meta property="article:published_time"'
    b' content="2019-02-02T10:11:00+05:00"><article>'
    + b"".join(
        b"<p>The mill by the river ground %d tons of grain for all the villages.</p>" % n
        for n in range(9)
    )
)


class Run:
    run_id = "now"
    layouts = LAYOUTS

    def __init__(self) -> None:
        self.stopped: list[str] = []

    def identify(self, url: str) -> Identity | None:
        try:
            return identify(url, RULES.address, "uza")
        except NotAnArticle:
            return None

    def stop_blocked(self, message: str) -> None:
        self.stopped.append(message)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        archive.ledger.frontier.scope = Scope("wayback=1", ())
        yield archive


class Fetched:
    """Captures under way: one article for each day of a month."""

    def __init__(self, archive: Archive, number: int) -> None:
        policy = RetryPolicy(retry_wait=600, retry_times=3, gone=Deletion(sightings=3, hours=48))
        self.run, self.outcomes = Run(), Outcomes(archive, policy, "now")
        guesses = Guesses(self.run, archive, is_on=True)  # type: ignore[arg-type]
        self.articles = ArchivedArticles(self.run, self.outcomes, guesses)  # type: ignore[arg-type]
        for day in range(1, number + 1):
            url = f"https://uza.uz/en/society/{SLUG.format(day)}"
            memento = Memento(ROOT, f"201903{day:02}000000", url)
            archive.ledger.archived.note(Identity(f"uza:{SLUG.format(day)}", url), memento, "A")
        self.batch = archive.ledger.archived.pending(number, ())
        self.outcomes.in_flight.update((pending.id, pending) for pending in self.batch)

    def answer(
        self, place: int, body: bytes = b"", status: int = 200, url: str | None = None
    ) -> list[Draft]:
        pending = self.batch[place]
        headers = {"Content-Type": "text/html; charset=utf-8"}
        response = HtmlResponse(url or pending.address, status=status, headers=headers, body=body)
        return list(self.articles.parse(response, pending))


def test_a_page_is_drafted_with_the_time_and_place_of_its_capture(archive: Archive) -> None:
    (draft,) = Fetched(archive, 1).answer(0, PAGE)
    assert (draft.title, draft.fetched_at) == ("A mill is built", "2019-03-01T00:00:00Z")
    assert draft.archive_url == f"{ROOT}/20190301000000/https://uza.uz/en/society/mill-01-02-2019"
    assert draft.first_seen_at > "2026"


@pytest.mark.parametrize(
    ("answer", "outcome", "state"),
    [
        ({"status": 404}, "absent: HTTP 404", "done"),
        ({"body": EMPTY}, "absent: no body", "done"),
        ({"body": PAGE, "url": f"{ROOT}/error"}, "absent: redirected to no capture of it", "done"),
        (
            {"body": PAGE, "url": f"{ROOT}/20190301000000id_/https://uza.uz/en/posts/other_7"},
            "absent: redirected to no capture of it",
            "done",
        ),
        (
            {
                "body": PAGE,
                "url": f"{ROOT}/99991231000000id_/https://uza.uz/en/society/mill-01-02-2019",
            },
            "refused: capture time that cannot be right",
            "done",
        ),
        ({"status": 403}, "failed: HTTP 403", "failed"),
        ({"body": gzip.compress(PAGE)[:-20]}, "failed: cut short", "failed"),
        ({"body": STRANGE}, "failed: no layout", "given up"),
    ],
)
def test_what_is_no_page_of_the_article_has_an_outcome_of_its_own(
    archive: Archive, answer: dict[str, object], outcome: str, state: str
) -> None:
    fetched = Fetched(archive, 1)
    assert fetched.answer(0, **answer) == []  # type: ignore[arg-type]
    assert fetched.outcomes.reasons == {outcome: 1}
    query = "SELECT iif(state = 'failed' AND due IS NULL, 'given up', state) FROM archived"
    assert archive.ledger.database.execute(query).fetchall() == [(state,)]


def test_a_page_in_no_known_layout_is_guessed_unless_a_class_has_read_the_article(
    archive: Archive,
) -> None:
    fetched = Fetched(archive, 2)
    own = [f'<link rel="canonical" href="{pending.url}">'.encode() for pending in fetched.batch]
    (draft,) = fetched.answer(0, own[0] + NEW_DESIGN)
    assert draft.is_guess
    assert (draft.title, draft.archive_url is not None) == ("A mill is built", True)

    (read,) = fetched.answer(1, PAGE)
    archive.record(Normalise(RULES).process_item(read))
    fetched.outcomes.in_flight[fetched.batch[1].id] = fetched.batch[1]
    assert fetched.answer(1, own[1] + NEW_DESIGN) == []
    assert fetched.outcomes.reasons == {"failed: no layout": 1}


def test_what_an_earlier_release_noted_with_a_false_time_is_not_asked_for(archive: Archive) -> None:
    fetched = Fetched(archive, 1)
    archive.ledger.database.execute("UPDATE archived SET taken_at = '9999-12-31T00:00:00Z'")
    (pending,) = archive.ledger.archived.pending(1, ())
    assert fetched.articles.request(pending) is None
    assert fetched.outcomes.reasons == {f"refused: {FalseTime.reason}": 1}


def test_an_archive_that_gives_no_answer_several_times_in_a_row_is_left_alone(
    archive: Archive,
) -> None:
    fetched = Fetched(archive, MOST_UNANSWERED + 4)
    fetched.answer(0, status=503)
    fetched.answer(1, PAGE)  # an answer, so that the count begins again
    for place in range(2, MOST_UNANSWERED + 2):
        assert fetched.run.stopped == []
        request = Request(ROOT, cb_kwargs={"pending": fetched.batch[place]})
        failure = Failure(DownloadConnectionRefusedError())  # type: ignore[no-untyped-call]
        failure.request = request  # type: ignore[attr-defined]
        fetched.articles.lost(failure)
    fetched.answer(MOST_UNANSWERED + 2, status=503)  # it was under way
    assert [message.partition(" (")[2][:18] for message in fetched.run.stopped] == [
        "connection refused"
    ]
    assert fetched.outcomes.counts == {"failed": MOST_UNANSWERED + 1}
    assert len(fetched.outcomes.in_flight) == 3  # the page, and two that are left
