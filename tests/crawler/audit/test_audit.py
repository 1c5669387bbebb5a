import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from crawler.audit.gaps import Gap
from crawler.audit.report import Audit, audit_tables, chosen_days, posts_by_day, read_audit
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.store.selection import Selection
from tests.crawler.archives import store
from tests.crawler.audits import absent, fail, keep, show

FIRST = date(2024, 1, 1)
THIN = date(2024, 3, 11)  # ten weeks later, also a Monday
ANY = Selection()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        yield archive


def months(archive: Archive, edition: str) -> None:
    """Count ten posts a day for twenty weeks, except on one day."""
    days = (FIRST + timedelta(days=day) for day in range(140))
    archive.ledger.database.executemany(
        "INSERT INTO day_count VALUES (?, ?, 10)",
        ((edition, str(day)) for day in days if day != THIN),
    )


def audit(archive: Archive, selection: Selection = ANY) -> Audit:
    archive.commit()
    with ArchiveReader(archive.folder) as reader:
        return read_audit(reader.database, selection)


def printed(found: Audit) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        console.print(*audit_tables(found))
    return capture.get()


def test_days_are_counted_in_the_agencys_zone_and_follow_every_change(archive: Archive) -> None:
    store(archive, 1, edition="en", published_at="2024-05-01T23:44:00+05:00")
    store(archive, 2, edition="en", published_at="2024-05-02T00:10:00+05:00")
    store(archive, 3, edition="ru", published_at="2024-05-01")
    store(archive, 4, edition="en", published_at=None)
    store(archive, 5, edition=None, published_at="2024-05-01")
    first, second = date(2024, 5, 1), date(2024, 5, 2)
    database = archive.ledger.database
    assert posts_by_day(database, ANY) == {"en": {first: 1, second: 1}, "ru": {first: 1}}
    edited = {"version": 2, "change": "edited", "fetched_at": "2026-11-24T00:00:00Z"}
    store(archive, 1, edition="en", published_at="2024-05-02T00:01:00+05:00", **edited)
    store(archive, 3, edition="ru", published_at=None, **edited)
    store(archive, 5, edition="fr", published_at="2024-05-01", **edited)
    assert posts_by_day(database, ANY) == {"en": {second: 2}, "fr": {first: 1}}
    assert posts_by_day(database, Selection(editions=("fr",))) == {"fr": {first: 1}}


def test_gaps_are_those_of_the_chosen_editions_and_days(archive: Archive) -> None:
    months(archive, "en")
    months(archive, "ru")
    gap = [Gap(first=THIN, last=THIN, posts=0, usual=10)]
    after = THIN + timedelta(days=1)
    assert audit(archive).gaps == {"en": gap, "ru": gap}
    assert audit(archive, Selection(editions=("ru",))).gaps == {"ru": gap}
    assert audit(archive, Selection(THIN, THIN)).gaps == {"en": gap, "ru": gap}
    assert audit(archive, Selection(since=after)).gaps == {}
    assert audit(archive, Selection(until=THIN - timedelta(days=1))).gaps == {}


def test_days_to_draw_are_the_chosen_ones() -> None:
    days = {FIRST: 1, THIN: 2}
    posts = {"en": days, "ru": {FIRST: 3}}
    assert chosen_days(posts, ANY) == posts
    assert chosen_days(posts, Selection(since=THIN)) == {"en": {THIN: 2}}
    assert chosen_days(posts, Selection(until=FIRST)) == {"en": {FIRST: 1}, "ru": {FIRST: 3}}


def test_an_article_without_a_date_counts_by_its_id(archive: Archive) -> None:
    for number, day in ((100, "01"), (200, "02"), (300, "03"), (400, "04"), (500, "05")):
        keep(archive, number, f"2024-05-{day}")
    show(archive, 150, "rss", edition="en")
    fail(archive, show(archive, 310, "rss", edition="en"), "timeout")
    show(archive, "an-old-slug", "rss", edition="en")
    found = audit(archive, Selection(date(2024, 5, 3), date(2024, 5, 4), ("en",)))
    assert found.seen.overlaps == {"api": 2, "rss": 1}
    assert [each.examples for each in found.unfetched] == [["uza:310"]]
    assert found.ids
    assert (found.ids.lowest, found.ids.highest, found.ids.missing) == (200, 500, 296)
    assert audit(archive).seen.overlaps == {"api": 5, "rss": 3}


