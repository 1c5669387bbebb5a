from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from crawler.audit.coverage import bounds, each_missing_range, read_ids
from crawler.store.archive import Archive
from crawler.store.selection import Selection
from tests.crawler.audits import absent, fail, keep, show

ANY = Selection()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        yield archive


def missing(archive: Archive, selection: Selection = ANY) -> list[tuple[int, int]]:
    database = archive.ledger.database
    return [(gap[0], gap[-1]) for gap in each_missing_range(database, bounds(database, selection))]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], []),
        ([7], []),
        ([7, 8, 9], []),
        ([7, 9], [(8, 8)]),
        ([98, 99, 103, 104, 110], [(100, 102), (105, 109)]),
        ([9, 10, 99, 101], [(11, 98), (100, 100)]),  # as text, 101 comes before 99
    ],
)
def test_missing_ids_lie_between_known_ids(
    archive: Archive, known: list[int], expected: list[tuple[int, int]]
) -> None:
    for number in known:
        show(archive, number, "api")
    assert missing(archive) == expected
    ids = read_ids(archive.ledger.database, bounds(archive.ledger.database, ANY), 9)
    assert (ids is None) == (not known)
    if ids:
        assert (ids.lowest, ids.highest, ids.known) == (known[0], known[-1], len(known))
        assert ids.missing == sum(last - first + 1 for first, last in expected)
        assert ids.missing_ranges == len(expected)
        assert sorted((gap.first, gap.last) for gap in ids.largest) == expected


def test_slugs_are_no_ids_and_what_was_found_absent_is_not_missing(archive: Archive) -> None:
    for key in (5, 9, "an-old-slug-24-01-2017", "2000-years-24-01-2017"):
        show(archive, key, "api")
    absent(archive, 7)
    assert missing(archive) == [(6, 6), (8, 8)]


def test_ids_that_were_only_asked_for_bound_nothing(archive: Archive) -> None:
    absent(archive, 1)
    keep(archive, 500, "2024-05-01")
    show(archive, 503, "rss")
    absent(archive, 999_999_999)
    show(archive, 800_000, "ids")
    assert missing(archive) == [(501, 502)]


def told(archive: Archive) -> tuple[int, int, int, list[tuple[int, int]]]:
    """Return how many ids are known, missing and queued, and the missing ranges."""
    ids = read_ids(archive.ledger.database, bounds(archive.ledger.database, ANY), 9)
    assert ids
    return ids.known, ids.missing, ids.queued, [(gap.first, gap.last) for gap in ids.largest]


def test_an_id_that_was_asked_for_is_missing_until_there_is_an_answer(archive: Archive) -> None:
    keep(archive, 10, "2024-05-01")
    keep(archive, 20, "2024-05-02")
    assert told(archive) == (2, 9, 0, [(11, 19)])
    for number in (11, 14, 15):
        show(archive, number, "ids")
    assert told(archive) == (2, 9, 3, [(11, 19)])
    fail(archive, "uza:14", "timeout")  # given up: nobody asks again
    assert told(archive) == (2, 9, 2, [(11, 19)])
    absent(archive, 15)
    keep(archive, 11, "2024-05-01")
    assert told(archive) == (4, 7, 0, [(16, 19), (12, 14)])
    show(archive, 14, "ids", "rss")  # the site lists it: it is known, and never fetched
    assert told(archive) == (5, 6, 0, [(16, 19), (12, 13)])


def test_a_missing_range_lies_between_the_days_of_its_nearest_neighbours_with_a_date(
    archive: Archive,
) -> None:
    keep(archive, 10, "2024-05-01")
    show(archive, 11, "api")
    absent(archive, 20)
    keep(archive, 21, "2024-05-04")
    show(archive, 30, "api")
    ids = read_ids(archive.ledger.database, bounds(archive.ledger.database, ANY), 9)
    assert ids
    told = [(gap.first, gap.last, gap.ids, gap.after, gap.before) for gap in ids.largest]
    assert told == [
        (12, 19, 8, "2024-05-01", "2024-05-04"),
        (22, 29, 8, "2024-05-04", None),
    ]


def test_only_the_largest_missing_ranges_are_told_but_all_are_counted(archive: Archive) -> None:
    for number in (1, 3, 6, 10, 12):
        show(archive, number, "api")
    ids = read_ids(archive.ledger.database, range(1, 13), 2)
    assert ids
    assert (ids.missing_ranges, ids.missing) == (4, 7)
    assert [(gap.first, gap.ids) for gap in ids.largest] == [(7, 3), (4, 2)]


def test_days_choose_ids_by_their_neighbours_and_no_backdated_post_moves_them(
    archive: Archive,
) -> None:
    for day in range(1, 8):
        for number in (day * 100, day * 100 + 10, day * 100 + 20):
            keep(archive, number, f"2024-05-0{day}")
    keep(archive, 615, "2024-05-02")  # backdated
    # From the middle of 2 May to the middle of 5 May.
    selection = Selection(date(2024, 5, 3), date(2024, 5, 4))
    found = bounds(archive.ledger.database, selection)
    assert (found[0], found[-1]) == (220, 510)
    assert missing(archive, selection)[0] == (221, 299)
    assert missing(archive, selection)[-1] == (501, 509)


def test_a_missing_range_that_is_filled_meanwhile_is_yielded_once(archive: Archive) -> None:
    for number in (1, 4, 8):
        show(archive, number, "api")
    filled = []
    for gap in each_missing_range(archive.ledger.database, range(1, 9)):
        filled += [show(archive, number, "ids") for number in gap]
    assert filled == ["uza:2", "uza:3", "uza:5", "uza:6", "uza:7"]
