import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.orthography import consonant_key, fold_for_search
from replica.texts import UZBEK, latin

COUNTRY = ["Oʻzbekiston", "O'zbekiston", "O‘zbekiston", "Ўзбекистон", "OʻZBEKISTON"]


def test_one_word_in_four_spellings_is_one_word() -> None:
    assert {fold_for_search(word) for word in COUNTRY} == {"ozbekiston"}


@pytest.mark.parametrize("sentence", UZBEK.sentences)
def test_a_sentence_in_cyrillic_is_the_same_in_latin(sentence: str) -> None:
    assert fold_for_search(sentence) == fold_for_search(latin(sentence))
    assert consonant_key(sentence, "Cyrl") == consonant_key(latin(sentence), "Latn") != b""


def test_marks_and_capitals_make_no_difference_to_what_is_compared() -> None:
    told = "«Бу ёзги таътил — энг яхши вақт», деди у… “ҳа, Ўзбекистонда ҳам”"
    plain = "у ёзги таътил энг яхши вақт деди у а збекистонда ҳам"
    assert consonant_key(told, "Cyrl") == consonant_key(plain, "Cyrl")
    typed = "ma’no, ma'no, maʼno, maʻno"
    assert consonant_key(typed, "Latn") == consonant_key("мано, мано, мано, мано", "Cyrl")


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Европа", "evropa"),
        ("Yevropa", "evropa"),
        ("милиция", "milisiya"),
        ("militsiya", "milisiya"),
        ("L’été à Genève", "lete a geneve"),
        ("Хасан Xasan", "hasan hasan"),
        ("图书馆", " 图  书  馆 "),
        ("maʼno", "mano"),
    ],
)
def test_words_are_folded_as_they_are_looked_for(typed: str, folded: str) -> None:
    assert fold_for_search(typed) == folded


@given(st.text())
def test_any_text_can_be_folded(text: str) -> None:
    assert isinstance(consonant_key(text, "Cyrl"), bytes)
    assert consonant_key(text, "Latn").isascii()
    assert isinstance(fold_for_search(text), str)


def test_other_figures_do_not_sound_alike() -> None:
    assert consonant_key("1206 сўм", "Cyrl") != consonant_key("1306 сўм", "Cyrl")
