import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.byline import Byline, read_byline
from pages.uza import BYLINE

Persons = list[tuple[str, str]]

AUTHORS: list[tuple[str, Persons, str]] = [
    # name or initial, agency
    ("Laylo Sobirova, UzA", [("Laylo Sobirova", "author")], "UzA"),
    ("Laylo Sobirova, UzA.", [("Laylo Sobirova", "author")], "UzA"),
    ("Laylo Sobirova,UzA", [("Laylo Sobirova", "author")], "UzA"),
    ("Laylo Sobirova UzA", [("Laylo Sobirova", "author")], "UzA"),
    ("Laylo Sobirova – UzA", [("Laylo Sobirova", "author")], "UzA"),
    ("Laylo Sobirova (UzA)", [("Laylo Sobirova", "author")], "UzA"),
    ("— Laylo Sobirova, UzA", [("Laylo Sobirova", "author")], "UzA"),
    ("  Laylo\u00a0Sobirova ,  UzA ", [("Laylo Sobirova", "author")], "UzA"),
    ("Laylo Sobirova, UzA.uz", [("Laylo Sobirova", "author")], "UzA.uz"),
    ("Laylo Sobirova, UZA", [("Laylo Sobirova", "author")], "UZA"),
    ("Laylo, UzA", [("Laylo", "author")], "UzA"),
    ("L. Sobirova, UzA", [("L. Sobirova", "author")], "UzA"),
    ("L.Sobirova, UzA", [("L. Sobirova", "author")], "UzA"),
    ("L.K.Sobirova,UzA", [("L. K. Sobirova", "author")], "UzA"),
    ("Sobirova L., UzA", [("Sobirova L.", "author")], "UzA"),
    ("Л.Собирова, УзА", [("Л. Собирова", "author")], "УзА"),
    ("SH.QOSIMOV, O‘zA", [("Sh. Qosimov", "author")], "O‘zA"),
    # every apostrophe of the label
    ("Zafar Yo‘ldoshev, O‘zA", [("Zafar Yo‘ldoshev", "author")], "O‘zA"),
    ("Zafar Yoʻldoshev, OʻzA", [("Zafar Yoʻldoshev", "author")], "OʻzA"),
    ("Zafar Yo’ldoshev, O’zA", [("Zafar Yo’ldoshev", "author")], "O’zA"),
    ("Zafar Yo'ldoshev, O'zA", [("Zafar Yo'ldoshev", "author")], "O'zA"),
    ("Zafar Yo`ldoshev, O`zA", [("Zafar Yo`ldoshev", "author")], "O`zA"),
    # scripts
    ("Зафар Йўлдошев, ЎзА", [("Зафар Йўлдошев", "author")], "ЎзА"),
    ("Зафар Йўлдошев, У\u0306зА", [("Зафар Йўлдошев", "author")], "ЎзА"),
    ("Зафар Йўлдошев, ӮзА", [("Зафар Йўлдошев", "author")], "ӮзА"),  # with the Tajik letter
    ("Лайло Собирова, УзА.", [("Лайло Собирова", "author")], "УзА"),
    ("Гүлнара Өтениязова, ӨзА", [("Гүлнара Өтениязова", "author")], "ӨзА"),
    ("ليلى صابروفا، UzA", [("ليلى صابروفا", "author")], "UzA"),
    ("\u200fليلى صابروفا\u200f، \u200eUzA\u200e", [("ليلى صابروفا", "author")], "UzA"),
    ("莱洛·索比罗娃，UzA", [("莱洛·索比罗娃", "author")], "UzA"),
    # ALL-CAPS and unusual names
    ("Зафар ЙЎЛДОШЕВ, ЎзА", [("Зафар Йўлдошев", "author")], "ЎзА"),
    ("ZAFAR YOʻLDOSHEV, OʻzA", [("Zafar Yoʻldoshev", "author")], "OʻzA"),
    ("Zafar OʻTKIR-GʻANIYEV, OʻzA", [("Zafar Oʻtkir-Gʻaniyev", "author")], "OʻzA"),
    ("Oybek ALİYEV, UzA", [("Oybek Aliyev", "author")], "UzA"),
    ("Zafar Karim oʻgʻli Yoʻldoshev, OʻzA", [("Zafar Karim oʻgʻli Yoʻldoshev", "author")], "OʻzA"),
    ("Zafar KARIM OʻGʻLI, OʻzA", [("Zafar Karim oʻgʻli", "author")], "OʻzA"),
    ("Лайло Карим қизи, ЎзА", [("Лайло Карим қизи", "author")], "ЎзА"),
    ("Лайло Каримовна Собирова, УзА", [("Лайло Каримовна Собирова", "author")], "УзА"),
    ("Aziza de Karimova, UzA", [("Aziza de Karimova", "author")], "UzA"),
    ("Karl von Berg, UzA", [("Karl von Berg", "author")], "UzA"),
    ("Karim al-Buxoriy, UzA", [("Karim al-Buxoriy", "author")], "UzA"),
    ("Said bin Karim, UzA", [("Said bin Karim", "author")], "UzA"),
    ("Anna-Maria O'Lim, UzA", [("Anna-Maria O'Lim", "author")], "UzA"),
    # words before and after the author
    ("Par Aziza Sobirova, UzA", [("Aziza Sobirova", "author")], "UzA"),
    ("Préparé par T. Sobirov, OuzA", [("T. Sobirov", "author")], "OuzA"),
    ("Von Karl Sobirow, UzA", [("Karl Sobirow", "author")], "UzA"),
    ("Por Aziza Sobirova, UzA", [("Aziza Sobirova", "author")], "UzA"),
    ("By Aziza Sobirova, UzA", [("Aziza Sobirova", "author")], "UzA"),
    ("Подготовила Лайло Собирова, УзА", [("Лайло Собирова", "author")], "УзА"),
    ("Tayyorladi: Zafar Yoʻldoshev, OʻzA", [("Zafar Yoʻldoshev", "author")], "OʻzA"),
    ("Зафар Йўлдошев тайёрлади, ЎзА", [("Зафар Йўлдошев", "author")], "ЎзА"),
    ("Зафар Йўлдошев, ЎзА мухбири", [("Зафар Йўлдошев", "author")], "ЎзА"),
    ("ЎзА мухбири Зафар Йўлдошев", [("Зафар Йўлдошев", "author")], "ЎзА"),
    ("Zafar Yoʻldoshev, OʻzA muxbiri.", [("Zafar Yoʻldoshev", "author")], "OʻzA"),
    ("корреспондент УзА Лайло Собирова", [("Лайло Собирова", "author")], "УзА"),
    ("Корреспондент УзА Собирова Л.", [("Собирова Л.", "author")], "УзА"),
    ("Лайло Собирова, соб. корр. УзА", [("Лайло Собирова", "author")], "УзА"),
    ("Laylo Sobirova, special correspondent, UzA", [("Laylo Sobirova", "author")], "UzA"),
    # several authors
    ("A. Sobirov, B. Olimov, UzA", [("A. Sobirov", "author"), ("B. Olimov", "author")], "UzA"),
    (
        "Laylo Sobirova and Aziz Olimov, UzA",
        [("Laylo Sobirova", "author"), ("Aziz Olimov", "author")],
        "UzA",
    ),
    (
        "ZAFAR SOBIROV VA AZIZ OLIMOV, O‘zA",
        [("Zafar Sobirov", "author"), ("Aziz Olimov", "author")],
        "O‘zA",
    ),
    ("А. Собиров и Б. Олимов, УзА", [("А. Собиров", "author"), ("Б. Олимов", "author")], "УзА"),
    ("И. Собиров, И. Олимов, УзА", [("И. Собиров", "author"), ("И. Олимов", "author")], "УзА"),
    ("Laylo Sobirova, Laylo Sobirova, UzA", [("Laylo Sobirova", "author")], "UzA"),
]

