import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.folding import fold_for_search
from crawler.text.orthography import normalise_apostrophes
from crawler.text.plain_text import in_one_script

CASES = [
    ("o'zbek", "oʻzbek"),
    ("O‘zbekiston", "Oʻzbekiston"),
    ("O’ZBEKISTON", "OʻZBEKISTON"),
    ("o`quvchi va g´oya", "oʻquvchi va gʻoya"),
    ("gʼalaba", "gʻalaba"),
    ("bogʻ", "bogʻ"),
    ("ma'no, a‘lo, san’at, e`lon", "maʼno, aʼlo, sanʼat, eʼlon"),
    ("mo'jiza", "moʻjiza"),
    ("Baland tog‘ va keng bog'.", "Baland togʻ va keng bogʻ."),
    ("tog'-u tosh", "togʻ-u tosh"),
    ("“Bog'” mahallasi", "“Bogʻ” mahallasi"),
    ('"Yangi bog\'" uyi', '"Yangi bogʻ" uyi'),
    ("'Bog' mahallasi", "'Bog' mahallasi"),
    ("‘Bog’ mahallasi", "‘Bog’ mahallasi"),
    ("‘Bog‘’ mahallasi", "‘Bogʻ’ mahallasi"),
    ("'Bog'' mahallasi", "'Bogʻ' mahallasi"),
    ("‘Tog‘ va dala’", "‘Togʻ va dala’"),
    ("‘Salom’, dedi u", "‘Salom’, dedi u"),
    ("'Salom!' dedi tog' ovchisi", "'Salom!' dedi togʻ ovchisi"),
    ("'Katta tog' qo'shig'i' kitobi", "'Katta togʻ qoʻshigʻi' kitobi"),
    ("‘Sog‘lom avlod’ jamg‘armasi", "‘Sogʻlom avlod’ jamgʻarmasi"),
    ("('Bog') va tog'", "('Bog') va togʻ"),
    ("'Bog' va 'Tog' nomli", "'Bog' va 'Tog' nomli"),
    ("'90-yillar va tog", "'90-yillar va tog"),
    ("``Bog´´", "``Bog´´"),
    ("rock ’n’ roll", "rock ’n’ roll"),
    ("Ochiq ' belgi va bog'", "Ochiq ' belgi va bogʻ"),
    ("'Bog\n\nTog' etagida", "'Bog\n\nTogʻ etagida"),
    ("5' va 6''", "5' va 6''"),
    ("", ""),
]


@pytest.mark.parametrize(("raw", "expected"), CASES)
def test_uzbek_apostrophes_become_letters_and_quotes_stay(raw: str, expected: str) -> None:
    assert normalise_apostrophes(raw, "uz-Latn") == expected


@pytest.mark.parametrize("mark", "‘’ʻʼ'`´‛′ʽʾʿʹˈˊˋꞌ‵՚׳＇᾿᾽")
def test_every_form_of_the_apostrophe_is_read(mark: str) -> None:
    assert normalise_apostrophes(f"O{mark}quv ma{mark}no", "uz-Latn") == "Oʻquv maʼno"


def test_karakalpak_latin_has_the_same_letters() -> None:
    assert normalise_apostrophes("ha'm o'z", "kaa-Latn") == "haʼm oʻz"


@pytest.mark.parametrize("language", ["en", "fr", "uz-Cyrl", None])
def test_text_in_another_language_is_not_touched(language: str | None) -> None:
    text = "L'eau n'est pas l‘air, tog'"
    assert normalise_apostrophes(text, language) == text


SCRAPS = st.lists(st.sampled_from([*"ogaOz '‘’ʻʼ`´.“”\n-7"]), max_size=24).map("".join)


@given(SCRAPS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_apostrophes(text, "uz-Latn")
    assert normalise_apostrophes(once, "uz-Latn") == once


@given(SCRAPS)
def test_only_apostrophes_change(text: str) -> None:
    normalised = normalise_apostrophes(text, "uz-Latn")
    assert len(normalised) == len(text)
    for before, after in zip(text, normalised, strict=True):
        assert before == after or (before in "‘’ʻʼ'`´" and after in "ʻʼ")


@pytest.mark.parametrize(
    ("mixed", "expected"),
    [
        ("UzА", "UzA"),
        ("Nоdirа Tоlzоrоvа", "Nodira Tolzorova"),
        ("Нoдира Tолзорова", "Нодира Толзорова"),
        ("ЎзA", "ЎзА"),
        ("О‘zA", "O‘zA"),
        ("Cоrоn", "Coron"),
        ("aор", "аор"),
        ("aоp", "aop"),
        ("Дzон", "Дzон"),  # neither script has all its letters
        ("Samarqand Самарқанд", "Samarqand Самарқанд"),
        ("COVID-девять", "COVID-девять"),
        ("х", "х"),
        ("", ""),
    ],
)
def test_a_word_of_two_scripts_is_written_in_one(mixed: str, expected: str) -> None:
    assert in_one_script(mixed) == expected


def test_a_search_finds_words_with_any_apostrophe() -> None:
    assert len({fold_for_search(f"O{mark}zbek") for mark in "'ʻʿꞌ＇"}) == 1
