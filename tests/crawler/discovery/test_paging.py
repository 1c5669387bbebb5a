from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.listing import UNDATED_PAGES, Entry, Paging
from crawler.model.link import Checkpoint


def page(*orders: int) -> list[Entry]:
    """Entries whose id and order are the same number, the newest first as in a list."""
    return [Entry(f"a:{order}", f"{order:06}") for order in orders]


def read(paging: Paging, numbers: list[int], size: int) -> list[int]:
    """Walk a list of posts, newest first, to the end; return what was seen."""
    seen: list[int] = []
    number: int | None = 1
    while number is not None:
        entries = numbers[(number - 1) * size : number * size]
        seen += entries
        number = paging.read_page(page(*entries), is_last=number * size >= len(numbers))
    return seen


def test_an_unchanged_first_page_ends_the_walk_if_the_total_is_unchanged_too() -> None:
    checkpoint = Checkpoint("000007", ("a:9", "a:8", "a:7"), total=9)
    assert Paging(checkpoint, None).read_page(page(9, 8, 7), is_last=False, total=9) is None
    assert Paging(checkpoint, None).read_page(page(9, 8, 7), is_last=False, total=10) == 2
    assert Paging(checkpoint, None).read_page(page(9, 8, 7), is_last=False) == 2
    untold = Checkpoint("000007", ("a:9", "a:8", "a:7"))
    assert Paging(untold, None).read_page(page(9, 8, 7), is_last=False) == 2


def test_new_posts_are_read_down_to_where_the_last_walk_began() -> None:
    first = Paging(None, "000000")
    read(first, list(range(20, 0, -1)), 5)
    again = Paging(first.next_checkpoint, None)
    seen = read(again, list(range(33, 0, -1)), 5)
    assert set(range(21, 34)) <= set(seen)
    assert len(seen) == 20
    assert again.next_checkpoint == Checkpoint("000030", ("a:33", "a:32", "a:31", "a:30", "a:29"))


def test_a_known_post_on_top_does_not_end_the_walk() -> None:
    paging = Paging(Checkpoint("000007", ("a:9", "a:8", "a:7")), None, dated=True)
    assert paging.read_page(page(9, 30, 29), is_last=False) == 2
    assert paging.read_page(page(28, 9, 8), is_last=False) == 3
    assert paging.read_page(page(7, 6, 5), is_last=False) is None


def test_a_post_dated_in_the_future_does_not_hide_what_comes_after_it() -> None:
    first = Paging(None, "000000")
    read(first, [999_999, 9, 8, 7], 4)
    again = Paging(first.next_checkpoint, None)
    assert again.read_page(page(999_999, 12, 11, 10), is_last=False) == 2


def test_an_index_does_not_end_the_walk() -> None:
    paging = Paging(None, None)
    assert paging.read_page([], is_last=False, is_index=True) == 2


def test_a_walk_without_a_mark_ends_at_the_horizon() -> None:
    paging = Paging(None, "000050")
    assert paging.read_page(page(60, 55), is_last=False) == 2
    assert paging.read_page(page(54, 49), is_last=False) is None


def test_a_list_without_dates_is_read_a_few_pages_the_first_time() -> None:
    paging = Paging(None, None)
    asked = [paging.read_page(page(90 - n), is_last=False) for n in range(UNDATED_PAGES)]
    assert asked == [*range(2, UNDATED_PAGES + 1), None]


def test_a_list_without_dates_is_read_a_few_pages_every_time() -> None:
    paging = Paging(Checkpoint("000007", ("a:9", "a:8", "a:7")), None)
    assert paging.read_page(page(9, 8, 7), is_last=False) == 2
    assert paging.read_page(page(6, 30, 5), is_last=False) == 3
    assert paging.read_page(page(4, 3, 2), is_last=False) is None
    assert paging.arrived


def posts(*hours: int) -> list[Entry]:
    """Entries of a list with dates, so many hours after a day's beginning."""
    first = datetime.fromisoformat("2026-03-01T00:00:00+05:00")
    return [Entry(f"a:{n}", (first + timedelta(hours=n)).isoformat()) for n in hours]


def test_a_backdated_post_at_the_foot_of_a_page_does_not_end_the_walk() -> None:
    paging = Paging(Checkpoint(posts(200)[0].order, ("a:9",)), None, dated=True)
    assert paging.read_page(posts(240, 239, 238, 237, 236, 235, 234, 1), is_last=False) == 2
    assert paging.read_page(posts(233, 210, 209, 208, 207, 199, 198, 197), is_last=False) is None
    assert paging.next_checkpoint.floor == posts(238 - 24)[0].order