PHOTOGRAPHERS: list[tuple[str, Persons, str]] = [
    (
        "Zafar Olimov, photo by Muhammad Sodiq, UzA",
        [("Zafar Olimov", "author"), ("Muhammad Sodiq", "photo")],
        "UzA",
    ),
    (
        "M. Olimov, photos by M. Sodiqov, UzA",
        [("M. Olimov", "author"), ("M. Sodiqov", "photo")],
        "UzA",
    ),
    (
        "M. Olimov photos by M. Sodiqov UzA",
        [("M. Olimov", "author"), ("M. Sodiqov", "photo")],
        "UzA",
    ),
    (
        "F. Olimova, Foto:Sardor Sodiqov, UzA",
        [("F. Olimova", "author"), ("Sardor Sodiqov", "photo")],
        "UzA",
    ),
    (
        "F. Olimova, Foto: Sardor Sodiqov; UzA",
        [("F. Olimova", "author"), ("Sardor Sodiqov", "photo")],
        "UzA",
    ),
    (
        "F. Olimova (Foto: Sardor Sodiqov), A. Olimov, UzA",
        [("F. Olimova", "author"), ("Sardor Sodiqov", "photo"), ("A. Olimov", "author")],
        "UzA",
    ),
    (
        "Photos by A. Sodiqov, B. Sodiqov, text by Laylo Olimova, UzA",
        [("A. Sodiqov", "photo"), ("B. Sodiqov", "photo"), ("Laylo Olimova", "author")],
        "UzA",
    ),
    ("Fotos de Muhammad Sodiq, UzA", [("Muhammad Sodiq", "photo")], "UzA"),
    ("Санжар СОДИҚОВ (сурат), ЎзА", [("Санжар Содиқов", "photo")], "ЎзА"),
    ("Sanjar SODIQOV(surat),O‘zA", [("Sanjar Sodiqov", "photo")], "O‘zA"),
    (
        "Лайло Олимова, Санжар СОДИҚОВ (суратлар), ЎзА",
        [("Лайло Олимова", "author"), ("Санжар Содиқов", "photo")],
        "ЎзА",
    ),
    (
        "A. Sodiqov va B. Sodiqov (suratlar), O‘zA",
        [("A. Sodiqov", "photo"), ("B. Sodiqov", "photo")],
        "O‘zA",
    ),
    ("Фото Санжара Содикова, УзА", [("Санжара Содикова", "photo")], "УзА"),
    ("Санжар СОДИҚОВ олган суратлар, ЎзА", [("Санжар Содиқов", "photo")], "ЎзА"),
    ("Сурат муаллифи Санжар Содиқов, ЎзА", [("Санжар Содиқов", "photo")], "ЎзА"),
    ("Лайло Олимова (матн ва сурат), ЎзА", [("Лайло Олимова", "author")], "ЎзА"),
    ("Лайло Олимова, фото автора, УзА", [("Лайло Олимова", "author")], "УзА"),
    ("Sanjar Sodiqov/UzA photo", [("Sanjar Sodiqov", "photo")], "UzA"),
    ("Foto, Sanjar Sodiqov, UzA", [("Sanjar Sodiqov", "photo")], "UzA"),
    ("Фотокорреспондент УзА Санжар Содиков", [("Санжар Содиков", "photo")], "УзА"),
    ("ЎзА фотомухбири Санжар Содиқов", [("Санжар Содиқов", "photo")], "ЎзА"),
    ("Laylo Olimova, Foto: UzA", [("Laylo Olimova", "author")], "UzA"),
    ("Text and photos by Laylo Olimova, UzA", [("Laylo Olimova", "author")], "UzA"),
    (
        "Laylo Olimova, UzA, photo by Sanjar Sodiqov",
        [("Laylo Olimova", "author"), ("Sanjar Sodiqov", "photo")],
        "UzA",
    ),
    (
        "Laylo Olimova, translated by Aziza Sodiqova, UzA",
        [("Laylo Olimova", "author"), ("Aziza Sodiqova", "translator")],
        "UzA",
    ),
    ("Aziza Sodiqova (tarjima), O‘zA", [("Aziza Sodiqova", "translator")], "O‘zA"),
]

