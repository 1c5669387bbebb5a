import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.plain_text import (
    flatten,
    fold,
    join_paragraphs,
    normalise,
    opens_with,
    says_same,
    split_paragraphs,
)

NORMALISED = [
    ("5\u00a0153\u202f000\u2009so'm", "5 153 000 so'm"),
    ("end of paragraph\u00a0\u00a0\n\nnext", "end of paragraph\n\nnext"),
    ("a\n \n\u00a0\n\t\nb", "a\n\nb"),
    ("item one;\n  item two.", "item one;\nitem two."),
    ("a\r\nb\rc", "a\nb\nc"),
    ("a\u2028b\u2029c", "a\nb\n\nc"),
    ("a\x0bb\x0cc\u2028d", "a\nb\nc\nd"),
    ("N\x00U\x07L\x81", "NUL"),
    (
        "The farmer\x92s son \x96 nine \x97 said: \x93wait\x85\x94",
        "The farmer’s son – nine — said: “wait…”",
    ),
    ("o\x91zbek, \x8aibenik, 5 \x80, \x99", "o‘zbek, Šibenik, 5 €, ™"),
    ("\x81\x8d\x8f\x90\x9d", ""),
    ("so\u00adbo\u200bta\ufeff\u2060l", "sobotal"),
    ("half \ud800 pair \udfff", "half pair"),
    ("и\u0306од", "йод"),
    ("Oʻ\u200cz\u200dbek", "Oʻzbek"),
    ("می\u200cشود", "می\u200cشود"),
    ("👩\u200d🌾", "👩\u200d🌾"),
    ("\u3000东京", "东京"),
    ("", ""),
    ("\u00a0\n\u200b\n", ""),
]


@pytest.mark.parametrize(("raw", "expected"), NORMALISED)
def test_text_is_what_a_reader_sees(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


def test_flat_text_is_one_line() -> None:
    assert flatten("  Festival\n\nof\u00a0gardens \x00") == "Festival of gardens"


def test_paragraphs_keep_the_lines_of_a_list() -> None:
    text = "It offers:\n- water;\n- light.\n\n\n\nThe end."
    assert split_paragraphs(text) == ["It offers:\n- water;\n- light.", "The end."]


def test_a_text_of_white_space_has_no_paragraph() -> None:
    assert split_paragraphs(" \n\n\u00a0\n") == []


SAME = [
    ("“Oʻqayin” — BOGʻ", "\"o'qayin\" - bog'"),
    ("İZMİR", "izmir"),
    ("Всё", "все"),
    ("two\nlines", "Two Lines"),
]


@pytest.mark.parametrize(("text", "other"), SAME)
def test_letter_case_and_typography_make_no_difference(text: str, other: str) -> None:
    assert says_same(text, other)
    assert opens_with(f"{text}, and more", other)


def test_another_word_makes_a_difference() -> None:
    assert not says_same("one garden", "two garden")
    assert not opens_with("one", "one garden")


ANY_TEXT = st.text(st.characters(), max_size=60)


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(ANY_TEXT)
def test_normalised_text_can_always_be_stored(text: str) -> None:
    normalised = normalise(text)
    normalised.encode("utf-8")
    assert "\x00" not in normalised
    assert unicodedata.is_normalized("NFC", normalised)


@given(ANY_TEXT)
def test_paragraphs_survive_being_joined(text: str) -> None:
    paragraphs = split_paragraphs(text)
    assert split_paragraphs(join_paragraphs(paragraphs)) == paragraphs


@given(ANY_TEXT)
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_every_text_opens_with_nothing() -> None:
    assert opens_with("", "")
    assert opens_with("one", "")
    assert not opens_with("", "one")
