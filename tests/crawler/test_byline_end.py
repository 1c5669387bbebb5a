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
