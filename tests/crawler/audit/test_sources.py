from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from crawler.audit.coverage import SourceCount, Sources, Unfetched, read_sources, read_unfetched
from crawler.model.link import Source
from crawler.store.archive import Archive
from crawler.store.frontier import Scope
from tests.crawler.archives import article, store
from tests.crawler.audits import absent, capture, fail, show


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        yield archive


def sources(archive: Archive) -> Sources:
    return read_sources(archive.ledger.database, {})


@pytest.mark.parametrize("source", get_args(Source))
def test_every_source_counts_the_fetched_articles_it_told_of(
    archive: Archive, source: Source
) -> None:
    store(archive, 1)  # found by the API list
    show(archive, 1, source)
    others = {"api": 0} if source != "api" else {}
    assert {count.source: count.only_here for count in sources(archive).sources} == others | {
        source: int(source == "api")
    }
    (overlap,) = sources(archive).overlaps.items()
    assert set(overlap[0].split()) == {"api", source}


def test_sources_and_their_overlap_are_counted_with_old_slugs_apart(archive: Archive) -> None:
    show(archive, 1, "api", "rss")
    show(archive, 2, "api")
    show(archive, 3, "rss", "api", "html")
    show(archive, "an-old-slug-24-01-2017", "api")
    show(archive, "2000-years", "sitemap")
    found = sources(archive)
    assert found.sources == [
        SourceCount(source="rss", articles=2, only_here=0, slugs=0),
        SourceCount(source="api", articles=4, only_here=2, slugs=1),
        SourceCount(source="html", articles=1, only_here=0, slugs=0),
        SourceCount(source="sitemap", articles=1, only_here=1, slugs=1),
    ]
    assert found.overlaps == {"api": 2, "rss api": 1, "rss api html": 1, "sitemap": 1}


def test_what_was_only_asked_for_was_seen_once_it_is_fetched(archive: Archive) -> None:
    show(archive, 1, "ids")
    fail(archive, show(archive, 2, "urls"), "HTTP 500")
    absent(archive, 3)
    assert (sources(archive).sources, sources(archive).absent) == ([], 1)
    store(archive, 1)
    assert sources(archive).overlaps == {"api ids": 1}


def test_what_only_the_journal_tells_of_is_counted_apart(archive: Archive) -> None:
    store(archive, 1)
    archive.ledger.database.execute(
        "INSERT INTO article (id, url, address, state, priority, found_at, version) "
        "VALUES ('uza:2', 'u', 'u', 'stored', 1, '2026-11-23', 1)"
    )
    assert sources(archive).nowhere == 1


def test_what_a_web_archive_lists_was_seen_once_it_is_read(archive: Archive) -> None:
    archive.ledger.frontier.scope = Scope("wayback=1")
    for number, digest in ((1, "A"), (1, "B"), (2, "C"), (3, "D"), (4, "E")):
        capture(archive, number, digest)
    archive.ledger.archived.settle("uza:2", "C", "HTTP 404")
    archive.ledger.archived.fail("uza:3", "D", "timeout", wait=600, most=1)
    assert (sources(archive).sources, sources(archive).nowhere) == ([], 0)
    assert read_unfetched(archive.ledger.database, {}) == [
        Unfetched(state="archived", reason=None, articles=2, examples=["uza:1", "uza:4"]),
        Unfetched(state="archived", reason="timeout", articles=1, examples=["uza:3"]),
    ]
    store(archive, 1)
    assert sources(archive).overlaps == {"api wayback": 1}
    archive.record(article(4, archive_url="https://a.example/20190301000000/x"))
    assert sources(archive).overlaps == {"api wayback": 1, "wayback": 1}


def test_a_warc_file_of_others_is_another_source_than_a_web_archive(archive: Archive) -> None:
    archive.ledger.frontier.scope = Scope("warc=old")
    for number, digest, root in (
        (1, "A", "warc:///old/x.warc.gz/0-9"),
        (2, "B", "https://a.example"),
        (3, "C", "https://a.example"),
        (3, "D", "warc:///old/x.warc.gz/9-9"),
    ):
        capture(archive, number, digest, root)
        archive.ledger.database.execute(
            "UPDATE article SET version = 1 WHERE id = ?", (f"uza:{number}",)
        )
    assert sources(archive).overlaps == {"warc": 1, "wayback": 1, "wayback warc": 1}


def test_a_selection_narrows_the_sources_and_what_was_never_fetched(archive: Archive) -> None:
    show(archive, 1, "api", edition="en")
    show(archive, 2, "rss", edition="ru")
    wanted = {"edition = ?": ["ru"]}
    assert read_sources(archive.ledger.database, wanted).overlaps == {"rss": 1}
    (unfetched,) = read_unfetched(archive.ledger.database, wanted)
    assert unfetched.examples == ["uza:2"]


def test_what_was_never_fetched_is_told_by_state_and_reason(archive: Archive) -> None:
    for number in range(10, 15):
        fail(archive, show(archive, number, "api"), "HTTP 500")
    fail(archive, show(archive, 20, "api"), "timeout")
    archive.ledger.states.settled(show(archive, 30, "api"), "refused", "title")
    show(archive, 40, "api")
    show(archive, 41, "api")
    store(archive, 50)
    fail(archive, "uza:50", "HTTP 500")  # on a later visit
    absent(archive, 60)
    first = ["uza:10", "uza:11", "uza:12"]
    assert read_unfetched(archive.ledger.database, {}) == [
        Unfetched(state="failed", reason="HTTP 500", articles=5, examples=first),
        Unfetched(state="pending", reason=None, articles=2, examples=["uza:40", "uza:41"]),
        Unfetched(state="failed", reason="timeout", articles=1, examples=["uza:20"]),
        Unfetched(state="refused", reason="title", articles=1, examples=["uza:30"]),
    ]
