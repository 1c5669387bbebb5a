import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.diff import COLOURED, PLAIN, Marks, differences, marked


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("A bridge opens", "A bridge opens", "A bridge opens"),
        ("A bridge opens", "A bridge opens late", "A bridge opens{+ late+}"),
        ("Rain is expected", "Snow is expected", "[-Rain-]{+Snow+} is expected"),
        ("", "A lead", "{+A lead+}"),
        ("A lead", "", "[-A lead-]"),
        ("one two, three", "one, three", "one[- two-], three"),
        ("Кўприк очилди", "Йўл очилди", "[-Кўприк-]{+Йўл+} очилди"),
    ],
)
def test_words_that_differ_are_marked(old: str, new: str, shown: str) -> None:
    assert marked(old, new, PLAIN) == shown


def test_on_a_terminal_removed_words_are_struck_and_added_ones_green() -> None:
    assert marked("Rain", "Snow", COLOURED) == "\033[31;9mRain\033[0m\033[32mSnow\033[0m"


@given(st.text(), st.text())
def test_both_texts_can_be_read_out_of_the_marked_one(old: str, new: str) -> None:
    only_new = marked(old, new, Marks(("\x00", "\x01"), ("", "")))
    kept = "".join(part.partition("\x01")[2] for part in f"\x01{only_new}".split("\x00"))
    if not {"\x00", "\x01"} & set(old + new):
        assert kept == new


def test_fields_of_the_record_are_no_difference_and_lists_are_shown_by_lines() -> None:
    old = {"title": "A", "run": "1", "tags": [], "summary": "x", "images": []}
    new = {
        "title": "B",
        "run": "2",
        "tags": [{"name": "water", "slug": None}, {"name": "fields", "slug": "fields"}],
        "summary": None,
        "images": [],
    }
    assert differences(old, new) == {
        "title": ("A", "B"),
        "tags": ("", "name: water\nname: fields, slug: fields"),
        "summary": ("x", ""),
    }
