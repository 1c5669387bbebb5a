import time
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.errors import UsageError
from crawler.system.clock import AHEAD, ahead, now, steady
from tests.commands import Refused
from tests.days import machine_time

YEAR = timedelta(days=365)


def test_the_clock_is_the_machines_unless_it_is_put_forward(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(AHEAD)
    assert ahead() == 0
    assert abs(now() - machine_time()) < timedelta(seconds=5)
    assert abs(steady() - machine_time().timestamp()) < 5


def test_the_clock_runs_on_from_where_it_is_put(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AHEAD, str(YEAR.total_seconds()))
    before = steady()
    time.sleep(0.01)
    assert before < steady() < before + 5
    assert abs(now() - machine_time() - YEAR) < timedelta(seconds=5)


@pytest.mark.parametrize("value", ["2031-06-15", "1h", "nan", "inf", "1e15", "-1e15"])
def test_what_is_no_number_of_seconds_is_refused_before_anything_else(
    value: str, refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(AHEAD, value)
    with pytest.raises(UsageError):
        now()
    for arguments in (("crawl", "uza"), ("status", "uza")):
        said = refused(*arguments, "-s", f"DATA_DIR={tmp_path}")
        assert f"{AHEAD}={value}: expected seconds, such as -86400" in said
    assert not [*tmp_path.iterdir()]