def test_a_list_with_dates_is_read_to_a_day_before_the_newest_post_of_the_last_walk() -> None:
    first = Paging(None, None, dated=True)
    assert first.read_page(posts(100, 99, 98), is_last=True, total=3) is None
    checkpoint = first.next_checkpoint
    assert checkpoint == Checkpoint("2026-03-04T04:00:00+05:00", ("a:100", "a:99", "a:98"), 3)
    again = Paging(checkpoint, None, dated=True)
    assert again.read_page(posts(100, 99, 98), is_last=False, total=4) == 2
    assert again.read_page(posts(97, 80, 77), is_last=False, total=4) == 3
    assert again.read_page(posts(76, 75, 74), is_last=False, total=4) is None
    assert again.arrived


def test_a_first_page_of_days_is_read_as_far_down_as_before() -> None:
    paging = Paging(None, None, dated=True)
    paging.read_page(posts(200, 150, 100), is_last=True)
    assert paging.next_checkpoint.floor == "2026-03-05T04:00:00+05:00"


def test_a_list_of_days_alone_is_read_to_the_second_day_before() -> None:
    paging = Paging(None, None, dated=True)
    paging.read_page([Entry("a:1", "2026-03-01"), Entry("a:2", "2026-03-01")], is_last=True)
    assert paging.next_checkpoint.floor == "2026-02-27"


def test_a_few_posts_of_the_future_do_not_shorten_the_walk() -> None:
    paging = Paging(None, None, dated=True)
    paging.read_page(posts(9000, *range(107, 100, -1)), is_last=True)
    assert paging.next_checkpoint.floor == posts(106 - 24)[0].order


def test_a_site_that_repeats_its_last_page_does_not_hold_the_walk() -> None:
    paging = Paging(None, "000000")
    assert paging.read_page(page(3, 2), is_last=False) == 2
    assert paging.read_page(page(3, 2), is_last=False) is None


@pytest.mark.parametrize("second", [page(), page(30, 29, 28)])
def test_a_list_that_stops_for_no_reason_above_its_goal_was_not_walked(
    second: list[Entry],
) -> None:
    checkpoint = Checkpoint("000007", ("a:9", "a:8", "a:7"))
    for is_last, paging in (
        (True, Paging(checkpoint, None)),
        (False, Paging(checkpoint, None)),
        (False, Paging(None, "000007")),
    ):
        assert paging.read_page(page(30, 29, 28), is_last=False) == 2
        assert paging.read_page(second, is_last=is_last and not second) is None
        assert not paging.arrived


def test_a_walk_arrives_at_its_goal_at_a_told_end_and_at_any_end_without_a_goal() -> None:
    checkpoint = Checkpoint("000007", ("a:9",))
    for paging, ending, is_last in (
        (Paging(checkpoint, None, dated=True), page(9, 8, 7), False),
        (Paging(checkpoint, None), page(27, 26), True),
        (Paging(None, "000008"), page(9, 8, 7), False),
        (Paging(None, "000000"), page(27, 26), True),
        (Paging(None, None), page(), False),
    ):
        assert paging.read_page(page(30, 29, 28), is_last=False) == 2
        assert not paging.arrived
        assert paging.read_page(ending, is_last=is_last) is None
        assert paging.arrived


def test_posts_taken_down_while_the_list_is_read_make_it_look_again() -> None:
    paging = Paging(None, "000000")
    assert paging.read_page(page(9, 8), is_last=False, total=8) == 2
    assert paging.read_page(page(5, 4), is_last=False, total=6) == 1
    assert paging.read_page(page(7, 6), is_last=False, total=6) == 2


def test_totals_that_go_up_and_down_do_not_hold_the_walk_for_ever() -> None:
    paging, number, asked = Paging(None, "000000"), 1, 0
    for asked in range(1000):
        entries = page(*range(1000 - number * 2, 998 - number * 2, -1))
        following = paging.read_page(entries, is_last=number == 9, total=1000 - asked % 2)
        if following is None:
            break
        number = following
    assert number == 9
    assert asked < 100


@given(
    old=st.integers(1, 60), new=st.integers(0, 60), size=st.integers(1, 20), shift=st.integers(0, 3)
)
def test_a_walk_misses_nothing_while_the_list_shifts(
    old: int, new: int, size: int, shift: int
) -> None:
    first = Paging(None, "")
    read(first, list(range(old, 0, -1)), size)
    paging = Paging(first.next_checkpoint, None)
    newest, number, seen = old + new, 1, set[int]()
    asked: int | None = 1
    while asked is not None:
        numbers = list(range(newest, 0, -1))
        entries = numbers[(asked - 1) * size : asked * size]
        seen |= set(entries)
        asked = paging.read_page(page(*entries), is_last=asked * size >= len(numbers))
        # Not more than a page may come between two requests, or no walk would ever end.
        newest, number = newest + min(shift, size - 1), number + 1
    assert set(range(old + 1, old + new + 1)) <= seen


@pytest.mark.parametrize("orders", [(), (None, None)])
def test_an_empty_or_orderless_first_page_has_a_mark_without_a_floor(
    orders: tuple[None, ...],
) -> None:
    paging = Paging(None, "0")
    paging.read_page([Entry(f"a:{n}", order) for n, order in enumerate(orders)], is_last=True)
    assert paging.next_checkpoint.floor is None
