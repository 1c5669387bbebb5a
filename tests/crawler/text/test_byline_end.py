"""Where the text ends and a byline begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.byline import Byline
from crawler.text.byline_end import split_byline
from pages.uza import RULES

Persons = list[tuple[str, str]]


def persons(byline: Byline | None) -> Persons | None:
    return None if byline is None else [(one.name, one.role) for one in byline.authors]


STORY = "A school was opened in the village.\n\nThe guests were met by Karim Olimov."

ENDINGS: list[tuple[str, Persons, str]] = [
    ("\n\nLaylo Sobirova, UzA", [("Laylo Sobirova", "author")], "Laylo Sobirova, UzA"),
    ("\nLaylo Sobirova, UzA", [("Laylo Sobirova", "author")], "Laylo Sobirova, UzA"),
    ("\n\nUzA", [], "UzA"),
    ("\n\nLaylo Sobirova\nUzA", [("Laylo Sobirova", "author")], "Laylo Sobirova\nUzA"),
    (
        "\n\nPhotos by S. Sodiqov\nLaylo Sobirova, UzA",
        [("S. Sodiqov", "photo"), ("Laylo Sobirova", "author")],
        "Photos by S. Sodiqov\nLaylo Sobirova, UzA",
    ),
    (
        "\n\nPhotos by S. Sodiqov\n\nLaylo Sobirova, UzA",
        [("S. Sodiqov", "photo"), ("Laylo Sobirova", "author")],
        "Photos by S. Sodiqov\nLaylo Sobirova, UzA",
    ),
    (
        "\n\nLaylo Sobirova, UzA\nФото: С. Содиков",
        [("Laylo Sobirova", "author"), ("С. Содиков", "photo")],
        "Laylo Sobirova, UzA\nФото: С. Содиков",
    ),
    (
        "\n\nLaylo Sobirova\nUzA\n\nPhotos by S. Sodiqov, UzA \n",
        [("Laylo Sobirova", "author"), ("S. Sodiqov", "photo")],
        "Laylo Sobirova\nUzA\nPhotos by S. Sodiqov, UzA",
    ),
    (" Laylo Sobirova, UzA", [("Laylo Sobirova", "author")], "Laylo Sobirova, UzA"),
    ("Laylo Sobirova, UzA", [("Laylo Sobirova", "author")], "Laylo Sobirova, UzA"),
    (" Photo by S. Sodiqov, UzA", [("S. Sodiqov", "photo")], "Photo by S. Sodiqov, UzA"),
    (" UzA", [], "UzA"),
]


@pytest.mark.parametrize(("ending", "expected", "raw"), ENDINGS)
def test_byline_is_taken_off_the_end_of_the_text(ending: str, expected: Persons, raw: str) -> None:
    body, byline = split_byline(STORY + ending, RULES.byline)

    assert persons(byline) == expected
    assert byline is not None
    assert byline.raw == raw
    assert body == STORY


@pytest.mark.parametrize(
    "body",
    [
        "",
        STORY,
        STORY + "\n\nLaylo Sobirova.",
        STORY + "\n\nLaylo Sobirova,",
        STORY + "\n\nLAYLO SOBIROVA",
        STORY + "\n\nLaylo",
        STORY + "\n\nЛайло Собирова",
        STORY + "\n\nليلى صابروفا",
        STORY + "\nThe winners:\n\nLaylo Sobirova",
        STORY + " Laylo Sobirova.",
        STORY + " Laylo Sobirova, Aziz Olimov",
        STORY + "\n\nHe thanked Dr. Laylo Sobirova, UzA",
        STORY + "\n\nHe thanked prof. Laylo Sobirova, UzA",
        STORY + "\n\nHe thanked L. Sobirova, UzA",
        STORY + "\n\nIt ended. Samarkand, UzA",
        STORY + "\n\nThe meeting was attended by Aziz Olimov, UzA reports.",
        "Laylo Sobirova, UzA\n\n" + STORY,
    ],
)
def test_text_without_byline_stays_as_it_is(body: str) -> None:
    assert split_byline(body, RULES.byline) == (body, None)


def test_name_of_another_paragraph_is_text_even_above_the_agency() -> None:
    body, byline = split_byline("With respect,\n\nAziz Olimov\n\nUzA", RULES.byline)

    assert body == "With respect,\n\nAziz Olimov"
    assert persons(byline) == []


def test_place_above_the_agency_is_text() -> None:
    body, byline = split_byline(f"{STORY}\n\nSamarkand\nUzA", RULES.byline)

    assert body == f"{STORY}\n\nSamarkand"
    assert persons(byline) == []


def test_name_above_a_whole_byline_is_text() -> None:
    body, byline = split_byline(f"{STORY}\n\nAziz Olimov\nLaylo Sobirova, UzA", RULES.byline)

    assert body == f"{STORY}\n\nAziz Olimov"
    assert persons(byline) == [("Laylo Sobirova", "author")]


def test_byline_has_four_lines_at_most() -> None:
    lines = [f"Photo by {letter}. Sodiqov" for letter in "ABCDEF"]

    body, byline = split_byline("\n".join(lines), RULES.byline)

    assert body == "\n".join(lines[:2])
    assert byline is not None
    assert byline.raw == "\n".join(lines[2:])


def test_photo_report_may_have_no_text_but_its_byline() -> None:
    body, byline = split_byline("Fotos de Muhammad Sodiq, UzA", RULES.byline)

    assert body == ""
    assert persons(byline) == [("Muhammad Sodiq", "photo")]


PIECES = st.sampled_from(
    ["UzA", "ЎзА", "Laylo", "N.", "Sobirova", "(", ")", ",", ":", "photo by", "va",
     "мухбири", "al-", "\n", "\n\n", "It ended today."]
)  # fmt: skip


@given(st.lists(PIECES).map(" ".join))
def test_split_text_is_the_body_and_the_byline_in_their_order(text: str) -> None:
    body, byline = split_byline(text, RULES.byline)

    raw = byline.raw if byline else ""
    assert "".join((body + raw).split()) == "".join(text.split())


TEXT = "The mill was built for the farmers of the valley."


@pytest.mark.parametrize(
    ("body", "rest", "authors"),
    [
        ("It opened in 2024.Guzal Sodiqova, UzA", "It opened in 2024.", ["Guzal Sodiqova"]),
        ("It is called “Oila”.Guzal Sodiqova, UzA", "It is called “Oila”.", ["Guzal Sodiqova"]),
        ("It is old (and known).G. Sodiqova, UzA", "It is old (and known).", ["G. Sodiqova"]),
        (f"{TEXT}\n\nGuzal Sodiqova. UzA", TEXT, ["Guzal Sodiqova"]),
        (f"{TEXT}\n\nGuzal Sodiqova,\n\nUzA", TEXT, ["Guzal Sodiqova"]),
        (f"{TEXT}\n\nWith respect,\n\nGuzal Sodiqova", None, []),
        (f"{TEXT} So said prof. Guzal Sodiqova, UzA", None, []),
    ],
)
def test_byline_close_to_the_text_is_taken_off_and_nothing_else(
    body: str, rest: str | None, authors: list[str]
) -> None:
    left, byline = split_byline(body, RULES.byline)
    if rest is None:
        assert (left, byline) == (body, None)
    else:
        assert byline is not None
        assert (left, [person.name for person in byline.authors]) == (rest, authors)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Guzal Sodiqova", "UzA"),
        ("Guzal SODIQOVA", "OʻzA."),
        ("G. Sodiqova", "UzA"),
        ("Гузал Содиқова", "ЎзА"),
        ("Гузал Содикова", "УзА"),
        ("Гузал Содиқова", "ЎзА мухбири"),
        ("Guzal Sodiqova, Aziz Olimov", "UzA"),
    ],
)
def test_byline_broken_over_two_paragraphs_is_one(name: str, label: str) -> None:
    left, byline = split_byline(f"{TEXT}\n\n{name}\n\n{label}", RULES.byline)
    assert byline is not None
    assert (left, byline.raw) == (TEXT, f"{name}\n{label}")
    assert len(byline.authors) == len(name.split(","))


@pytest.mark.parametrize(
    ("above", "label"),
    [
        (f"{TEXT}\n\nSamarkand", "UzA"),
        (f"{TEXT}\n\nGuzal", "UzA"),
        (f"{TEXT}\n\nNEW GARDENS", "UzA"),
        (f"{TEXT}\n\nГузал Содиқова", "UzA"),
        (f"{TEXT}\n\nقناة جديدة", "UzA"),
        (f"{TEXT}\n\nGuzal Sodiqova", "Foto: UzA"),
        (f"{TEXT}\n\nGuzal Sodiqova", "Aziz Olimov, UzA"),
        ("The winners:\n\nGuzal Sodiqova", "UzA"),
        ("The winners were:\n\nAziz Olimov;\n\nGuzal Sodiqova", "UzA"),
        ("The winners:\n\nAziz Olimov\n\nGuzal Sodiqova", "UzA"),
        ("With respect,\n\nGuzal Sodiqova", "UzA"),
    ],
)
def test_paragraph_above_the_label_that_may_be_text_stays(above: str, label: str) -> None:
    left, byline = split_byline(f"{above}\n\n{label}", RULES.byline)
    assert byline is not None
    assert (left, byline.raw) == (above, label)


@pytest.mark.parametrize(
    "line",
    [
        "Toshkent, OʻzA",
        "TOSHKENT, O'zA",
        "Fargʻona, O‘zA",
        "Тошкент, ЎзА",
        "Ташкент, УзА.",
        "Нөкис, ӨзА",
        "Samarkand – UzA",
        "塔什干，UzA",
    ],
)
def test_place_before_the_label_is_no_author(line: str) -> None:
    left, byline = split_byline(f"{TEXT}\n\n{line}", RULES.byline)
    assert byline is not None
    assert (left, byline.authors, byline.raw) == (TEXT, (), line)
    assert byline.credit is not None


def test_author_with_a_place_is_the_only_author() -> None:
    _, byline = split_byline(f"{TEXT}\n\nSamarqand, Guzal Sodiqova, OʻzA", RULES.byline)
    assert byline is not None
    assert [person.name for person in byline.authors] == ["Guzal Sodiqova"]


STORY_OZ = "Qishloqda yangi maktab ochildi va mehmonlar bog‘ni ko‘rdi."


@pytest.mark.parametrize(
    "line",
    [
        "Aziz Olimov, jurnalist.",
        "A.Olimov, professor",
        "Aziz Olimov, Anhor davlat universiteti xodimi, ekspert",
        "Aziz Olimov, “Anhor” muzeyi direktori",
        "Aziz Olimov, Anhor tumani 5-maktab o‘qituvchisi. O‘zA",
        "Aziz Olimov, Anhor tumani 5-maktab o‘qituvchisi, O‘zA.",
        "Aziz OLIMOV",
        "Aziz Olimov",
        "A.Olimov",
        "Aziz OLIMOV. O‘zA muxbiri",
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n", " "])
def test_author_signs_below_the_text_or_behind_it(line: str, gap: str) -> None:
    left, byline = split_byline(f"{STORY_OZ}{gap}{line}", RULES.byline)

    assert byline is not None
    assert (left, byline.raw) == (STORY_OZ, line)
    assert [person.name.rpartition(" ")[2] for person in byline.authors] == ["Olimov"]
    assert (byline.credit is None) == ("O‘zA" not in line)


@pytest.mark.parametrize(
    ("ending", "raw", "kept"),
    [
        ("Aziz Olimov,\nAnhor muzeyi direktori", "Aziz Olimov,\nAnhor muzeyi direktori", ""),
        (
            "Aziz Olimov, Anhor muzeyi direktori.\n\nO‘zA",
            "Aziz Olimov, Anhor muzeyi direktori.\nO‘zA",
            "",
        ),
        ("Aziz Olimov, O‘zA\n\nIlova: Jadval.pdf", "Aziz Olimov, O‘zA", "\n\nIlova: Jadval.pdf"),
        ("Азиз Олимов, ЎзА\n\nИлова: Жадвал", "Азиз Олимов, ЎзА", "\n\nИлова: Жадвал"),
        ("Aziz Olimov, O‘zA\nSurat: A. Sodiqov", "Aziz Olimov, O‘zA\nSurat: A. Sodiqov", ""),
        ("Aziz Olimov, O‘zA\nSurat: internetdan", "Aziz Olimov, O‘zA", "\nSurat: internetdan"),
        ("Aziz Olimov, Laylo Sobirova", "Aziz Olimov, Laylo Sobirova", ""),
    ],
)
def test_byline_of_several_lines_and_lines_below_it(ending: str, raw: str, kept: str) -> None:
    left, byline = split_byline(f"{STORY_OZ}\n\n{ending}", RULES.byline)

    assert byline is not None
    assert (left, byline.raw) == (STORY_OZ + kept, raw)


@pytest.mark.parametrize(
    "source",
    ["Yangi Oʻzbekiston", "Yangi Özbekiston", "Özbekiston Respublikasi"],
)
def test_a_newspaper_named_below_a_text_is_no_author(source: str) -> None:
    left, byline = split_byline(f"{STORY_OZ}\n\n{source}", RULES.byline)

    assert byline is not None
    assert (left, byline.raw, byline.authors) == (STORY_OZ, source, ())


def test_lines_that_tags_no_longer_part_are_one_byline() -> None:
    roles = [("Aziz Olimov", "author"), ("Sanjar Sodiqov", "video")]
    for gap in ("\n", " "):
        text = f"{STORY_OZ} Muallif: Aziz Olimov{gap}Tasvirchi: Sanjar Sodiqov"
        left, byline = split_byline(text, RULES.byline)
        assert (left, persons(byline)) == (STORY_OZ, roles)


@pytest.mark.parametrize(
    "ending",
    [
        "Aziz Olimov, direktor\n\nLaylo Sobirova, direktor",
        "Aziz Olimov, direktor.\n\nLaylo Sobirova, direktor.",
        "G‘oliblar:\n\nLaylo Sobirova, talaba",
        "Aziz Olimov, Anhor muzeyi direktori keldi.",
        "Aziz Olimov, mehmonlarni kutgan kishi",
        "Aziz Olimov – Anhor, ekspert",
        "muzeydan prof. Aziz Olimov, ekspert",
    ],
)
def test_list_of_guests_and_sentence_about_one_are_text(ending: str) -> None:
    body = f"{STORY_OZ}\n\n{ending}"
    assert split_byline(body, RULES.byline) == (body, None)


@pytest.mark.parametrize("verb", ["edi", "bor", "bas", "bo‘ldi", "etdi"])
def test_short_word_ends_a_sentence_before_a_glued_byline(verb: str) -> None:
    left, byline = split_byline(f"Bog‘ qadim {verb}. Aziz Olimov, O‘zA", RULES.byline)
    assert (left, persons(byline)) == (f"Bog‘ qadim {verb}.", [("Aziz Olimov", "author")])


def test_name_that_ends_the_text_above_a_whole_byline_is_text() -> None:
    text = f"{STORY_OZ} Muzeyni kim qurdi? Aziz Olimov"
    left, byline = split_byline(f"{text}\n\nLaylo Sobirova, O‘zA", RULES.byline)
    assert (left, persons(byline)) == (text, [("Laylo Sobirova", "author")])
