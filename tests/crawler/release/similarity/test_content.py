"""Figures and names of a text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.release.similarity.content import content_of, contradictions, mentioned_in
from crawler.release.similarity.wire_copies import words_of

LETTERS = st.sampled_from("ABzЪъЬьЯяҲҳӀİı'ʻ’٣3०1².,; \n中の\u0301")


@given(st.text(LETTERS, max_size=40), st.text(LETTERS, max_size=40))
@example("ЪЬЪЬ ЬЬЬЬ", "ЪЬЪЬ ЪЪЪЪ")
@example("9" * 5_000, "1 " * 5_000)
@example("on Ъ12a day", "on 13 day")
def test_any_text_has_content(one: str, other: str) -> None:
    ours, theirs = content_of(one), content_of(other)
    assert contradictions(ours, ours).names == set()
    assert all(map(str.isdigit, contradictions(ours, theirs).figures))
    assert mentioned_in(one, other) == mentioned_in(one, other)
    assert all(one[start:end] for _, start, end in words_of(one))


@pytest.mark.parametrize("written", ["12640", "12 640", "12,640", "12.640", "12\u00a0640", "١٢٦٤٠"])
def test_a_figure_is_the_same_however_it_is_written(written: str) -> None:
    assert mentioned_in("", f"in {written} cases") == "12640"


def test_what_stands_in_the_place_of_something_else_contradicts_it() -> None:
    one = content_of("Today the bank set the dollar at 12 640 soums, said Karim Olmaboyov.")
    other = content_of("Today the bank set the dollar at 12 655 soums, said Karim Tolzorov.")
    found = contradictions(one, other)
    assert (found.figures, found.names) == ({"12640"}, {"olmaboyov"})


def test_a_misprint_in_a_name_is_no_other_name() -> None:
    one, other = (content_of(f"said {name} today") for name in ("Olmaboyov", "Olmabooyov"))
    assert contradictions(one, other).names == set()
