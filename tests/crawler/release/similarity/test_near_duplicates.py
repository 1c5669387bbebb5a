"""Which texts are nearly the same."""

import subprocess
import sys
from collections.abc import Sequence
from itertools import zip_longest
from random import Random

import pytest

from crawler.release.similarity.near_duplicates import (
    CERTAIN,
    LETTERS,
    SIMILAR,
    Duplicates,
    similarity,
    sketch,
)
from crawler.text.orthography import in_new_letters
from replica.texts import UZBEK, latin
from tests.crawler.release.near_duplicates import is_found, measure, pairs, text_of

TEXT = " ".join(UZBEK.sentences)


def test_pairs_written_by_hand_are_judged_as_a_reader_judges_them() -> None:
    precision, recall, wrong = measure()
    assert len(pairs()) >= 60
    assert precision >= 0.98, wrong
    assert recall >= 0.92, wrong


def test_a_text_and_its_twin_in_latin_have_one_sketch() -> None:
    short = " ".join(UZBEK.sentences[:8])
    long = " ".join((UZBEK.sentences + UZBEK.headlines) * 5)
    assert len(latin(short)) < LETTERS < len(long)
    for text in (short, long):
        assert sketch(text, "Cyrl") == sketch(latin(text), "Latn")
        assert similarity(sketch(text, "Cyrl"), sketch(latin(text), "Latn")) == 1.0


def test_a_text_in_the_announced_letters_is_nearly_the_same() -> None:
    for start in range(0, len(UZBEK.sentences) - 8, 4):
        text = " ".join(UZBEK.sentences[start : start + 8])
        new = in_new_letters(latin(text))
        assert similarity(sketch(text, "Cyrl"), sketch(new, "Latn")) > 0.85
        assert similarity(sketch(latin(text), "Latn"), sketch(new, "Latn")) > 0.85


@pytest.mark.parametrize("script", ["Hans", "Arab", None])
def test_other_scripts_are_compared_too(script: str | None) -> None:
    letters = Random(1).choices("的一是不了人我在有他这为之大来以个中上们" * 3 + "，。", k=300)
    text = "".join(letters)
    assert is_found({"a": text, "a_script": script, "b": text + "新的结尾。", "b_script": script})
    assert not is_found({"a": text, "a_script": script, "b": text[::-1], "b_script": script})


def found(*bodies: str, titles: Sequence[str] = (), days: Sequence[str] = ()) -> list[str | None]:
    """Return which earlier text each of them is marked with, by its place."""
    duplicates, told = Duplicates(), zip_longest(bodies, titles, days, fillvalue="")
    near = (
        duplicates.find(text_of(str(place), body, "Cyrl", title, day))
        for place, (body, title, day) in enumerate(told)
    )
    return [each.id if each else None for each in near]


def test_a_copy_of_a_copy_names_the_first() -> None:
    more = TEXT + " Яна бир гап айтилди."
    assert found(TEXT, more, more + " Тамом.") == [None, "0", "0"]


def test_what_is_unlike_the_first_is_no_copy_of_it_by_way_of_another() -> None:
    sentences = UZBEK.sentences
    texts = [" ".join(sentences[start : start + 8]) for start in range(0, 7, 2)]
    assert found(*texts) == [None, "0", None, "2"]


REMEMBERED = """
from array import array
from msgspec import msgpack
from crawler.release.similarity.near_duplicates import Duplicates, Text, sketch
body = " ".join(map(str, range(300)))
duplicates = Duplicates()
duplicates.find(Text("uza:1", sketch(body, "Latn"), "", body, "", ""))
print(msgpack.encode(duplicates, enc_hook=array.tobytes).hex())
"""


