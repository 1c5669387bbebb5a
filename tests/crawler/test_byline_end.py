"""Where a byline begins that stands close to the text."""

import pytest

from crawler.byline import split_byline
from pages.uza import RULES

TEXT = "The mill was built for the farmers of the valley."


@pytest.mark.parametrize(
    ("body", "rest", "authors"),
    [
        ("It opened in 2024.Guzal Sodiqova, UzA", "It opened in 2024.", ["Guzal Sodiqova"]),
        ("It is called “Oila”.Guzal Sodiqova, UzA", "It is called “Oila”.", ["Guzal Sodiqova"]),
        ("It is old (and known).G. Sodiqova, UzA", "It is old (and known).", ["G. Sodiqova"]),
        (f"{TEXT}\n\nGuzal Sodiqova. UzA", TEXT, ["Guzal Sodiqova"]),
        (f"{TEXT}\n\nGuzal Sodiqova,\n\nUzA", TEXT, ["Guzal Sodiqova"]),
        (f"{TEXT}\n\nGuzal Sodiqova\nUzA", TEXT, ["Guzal Sodiqova"]),
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
