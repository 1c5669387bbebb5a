"""A month of two agencies, with bad days: who is told what, and how often."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.month.expected import DAYS, MAIL_REFUSED
from tests.month.month import AGENCIES, Month

pytestmark = pytest.mark.slow
TOLD = {
    2: ["uza: a run was killed"],
    5: ["uza fails"],
    6: ["uza still fails"],
    7: ["uza works again"],
    10: ["uza fails"],
    11: ["uza still fails"],
    12: ["uza works again"],
    17: ["uza fails"],
    18: ["uza works again"],
    21: ["uza fails", "uza works again"],  # the first could not be sent the day before
    22: ["uza: a run was killed"],
    24: ["khabaronline fails; uza fails"],
    25: ["khabaronline works again; uza works again"],
}


@pytest.fixture
def month(tmp_path: Path) -> Iterator[Month]:
    with ExitStack() as opened:
        yield Month(AGENCIES[:2], tmp_path, opened)


def test_a_month_is_told_as_it_was_each_thing_once(month: Month) -> None:
    assert list(month.days()) == list(range(DAYS))
    assert month.found.subjects == TOLD
    assert month.differences() == []
    codes = [each.get("uza") for each in month.found.exit_codes]
    assert [codes[day] for day in (4, 5, 10, 11, 20, 27)] == [0, 3, None, None, 6, 0]
    assert [month.found.codes[day] for day in (0, 5, 11, 17, 20, 27)] == [0, 3, 3, 3, 2, 0]
    assert ": not sent: " in month.found.said[MAIL_REFUSED]
