from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model.article import Image
from tests.pages.uza_markup import SENTENCE, page_of

POST: dict[str, Any] = {"title": "A dam", "content": f"<p>{SENTENCE}</p>"}


@pytest.mark.parametrize("wrap", [lambda post: post, lambda post: {"data": post}])
def test_post_is_read_bare_or_wrapped(wrap: Any) -> None:
    page = page_of(wrap(POST))
    assert (page.layout, page.source, page.title, page.body) == ("api", "api", "A dam", SENTENCE)


def test_post_shows_its_description_first() -> None:
    page = page_of(POST | {"description": "The <b>lead</b>."})
    assert (page.summary, page.body) == ("The lead.", f"The lead.\n\n{SENTENCE}")


def test_post_escaped_twice_is_unescaped() -> None:
    page = page_of({"title": "A &amp; B", "body": "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;"})
    assert (page.title, page.body) == ("A & B", "One\n\nTwo")


@pytest.mark.parametrize(
    "files",
    [
        {"domain": "https://cdn.uza.uz", "folder": "/2024/05/", "file": "a.jpg"},
        {"domain": "https://cdn.uza.uz/", "folder": "2024/05", "file": "/a_small.jpg"},
        {"domain": "cdn.uza.uz", "folder": "2024/05", "file": "a.jpg"},
        {"thumbnails": {"small": {"src": "//cdn.uza.uz/2024/05/a_small.jpg"}}},
        [{"domain": None, "thumbnails": {"normal": {"src": "//cdn.uza.uz/2024/05/a_normal.jpg"}}}],
        [{"domain": "https://cdn.uza.uz", "folder": "/2024/05/", "file": "a.jpg"}, None, "x", {}],
    ],
)
def test_files_of_a_post_are_pictures_of_the_largest_size(files: Any) -> None:
    assert page_of(POST | {"files": files}).images == [Image("https://cdn.uza.uz/2024/05/a.jpg")]


def test_translations_have_the_ids_of_their_pages() -> None:
    others = [
        {"id": 12, "slug": "plotina_12", "lang": 2},
        {"id": 13, "slug": "plotina-24-01-2017", "lang": "ru"},
        {"id": 14},
        {"id": None, "slug": None},
    ]
    found = page_of(POST | {"translations": others}).translations
    assert [(other.id, other.edition) for other in found] == [
        ("uza:12", None),
        ("uza:plotina-24-01-2017", "ru"),
        ("uza:14", None),
    ]


@pytest.mark.parametrize(
    ("told", "ids"),
    [
        ({"id": 12, "slug": "plotina_12"}, {"uza:12", "uza:plotina"}),
        ({"id": "12", "slug": None}, {"uza:12"}),
        ({"id": 13, "slug": "plotina_12"}, {"uza:13", "uza:plotina"}),
        ({"slug": "plotina_12"}, {"uza:12", "uza:plotina"}),
        ({"id": 12, "slug": "plotina-24-01-2017"}, {"uza:12", "uza:plotina-24-01-2017"}),
        ({"id": 12, "slug": "plotina-24-01-2017_12"}, {"uza:12", "uza:plotina-24-01-2017"}),
        ({"slug": "plotina-24-01-2017"}, {"uza:plotina-24-01-2017"}),
        ({"slug": "dam_of_mud"}, {"uza:dam_of_mud"}),
        ({"id": None, "slug": "../x"}, set()),
        ({}, set()),
    ],
)
def test_post_tells_under_which_ids_it_goes(told: dict[str, Any], ids: set[str]) -> None:
    assert page_of(POST | told).ids == ids


WRONG: tuple[Any, ...] = (None, True, 7, "x", "<p>", [], [{}], [None], {}, {"title": 1})


@settings(max_examples=60)
@given(
    st.fixed_dictionaries(
        {"title": st.just("A dam"), "content": st.just("<p>x</p>")},
        optional=dict.fromkeys(
            (
                *("description", "publish_time", "updated_at", "category", "tags", "files"),
                *("translations", "lang", "id", "slug"),
            ),
            st.sampled_from(WRONG),
        ),
    )
)
def test_post_with_fields_of_any_type_is_read(post: dict[str, Any]) -> None:
    page = page_of(post)
    assert page.draft().title == "A dam"
    assert all(told.startswith("uza:") for told in page.ids)
