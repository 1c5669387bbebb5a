"""Dates as Anadolu's old layout writes them elsewhere than on the saved page."""

import pytest

from crawler.text.dates import read_timestamp
from pages.anadolu import RULES


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("05.04.2025", "2025-04-05"),
        ("05.04.2025 - Update : 06.04.2025", "2025-04-05"),
        ("05.04.2025 Güncelleme : 06.04.2025", "2025-04-05"),
        ("05.04.2025 14:30 | Ankara", "2025-04-05T14:30:00+03:00"),
        ("5 Nisan 2025 - Güncelleme : 6 Nisan 2025", "2025-04-05"),
    ],
)
def test_a_date_is_read_day_first_whatever_follows_it(raw: str, value: str) -> None:
    assert read_timestamp(raw, RULES.timestamp).value == value
