import pytest

from crawler.model.rules import TimestampRules
from crawler.text.dates import as_known, choose_date, names_zone, read_timestamp

RULES = TimestampRules(zone="Asia/Tashkent")


@pytest.mark.parametrize(
    ("raws", "chosen"),
    [
        (["2024-05-01T10:00:00", "2024-05-01T10:00:00+05:00"], "2024-05-01T10:00:00+05:00"),
        (["2024-05-01T10:00", "2024-05-01 08:00:27.3+03"], "2024-05-01 08:00:27.3+03"),
        (["2024-05-01T10:00", "2024-05-01T05:00:27Z"], "2024-05-01T05:00:27Z"),
        (["2024-05-01T05:00Z", "2024-05-01T10:00:00+05:00"], "2024-05-01T05:00Z"),
        # the same clock, once by a program that knows no zone
        (["2024-05-01T10:00:00Z", "2024-05-01T10:00:00+05:00"], "2024-05-01T10:00:00+05:00"),
        (["2024-05-01T10:00:00+05:00", "2024-05-01T10:00Z"], "2024-05-01T10:00:00+05:00"),
        (["2024-05-01T10:00:00Z", "2024-05-01T11:00:00+05:00"], "2024-05-01T10:00:00Z"),
        # another moment: of the last change, or of another text
        (["2024-05-01T10:00:00", "2024-05-01T06:12:00Z"], "2024-05-01T10:00:00"),
        (["2024-05-01T10:00:00", "2024-05-03T05:00:00Z"], "2024-05-01T10:00:00"),
        (["2024-05-01", "2024-05-01T10:00:00"], "2024-05-01T10:00:00"),
        (["2024-05-01", "2024-06-01T10:00:00"], "2024-05-01"),
        (["17145576", "", "2024-05-01"], "2024-05-01"),
        (["1714557600", "", "2024-05-02"], "1714557600"),
        (["soon", "later"], "soon"),
        ([""], None),
        ([], None),
    ],
)
def test_a_date_that_names_its_zone_is_preferred_if_it_is_the_same_moment(
    raws: list[str], chosen: str | None
) -> None:
    assert choose_date(raws, RULES) == chosen


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("2024-05-01T10:00+0500", True),
        ("Wed, 1 May 2024 10:00 GMT", True),
        ("2024-05-01 10:00:00 UTC", True),
        ("20240501T100000Z", True),
        ("20240501T100000", False),
        ("1714557600", True),
        ("2024-05-01", False),
        ("2024-05-01 10:00", False),
        ("10:00 2024-05-01", False),
    ],
)
def test_a_zone_is_told_from_a_day(raw: str, answer: bool) -> None:
    assert names_zone(raw) is answer


def test_times_without_a_zone_are_those_of_the_zone_that_the_site_writes_in() -> None:
    rules = TimestampRules(zone="America/New_York", unzoned="UTC")
    assert read_timestamp("2023-07-11T15:19:21", rules).value == "2023-07-11T11:19:21-04:00"
    assert read_timestamp("2023-07-11T15:19:21+02:00", rules).value == "2023-07-11T09:19:21-04:00"


def test_an_offset_that_is_known_to_be_false_is_not_believed() -> None:
    rules = TimestampRules(zone="Asia/Tokyo", offset_is_false=True)
    assert read_timestamp("2018-06-18T10:01:00.000Z", rules).value == "2018-06-18T10:01:00+09:00"


def test_a_date_in_words_is_written_as_rules_know_it_that_know_no_words() -> None:
    assert as_known("May 1, 2024, 10:30", RULES) == "2024-05-01T10:30:00"
    assert as_known("May 1, 2024, 10:30 GMT", RULES) == "May 1, 2024, 10:30 GMT"
    assert as_known("1 May 2024", RULES) == "2024-05-01"
    assert [as_known(raw, RULES) for raw in ("2024-05-01", "soon")] == ["2024-05-01", "soon"]
    words = TimestampRules(zone="Asia/Tashkent", any_shape=True)
    assert as_known("1 May 2024, 10:30", words) == "1 May 2024, 10:30"
