import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.folding import fold_for_search, fold_spelling
from crawler.text.orthography import alphabet_of, consonant_key, in_karakalpak_latin, in_new_letters
from replica.texts import UZBEK, latin

COUNTRY = ["Oʻzbekiston", "O'zbekiston", "O‘zbekiston", "Ўзбекистон", "OʻZBEKISTON"]


def test_one_word_in_four_spellings_is_one_word() -> None:
    assert {fold_for_search(word) for word in COUNTRY} == {"ozbekiston"}


@pytest.mark.parametrize("sentence", UZBEK.sentences)
def test_a_sentence_in_cyrillic_is_the_same_in_latin(sentence: str) -> None:
    assert fold_for_search(sentence) == fold_for_search(latin(sentence))
    assert consonant_key(sentence, "Cyrl") == consonant_key(latin(sentence), "Latn") != b""


def announced(sentence: str) -> str:
    """Write a Cyrillic sentence in the Latin letters that are announced for 2027."""
    return in_new_letters(latin(sentence))


@pytest.mark.parametrize("sentence", UZBEK.sentences)
def test_a_sentence_is_the_same_in_three_spellings(sentence: str) -> None:
    spellings = {sentence, latin(sentence), announced(sentence)}
    assert len(set(map(fold_spelling, spellings))) == 1
    for text in (announced(sentence), announced(sentence).replace("ş", "ș").replace("Ş", "Ș")):
        assert consonant_key(text, "Latn") == consonant_key(sentence, "Cyrl")


# One word each, in Cyrillic, in the letters of 1995 and in those announced for 2027.
SPELLINGS = [
    "Исҳоқ Isʼhoq Isʼhoq Ishoq",  # с and ҳ, which together are not ш
    "асҳоблар as'hoblar asʼhoblar ashoblar",
    "машъал mashʼal maşʼal",
    "шанба shanba SHANBA şanba ŞANBA șanba ȘANBA",  # with a cedilla, and with a comma below
    "чорраҳа chorraha Chorraha çorraha",
    "ишчи ищи iщi ishchi işçi",  # as some converters write it
    "бошчаси бощаси boshchasi boşçasi",
    "ўғил oʻgʻil o'g'il o‘g‘il öğil",
    "цирк sirk",  # ц is s, and ts between vowels
    "милиция militsiya",
    "кетса ketsa",  # т and с of their own
    "етти yetti",  # е at the start, after a vowel and after ъ
    "Майер Mayer",
    "объект obyekt ob'yekt",
    "экран ekran",
    "сентябрь sentabr",
    "октябрда oktabrda",
    "қаҳва qahva",
    "хабар xabar",
    # Karakalpak: in Cyrillic, in the letters of 2016, and in those before
    "аўыл awıl awi'l",
    "ғәрезсиз ǵárezsiz g'a'rezsiz",
    "күнлик kúnlik ku'nlik",
    "шөл shól sho'l",
    "таң tań tan'",
    "конституция konstituciya konstitutsiya",
    "Июнь Iyun İyun",
    "ыссы Íssı Issı I'ssi'",
    "ең eń en' yen'",
    "ўақыт waqıt waqi't",
    "щётка shyotka shchyotka şçyotka",
    "плащ plash plashch plaşç",
    "объект obyekt",
    "батальон batalyon",  # Uzbek, too
    "Ильич Ilich Ilyich",
    "кийим kiyim",
    "баспасөз baspasóz baspaso'z",
]


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_a_word_is_the_same_in_all_its_spellings(spellings: str) -> None:
    assert len(set(map(fold_spelling, spellings.split()))) == 1


KARAKALPAK = "аўылдың жаңа мектебинде бала цирк ҳәм көп таң көрди, батальон ғана күтти"


def test_a_sentence_in_karakalpak_is_the_same_in_four_alphabets() -> None:
    letters = in_karakalpak_latin(KARAKALPAK)
    assert letters == (
        "awıldın' jan'a mektebinde bala tsirk ha'm ko'p tan' ko'rdi, batalyon g'ana ku'tti",
        "awi'ldi'n' jan'a mektebinde bala cirk ha'm ko'p tan' ko'rdi, batalyon g'ana ku'tti",
        "awıldıń jańa mektebinde bala cirk hám kóp tań kórdi, batalyon ǵana kútti",
    )
    assert len(set(map(fold_spelling, [KARAKALPAK, *letters]))) == 1
    assert [alphabet_of(text, "kaa-Latn") for text in letters] == ["1995", "2009", "2016"]
    plain = KARAKALPAK.replace("цирк", "сирк")
    keys = {consonant_key(text, "Latn") for text in in_karakalpak_latin(plain)}
    assert keys == {consonant_key(plain, "Cyrl")}


@pytest.mark.parametrize(
    ("text", "language", "year"),
    [
        ("Qishloqda", "uz-Latn", "1995"),
        ("QIŞLOQDA", "uz-Latn", "2026"),
        ("QIȘLOQDA", "uz-Latn", "2026"),
        ("Shahar şahar", "uz-Latn", None),
        ("ha'm", "kaa-Latn", None),  # 1995 and 2009 write it alike
        ("HÁM", "kaa-Latn", "2016"),
        ("hám", "uz-Latn", None),
        ("hám", "en", None),
    ],
)
def test_the_alphabet_is_that_of_most_letters(text: str, language: str, year: str | None) -> None:
    assert alphabet_of(text, language) == year


def test_words_that_sound_in_other_ways_stay_apart() -> None:
    apart = ["сан", "шан", "чан", "тан", "ган", "дан", "kan", "қан"]
    assert len(set(map(fold_spelling, apart))) == len(apart)


def test_marks_and_capitals_make_no_difference_to_what_is_compared() -> None:
    told = "«Бу ёзги таътил — энг яхши вақт», деди у… “ҳа, Ўзбекистонда ҳам”"
    plain = "у ёзги таътил энг яхши вақт деди у а збекистонда ҳам"
    assert consonant_key(told, "Cyrl") == consonant_key(plain, "Cyrl")
    typed = "ma’no, ma'no, maʼno, maʻno"
    assert consonant_key(typed, "Latn") == consonant_key("мано, мано, мано, мано", "Cyrl")
    circus = consonant_key("Цирк ва милиция кетса", "Cyrl")
    for spelled in ("Tsirk va militsiya ketsa", "Sirk va militsiya ketsa"):
        assert consonant_key(spelled, "Latn") == circus


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
