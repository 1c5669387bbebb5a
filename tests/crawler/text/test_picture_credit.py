import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.byline import split_credit
from pages.uza import BYLINE

CREDITED = [
    ("The dam is closed. Photo by S. Olmazorov", "The dam is closed.", "S. Olmazorov"),
    ("He asked “why?” Photo by S. Olmazorov", "He asked “why?”", "S. Olmazorov"),
    ("The dam, photo by S.OLMAZOROV", "The dam", "S. Olmazorov"),
    ("The dam – photos by A. Bell and C. Cole, UzA", "The dam", "A. Bell, C. Cole, UzA"),
    ("The dam (Photo: UzA)", "The dam", "UzA"),
    ("The dam (Photo: UzA).", "The dam", "UzA"),
    ("The dam [Foto von Karl Berg]", "The dam", "Karl Berg"),
    ("Karim Oqtepalov. Photo by S. Olmazorov", "Karim Oqtepalov.", "S. Olmazorov"),
    ("The dam. UzA", "The dam.", "UzA"),
    ("Плотина / Фото: С. Олмазоров", "Плотина", "С. Олмазоров"),
    ("Тўғон. Санжар ОЛМАЗОРОВ олган сурат", "Тўғон.", "Санжар Олмазоров"),
    ("Toʻgʻon. Sanjar OLMAZOROV (surat)", "Toʻgʻon.", "Sanjar Olmazorov"),
    ("سد. تصوير: ليلى صابروفا", "سد.", "ليلى صابروفا"),
    ("大坝。图片：UzA", "大坝。", "UzA"),
    ("Photo by S. Olmazorov, UzA", "", "S. Olmazorov, UzA"),
    ("UzA", "", "UzA"),
]
UNCREDITED = [
    "The dam",
    "Karim Oqtepalov",
    "Karim Oqtepalov, UzA",  # the picture shows him, or he took it
    "Reporters of two agencies, UzA",
    "A photo by the river",
    "The dam. Photo of the year",
    "Photo by S. Olmazorov. The dam on Monday",
    "",
]


@pytest.mark.parametrize(("caption", "words", "credit"), CREDITED)
def test_credit_is_taken_off_the_end_of_a_caption(caption: str, words: str, credit: str) -> None:
    assert split_credit(caption, BYLINE) == (words, credit)


@pytest.mark.parametrize("caption", UNCREDITED)
def test_caption_without_a_credit_stays_as_it_is(caption: str) -> None:
    assert split_credit(caption, BYLINE) == (caption, None)


@given(st.lists(st.sampled_from(["The dam", "Photo by", "S. Bell", "UzA", ". ", ", ", " (", ")"])))
def test_words_before_a_credit_are_those_of_the_caption(parts: list[str]) -> None:
    caption = "".join(parts)
    words, credit = split_credit(caption, BYLINE)
    assert caption.startswith(words)
    assert words == caption if credit is None else credit
