"""What legacy pages may have above and below their article."""

import pytest

from tests.pages.uza_markup import SENTENCE, legacy, page_of


@pytest.mark.parametrize(
    "before",
    [
        (),
        ("12.03.2018",),
        ("14.03.2018 09:00", "Another headline"),
        ("UzA English 12.03.2018",),
    ],
)
def test_legacy_article_is_found_by_its_title_whatever_stands_above(before: tuple[str]) -> None:
    lines = ("17.04.2019 19:45", "A dam is closed", "A dam is closed", SENTENCE, "It is large.")
    page = page_of(legacy(*before, *lines, "Nodira Tolzorova, UzA", "5 153"))
    assert (page.title, page.published_raw) == ("A dam is closed", "17.04.2019 19:45")
    assert page.body.startswith(SENTENCE)


@pytest.mark.parametrize(
    ("title", "following", "is_cut"),
    [
        ("Oqqayin", " State University has a garden.", False),
        ("Water", " – the source of life.", False),
        ("Water", ", said the growers, is here.", False),
        ("New garden", " “Oqqayin” has opened.", False),
        ("New garden", ": how it began.", False),
        ("Karim Oqtepalov", " Garden Prize was given.", False),
        ("A dam is closed", ", said the builders.", False),
        ("A dam is closed", " Builders Karim and Aziz said.", True),
        ("A dam is closed", " 2019 was a good year.", True),
        ("A dam is closed", " “It is large,” they said.", True),
        ("New garden", " It has opened.", True),
        ("New garden", " Growers have come.", True),
        ("New garden", "Growers have come.", True),
        ("Karim Oqtepalov", " In the valley he is known.", True),
    ],
)
def test_legacy_title_is_cut_off_only_where_a_sentence_begins(
    title: str, following: str, is_cut: bool
) -> None:
    opening = f"{title}{following}"
    page = page_of(legacy("UzA English", "17.04.2019 19:45", title, opening, SENTENCE))
    assert page.body.split("\n\n") == [following.strip() if is_cut else opening, SENTENCE]


@pytest.mark.parametrize(
    ("below", "kept"),
    [
        (("Nodira Tolzorova, UzA", "Read also", SENTENCE, "© 2018 UzA"), 1),
        (("Нодира Толзорова, ЎзА мухбири", "9 941", "Share", SENTENCE), 2),
        (("Results of the day:", "12", "Gold for the boxers", "Silver for judo"), 4),
        (("It was built in the year", "2019", "by the people", "of the valley"), 4),
        (("Nodira Tolzorova, UzA", "2019", "Share", SENTENCE), 2),
        (("The following were named, according to UzA", "first the teachers"), 2),
    ],
)
def test_legacy_text_ends_with_its_byline_and_never_before(
    below: tuple[str, ...], kept: int
) -> None:
    head = ("UzA English", "17.04.2019 19:45", "A dam is closed", "A dam is closed", SENTENCE)
    body = page_of(legacy(*head, *below)).body
    assert body.split("\n\n") == [SENTENCE, *below[:kept]]


def test_legacy_date_may_carry_a_long_motto() -> None:
    date = (
        "12.03.2018 10:11 "
        + "Year of brave beginnings and of the arts and crafts, of wells and of roads"
    )
    page = page_of(legacy("UzA", date, "A dam is closed", "A dam is closed", SENTENCE))
    assert page.published_raw == date


def test_legacy_lines_that_end_a_sentence_are_paragraphs_beside_other_blocks() -> None:
    page = page_of(
        legacy("UzA English", "17.04.2019 19:45", "A dam is closed", "A dam is closed")
        + f"<div>{SENTENCE}<br>It has:<br>a gate;<br>a tower.</div><div>Nodira Tolzorova, UzA</div>"
    )
    assert page.body.split("\n\n") == [
        SENTENCE,
        "It has:\na gate;\na tower.",
        "Nodira Tolzorova, UzA",
    ]