VIDEOS: list[tuple[str, Persons, str]] = [
    (
        "L. Sobirova, A.Olimov (video), O‘zA",
        [("L. Sobirova", "author"), ("A. Olimov", "video")],
        "O‘zA",
    ),
    (
        "Laylo Sobirova, Aziz Olimov (video), Sanjar Sodiqov (surat), O‘zA",
        [("Laylo Sobirova", "author"), ("Aziz Olimov", "video"), ("Sanjar Sodiqov", "photo")],
        "O‘zA",
    ),
    ("Video by Aziz Olimov, UzA", [("Aziz Olimov", "video")], "UzA"),
    ("Азиз ОЛИМОВ (видео), ЎзА", [("Азиз Олимов", "video")], "ЎзА"),
    ("Tasvirchi: Aziz Olimov, O‘zA", [("Aziz Olimov", "video")], "O‘zA"),
    # who took photos and videos is named for the photos
    ("Aziz OLIMOV(surat,video),O‘zA", [("Aziz Olimov", "photo")], "O‘zA"),
    ("Aziz Olimov (video, surat), O‘zA", [("Aziz Olimov", "photo")], "O‘zA"),
    ("Азиз Олимов (сурат ва видео), ЎзА", [("Азиз Олимов", "photo")], "ЎзА"),
    ("Photo and video: Aziz Olimov, UzA", [("Aziz Olimov", "photo")], "UzA"),
    # other words around the author, and the alphabet that is announced
    ("Suhbatni O‘zA muxbiri Aziz Olimov yozib oldi.", [("Aziz Olimov", "author")], "O‘zA"),
    ("Суҳбатни ЎзА мухбири Азиз Олимов ёзиб олди.", [("Азиз Олимов", "author")], "ЎзА"),
    ("Aziz Yöldoşev, ÖzA şarhlovçisi", [("Aziz Yöldoşev", "author")], "ÖzA"),
    ("Aziz Yöldoșev, ÖzA șarhlovçisi", [("Aziz Yöldoșev", "author")], "ÖzA"),
    # Karakalpak, in the Latin letters of 1995, 2009 and 2016
    ("Ayjan Tolzorova, O'zA xabarshısı", [("Ayjan Tolzorova", "author")], "O'zA"),
    ("Ayjan Tolzorova (su'wret), O'zA", [("Ayjan Tolzorova", "photo")], "O'zA"),
    ("Ayjan Tolzorova tayarlag'an, O'zA", [("Ayjan Tolzorova", "author")], "O'zA"),
    ("Ayjan Tolzorova, O'zA tilshisi", [("Ayjan Tolzorova", "author")], "O'zA"),
    ("Ayjan Tolzorova, O'zA xabarshi'si'", [("Ayjan Tolzorova", "author")], "O'zA"),
    ("Ayjan Tolzorova (súwret), ÓzA", [("Ayjan Tolzorova", "photo")], "ÓzA"),
    ("Ayjan Tolzorova tayarladı, ÓzA", [("Ayjan Tolzorova", "author")], "ÓzA"),
]

