from datetime import UTC, datetime

import pytest
from scrapy.http import Response

from crawler.middlewares.politeness import retry_after

MOMENT = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 5 ", 5),
        ("0", 0),
        ("Mon, 23 Nov 2026 12:01:30 GMT", 90),
        ("Mon, 23 Nov 2026 17:01:30 +0500", 90),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
    ],
)
def test_an_answer_asks_to_wait(value: str, seconds: float | None) -> None:
    answer = Response("https://example.org/", headers={"Retry-After": value.encode()})
    assert retry_after(answer, MOMENT) == seconds


def test_an_answer_without_the_header_asks_for_nothing() -> None:
    assert retry_after(Response("https://example.org/"), MOMENT) is None
