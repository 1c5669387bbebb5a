import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.rules import TimestampRules
from crawler.text.dates import Timestamp, UnreadableDate, read_slug_day, read_timestamp
from pages.uza import TIMESTAMP

MINUTE = ("2024-05-01T23:44:00+05:00", "minute")
SECOND = ("2024-05-01T23:44:09+05:00", "second")
DAY = ("2024-05-01", "day")

DATES = [
    # the current site
    ("23:44 / 2024-05-01", MINUTE),
    ("23:44/2024-05-01", MINUTE),
    (" 23:44  /  2024-05-01 ", MINUTE),
    ("23:44\u00a0/\u202f2024-05-01", MINUTE),
    ("23:44\n/\t2024-05-01", MINUTE),
    ("23 : 44 / 2024 - 05 - 01", MINUTE),
    ("23:44 / 2024-5-1", MINUTE),
    ("\u200f23:44 / 2024-05-01\u200e", MINUTE),
    ("２３：４４ / 2024-05-01", MINUTE),
    ("٢٣:٤٤ / ٢٠٢٤-٠٥-٠١", MINUTE),
    ("9:05 / 2024-05-01", ("2024-05-01T09:05:00+05:00", "minute")),
    ("00:00 / 2024-01-01", ("2024-01-01T00:00:00+05:00", "minute")),
    ("Society | 23:44 / 2024-05-01", MINUTE),
    ("SPORT|23:44 / 2024-05-01", MINUTE),
    ("Иқтисодиёт  |  23:44 / 2024-05-01", MINUTE),
    ("| 23:44 / 2024-05-01", MINUTE),
    ("10:30 / 2024-02-29", ("2024-02-29T10:30:00+05:00", "minute")),
    # the legacy site
    ("01.05.2024 23:44", MINUTE),
    ("01.05.2024  23:44", MINUTE),
    ("01.05.2024, 23:44", MINUTE),
    ("01. 05. 2024 23:44", MINUTE),
    ("1.5.2024 23:44", MINUTE),
    ("01.05.2024 23:44:09", SECOND),
    ("01.05.2024 23:44:00", ("2024-05-01T23:44:00+05:00", "second")),
    ("01.05.2024", DAY),
    ("\u00a001.05.2024\u00a0", DAY),
    ("03.04.2012 10:00", ("2012-04-03T10:00:00+05:00", "minute")),
    ("05.03.2009 09:15", ("2009-03-05T09:15:00+05:00", "minute")),
    ("01.05.2024 23:44 Year of clear water", MINUTE),
    ("01.05.2024 23:44 2024 – Year of clear water", MINUTE),
    ("01.05.2024 23:44 Тоза сув йили", MINUTE),
    ("01.05.24 23:44", MINUTE),
    ("01.05.24", DAY),
    ("01.05.99 23:44", ("1999-05-01T23:44:00+05:00", "minute")),
    ("01.05.68 23:44", ("2068-05-01T23:44:00+05:00", "minute")),
    ("01.05.09 23:44", ("2009-05-01T23:44:00+05:00", "minute")),
    # APIs
    ("2024-05-01 23:44:09", SECOND),
    ("2024-05-01 23:44", MINUTE),
    ("2024-05-01T23:44:09", SECOND),
    ("2024-05-01T23:44", MINUTE),
    ("2024-05-01", DAY),
    ("2024-05-01T23:44:09+05:00", SECOND),
    ("2024-05-01T23:44:09+0500", SECOND),
    ("2024-05-01 23:44:09 +05:00", SECOND),
    ("2024-05-01 23:44:09.17+05", SECOND),
    ("2024-05-01T18:44:09Z", SECOND),
    ("2024-05-01T18:44:09z", SECOND),
    ("20240501T184409Z", SECOND),
    ("20240501T234409+0500", SECOND),
    ("20240501234409", SECOND),
    ("202405012344", MINUTE),
    ("2024-05-01T18:44:09.000000Z", SECOND),
    ("2024-05-01T18:44:09.999Z", SECOND),
    ("2024-05-01T18:44Z", MINUTE),
    ("2024-05-01T13:44:09-05:00", SECOND),
    ("2024-05-02T03:44:09+09:00", SECOND),
    ("2024-03-05T10:00:00+05:00", ("2024-03-05T10:00:00+05:00", "second")),
    ("2023-12-31T19:30:00Z", ("2024-01-01T00:30:00+05:00", "second")),
    ("2024-05-01 18:44:09 UTC", SECOND),
    ("2024-05-01 18:44:09 GMT", SECOND),
    ("2024-05-01 20:44:09 UTC+02:00", SECOND),
    ("1714589049", SECOND),
    ("1714589049123", SECOND),
    # feeds
    ("Wed, 01 May 2024 23:44:09 +0500", SECOND),
    ("Wed, 1 May 2024 23:44:09 +0500", SECOND),
    ("01 May 2024 23:44:09 +0500", SECOND),
    ("Wed, 01 May 2024 23:44 +0500", MINUTE),
    ("Wed, 01 May 2024 18:44:09 GMT", SECOND),
    ("Wed, 01 May 2024 18:44:09 UTC", SECOND),
    ("Wed, 01 May 2024 18:44:09 UT", SECOND),
    ("Wed, 01 May 2024 18:44:09 Z", SECOND),
    ("Wednesday, 01 May 2024 13:44:09 -0500", SECOND),
    ("Wed,  01\u00a0May 2024 23:44:09 +05:00", SECOND),
    ("Wed, 01 May 2024 23:44:09", SECOND),
    ("Wed, 01 May 24 23:44", MINUTE),
    *((f"Wed, 01 May 2024 23:44:09 {zone}", SECOND) for zone in ("GMT+5", "UTC+5", "+5", "+05")),
    *((f"Wed, 01 May 2024 23:44:09 {zone}", SECOND) for zone in ("GMT +0500", "+ 0500", "UZT")),
    ("Wed, 01 May 2024 21:44:09 GMT+3", SECOND),
    ("Wed, 01 May 2024 21:44:09 MSK", SECOND),
    ("Wed, 01 May 2024 06:44:09 PM GMT", SECOND),
    ("Wed, May 1, 2024 18:44:09 GMT", SECOND),
    ("Wed May  1 18:44:09 UTC 2024", SECOND),
    ("2024-05-01 21:44:09 UTC+3", SECOND),
    ("2024-05-01 21:44:09 MSK", SECOND),
    ("2024-05-01t18:44:09z", SECOND),
    ("2024-05-01T23:44:09+05:00[Asia/Tashkent]", SECOND),
    ("2024/05/01 23:44:09 +0500", SECOND),
    # feeds of programs that name days and months in their own language
    *(
        (f"{day} 2024 23:44:09 +0500", SECOND)
        for day in ("Ср, 01 мая", "среда, 01 май", "Чор, 1 май")
    ),
    *(
        (f"{day} 2024 23:44:09 +0500", SECOND)
        for day in ("Chor, 01 may", "Mi, 1. Mai", "mer., 01 mai")
    ),
    *(
        (f"{day} 2024 23:44:09 +0500", SECOND)
        for day in ("mié, 01 mayo", "Çar, 01 May", "周三, 01 5月")
    ),
    *((f"{day} 2024 23:44:09 +0500", SECOND) for day in ("الأربعاء، 01 مايو", "أربعاء, 01 ماي")),
    *((f"{day} 2024 23:44:09 +0500", SECOND) for day in ("星期三, 01 五月", "수, 01 5월")),
    ("Ср, 01 май 24 23:44:09 +0500", SECOND),
]

