import pytest

from crawler.report.progress import Progress, Rate, duration

UNDER_WAY = Progress(
    stage="articles",
    outcomes={"new": 1200, "absent": 300, "failed": 2},
    pending=7200,
    to_do=7200,
    rate=2.0,
)
LISTINGS = Progress(stage="listings", outcomes={}, pending=15, to_do=None, rate=0.0)


def test_the_line_says_what_is_left_first() -> None:
    assert UNDER_WAY.line == (
        "7,200 pending (1 h 0 min to go), 1,200 new, 0 edited, 0 unchanged, 2 failed, 2.0 a second"
    )


def test_no_time_is_told_while_listings_may_tell_of_more() -> None:
    assert LISTINGS.line == "15 pending, 0 new, 0 edited, 0 unchanged, 0 failed, 0.0 a second"
    assert LISTINGS.share == 0


def test_the_share_counts_every_outcome() -> None:
    assert UNDER_WAY.share == 1502 / 8702


def test_the_rate_is_that_of_the_last_minute() -> None:
    rate = Rate()
    assert rate.take(0, 0) == 0
    assert rate.take(10, 20) == 2
    assert rate.take(60, 20) == 20 / 60
    assert rate.take(100, 20) == 0


def test_the_rate_of_looks_far_apart_is_that_since_the_last_look() -> None:
    rate = Rate()
    for minute in range(5):
        assert rate.take(minute * 300, minute * 600) == (2 if minute else 0)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.7, "1 min"),
        (90, "2 min"),
        (3599, "1 h 0 min"),
        (12_000, "3 h 20 min"),
        (86_400 * 2 + 3600 * 4 + 60, "2 d 4 h"),
    ],
)
def test_a_time_to_wait_is_told_in_one_or_two_units(seconds: float, told: str) -> None:
    assert duration(seconds) == told
