import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.byline import is_initial, spell_name

PARTICLES = frozenset({"o'g'li", "qizi", "de", "al-"})


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Laylo Sobirova", "Laylo Sobirova"),
        ("LAYLO SOBIROVA", "Laylo Sobirova"),
        ("L.K.SOBIROVA", "L. K. Sobirova"),
        ("YU.SOBIROVA", "Yu. Sobirova"),
        ("O‘.Sobirov", "O‘. Sobirov"),
        ("L Sobirova", "L Sobirova"),
        ("Sobirova L.K.", "Sobirova L. K."),
        ("G‘OLIB O‘TKIR-ZODA", "G‘olib O‘tkir-Zoda"),
        ("Zafar KARIM O`G`LI", "Zafar Karim o`g`li"),
        ("Karim al-Buxoriy", "Karim al-Buxoriy"),
        ("McKenna", "McKenna"),
        ("De Qizi", "De Qizi"),
        ("А\u0438\u0306дар", "Айдар"),
        ("Зафар ЁРОВ", "Зафар Ёров"),
        ("محمّد سعيد", "محمّد سعيد"),
        ("莱洛·索比罗娃", "莱洛·索比罗娃"),
    ],
)
def test_name_is_spelled_as_names_usually_are(words: str, name: str) -> None:
    assert spell_name(words.split(), PARTICLES) == name


@pytest.mark.parametrize(
    "words",
    [
        "",
        "L.",
        "L. K.",
        "laylo Sobirova",
        "Laylo sobirova",
        "Laylo of Sobirova",
        "Laylo 2",
        "Laylo-",
        "“Laylo”",
        "Karim al-buxoriy",
        "qizi",
        "Dr.Prof.Karimov.",
        "One Two Three Four Five",
        "A. B. C. D. E. F. G. Sobirov",
    ],
)
def test_other_words_are_no_name(words: str) -> None:
    assert spell_name(words.split(), PARTICLES) is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [("N.", True), ("Sh.", True), ("N", True), ("n.", False), ("Sh", False), (".", False)],
)
def test_initial_is_a_capital_with_its_dot(word: str, expected: bool) -> None:
    assert is_initial(word) is expected


@given(st.lists(st.text(min_size=1)))
def test_spelling_a_name_never_fails_and_never_yields_an_empty_one(words: list[str]) -> None:
    name = spell_name(words, PARTICLES)

    assert name is None or name.strip() == name != ""


def test_a_sentence_is_no_name_from_its_first_common_word_on() -> None:
    words = iter(["The", "farmers", "of", "the", "valley"])
    assert spell_name(words, PARTICLES) is None
    assert list(words) == ["of", "the", "valley"]