UNREADABLE = [
    "",
    " ",
    "yesterday",
    "23:44",
    "12",
    "2024",
    "May 2024",
    "31.02.2024",
    "31.02.2024 10:00",
    "29.02.2023 10:00",
    "00.05.2024 10:00",
    "01.13.2024 10:00",
    "05/01/2024",
    "1/5/2024 10:00",
    "25:61 / 2024-05-01",
    "24:00 / 2024-05-01",
    "23:60 / 2024-05-01",
    "10:00 / 2024-13-01",
    "10:00 / 2024-02-30",
    "10:00 / 01-05-2024",
    "01.05.2024 25:00",
    "01.05.2024 10:61",
    "01.05.2024 10:00:61",
    "01.05.2024 10.00",
    "01.05.2024 10:00 12",
    "01.05.2024 10:00 02.05.2024 11:00",
    "01.05.2024 10:00 until 11:00",
    "01.05.2024 Year of clear water",
    "01.05.024 10:00",
    "01.05.70 10:00",
    "10:00 / 1989-12-31",
    "10:00 / 2101-01-01",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2101-01-01",
    "2024-02-30",
    "2024-05-01T24:00:00",
    "2024-05-01T10:00:60",
    "2024-05-01T10:00:00+25:00",
    "2024-W18-3",
    "Wed, 01 May 2024",
    "Wed, 00 May 2024 23:44:09 GMT",
    "Fri, 31 Feb 2024 23:44:09 GMT",
    "Wed, 01 May 2024 25:44:09 GMT",
    "Wed, 01 May 0031 23:44:09 GMT",
    "32 May 0001 23:44:09 GMT",
    "Wed, 01 May 2024 23:44:09 GMT+25",
    "Wed, 01 May 2024 23:44:09 IST",
    "Wed, 30 Nov -0001 00:00:00 +0000",
    "0000-00-00 00:00:00",
    "Wed, 01 May 23:44:09 GMT",
    "1 Maybe 2024 23:44:09 GMT",
    "Society | 01.05.2024 23:44",
    "On 01.05.2024 23:44 a school was opened",
    "x" * 300 + " | 23:44 / 2024-05-01",
    " " * 5000 + "23:44 / 2024-05-01",
]