def test_an_audit_of_an_empty_archive_finds_nothing(archive: Archive) -> None:
    for selection in (ANY, Selection(FIRST, THIN)):
        found = audit(archive, selection)
        assert (found.seen.sources, found.unfetched, found.ids, found.gaps) == ([], [], None, {})
        assert "Articles that each source saw" in printed(found)


def test_json_and_tables_tell_the_same(archive: Archive) -> None:
    months(archive, "en")
    keep(archive, 1000, "2024-05-01")
    keep(archive, 2000, "2024-05-03")
    show(archive, 2000, "rss")
    absent(archive, 1500)
    fail(archive, show(archive, 1501, "rss"), "HTTP 500")
    found = audit(archive)
    assert json.loads(msgspec.json.encode(found)) == {
        "selection": {"since": None, "until": None, "editions": []},
        "seen": {
            "sources": [
                {"source": "rss", "articles": 2, "only_here": 1, "slugs": 0},
                {"source": "api", "articles": 2, "only_here": 1, "slugs": 0},
            ],
            "overlaps": {"api": 1, "rss api": 1, "rss": 1},
            "nowhere": 0,
            "absent": 1,
        },
        "unfetched": [
            {"state": "failed", "reason": "HTTP 500", "articles": 1, "examples": ["uza:1501"]}
        ],
        "ids": {
            "lowest": 1000,
            "highest": 2000,
            "known": 4,
            "missing": 997,
            "queued": 0,
            "missing_ranges": 2,
            "largest": [
                {
                    "first": first,
                    "last": last,
                    "ids": ids,
                    "after": "2024-05-01",
                    "before": "2024-05-03",
                }
                for first, last, ids in ((1001, 1499, 499), (1502, 1999, 498))
            ],
        },
        "gaps": {"en": [{"first": "2024-03-11", "last": "2024-03-11", "posts": 0, "usual": 10}]},
        "false_times": {"versions": 0, "examples": []},
        "queued": None,
    }
    rows = [line.split() for line in printed(found).splitlines()]
    assert ["api", "2", "1", "0"] in rows
    assert ["rss", "+", "api", "1"] in rows
    assert ["failed", "HTTP", "500", "uza:1501", "1"] in rows
    assert ["1001", "1499", "2024-05-01", "2024-05-03", "499"] in rows
    assert ["en", "2024-03-11", "2024-03-11", "1", "0", "10"] in rows


def test_versions_with_a_time_that_cannot_be_right_are_named(archive: Archive) -> None:
    store(archive, 1, fetched_at="9999-12-31T00:00:00Z")
    store(archive, 2, fetched_at="0001-01-01T00:00:00Z")
    store(archive, 3)
    found = audit(archive)
    assert found.false_times.versions == 2
    assert found.false_times.examples == [
        ("uza:1", 1, "9999-12-31T00:00:00Z"),
        ("uza:2", 1, "0001-01-01T00:00:00Z"),
    ]
    rows = [line.split() for line in printed(found).splitlines()]
    assert ["uza:1", "9999-12-31T00:00:00Z", "1"] in rows


def test_a_long_table_says_how_much_is_not_shown(archive: Archive) -> None:
    for number in range(1, 101, 2):
        show(archive, number, "api")
    assert "and 34 more: --json" in printed(audit(archive))


def test_an_audit_reads_no_article_where_an_index_tells(archive: Archive) -> None:
    queries: list[str] = []
    archive.commit()
    with ArchiveReader(archive.folder) as reader:
        reader.database.set_trace_callback(queries.append)
        read_audit(reader.database, ANY)
        reader.database.set_trace_callback(None)
        plans = [
            step
            for query in queries
            for *_, step in reader.database.execute(f"EXPLAIN QUERY PLAN {query}")
        ]
    assert any("USING COVERING INDEX article_kind" in step for step in plans)
    assert not [step for step in plans if step == "SCAN article"]
