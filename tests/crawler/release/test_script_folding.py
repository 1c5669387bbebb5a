import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.script_folding import fold_for_search, skeleton
from replica.texts import UZBEK, latin

COUNTRY = ["Oʻzbekiston", "O'zbekiston", "O‘zbekiston", "Ўзбекистон", "OʻZBEKISTON"]


def test_one_word_in_four_spellings_is_one_word() -> None:
    assert {fold_for_search(word) for word in COUNTRY} == {"ozbekiston"}
    assert {skeleton(word) for word in COUNTRY} == {skeleton("ozbekiston")}


@pytest.mark.parametrize("sentence", UZBEK.sentences)
def test_a_sentence_in_cyrillic_is_the_same_in_latin(sentence: str) -> None:
    assert fold_for_search(sentence) == fold_for_search(latin(sentence))
    assert skeleton(sentence) == skeleton(latin(sentence))


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
    assert isinstance(skeleton(text), bytes)
    assert isinstance(fold_for_search(text), str)


def test_other_figures_do_not_sound_alike() -> None:
    assert skeleton("1206 сўм") != skeleton("1306 сўм")
