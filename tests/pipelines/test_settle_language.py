from collections import Counter
from typing import Any

import pytest

from crawler.model.article import Draft, Image, Label, Person
from crawler.model.link import Link
from pages.uza import RULES
from pipelines.reading import SettleLanguage

URL = "https://uza.uz/posts/a_1"
LATIN = "Tumanda yangi bog‘ ochildi. Bu haqda ma'lum qilindi va 'Bog' deb nom berildi."
CYRILLIC = "Туманда янги боғ очилди. Бу ҳақда маълум қилинди ва «Боғ» деб ном берилди."
ENGLISH = "The district's new garden was opened and it has the name of the river."


def settle(item: Any) -> tuple[Any, Counter[str]]:
    counts: Counter[str] = Counter()

    def count(name: str) -> None:
        counts[name] += 1

    return SettleLanguage(RULES, count).process_item(item), counts


def found(edition: str | None) -> Link:
    return Link(url=URL, source="api", edition=edition)


EDITIONS = [
    (CYRILLIC, "uz", None, "uz", "uz-Cyrl", {}),
    (CYRILLIC, "oz", None, "oz", "uz-Cyrl", {"language/edition_mismatch": 1}),
    (CYRILLIC, None, "uz", "uz", "uz-Cyrl", {}),
    (CYRILLIC, None, None, "uz", "uz-Cyrl", {}),
    (LATIN, None, None, "oz", "uz-Latn", {}),
    (LATIN, "oz", "en", "oz", "uz-Latn", {}),
    (ENGLISH, "kz", None, "kz", "en", {}),
    ("5 153", "en", None, "en", None, {"language/unknown": 1}),
    ("5 153", None, None, None, None, {"language/unknown": 1}),
    (
        "Имсол дар деҳа мактаби нав ва боғча сохта шуд, ки барои кӯдакон аст.",
        None, None, None, "tg", {},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "listed", "present", "edition", "language", "counts"), EDITIONS)
def test_the_listing_gives_the_edition_and_the_text_the_language(
    body: str,
    listed: str | None,
    present: str | None,
    edition: str | None,
    language: str | None,
    counts: dict[str, int],
) -> None:
    draft, counted = settle(Draft(body=body, edition=present, link=found(listed)))
    assert (draft.edition, draft.language) == (edition, language)
    assert counted == counts


def test_script_is_set_with_the_language() -> None:
    assert settle(Draft(body=CYRILLIC))[0].script == "Cyrl"
    assert settle(Draft(body=LATIN))[0].script == "Latn"


def test_the_prefix_of_the_address_is_not_believed() -> None:
    draft = Draft(url="https://uza.uz/ar/posts/a_1", body=ENGLISH)
    assert settle(draft)[0].edition == "en"


def test_uzbek_apostrophes_become_letters_in_what_readers_read() -> None:
    draft, _ = settle(
        Draft(
            title="Yangi bog'",
            summary="Bu ma`no",
            body=LATIN,
            published_raw="1-o'ktabr",
            byline_raw="M. Qo‘qonov, O‘zA",
            credit="O‘zA",
            authors=[Person("M. Qo‘qonov")],
            category=Label("Ta'lim", "ta'lim"),
            tags=[Label("bog‘", "bog‘")],
            images=[Image("https://cdn.uza.uz/o'.jpg", caption="Bog‘da", credit="O‘zA")],
        )
    )
    assert draft.title == "Yangi bogʻ"
    assert draft.summary == "Bu maʼno"
    assert draft.body == LATIN.replace("‘", "ʻ").replace("ma'", "maʼ")
    assert draft.authors == [Person("M. Qoʻqonov")]
    assert draft.category == Label("Taʼlim", "ta'lim")
    assert draft.tags == [Label("bogʻ", "bog‘")]
    assert draft.images == [Image("https://cdn.uza.uz/o'.jpg", "Bogʻda", "O‘zA")]
    assert (draft.byline_raw, draft.credit) == ("M. Qo‘qonov, O‘zA", "O‘zA")
    assert draft.published_raw == "1-o'ktabr"


def test_apostrophes_of_other_languages_stay() -> None:
    assert settle(Draft(body=ENGLISH))[0].body == ENGLISH


def test_a_dict_is_settled_too() -> None:
    item = {"body": LATIN, "tags": [{"name": "bog‘"}], "link": {"edition": "oz"}}
    settled, counts = settle(item)
    assert (settled["edition"], settled["language"], settled["script"]) == ("oz", "uz-Latn", "Latn")
    assert settled["tags"] == [{"name": "bogʻ"}]
    assert counts == {}


def test_a_long_paragraph_in_another_language_is_noted() -> None:
    body = "\n\n".join([CYRILLIC * 4, ENGLISH * 3, CYRILLIC * 4])
    draft, _ = settle(Draft(body=body))
    assert (draft.language, draft.other_languages) == ("uz-Cyrl", ["en"])
    assert settle(Draft(body=f"{CYRILLIC}\n\n{ENGLISH}"))[0].other_languages == []


@pytest.mark.parametrize(
    ("body", "orthography"),
    [
        (LATIN, "1995"),
        ("Qişloqda yangi boğ va boğça qurildi. Bu haqda hokim maʼlum qildi.", "2026"),
        ("Şaharda yangi boğ va boğça oçildi. “Shell” bu haqda maʼlum qildi.", "2026"),
        ("Bu yil uning ukasi ham katta sovrin oldi.", None),
        ("Қишлоқда янги боғ ва боғча қурилди. Бу ҳақда ҳоким маълум қилди.", None),
        (ENGLISH, None),
    ],
)
def test_orthography_says_which_latin_letters_uzbek_is_in(
    body: str, orthography: str | None
) -> None:
    assert settle(Draft(body=body))[0].orthography == orthography