@pytest.mark.parametrize(("raw", "expected"), DATES)
def test_date_is_read_with_its_precision(raw: str, expected: tuple[str, str]) -> None:
    stamp = read_timestamp(raw, TIMESTAMP)

    assert (stamp.value, stamp.precision) == expected


@pytest.mark.parametrize("raw", UNREADABLE)
def test_impossible_or_unknown_date_is_refused_and_named(raw: str) -> None:
    with pytest.raises(UnreadableDate, match=re.escape(repr(raw[:80]))) as refusal:
        read_timestamp(raw, TIMESTAMP)

    assert refusal.value.raw == raw


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("12:00 / 2024-07-01", "2024-07-01T12:00:00+02:00"),
        ("12:00 / 2024-01-01", "2024-01-01T12:00:00+01:00"),
        ("02:30 / 2024-10-27", "2024-10-27T02:30:00+02:00"),
        ("02:30 / 2024-03-31", "2024-03-31T02:30:00+01:00"),
        ("2024-10-27T01:30:00Z", "2024-10-27T02:30:00+01:00"),
    ],
)
def test_zone_with_summer_time_takes_the_first_of_two_equal_hours(raw: str, value: str) -> None:
    assert read_timestamp(raw, replace(TIMESTAMP, zone="Europe/Berlin")).value == value


