import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from crawler.audit import requeue
from crawler.audit.requeue import Requeue
from crawler.errors import StorageError, UsageError
from crawler.store.archive import Archive
from crawler.store.selection import Selection
from pages.uza import RULES
from tests.crawler.archives import crash
from tests.crawler.audits import absent, fail, keep, show

ANY = Selection()
COUNTED = "SELECT state, count(*) FROM article GROUP BY state"
COUNTERS = "SELECT state, sum(number) FROM article_count GROUP BY state HAVING sum(number) > 0"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        yield archive


def queue(archive: Archive, selection: Selection = ANY) -> dict[str, int]:
    return Requeue(archive, RULES, "https://uza.uz/posts/{}".format).queue(selection)


def states(archive: Archive, query: str = COUNTED) -> dict[str, int]:
    return dict(archive.ledger.database.execute(query))


def test_missing_ids_become_work_of_the_id_source_behind_all_else(archive: Archive) -> None:
    keep(archive, 110, "2024-05-01")
    keep(archive, 113, "2024-05-02")
    show(archive, 109, "rss")
    assert queue(archive) == {"ids": 2, "failed": 0, "refused": 0}
    pending = archive.ledger.frontier.pending(9, ())
    assert [(each.id, each.link.source) for each in pending] == [
        ("uza:109", "rss"),
        ("uza:112", "ids"),
        ("uza:111", "ids"),
    ]
    assert pending[1].address == "https://uza.uz/posts/112"
    assert queue(archive) == {"ids": 0, "failed": 0, "refused": 0}


def test_what_was_never_fetched_becomes_due_with_all_tries_before_it(archive: Archive) -> None:
    fail(archive, show(archive, 1, "api"), "timeout")
    archive.ledger.states.failed(show(archive, 2, "api"), "HTTP 500", wait=600, most=6)
    archive.ledger.states.settled(show(archive, 3, "api"), "refused", "title")
    absent(archive, 4)
    keep(archive, 5, "2024-05-01")
    fail(archive, "uza:5", "HTTP 500")
    before = archive.ledger.database.execute("SELECT * FROM article WHERE id >= 'uza:4'").fetchall()
    assert queue(archive) == {"ids": 0, "failed": 2, "refused": 1}
    assert [pending.id for pending in archive.ledger.frontier.pending(9, ())] == [
        "uza:3",
        "uza:2",
        "uza:1",
    ]
    rows = archive.ledger.database.execute(
        "SELECT DISTINCT state, reason, attempts FROM article WHERE id < 'uza:4'"
    ).fetchall()
    assert rows == [("pending", None, 0)]
    assert (
        before
        == archive.ledger.database.execute("SELECT * FROM article WHERE id >= 'uza:4'").fetchall()
    )


def test_the_counters_of_the_states_stay_right(archive: Archive) -> None:
    keep(archive, 10, "2024-05-01")
    keep(archive, 20, "2024-05-02")
    fail(archive, show(archive, 12, "api", edition="en"), "timeout")
    queue(archive)
    assert states(archive) == states(archive, COUNTERS) == {"stored": 2, "pending": 9}


def test_only_what_is_chosen_is_queued(archive: Archive) -> None:
    for number, day in ((10, "01"), (20, "02"), (30, "03"), (40, "04"), (50, "05")):
        keep(archive, number, f"2024-05-{day}")
    fail(archive, show(archive, 11, "api", edition="en"), "timeout")
    fail(archive, show(archive, 31, "api", edition="en"), "timeout")
    fail(archive, show(archive, 32, "api", edition="ru"), "timeout")
    selection = Selection(date(2024, 5, 3), date(2024, 5, 4), ("en",))
    assert queue(archive, selection) == {"ids": 9 + 7 + 9, "failed": 1, "refused": 0}
    assert states(archive)["failed"] == 2


def test_too_many_ids_are_a_slip_and_nothing_is_queued(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(archive, 10, "2024-05-01")
    keep(archive, 20, "2024-05-02")
    fail(archive, show(archive, 12, "api"), "timeout")
    monkeypatch.setattr(requeue, "MOST", 7)
    with pytest.raises(UsageError, match="would queue 8 ids, more than 7; narrow it by --since"):
        queue(archive)
    assert states(archive) == {"stored": 2, "failed": 1}


def test_a_long_queue_is_committed_in_groups(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(archive, 10, "2024-05-01")
    keep(archive, 20, "2024-05-02")
    monkeypatch.setattr(requeue, "GROUP", 4)
    queue(archive)
    with closing(sqlite3.connect(archive.ledger.path)) as other:
        assert dict(other.execute(COUNTED)) == {"stored": 2, "pending": 8}


def test_a_ledger_that_cannot_be_written_is_one_error(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    keep(archive, 10, "2024-05-01")
    keep(archive, 20, "2024-05-02")
    archive.commit()
    archive.ledger.database.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageError, match="cannot be written"):
        queue(archive)
    crash(archive)
