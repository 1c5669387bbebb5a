from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.ledger import Ledger
from crawler.store.states import YEAR
from crawler.system.clock import now, rfc3339, steady
from tests.days import machine_time

HOUR = 3600


@pytest.mark.parametrize("hours", [2, 48])
def test_a_clock_set_back_during_a_run_makes_nothing_due_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        for number in (1, 2):
            url = f"https://uza.uz/posts/{number}"
            ledger.frontier.discover(Identity(f"uza:{number}", url), Link(url, "api"))
        ledger.database.execute(
            "UPDATE article SET version = 1, first_seen_at = ?",
            (rfc3339(now() - timedelta(minutes=150)),),
        )
        right = machine_time().timestamp()
        monkeypatch.setattr("time.time", lambda: right - hours * HOUR)
        ledger.states.settled("uza:1", "stored")
        ledger.states.failed("uza:2", "timeout", wait=600, most=6)
        assert ledger.frontier.pending(100, ()) == []


def test_visits_planned_by_a_clock_that_ran_years_ahead_are_made_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        for number in (1, 2):
            url = f"https://uza.uz/posts/{number}"
            ledger.frontier.discover(Identity(f"uza:{number}", url), Link(url, "api"))
        ledger.database.execute("UPDATE article SET version = 1, first_seen_at = '2026-11-01'")
        ledger.states.settled("uza:1", "stored")
        right = steady()
        monkeypatch.setattr("crawler.store.states.steady", lambda: right + 10 * YEAR)
        ledger.states.settled("uza:2", "stored")
        monkeypatch.undo()
        ledger.states.doubt_the_clock()
        assert [pending.id for pending in ledger.frontier.pending(100, ())] == ["uza:2"]
