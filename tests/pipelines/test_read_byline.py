from copy import deepcopy
from typing import Any

import pytest

from crawler.model.article import Draft, Image, Person
from pages.uza import RULES
from pipelines.reading import ReadByline

TEXT = "A school was opened in the village."


def process(item: Any) -> tuple[Any, list[str]]:
    counted: list[str] = []
    return ReadByline(RULES, counted.append).process_item(item), counted


def test_byline_moves_from_the_body_to_its_fields() -> None:
    draft = Draft(body=f"{TEXT}\n\nL.SOBIROVA, photo by Sanjar Sodiqov, UzA")

    item, counted = process(draft)

    assert item is draft
    assert item.body == TEXT
    assert item.byline_raw == "L.SOBIROVA, photo by Sanjar Sodiqov, UzA"
    assert item.authors == [Person("L. Sobirova"), Person("Sanjar Sodiqov", "photo")]
    assert item.credit == "UzA"
    assert counted == []


def test_agency_only_is_credited_and_counted() -> None:
    item, counted = process(Draft(body=f"{TEXT}\n\nЎзА."))

    assert (item.body, item.byline_raw, item.credit) == (TEXT, "ЎзА.", "ЎзА")
    assert item.authors == []
    assert counted == ["byline/agency_only"]


def test_article_without_byline_is_counted_and_left_alone() -> None:
    item, counted = process(Draft(body=TEXT))

    assert item == Draft(body=TEXT)
    assert counted == ["byline/none"]


def test_dict_with_a_body_gets_the_fields() -> None:
    item, _ = process({"body": f"{TEXT}\n\nLaylo Sobirova, UzA"})

    assert item == {
        "body": TEXT,
        "authors": [Person("Laylo Sobirova")],
        "byline_raw": "Laylo Sobirova, UzA",
        "credit": "UzA",
    }


@pytest.mark.parametrize("item", [{}, {"body": None}, {"body": "", "byline_raw": None}])
def test_dict_without_text_gets_no_fields(item: dict[str, Any]) -> None:
    before = dict(item)

    assert process(item) == (before, ["byline/none"])


def test_byline_that_the_page_set_apart_is_read() -> None:
    item, counted = process(Draft(body=TEXT, byline_raw="Par Aziza Sobirova, OuzA"))

    assert item.body == TEXT
    assert item.byline_raw == "Par Aziza Sobirova, OuzA"
    assert item.authors == [Person("Aziza Sobirova")]
    assert item.credit == "OuzA"
    assert counted == []


def test_fields_that_the_page_gave_win_and_the_byline_still_leaves_the_body() -> None:
    draft = Draft(
        body=f"{TEXT}\n\nL. Sobirova, UzA",
        byline_raw="Laylo Sobirova",
        authors=[Person("Laylo Sobirova")],
    )

    item, _ = process(draft)

    assert item.body == TEXT
    assert item.byline_raw == "Laylo Sobirova"
    assert item.authors == [Person("Laylo Sobirova")]
    assert item.credit == "UzA"


PICTURE = "https://cdn.uza.uz/a.jpg"


def test_credit_in_a_caption_moves_to_its_field() -> None:
    captions = ["The school. Photo by S.SODIQOV", "Photo: UzA", "The school", None]

    item, _ = process(Draft(images=[Image(PICTURE, caption) for caption in captions]))

    assert [(image.caption, image.credit) for image in item.images] == [
        ("The school.", "S. Sodiqov"),
        (None, "UzA"),
        ("The school", None),
        (None, None),
    ]


def test_credit_that_the_page_gave_leaves_the_caption_as_it_is() -> None:
    image = Image(PICTURE, "The school. Photo by S. Sodiqov", "Archive")

    assert process(Draft(images=[image]))[0].images == [
        Image(PICTURE, "The school. Photo by S. Sodiqov", "Archive")
    ]


def test_caption_of_a_dict_is_read_too() -> None:
    item, _ = process({"images": [{"url": PICTURE, "caption": "The school (Foto: UzA)"}]})

    assert item == {"images": [{"url": PICTURE, "caption": "The school", "credit": "UzA"}]}


def test_reading_twice_changes_nothing() -> None:
    image = Image(PICTURE, "The school. Photo by S. Sodiqov")
    once, _ = process(Draft(body=f"{TEXT}\n\nLaylo Sobirova, UzA", images=[image]))
    fields = deepcopy((once.body, once.byline_raw, once.authors, once.credit, once.images))

    twice, _ = process(once)

    assert (twice.body, twice.byline_raw, twice.authors, twice.credit, twice.images) == fields