def test_what_is_remembered_of_a_text_is_the_same_in_every_process() -> None:
    command = sys.executable, "-c", REMEMBERED
    told = {
        subprocess.run(
            command, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True, timeout=60
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_an_article_of_two_months_ago_is_not_compared() -> None:
    duplicates = Duplicates()
    duplicates.find(text_of("1", TEXT, "Cyrl"))
    duplicates.turn()
    assert duplicates.find(text_of("2", TEXT, "Cyrl"))
    again = Duplicates()
    again.find(text_of("1", TEXT, "Cyrl"))
    again.turn()
    again.turn()
    assert again.find(text_of("2", TEXT, "Cyrl")) is None


def test_articles_without_a_text_are_no_duplicates_of_each_other() -> None:
    assert found("", " ", "") == [None, None, None]


def test_nothing_is_said_of_a_text_under_ten_words() -> None:
    nine = "Бугун Оққайин шаҳрида янги кутубхона ва музей биноси очилди."
    assert found(nine, nine) == [None, None]
    assert found(f"{nine} Марҳамат.", f"{nine} Марҳамат.") == [None, "0"]
    chinese = "今天新图书馆正式开馆欢迎大家来读书看"
    same = {"a": chinese, "b": chinese, "a_script": "Hans", "b_script": "Hans"}
    assert not is_found(same)
    longer = f"{chinese}报纸杂志"
    assert is_found({**same, "a": longer, "b": longer})


NOTICE = (
    "Кумуштепа туманида {day} март куни соат {from_} дан {to} гача таъмирлаш ишлари муносабати "
    "билан электр таъминоти вақтинча тўхтатилади. Ишларни {who} бошчилигидаги гуруҳ бажаради, "
    "корхона ноқулайликлар учун узр сўрайди."
)
FIRST = {"day": 4, "from_": 9, "to": 17, "who": "Ёқуб Толзоров"}


def test_an_equal_text_is_found_behind_any_number_of_the_same_form() -> None:
    notices = [NOTICE.format(**FIRST | {"from_": hour, "to": 200 - hour}) for hour in range(99)]
    assert found(*notices, notices[0]) == [*[None] * 99, "0"]
    under_other_titles = [f"{name} иши" for name in ("Олмасой", *["Хабар"] * 98, "Регзор")]
    assert found(*notices, notices[0], titles=under_other_titles)[-1] == "0"
    edited = f"{notices[90]} Яна бир гап айтилди."
    assert found(*notices, edited) == [*[None] * 99, "90"]


@pytest.mark.parametrize(
    "changed",
    [{"day": 5}, {"from_": 10, "to": 18}, {"who": "Шерзод Анорзоров"}],
    ids=["another day", "other figures", "another person"],
)
def test_a_form_that_is_filled_in_again_is_another_text(changed: dict[str, object]) -> None:
    texts = NOTICE.format(**FIRST), NOTICE.format(**FIRST | changed)
    assert found(*texts, days=("2026-03-04", "2026-03-05")) == [None, None]


def test_a_figure_that_is_corrected_on_the_same_day_makes_no_other_text() -> None:
    texts = NOTICE.format(**FIRST), NOTICE.format(**FIRST | {"to": 18})
    assert found(*texts) == [None, "0"]


def test_half_a_text_about_somebody_else_is_another_text() -> None:
    end = " ".join(UZBEK.sentences[:4])
    one = f"Мактабда боғбон Ёқуб Толзоров болаларга китоб ўқиб берди ва улар куйлашди. {end}"
    less = "Йиғинда {} сўзга чиқди, унга катта раҳмат айтилди, томошабинлар қарсак чалди. "
    other = less.format("мураббий Лола Регзорова") + end
    assert SIMILAR < similarity(sketch(one, "Cyrl"), sketch(other, "Cyrl")) < CERTAIN
    assert found(one, other) == [None, None]
    assert found(one, less.format("у") + end) == [None, "0"]


def test_a_text_in_capitals_is_the_same() -> None:
    text = " ".join(UZBEK.sentences[:6])
    assert found(text, text.upper()) == [None, "0"]
    other = " ".join(UZBEK.sentences[6:12])
    assert found(text.upper(), other.upper()) == [None, None]


def test_names_with_the_same_consonants_are_no_equal_texts() -> None:
    text = "{} туманида янги мактаб очилди, унда икки юз ўқувчи таълим олади ва спорт зали бор."
    assert found(text.format("Регзор"), text.format("Гулзор")) == [None, None]