def test_unknown_zone_is_a_fault_of_the_rules_and_not_of_the_date() -> None:
    with pytest.raises(LookupError, match="Asia/Nowhere"):
        read_timestamp("10:00 / 2024-05-01", replace(TIMESTAMP, zone="Asia/Nowhere"))


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://uza.uz/posts/a-school-was-opened-24-01-2017", "2017-01-24"),
        ("https://uza.uz/posts/a-school-was-opened-24-01-2017/", "2017-01-24"),
        ("https://uza.uz/posts/a-school-was-opened-24-01-2017?q=-01-02-2018", "2017-01-24"),
        ("https://uza.uz/posts/a-school-was-opened-24-01-2017#-01-02-2018", "2017-01-24"),
        ("http://uza.uz/en/society/a-school-23.10.2009-1020", "2009-10-23"),
        ("a-school-23.10.2009", "2009-10-23"),
        ("https://uza.uz/posts/a-school-was-opened-24-01-2017_594021", None),
        ("https://uza.uz/posts/a-school-was-opened_594021", None),
        ("https://uza.uz/posts/24-01-2017-a-school", None),
        ("https://uza.uz/posts/a-school-24-01.2017", None),
        ("https://uza.uz/posts/a-school-24-01-17", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_day_at_the_end_of_a_slug_is_read(url: str, day: str | None) -> None:
    assert read_slug_day(url, TIMESTAMP) == (Timestamp(day, "day") if day else None)


@pytest.mark.parametrize("slug", ["a-31-02-2017", "a-01-13-2017", "a-01-01-1989"])
def test_impossible_day_of_a_slug_is_refused(slug: str) -> None:
    with pytest.raises(UnreadableDate):
        read_slug_day(slug, TIMESTAMP)


def test_agency_without_dates_in_its_slugs_has_no_slug_day() -> None:
    assert read_slug_day("a-school-24-01-2017", replace(TIMESTAMP, slug=None)) is None


@pytest.mark.parametrize(
    ("one", "other", "agrees", "refines"),
    [
        ("2024-05-01 23:44:09", "23:44 / 2024-05-01", True, True),
        ("2024-05-01 23:44:09", "01.05.2024", True, True),
        ("23:44 / 2024-05-01", "01.05.2024", True, True),
        ("01.05.2024", "23:44 / 2024-05-01", True, False),
        ("2024-05-01 23:44:09", "2024-05-01T18:44:09Z", True, False),
        ("2024-05-01 23:44:09", "2024-05-01 23:44:10", False, False),
        ("2024-05-01 23:45:00", "23:44 / 2024-05-01", False, False),
        ("2024-05-02", "23:44 / 2024-05-01", False, False),
    ],
)
def test_dates_are_compared_as_far_as_the_coarser_goes(
    one: str, other: str, agrees: bool, refines: bool
) -> None:
    first, second = read_timestamp(one, TIMESTAMP), read_timestamp(other, TIMESTAMP)

    assert first.agrees(second) is second.agrees(first) is agrees
    assert first.refines(second) is refines


TASHKENT = tz.gettz("Asia/Tashkent")
SHAPES: list[Callable[[datetime], str]] = [
    lambda moment: f"{moment:%H:%M / %Y-%m-%d}",
    lambda moment: f"Society | {moment:%H:%M / %Y-%m-%d}",
    lambda moment: f"{moment:%d.%m.%Y %H:%M}",
    lambda moment: f"{moment:%d.%m.%Y %H:%M:%S}",
    lambda moment: f"{moment:%d.%m.%Y %H:%M} Year of clear water",
    lambda moment: f"{moment:%d.%m.%y %H:%M}",
    lambda moment: f"{moment:%Y-%m-%d %H:%M:%S}",
    lambda moment: moment.isoformat(),
    lambda moment: moment.astimezone(UTC).isoformat(),
    lambda moment: moment.astimezone(timezone(timedelta(hours=-9, minutes=-30))).isoformat(),
    lambda moment: f"{moment:%a, %d %b %Y %H:%M:%S %z}",
    lambda moment: f"{moment.astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT",
]


@given(st.datetimes(datetime(1993, 1, 1), datetime(2068, 12, 31)), st.sampled_from(SHAPES))
def test_any_moment_in_any_shape_is_read_back_to_the_minute(
    moment: datetime, shape: Callable[[datetime], str]
) -> None:
    moment = moment.replace(microsecond=0, tzinfo=TASHKENT)

    stamp = read_timestamp(shape(moment), TIMESTAMP)

    assert stamp.value[:16] == moment.isoformat()[:16]
    assert stamp.value.endswith("+05:00")


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["-", "."]))
def test_any_day_in_a_slug_is_read_back(day: date, dot: str) -> None:
    slug = f"a-school-{day:%d}{dot}{day:%m}{dot}{day:%Y}"

    assert read_slug_day(slug, TIMESTAMP) == Timestamp(day.isoformat(), "day")


DIGITS = st.text("0123456789٣:./-TZ+ |,", max_size=30)
NEARLY_RFC = st.from_regex(
    r"(Mon, )?[0-9]{1,2} (Jan|Feb|Sept|Mayo) [0-9]{4} [0-9]{2}:[0-9]{2} (UT|GMT|[+-][0-9]{4})",
    fullmatch=True,
)


@given(st.text() | DIGITS | NEARLY_RFC)
def test_any_string_is_a_date_of_our_times_or_refused(raw: str) -> None:
    try:
        stamp = read_timestamp(raw, TIMESTAMP)
    except UnreadableDate:
        return
    assert 1990 <= datetime.fromisoformat(stamp.value).year <= 2100
    assert (stamp.precision == "day") is (len(stamp.value) == 10)
    assert stamp.value.isascii()


