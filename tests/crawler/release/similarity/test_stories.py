"""Which articles of several editions are one story."""

from typing import Any

import msgspec
import pytest

from crawler.model.article import Image, Label, Translation
from crawler.release.rows import Told, read_told
from crawler.release.similarity.content import mentioned_in
from crawler.release.similarity.stories import Link, Stories
from tests.crawler.archives import article
from tests.crawler.release.translations import judged, measure

AT = "2024-05-01T10:00:00+05:00"


def row(number: int, edition: str, **fields: Any) -> Told:
    chosen = {"published_at": AT, "published_precision": "minute", **fields}
    return read_told(msgspec.json.encode(article(number, edition=edition, **chosen)) + b"\n")


def told(*rows: Told, near_duplicate: str | None = None) -> list[tuple[str, Link | None]]:
    """Return what is found of each row; the last is nearly the same as ``near_duplicate``."""
    stories = Stories()
    return [
        *(stories.find(each, None) for each in rows[:-1]),
        stories.find(rows[-1], near_duplicate),
    ]


def linked(link: Link | None) -> tuple[str, str, list[str]] | None:
    return (link.id, link.earlier, link.evidence) if link else None


def test_an_article_by_itself_is_its_own_story() -> None:
    assert told(row(1, "uz")) == [("uza:1", None)]


def test_the_source_says_so_from_either_side() -> None:
    lists = row(2, "ru", translations=[Translation("uza:1")], published_at="2024-05-02")
    found = told(row(1, "uz"), lists)
    assert found[1][0] == "uza:1"
    assert linked(found[1][1]) == ("uza:2", "uza:1", ["api"])
    listed = row(2, "ru", published_at="2024-05-02")
    found = told(row(1, "uz", translations=[Translation("uza:2")]), listed)
    assert linked(found[1][1]) == ("uza:2", "uza:1", ["api"])


def test_the_same_text_in_the_other_script_is_a_translation() -> None:
    found = told(row(1, "uz"), row(2, "oz", published_at="2024-05-02"), near_duplicate="uza:1")
    assert linked(found[1][1]) == ("uza:2", "uza:1", ["text"])


def test_the_same_picture_within_three_days_but_not_of_two_stories_that_agree_alike() -> None:
    same: dict[str, Any] = {"images": [Image("https://cdn.uza.uz/a.jpg")], "body": "Regzor, 48."}
    later = row(2, "ru", **same, published_at="2024-05-03T00:00:00+05:00")
    found = told(row(1, "uz", **same), later)
    assert linked(found[1][1]) == ("uza:2", "uza:1", ["image"])
    late = row(2, "ru", **same, published_at="2024-05-09T00:00:00+05:00")
    assert told(row(1, "uz", **same), late)[1][1] is None
    found = told(row(1, "uz", **same), row(3, "uz", **same), later)
    assert found[2][1] is None


def test_a_portrait_joins_on_another_day_only_what_has_a_figure_in_common() -> None:
    same: dict[str, Any] = {"images": [Image("https://cdn.uza.uz/a.jpg")], "body": "Regzorov."}
    speech = row(1, "uz", **same)
    (_, link) = told(speech, row(2, "ru", **same, published_at="2024-05-02T10:00:00+05:00"))[1]
    assert link is None
    (_, link) = told(speech, row(2, "ru", **same, published_at="2024-05-01T18:00:00+05:00"))[1]
    assert linked(link) == ("uza:2", "uza:1", ["image"])


def test_the_same_minute_and_category_but_not_of_two_stories_that_agree_alike() -> None:
    sport = Label("Sport", "sport_1")
    found = told(row(1, "uz", category=sport), row(2, "ru", category=sport))
    assert linked(found[1][1]) == ("uza:2", "uza:1", ["minute"])
    twice = (row(each, "uz", category=sport) for each in (1, 3))
    found = told(*twice, row(2, "ru", category=sport))
    assert found[2][1] is None
    day = {"category": sport, "published_precision": "day", "published_at": "2024-05-01"}
    assert told(row(1, "uz", **day), row(2, "ru", **day))[1][1] is None


def test_a_section_is_the_same_in_all_spellings() -> None:
    for section in ("Qishloq xoʻjaligi", "Qişloq xöjaligi"):
        one = row(1, "uz", category=Label("Қишлоқ хўжалиги"))
        (_, link) = told(one, row(2, "oz", category=Label(section)))[1]
        assert linked(link) == ("uza:2", "uza:1", ["minute"])
    other = row(2, "oz", category=Label("Jamiyat"))
    assert told(row(1, "uz", category=Label("Қишлоқ хўжалиги")), other)[1][1] is None


