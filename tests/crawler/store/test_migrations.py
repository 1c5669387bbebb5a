import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.errors import StorageError
from crawler.maintenance.rebuild import Rebuild
from crawler.model.article import Sighting
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.archive import Archive
from crawler.store.ledger import Ledger
from crawler.store.migrations import MIGRATIONS, SCHEMA_VERSION
from tests.crawler.archives import article
from tests.days import machine_time

WEEK = 7 * 86_400
LATER = 4e9
# Versions in the journal, and articles as the first release left them.
ROWS = [
    article(1, edition="en", published_at="2024-05-01T23:44:00+05:00"),
    article(2, edition="ru", published_at="2025-01-01"),
    article(2, edition="ru", published_at="2025-01-02", version=2, change="edited"),
    article(3, edition=None, published_at=None),
]
ARTICLES = {  # state, due, priority, backfill, newest version
    "uza:1": ("stored", None, 0, None, 1),
    "uza:2": ("stored", 0, 2, "ids=1-9", 2),
    "uza:3": ("stored", None, 1, None, 1),
    "uza:4": ("failed", LATER, 1, None, None),
    "uza:5": ("failed", None, 1, None, None),
    "uza:6": ("pending", 0, 0, None, None),
    "uza:7": ("pending", 0, 2, "ids=1-9", None),
    "uza:8": ("absent", None, 2, None, None),
}
COUNTED = """
SELECT state, coalesce(edition, ''), coalesce(year, ''), count(*) FROM article GROUP BY 1, 2, 3
"""
COUNTERS = "SELECT * FROM article_count WHERE number ORDER BY state, edition, year"
VERSIONS_COUNTED = "SELECT change, count(*) FROM version GROUP BY 1"
VERSION_COUNTERS = "SELECT * FROM version_count WHERE number ORDER BY change"


def first_release(folder: Path) -> Path:
    """Leave a data folder as the first release did."""
    (folder / "journal").mkdir(parents=True)
    with closing(sqlite3.connect(folder / "ledger.sqlite", isolation_level=None)) as old:
        old.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
        old.execute("INSERT INTO meta VALUES ('id', 'abc'), ('generation', '3')")
        for article_id, (state, due, priority, backfill, version) in ARTICLES.items():
            old.execute(
                "INSERT INTO article (id, url, address, state, due, priority, backfill, found_at, "
                "version, first_seen_at) VALUES (?, 'u', 'a', ?, ?, ?, ?, '2026-11-23', ?, ?)",
                (article_id, state, due, priority, backfill, version, ROWS[0].first_seen_at),
            )
        old.execute(
            "INSERT INTO sighting (article_id, road, url, edition) "
            "VALUES ('uza:6', 'api', 'a', 'oz')"
        )
        _write(old, folder / "journal" / "2026-11.jsonl")
    (folder / "ledger.id").write_text("abc 3\n")
    return folder