@given(st.text() | st.from_regex(r"-[0-9]{2}[-.][0-9]{2}[-.][0-9]{4}(-[0-9]+)?", fullmatch=True))
def test_any_address_has_a_day_or_none_or_is_refused(url: str) -> None:
    try:
        stamp = read_slug_day(url, TIMESTAMP)
    except UnreadableDate:
        return
    assert stamp is None or stamp.precision == "day"


ROME = TimestampRules(zone="Europe/Rome")


@pytest.mark.parametrize(
    ("raw", "zone", "expected"),
    [
        ("Wed, 01 May 24 10:00:00 GMT", "Europe/Rome", "2024-05-01T12:00:00+02:00"),
        ("01 May 68 10:00 UT", "UTC", "2068-05-01T10:00:00+00:00"),
        ("02 Apr 05 16:13 -0500", "UTC", "2005-04-02T21:13:00+00:00"),
        ("Wednesday, 01-May-24 10:00:00 GMT", "UTC", "2024-05-01T10:00:00+00:00"),
        ("Wed, 1 May 2024 9:05 Z", "UTC", "2024-05-01T09:05:00+00:00"),
        ("Wed, 01 May 2024 10:00:00 EST", "UTC", "2024-05-01T15:00:00+00:00"),
        ("Wed, 01 May 2024 10:00:00 PDT", "UTC", "2024-05-01T17:00:00+00:00"),
        ("Wed, 01 May 2024 10:00:00 CEST", "Europe/Rome", "2024-05-01T10:00:00+02:00"),
        ("Mon, 01 Jan 2024 10:00:00 CET", "Asia/Tashkent", "2024-01-01T14:00:00+05:00"),
        ("Mon, 01 Jan 2024 10:00:00 MSK", "UTC", "2024-01-01T07:00:00+00:00"),
        ("Mon, 01 Jan 2024 10:00:00 CST", "Asia/Shanghai", "2024-01-01T10:00:00+08:00"),
        ("Mon, 01 Jan 2024 10:00:00 CST", "America/New_York", "2024-01-01T11:00:00-05:00"),
        ("Mon, 01 Jan 2024 10:00:00 IST", "Asia/Kolkata", "2024-01-01T10:00:00+05:30"),
        ("Mon, 01 Jul 2024 10:00:00 BST", "Europe/London", "2024-07-01T10:00:00+01:00"),
        ("Mon, 01 Jan 2024 10:00:00 +0000 (UTC)", "UTC", "2024-01-01T10:00:00+00:00"),
        ("Sun, 1 Sept 2024 10:00:00 GMT", "UTC", "2024-09-01T10:00:00+00:00"),
        ("WED, 01 MAY 2024 10:00:00 GMT", "UTC", "2024-05-01T10:00:00+00:00"),
        ("wed, 01 may 2024 10:00:00 gmt", "UTC", "2024-05-01T10:00:00+00:00"),
        ("Wed, 01 May 2024 10:00:00.123 GMT", "UTC", "2024-05-01T10:00:00+00:00"),
        ("Wed, 01 May 2024 10:00:00 (UTC)", "UTC", "2024-05-01T10:00:00+00:00"),
        ("Wed, 01 May 2024 10:00:00 WIB", "UTC", "2024-05-01T03:00:00+00:00"),
        (
            "Wed May 01 2024 10:00:00 GMT+0200 (Central European Summer Time)",
            "UTC",
            "2024-05-01T08:00:00+00:00",
        ),
    ],
)
def test_a_time_of_a_feed_is_read_with_letters_and_short_years(
    raw: str, zone: str, expected: str
) -> None:
    assert read_timestamp(raw, TimestampRules(zone=zone, years=range(1990, 2101))).value == expected


@pytest.mark.parametrize("zone", ["BST", "IST", "XYZ", "A", "ECT"])
def test_letters_of_several_zones_or_of_none_are_not_guessed(zone: str) -> None:
    with pytest.raises(UnreadableDate):
        read_timestamp(f"Mon, 01 Jan 2024 10:00:00 {zone}", ROME)


def test_a_feed_counts_years_as_all_do_where_pages_count_otherwise() -> None:
    rules = TimestampRules(zone="Asia/Tehran", calendar="solar hijri")
    stamp = read_timestamp("Wed, 01 May 2024 10:00:00 GMT", rules)
    assert stamp.value == "2024-05-01T13:30:00+03:30"