def test_scenes_written_by_hand_are_judged_as_a_reader_judges_them() -> None:
    precision, recall = measure()
    assert len(list(judged())) >= 60
    assert precision >= 0.97
    assert recall >= 0.81


@pytest.mark.parametrize("kind", ["image", "minute"])
def test_a_picture_or_a_minute_joins_only_what_agrees_in_figures_and_names(kind: str) -> None:
    same: dict[str, Any] = {"category": Label("Sport", "sport_1")}
    if kind == "image":
        same = {"images": [Image("https://cdn.uza.uz/stadium.jpg")]}
    first = row(1, "uz", title="Регзор енгди", body="Регзор Толзорни 41:38 ҳисобида енгди.", **same)
    other = row(2, "uz", title="Анорзорда сузиш", body="Анорзорда сузувчилар баҳслашди.", **same)
    title, body = "Победа Регзора", "Регзор выиграл у Толзора со счётом 41:38."
    found = told(other, first, row(3, "ru", title=title, body=body, **same))
    assert linked(found[2][1]) == ("uza:3", "uza:1", [kind])
    assert told(other, row(3, "ru", title=title, body=body, **same))[1][1] is None
    near = row(4, "uz", title="Регзор", body="Анорзорда сузувчилар баҳслашди.", **same)
    found = told(near, first, row(3, "ru", title=title, body=body, **same))
    assert linked(found[2][1]) == ("uza:3", "uza:1", [kind])  # what agrees most


def test_figures_and_names_are_the_same_however_a_language_writes_them() -> None:
    written = [
        "В Кумуштепе 12 640 деревьев, сообщил Уктам Хужаназаров.",
        "Kumushtepada 12,640 ta daraxt, dedi Oʻktam Xoʻjanazarov.",
        "There are 12,640 trees in Kumushtepa, Uktam Khuzhanazarov says.",
    ]
    keys = {"12640", "kmstp", "aktm", "hjnzr"}
    assert [keys & set(mentioned_in("", each).split()) for each in written] == [keys] * 3
    assert mentioned_in("", "") == ""


NEWS = {
    "uz": "Кумуштепада Ёқуб Толзоров бошчилигида 12 640 туп кўчат экилди, 93 киши ишлади.",
    "ru": "В Кумуштепе посажено 12 640 саженцев, работали 93 человека, бригадир Ёкуб Толзоров.",
}
OTHER = "В Анорзоре Лола Регзорова открыла выставку, её увидели 5 300 человек за 21 день."


def days_later(days: int, body: str, number: int = 9, edition: str = "ru", hour: int = 12) -> Told:
    at = f"2024-05-{1 + days:02}T{hour}:00:00+05:00"
    return row(number, edition, title="Хабар", body=body, language=edition, published_at=at)


def test_the_same_figures_and_names_on_the_same_or_the_next_day_are_a_translation() -> None:
    first = days_later(0, NEWS["uz"], 1, "uz", hour=10)
    for days in (0, 1):
        link = told(first, days_later(days, NEWS["ru"]))[1][1]
        assert linked(link) == ("uza:9", "uza:1", ["content"])
    assert told(first, days_later(2, NEWS["ru"]))[1][1] is None
    assert told(first, days_later(0, OTHER))[1][1] is None
    assert told(first, days_later(0, NEWS["ru"], edition="uz"))[1][1] is None


def test_two_stories_that_tell_the_same_are_joined_with_neither() -> None:
    first = days_later(0, NEWS["uz"], 1, "uz", hour=10)
    twin = days_later(0, NEWS["uz"], 2, "uz", hour=11)
    assert told(first, twin, days_later(0, NEWS["ru"]))[2][1] is None


def test_a_story_has_one_article_an_edition() -> None:
    first = row(1, "uz")
    second = row(2, "ru", translations=[Translation("uza:1")], published_at="2024-05-02")
    third = row(3, "ru", translations=[Translation("uza:1")], published_at="2024-05-03")
    assert [story for story, _ in told(first, second, third)] == ["uza:1", "uza:1", "uza:3"]


def test_all_evidence_for_a_link_is_told_the_strongest_first() -> None:
    same: dict[str, Any] = {
        "category": Label("Sport", "sport_1"),
        "images": [Image("https://cdn.uza.uz/a.jpg")],
    }
    lists = row(2, "ru", translations=[Translation("uza:1")], **same)
    found = told(row(1, "uz", **same), lists, near_duplicate="uza:1")
    assert linked(found[1][1]) == ("uza:2", "uza:1", ["api", "text", "image", "minute"])
