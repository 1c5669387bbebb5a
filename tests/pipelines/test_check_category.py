from typing import Any

import pytest

from crawler.model.article import Draft, Label
from crawler.model.link import Link
from pages.uza import RULES
from pipelines.reading import CheckCategory


def counted(item: Any) -> list[str]:
    counts: list[str] = []
    assert CheckCategory(RULES, counts.append).process_item(item) is item
    return counts


@pytest.mark.parametrize(
    ("told", "shown", "disagree"),
    [
        ("Sport", "Society", True),
        ("Sport", "Sport", False),
        ("SPORT", "Sport", False),
        ("Arts &amp; crafts", "Arts & crafts", False),
        ("«Arts»", '"Arts"', False),
        ("Шаҳар ва қишлоқ", "Şahar va qişloq", False),  # the site has changed its alphabet since
        ("Sport", None, False),
        (None, "Sport", False),
    ],
)
def test_sections_of_page_and_listing_are_compared_as_readers_do(
    told: str | None, shown: str | None, disagree: bool
) -> None:
    link = Link("https://uza.uz/posts/a_1", "api", category=told)
    draft = Draft(category=Label(shown) if shown else None, link=link)
    assert counted(draft) == ["category/hint_disagrees"] * disagree
    assert draft.category == (Label(shown) if shown else None)


def test_dict_is_compared_too() -> None:
    item = {"category": {"name": "Society"}, "link": {"category": "Sport"}}
    assert counted(item) == ["category/hint_disagrees"]
    assert counted({}) == []
