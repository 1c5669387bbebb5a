from itertools import permutations
from typing import Any

import msgspec
import pytest

from crawler.model.article import Article
from crawler.text.respelling import compare_spelled, folded_hash, is_respelled

OLD = "Choʻl shamoli qishloqqa yetdi"
NEW = "Çöl şamoli qişloqqa yetdi"
CYRILLIC = "Чўл шамоли қишлоққа етди"


def article(
    title: str, *, script: str | None = "Latn", language: str | None = "uz-Latn"
) -> Article:
    return Article(title=title, body=f"{title}.", script=script, language=language)


def row(title: str, **fields: str | None) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(article(title, **fields))
    return plain


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (row(OLD), row(NEW)),
        (row(NEW), row(OLD)),
        (row(CYRILLIC, script="Cyrl", language="uz-Cyrl"), row(NEW)),
        (
            row("Аўыл ҳәкими келди", script="Cyrl", language="kaa-Cyrl"),
            row("Awıl hákimi keldi", language="kaa-Latn"),
        ),
    ],
)
def test_another_alphabet_is_a_respelling(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert is_respelled(old, new)


def test_a_respelling_may_begin_with_the_title() -> None:
    old = {**row(OLD), "body": f"{OLD}. {OLD}."}
    assert is_respelled(old, {**old, "title": NEW})
    typing_error = row(NEW.replace("Çöl", "Çol"))
    assert folded_hash(typing_error) == folded_hash(row(NEW))
    assert not is_respelled(typing_error, row(NEW))


def test_three_spellings_have_one_folded_hash_and_an_edit_another() -> None:
    spellings = [row(OLD), row(NEW), row(CYRILLIC, script="Cyrl", language="uz-Cyrl")]
    assert len({folded_hash(each) for each in spellings}) == 1
    assert folded_hash(row(f"{NEW} keçä")) not in map(folded_hash, spellings)


def test_a_short_text_whose_language_is_unknown_in_one_alphabet_is_a_respelling() -> None:
    cyrillic = row(CYRILLIC, script="Cyrl", language="uz-Cyrl")
    for title in (OLD, NEW):
        assert is_respelled(cyrillic, row(title, language=None))
        assert not is_respelled(cyrillic, row(f"{title} bugun", language=None))


def test_texts_of_other_languages_are_not_folded() -> None:
    english, shout = row("The wind came", language="en"), row("THE WIND CAME", language="en")
    assert folded_hash(english) != folded_hash(shout)


AWIL = ["Аўылдың ҳәкими", "Awıldın' ha'kimi", "Awi'ldi'n' ha'kimi", "Awıldıń hákimi"]


@pytest.mark.parametrize(("old", "new"), list(permutations(AWIL, 2)))
def test_each_alphabet_of_karakalpak_is_a_respelling_of_each_other(old: str, new: str) -> None:
    def told(title: str) -> dict[str, Any]:
        script = "Latn" if title.isascii() or "w" in title else "Cyrl"
        return row(title, script=script, language=f"kaa-{script}")

    assert is_respelled(told(old), told(new))
    assert not is_respelled(told(old), told(f"{new} keldi"))
    assert not is_respelled(told(new), told(new))


@pytest.mark.parametrize(
    ("change", "title", "expected"),
    [
        ("edited", NEW, "respelled"),
        ("edited", f"{NEW} bugun", "edited"),
        ("reparsed", NEW, "reparsed"),
        ("back", NEW, "back"),
    ],
)
def test_only_what_would_be_an_edit_is_called_respelled(
    change: Any, title: str, expected: str
) -> None:
    later = article(title)
    later.change = change
    compare_spelled(later, row(OLD))
    assert later.change == expected
    assert {"title", "body"} <= set(later.changed_fields)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (row(OLD), row(OLD)),
        (row(OLD), row(f"{NEW} bugun")),
        (row(f"{OLD}: –5 daraja"), row(f"{NEW}: 5 daraja")),
        (row(f"{OLD}: 12 kishi"), row(f"{NEW}: 13 kişi")),
        (row(OLD), row(OLD.capitalize().swapcase())),  # in the same letters
        (row("Хонада ҳам", script="Cyrl"), row("Ҳонада ҳам", script="Cyrl")),
        (
            row("Le garcon de Sehir", language="fr"),
            row("Le garçon de Şehir", language="fr"),
        ),
    ],
)
def test_what_says_more_or_is_in_the_same_letters_is_no_respelling(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    assert not is_respelled(old, new)
