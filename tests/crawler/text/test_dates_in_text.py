import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.dates_in_text import find_dates, read_date

DAY, MINUTE = "2024-05-01", "2024-05-01 10:30:00"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("May 1, 2024", DAY),
        ("Wednesday, May 1st, 2024", DAY),
        ("Posted 1 May 2024 at 10:30", MINUTE),
        ("01-May-2024 10:30", MINUTE),
        ("10:30 AM, May 1, 2024", MINUTE),
        ("May 1 2024 10:30 p.m.", "2024-05-01 22:30:00"),
        ("1 May 2024, 12:05 am", "2024-05-01 00:05:00"),
        ("Mercredi 1er mai 2024 à 10h30", MINUTE),
        ("1 de mayo de 2024, 10:30", MINUTE),
        ("1º de maio de 2024 às 10h30", MINUTE),
        ("Oak, 1. Mai 2024, 10.30 Uhr", MINUTE),
        ("1 maggio 2024 - 10:30", MINUTE),
        ("1 maja 2024, 10:30", MINUTE),
        ("2024. május 1. 10:30", MINUTE),
        ("2024 m. gegužės 1 d. 10:30", MINUTE),
        ("2024. gada 1. maijs", DAY),
        ("Ср., 1 мая 2024 г., 10:30", MINUTE),
        ("1 травня 2024, 10:30", MINUTE),
        ("2024-yil 1-may, 10:30", MINUTE),
        ("2024-jıl 1-may, 10:30", MINUTE),
        ("2024-ji'l 1-may, 10:30", MINUTE),
        ("1 Mayıs 2024 Çarşamba 10:30", MINUTE),
        ("01.05.2024 10:30", MINUTE),
        ("10:30 01.05.2024", MINUTE),
        ("10:30 / 2024-05-01", MINUTE),
        ("2024/05/01 10:30:09", "2024-05-01 10:30:09"),
        ("2024.5.1", DAY),
        ("2024年5月1日10:30 来源：木报", MINUTE),
        ("2024년 5월 1일 오전 10시 30분", MINUTE),
        ("2024年5月1日 下午10:30", "2024-05-01 22:30:00"),
        ("1 tháng 5, 2024 10:30", MINUTE),
        ("١ مايو ٢٠٢٤ - ١٠:٣٠", MINUTE),
        ("1 أيار 2024", DAY),
        ("15 كانون الثاني 2024", "2024-01-15"),
        ("१ मई 2024", DAY),
        # other calendars
        ("۱۲ اردیبهشت ۱۴۰۳ - ۱۰:۳۰", MINUTE),
        ("1403/02/12", DAY),
        ("1 พฤษภาคม 2567 10:30", MINUTE),
        ("令和6年5月1日", DAY),
        ("民國113年5月1日 10:30", MINUTE),
        # one of two numbers is no month, or both are the same
        ("31/05/2024", "2024-05-31"),
        ("05/31/2024", "2024-05-31"),
        ("05-05-2024", "2024-05-05"),
        # with a zone
        ("1 May 2024 10:30 GMT", "2024-05-01 10:30:00+00:00"),
        ("1 May 2024 10:30 (UTC+3)", "2024-05-01 10:30:00+03:00"),
        ("1 мая 2012, 10:30 МСК", "2012-05-01 10:30:00+04:00"),
        ("May 1, 2024 10:30 a.m. ET", "2024-05-01 10:30:00-04:00"),
        ("Wed May 01 10:30:00 CEST 2024", "2024-05-01 10:30:00+02:00"),
        ("1 May 2024 10:30 IST", MINUTE),  # of India, Ireland or Israel
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, moment: str) -> None:
    found = read_date(text)
    assert found
    assert str(found.moment or found.day) == moment


@pytest.mark.parametrize(
    "text",
    [
        *("05/04/2024", "01.05.24", "3 days ago", "2024", "May 2024", "1 May", "1.2.3.2024"),
        *("31 April 2024", "2024-02-30", "1 Maytember 2024", "10/2024", "2011-2013", "25:61"),
        *("1445/10/22", "1 listopada 2024"),  # a lunar year; November in Polish, or October
        "On 1 May 2024 the mill of Oak Valley ground its first corn after the flood",
        "1 May 2024, read 7 times",
    ],
)
def test_what_is_no_date_or_two_is_not_read(text: str) -> None:
    assert read_date(text) is None


def test_where_the_day_comes_first_numbers_alone_tell_it() -> None:
    found = [read_date(text, day_first=True) for text in ("05/04/2024", "05.04.24")]
    assert [str(one.day) for one in found if one] == ["2024-04-05", "2024-04-05"]
    american = read_date("05/04/2024", day_first=False)
    assert american
    assert str(american.day) == "2024-05-04"


def test_all_dates_of_a_line_are_found_where_they_stand() -> None:
    line = "Published 1 May 2024 10:30 | Updated 2 May 2024"
    found = [line[date.start : date.end] for date in find_dates(line)]
    assert found == ["1 May 2024 10:30", "2 May 2024"]


@given(st.text(alphabet="0123456789.:/- ,年月日T мая May pm+Z", max_size=60))
def test_whatever_is_found_is_read_alike_alone(line: str) -> None:
    for date in find_dates(line):
        alone = next(find_dates(line[date.start : date.end]), None)
        assert alone
        assert alone.day == date.day
