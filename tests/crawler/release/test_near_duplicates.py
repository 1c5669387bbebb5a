"""Which texts are nearly the same."""

from random import Random

import pytest

from crawler.release.near_duplicates import LETTERS, Duplicates, similarity, sketch
from crawler.text.orthography import in_new_letters
from replica.texts import UZBEK, latin
from tests.crawler.release.near_duplicates import is_found, measure, pairs

TEXT = " ".join(UZBEK.sentences)


def test_pairs_written_by_hand_are_judged_as_a_reader_judges_them() -> None:
    precision, recall, wrong = measure()
    assert len(pairs()) >= 60
    assert (precision, recall) >= (0.97, 0.97), wrong


def test_a_text_and_its_twin_in_latin_have_one_sketch() -> None:
    short = " ".join(UZBEK.sentences[:8])
    long = " ".join(UZBEK.sentences + UZBEK.headlines)
    assert len(latin(short)) < LETTERS < len(long)
    assert sketch(short, "Cyrl") == sketch(latin(short), "Latn")
    assert similarity(sketch(short, "Cyrl"), sketch(latin(short), "Latn")) == 1.0
    # of a long text the same number of letters tells a little less in Latin
    assert similarity(sketch(long, "Cyrl"), sketch(latin(long), "Latn")) > 0.85


def test_a_text_in_the_announced_letters_is_nearly_the_same() -> None:
    for start in range(0, len(UZBEK.sentences) - 8, 4):
        text = " ".join(UZBEK.sentences[start : start + 8])
        new = in_new_letters(latin(text).replace("ʻ", "'"))
        assert similarity(sketch(text, "Cyrl"), sketch(new, "Latn")) > 0.85
        assert similarity(sketch(latin(text), "Latn"), sketch(new, "Latn")) > 0.85


@pytest.mark.parametrize("script", ["Hans", "Arab", None])
def test_other_scripts_are_compared_too(script: str | None) -> None:
    letters = Random(1).choices("的一是不了人我在有他这为之大来以个中上们" * 3 + "，。", k=300)
    text = "".join(letters)
    assert is_found({"a": text, "a_script": script, "b": text + "新的结尾。", "b_script": script})
    assert not is_found({"a": text, "a_script": script, "b": text[::-1], "b_script": script})


def test_a_copy_of_a_copy_names_the_first() -> None:
    duplicates = Duplicates()
    assert duplicates.find("a:1", sketch(TEXT, "Cyrl")) is None
    second = duplicates.find("a:2", sketch(TEXT + " Яна бир гап айтилди.", "Cyrl"))
    third = duplicates.find("a:3", sketch(TEXT + " Яна бир гап айтилди. Тамом.", "Cyrl"))
    assert second is not None
    assert third is not None
    assert (second.id, second.first) == ("a:1", "a:1")
    assert third.first == "a:1"


def test_an_article_of_two_months_ago_is_not_compared() -> None:
    duplicates = Duplicates()
    duplicates.find("a:1", sketch(TEXT, "Cyrl"))
    duplicates.turn()
    assert duplicates.find("a:2", sketch(TEXT, "Cyrl"))
    again = Duplicates()
    again.find("a:1", sketch(TEXT, "Cyrl"))
    again.turn()
    again.turn()
    assert again.find("a:2", sketch(TEXT, "Cyrl")) is None


def test_articles_without_a_text_are_no_duplicates_of_each_other() -> None:
    duplicates = Duplicates()
    assert duplicates.find("a:1", sketch("", "Latn")) is None
    assert duplicates.find("a:2", sketch(" ", "Latn")) is None