AGENCY_ONLY = ["UzA", "OuzA", "ЎзА.", "(UzA)", "— O‘zA", "УзА…", "ӨзА", "Foto: UzA", "ЎзА мухбири"]

ANNOUNCED_WITHOUT_AGENCY: list[tuple[str, Persons]] = [
    ("Photos by Sanjar Sodiqov", [("Sanjar Sodiqov", "photo")]),
    ("Фото: С.Содиқов", [("С. Содиқов", "photo")]),
    ("Sanjar SODIQOV (surat)", [("Sanjar Sodiqov", "photo")]),
    ("Подготовила Лайло Олимова.", [("Лайло Олимова", "author")]),
    ("Traduit par Aziza Sodiqova", [("Aziza Sodiqova", "translator")]),
]

NO_BYLINES = [
    "",
    " ",
    ",",
    "The meeting was attended by Aziz Olimov, UzA reports.",
    "He spoke to Karim Olimov.",
    "The guests were met by Karim Olimov, UzA",
    "Aziz Olimov",
    "Aziz Olimov, Laylo Sobirova",
    "Aziz Olimov, Minister of Culture, UzA",
    "В Ташкенте открылась выставка, сообщает УзА.",
    "сообщает УзА",
    "Бу ҳақда ЎзА хабар берди.",
    "ЎзА мухбири хабар беради.",
    "Correspondent Aziz Olimov",
    "The UzA correspondent",
    "UzA Aziz Olimov",
    "UzA, Samarkand",
    "By Laylo Sobirova, UzA, Samarkand",
    "Made UzA",
    "UzA reports",
    "Photo",
    "Foto: Samarkand",
    "Tashkent, 1 May, UzA",
    "Note: Aziz Olimov, UzA",
    "Aziz (Samarkand) Olimov, UzA",
    "aziz olimov, UzA",
    "A. B., UzA",
    "and Aziz Olimov, UzA",
    "Aziz Olimov and, UzA",
    "One Two Three Four Five, UzA",
    "“Aziz Olimov”, UzA",
    "Aziz Olimov! UzA",
    ", ".join(f"Aziz Olimov{letter}" for letter in "abcdefghi") + ", UzA",
    "Aziz Olimov, " + "UzA, " * 60,
]


