import pytest

pytest.importorskip("markupsafe", reason="markupsafe is not installed: make data")
from crawler.browse.compare import compare
from crawler.browse.languages import direction, language_name

LONG = "".join(f"word{number} " for number in range(300))


def places(old: str, new: str) -> list[str]:
    (body,) = compare({"body": old}, {"body": new})
    return [str(place) for place in body.places]


def test_a_changed_place_stands_alone_with_a_little_around_it() -> None:
    (place,) = places(f"{LONG}nine people {LONG}", f"{LONG}ten people {LONG}")
    assert "<del> nine</del><ins> ten</ins> people" in place
    assert place.startswith("… ")
    assert place.endswith(" …")
    assert len(place) < 400


def test_places_that_are_apart_are_several_and_those_close_by_are_one() -> None:
    assert len(places(f"one {LONG}two", f"uno {LONG}due")) == 2
    assert places("one or two", "uno or due") == [
        "<del>one</del><ins>uno</ins> or<del> two</del><ins> due</ins>"
    ]
    assert len(places(f"{LONG}a", f"{LONG}b")) == 1
    assert places("", "new <b>") == ["<ins>new &lt;b&gt;</ins>"]
    assert places("old", "") == ["<del>old</del>"]


def test_texts_that_are_too_long_are_only_shown() -> None:
    (body,) = compare({"body": "a" * 40_000}, {"body": "b" * 40_000})
    assert body.places == []
    assert body.old == "a" * 40_000


@pytest.mark.parametrize(
    ("tag", "name", "way"),
    [
        ("uz-Latn", "Uzbek (Latin)", "ltr"),
        ("ar", "Arabic", "rtl"),
        ("fa", "Persian", "rtl"),
        ("kk-Arab", "Kazakh (Arabic letters)", "rtl"),
        ("ku-Latn", "Kurdish (Latin)", "ltr"),
        ("xx", "xx", "ltr"),
        (None, "", "auto"),
    ],
)
def test_a_language_has_a_name_and_a_direction(tag: str | None, name: str, way: str) -> None:
    assert (language_name(tag), direction(tag)) == (name, way)