def _write(old: sqlite3.Connection, journal: Path) -> None:
    lines = [msgspec.json.encode(row) + b"\n" for row in ROWS]
    journal.write_bytes(b"".join(lines))
    offset = 0
    for row, line in zip(ROWS, lines, strict=True):
        old.execute(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, 'page', 'c0de', ?, ?, ?)",
            (
                *(row.id, row.version, row.change, row.content_hash, row.fetched_at),
                *(journal.name, offset, len(line)),
            ),
        )
        offset += len(line)
    old.execute("INSERT INTO file VALUES (?, ?)", (journal.name, offset))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder that the first release left and this one has opened."""
    folder = first_release(tmp_path / "uza")
    Archive(folder).close()
    return folder


def told(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        return database.execute(query).fetchall()


def test_every_step_is_taken_and_counted(folder: Path) -> None:
    assert told(folder, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert told(folder, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_ledger_of_every_earlier_version_gets_the_tables_of_a_new_one_and_keeps_what_it_has(
    tmp_path: Path, version: int
) -> None:
    folder = first_release(tmp_path / "uza")
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as old:
        for number, step in enumerate(MIGRATIONS[1:version], 2):
            old.executescript(f"BEGIN;{step}PRAGMA user_version = {number};COMMIT;")
    Archive(folder).close()
    Archive(tmp_path / "new").close()
    tables = "SELECT name, sql FROM sqlite_schema ORDER BY name"
    assert told(folder, tables) == told(tmp_path / "new", tables)
    assert {row[0]: row[1] for row in told(folder, "SELECT id, state FROM article")} == {
        article_id: state for article_id, (state, *_) in ARTICLES.items()
    }
    assert told(folder, "SELECT count(*) FROM version") == [(len(ROWS),)]


def test_priorities_make_room_for_revisits(folder: Path) -> None:
    rows = told(folder, "SELECT id, priority FROM article WHERE version IS NULL")
    assert dict(rows) == {"uza:4": 2, "uza:5": 2, "uza:6": 0, "uza:7": 3, "uza:8": 3}


def test_what_is_stored_is_visited_within_a_week(folder: Path) -> None:
    rows = told(folder, "SELECT priority, due FROM article WHERE id IN ('uza:1', 'uza:3')")
    assert {priority for priority, _ in rows} == {1}
    today = machine_time().timestamp()
    assert all(today - 60 <= due <= today + WEEK for _, due in rows)


def test_visits_are_counted_only_of_articles_that_had_none(folder: Path) -> None:
    query = "SELECT id FROM article WHERE visits IS NULL AND version IS NOT NULL"
    assert told(folder, query) == told(folder, "SELECT id FROM article WHERE version IS NOT NULL")
    assert set(told(folder, "SELECT visits FROM article WHERE version IS NULL")) == {(0,)}


def test_what_waits_goes_on_waiting(folder: Path) -> None:
    rows = told(folder, "SELECT id, due, backfill FROM article WHERE id NOT IN ('uza:1', 'uza:3')")
    assert rows == [
        (name, due, backfill)
        for name, (_, due, _, backfill, _) in ARTICLES.items()
        if name not in ("uza:1", "uza:3")
    ]


def test_sources_and_days_are_told_of_what_was_there_before(folder: Path) -> None:
    assert told(folder, "SELECT id, roads FROM article WHERE roads") == [("uza:6", 2)]
    counted = "SELECT * FROM day_count WHERE number ORDER BY day"
    assert told(folder, counted) == [("en", "2024-05-01", 1), ("ru", "2025-01-02", 1)]


@pytest.mark.parametrize("before", [5, 6, 7])
def test_archives_and_files_that_were_searched_before_are_sources(before: int) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.executescript("".join(MIGRATIONS[:before]))
        for number, place in ((1, "https://a.example"), (2, "warc:///x"), (3, "https://a.example")):
            name = f"uza:{number}"
            database.execute(
                "INSERT INTO article (id, url, address, state, priority, found_at) "
                "VALUES (?, 'u', 'a', 'archived', 1, '2026-11-23')",
                (name,),
            )
            database.execute(
                "INSERT INTO archived (article_id, digest, taken_at, address, state, backfill) "
                "VALUES (?, 'A', '2019-03-01T00:00:00Z', ?, 'pending', 'b')",
                (name, f"{place}/20190301000000id_/x"),
            )
        database.execute(
            "INSERT INTO archived (article_id, digest, taken_at, address, state, backfill) "
            "VALUES ('uza:3', 'B', '2019-03-01T00:00:00Z', 'warc:///x', 'done', 'b')"
        )
        database.execute(
            "INSERT INTO sighting (article_id, road, url) VALUES ('uza:1', 'rss', 'u')"
        )
        database.executescript("".join(MIGRATIONS[before:]))
        sources = dict(database.execute("SELECT id, roads FROM article"))
        assert sources == {"uza:1": 64 + 1, "uza:2": 128, "uza:3": 64 + 128}


def test_the_journal_tells_editions_years_and_layouts(folder: Path) -> None:
    articles = told(folder, "SELECT id, edition, year, published_at FROM article")
    assert articles[:3] == [
        ("uza:1", "en", "2024", "2024-05-01T23:44:00+05:00"),
        ("uza:2", "ru", "2025", "2025-01-02"),
        ("uza:3", None, None, None),
    ]
    assert ("uza:6", "oz", None, None) in articles
    versions = told(folder, "SELECT edition, layout FROM version ORDER BY article_id, number")
    assert versions == [(row.edition, "current") for row in ROWS]
    assert told(folder, "SELECT year FROM changed_year") == [("",), ("2024",), ("2025",)]


def test_a_ledger_that_was_migrated_counts_what_is_there(folder: Path) -> None:
    assert told(folder, COUNTERS) == told(folder, COUNTED)
    assert told(folder, VERSION_COUNTERS) == told(folder, VERSIONS_COUNTED)


def test_a_rebuilt_ledger_has_the_counters_of_a_migrated_one(folder: Path) -> None:
    said: list[str] = []
    Rebuild(folder, said.append).make()
    assert said[:2] == [
        "counters checked: they match the old ledger",
        "the next run finds again: 1 absent, 2 failed, 2 pending",
    ]


def test_a_rebuild_does_not_need_a_ledger_of_its_own_version(tmp_path: Path) -> None:
    folder = first_release(tmp_path / "uza")
    said: list[str] = []
    Rebuild(folder, said.append).make()
    assert "cannot be read (no such table" in said[0]
    assert len(told(folder, "SELECT * FROM version")) == len(ROWS)


def test_a_migration_that_was_interrupted_is_completed_by_the_next_run(tmp_path: Path) -> None:
    folder = first_release(tmp_path / "uza")
    Ledger(folder / "ledger.sqlite").close()  # the tables are there, what the journal tells is not
    Archive(folder).close()
    assert told(folder, "SELECT edition FROM article WHERE id = 'uza:1'") == [("en",)]


def test_a_journal_that_cannot_be_read_stops_the_migration(tmp_path: Path) -> None:
    folder = first_release(tmp_path / "uza")
    journal = folder / "journal" / "2026-11.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"title"', b'"titel"', 1))
    with pytest.raises(StorageError, match=r"2026-11\.jsonl: no row at byte 0 \(without title\)"):
        Archive(folder)


def change(ledger: Ledger, numbers: dict[str, int], chance: random.Random) -> None:
    """Do to some article one of the things that a run does."""
    number = chance.randrange(6)
    name, states = f"uza:{number}", ledger.states
    identity = Identity(name, f"https://uza.uz/posts/{number}")
    link = Link(identity.url, "api", edition=chance.choice([None, "en", "ru"]))
    ledger.frontier.discover(identity, link, again=chance.random() < 0.5)
    stored = numbers.get(name, 0) > 0
    step = chance.choice(["settle", "fail", "record", *["keep", "miss", "bury"] * stored])
    match step:
        case "settle":
            states.settled(name, chance.choice(["refused", "absent"]), "reason")
        case "fail":
            states.failed(name, "timeout", wait=60, most=2)
        case "keep":
            states.fetched(name, "2026-11-24T00:00:00Z")
        case "miss":
            states.missing(name, "HTTP 404", 0)
        case "bury":
            states.gone(name, "HTTP 410")
        case "record":
            numbers[name] = numbers.get(name, 0) + 1
            _record(ledger, number, numbers[name], chance)


def _record(ledger: Ledger, number: int, version: int, chance: random.Random) -> None:
    row = article(
        number,
        version=version,
        change=chance.choice(["edited", "gone", "back"]) if version > 1 else "new",
        edition=chance.choice([None, "en", "ru"]),
        published_at=chance.choice([None, "2024-05-01", "2025-01-01T10:00:00+05:00"]),
        evidence=[Sighting(404, "2026-11-24T00:00:00Z")],
    )
    ledger.record(row, ("2026-11.jsonl", 0, 1))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_to_articles_the_counters_tell_what_is_there(
    tmp_path: Path, seed: int
) -> None:
    chance, numbers = random.Random(seed), dict[str, int]()
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        for _ in range(60):
            change(ledger, numbers, chance)
            for counters, counted in (
                (COUNTERS, COUNTED),
                (VERSION_COUNTERS, VERSIONS_COUNTED),
            ):
                told = ledger.database.execute(counters).fetchall()
                assert told == ledger.database.execute(counted).fetchall()


def test_evidence_that_does_not_say_what_was_asked_is_gathered_again(tmp_path: Path) -> None:
    folder = first_release(tmp_path / "uza")
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as old:
        for number, step in enumerate(MIGRATIONS[1:10], 2):
            old.executescript(f"BEGIN;{step}PRAGMA user_version = {number};COMMIT;")
        old.execute("INSERT INTO absence VALUES ('uza:1', '2026-11-20T00:00:00Z', 404)")
        old.execute("UPDATE article SET state = 'missing', due = 5 WHERE id = 'uza:1'")
        old.commit()
    with closing(Archive(folder)) as archive:
        assert archive.ledger.states.absences("uza:1") == []
    assert told(folder, "SELECT state, due FROM article WHERE id = 'uza:1'") == [("missing", 5)]
    assert told(folder, "SELECT DISTINCT seen_at FROM sighting") == [(None,)]