def persons(byline: Byline | None) -> Persons | None:
    return None if byline is None else [(one.name, one.role) for one in byline.authors]


@pytest.mark.parametrize(("line", "expected", "credit"), AUTHORS + PHOTOGRAPHERS + VIDEOS)
def test_byline_yields_its_persons_with_roles(line: str, expected: Persons, credit: str) -> None:
    byline = read_byline(line, BYLINE)

    assert byline is not None
    assert persons(byline) == expected
    assert byline.credit == credit
    assert byline.raw == line.strip()


@pytest.mark.parametrize("line", AGENCY_ONLY)
def test_agency_alone_is_a_credit_and_no_author(line: str) -> None:
    byline = read_byline(line, BYLINE)

    assert byline is not None
    assert byline.authors == ()
    assert byline.credit is not None
    assert byline.credit in line


@pytest.mark.parametrize(("line", "expected"), ANNOUNCED_WITHOUT_AGENCY)
def test_announced_name_needs_no_agency(line: str, expected: Persons) -> None:
    byline = read_byline(line, BYLINE)

    assert persons(byline) == expected
    assert byline is not None
    assert byline.credit is None


@pytest.mark.parametrize("line", NO_BYLINES)
def test_text_is_no_byline(line: str) -> None:
    assert read_byline(line, BYLINE) is None


WORDS = st.sampled_from(
    ["UzA", "ЎзА", "Laylo", "N.", "Sobirova", "(", ")", ",", ":", "photo by", "va",
     "мухбири", "al-"]
)  # fmt: skip


@given(st.text() | st.lists(WORDS).map(" ".join) | st.lists(WORDS).map("".join))
def test_reading_a_byline_never_fails_and_never_names_nobody(line: str) -> None:
    byline = read_byline(line, BYLINE)

    if byline:
        assert byline.authors or byline.credit
        assert all(one.name.strip() == one.name != "" for one in byline.authors)


NAMES = st.from_regex(r"X[a-z]{3,9} X[a-z]{3,9}", fullmatch=True)  # no word of the rules


@given(st.lists(NAMES, min_size=1, max_size=5, unique=True))
def test_names_joined_by_commas_are_read_back(names: list[str]) -> None:
    byline = read_byline(", ".join([*names, "UzA"]), BYLINE)

    assert persons(byline) == [(name, "author") for name in names]


def test_a_line_as_long_as_a_text_is_no_byline() -> None:
    assert read_byline("UzA " * 50, BYLINE) is not None
    assert read_byline("UzA " * 51, BYLINE) is None


def test_a_byline_that_is_read_again_names_persons_of_its_own() -> None:
    first, again = (read_byline("Laylo Sobirova, UzA", BYLINE) for _ in range(2))
    assert first
    assert again
    first.authors[0].name = "Zafar Qosimov"
    assert again.authors[0].name == "Laylo Sobirova"


@pytest.mark.parametrize("label", ["UzА", "Uzа", "ОʻzA", "O'zА", "О'zА", "ЎзA", "УзA", "yзА"])
@pytest.mark.parametrize("name", ["Nodira Tolzorova", "Nоdirа Tоlzоrоvа", "Nodira Тolzorova"])
def test_letters_of_another_keyboard_that_look_alike_are_read_as_they_look(
    name: str, label: str
) -> None:
    byline = read_byline(f"{name}, {label}", BYLINE)
    assert byline is not None
    assert [person.name for person in byline.authors] == ["Nodira Tolzorova"]
    assert byline.raw == f"{name}, {label}"


@pytest.mark.parametrize("mark", "'‘’ʻʼ`´‛′ʽʾʿʹˈˊˋꞌ‵՚׳＇᾿᾽")
def test_a_byline_is_read_with_any_apostrophe(mark: str) -> None:
    byline = read_byline(f"Malika To{mark}lzorova (surat), O{mark}zA", BYLINE)
    assert byline is not None
    (person,) = byline.authors
    assert (person.name, person.role) == (f"Malika To{mark}lzorova", "photo")
