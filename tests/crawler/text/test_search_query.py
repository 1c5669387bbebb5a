from typing import Any

import pytest

from crawler.text.search_query import (
    LONGEST,
    All,
    BadQuery,
    Either,
    Filter,
    Not,
    Published,
    Words,
    document,
    forms,
    has_not,
    matches,
    parse,
    words_of,
)

BRIDGE, ROAD = Words("bridge"), Words("road")
ROW: dict[str, Any] = {
    "agency": "uza", "edition": "en", "language": "en", "category": {"name": "Society"},
    "published_at": "2024-05-03T10:00:00+05:00", "change": "edited", "changed_fields": ["title"],
    "title": "A new bridge", "body": "Children read in the libraries.\n\nNothing else is known.",
    "authors": [{"name": "Zilola Qodirova"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("... ()", None),
        ("bridge", BRIDGE),
        ("bridge AND road", All((BRIDGE, ROAD))),
        ("bridge -road", All((BRIDGE, Not(ROAD)))),
        ("bridge OR road", Either((BRIDGE, ROAD))),
        ("new bridge OR road", All((Words("new"), Either((BRIDGE, ROAD))))),
        ("(new bridge) OR road", Either((All((Words("new"), BRIDGE)), ROAD))),
        ("-(bridge OR road)", Not(Either((BRIDGE, ROAD)))),
        ('"new road" -"old road"', All((Words("new road", None, True),
                                        Not(Words("old road", None, True))))),
        ("title:bridge", Words("bridge", "title")),
        ('author:"Zilola Q."', Words("Zilola Q.", "author", True)),
        ("edition:EN agency:uza", All((Filter("edition", "en"), Filter("agency", "uza")))),
        ("after:2024 before:2024-06", All((Published("after", "2024-01-01"),
                                           Published("before", "2024-06-01")))),
        ("before:2024-06-15", Published("before", "2024-06-15")),
        ("on:2024", All((Published("after", "2024-01-01"), Published("before", "2025-01-01")))),
        ("on:2023", All((Published("after", "2023-01-01"), Published("before", "2024-01-01")))),
        ("on:2024-02", All((Published("after", "2024-02-01"), Published("before", "2024-03-01")))),
        ("on:2023-12", All((Published("after", "2023-12-01"), Published("before", "2024-01-01")))),
        ("on:2024-04", All((Published("after", "2024-04-01"), Published("before", "2024-05-01")))),
        ("on:2024-12-31", All((Published("after", "2024-12-31"),
                               Published("before", "2025-01-01")))),
        ("is:edited changed:title", All((Filter("is", "edited"), Filter("changed", "title")))),
        # what somebody pasted or wrote is no filter
        ("uza:909302", Words("uza:909302")),
        ("https://uza.uz/en/posts/1", Words("https://uza.uz/en/posts/1")),
        ("well-known", Words("well-known")),
        ("2023--2024", Words("2023--2024")),
        # nothing that is left open or stands alone does harm
        ("OR bridge OR", BRIDGE),
        (") bridge ) (road", All((BRIDGE, ROAD))),
        ('"bridge', Words("bridge", None, True)),
        ("- bridge", BRIDGE),
        ("title: bridge", All((Words("title:"), BRIDGE))),
    ],
)  # fmt: skip
def test_a_query_becomes_a_tree(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("after:yesterday", "after:yesterday is not a day; write 2024, 2024-05 or 2024-05-31"),
        ("before:2024-13", "before:2024-13 is not a day"),
        ("after:2024-W01", "after:2024-W01 is not a day"),
        ("on:9999", "on:9999 is not a day"),
        ("on:2024-0", "on:2024-0 is not a day"),
        ("on:2024-05-0", "on:2024-05-0 is not a day"),
        ("is:new", "is:new is not known; there are is:edited and is:gone"),
        ("(" * 50 + "bridge", "more than 20 brackets within brackets"),
        ("a " * 101, "the search has 101 parts; at most 100"),
        ("a" * (LONGEST + 1), "the search has 1,001 letters; at most 1,000"),
    ],
)
def test_a_query_without_sense_says_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(BadQuery, match=message):
        parse(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bridge", True),
        ("BRIDGES", True),
        ("library", True),
        ("libraries", True),
        ("child", True),
        ('"child"', False),
        ('"read in the libraries"', True),
        ('"in read"', False),
        ("else nothing", True),
        ("bridge -library", False),
        ("bridge -school", True),
        ("school OR library", True),
        ("title:library", False),
        ("title:bridge author:Zilola", True),
        ("author:Зилола", True),
        ("author:bridge", False),
        ("agency:uza edition:en", True),
        ("edition:uz", False),
        ("-edition:uz", True),
        ("category:society year:2024 language:en", True),
        ("after:2024-05-03 before:2024-05-04", True),
        ("before:2024-05-03", False),
        ("is:edited changed:title", True),
        ("is:gone", False),
        ("changed:body", False),
    ],
)
def test_a_version_is_what_a_query_looks_for_or_is_not(text: str, wanted: bool) -> None:
    query = parse(text)
    assert query is not None
    assert matches(query, document(ROW)) is wanted


def test_an_undated_version_is_neither_before_nor_after() -> None:
    undated = document(ROW | {"published_at": None})
    assert not any(
        matches(Published(limit, "2024-01-01"), undated) for limit in ("after", "before")
    )


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("uz-Latn", ["kutubxona", "kutubxonalar", "kutubxonalarda", "kutubxonasi", "кутубхоналар"]),
        ("uz-Cyrl", ["ўқувчи", "ўқувчилар", "o'quvchi", "oʻquvchilarning"]),
        ("ru", ["библиотека", "библиотеки", "библиотеках", "библиотеками", "библиотеку"]),
        ("ar", ["مكتبة", "المكتبة", "والمكتبة", "مَكْتَبَة", "مكتبات", "للمكتبة"]),
        ("ar", ["أخبار", "الأخبار", "اخبار"]),
        ("en", ["ministry", "ministries", "Ministry’s"]),
        ("en", ["student", "students", "Students"]),
        ("en", ["decide", "decides", "decided", "deciding"]),
        ("es", ["biblioteca", "bibliotecas"]),
        ("es", ["ministro", "ministros", "ministra"]),
        ("es", ["decidió", "decidieron", "decidido"]),
        ("fr", ["école", "écoles", "ecole"]),
        ("fr", ["journal", "journaux"]),
        ("de", ["Haus", "Häuser", "Hauses", "Häusern"]),
        ("de", ["Bücher", "Büchern"]),
        ("it", ["decise", "decisa", "decisi"]),
        ("it", ["banca", "banche"]),
        ("pl", ["miasto", "miasta", "miastami", "miastach"]),
        ("tr", ["kitap", "kitaplar", "kitaplarda"]),
        ("id", ["bukunya", "buku"]),
        ("fa", ["کتاب", "کتابها", "کتاب‌ها"]),
        ("bs", ["grada", "gradu", "gradom"]),
        ("ru", ["решил", "решила", "решили"]),
        ("ar", ["كتاب", "كتابهم"]),
    ],
)
def test_a_word_is_found_with_other_endings(language: str, texts: list[str]) -> None:
    for text in texts:
        version = document(ROW | {"language": language, "title": text, "body": ""})
        missed = [each for each in texts if not matches(Words(each), version)]
        assert not missed, text


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("ru", ["Пётр Семёнов ушёл", "Петр Семенов ушел"]),
        ("ru", ["лёд", "лед"]),
        ("uz-Cyrl", ["Мирзиёев", "Mirziyoyev"]),
        ("ar", ["كتاب", "کتاب"]),
        ("fa", ["علی", "علي"]),
        ("ar", ["عام ١٩٩١", "عام 1991"]),
        ("fa", ["سال ۱۹۹۱", "سال 1991"]),
        ("de", ["Straße", "Strasse", "STRASSE"]),
    ],
)
def test_words_names_and_phrases_are_found_in_either_spelling(
    language: str, texts: list[str]
) -> None:
    for text in texts:
        version = document(ROW | {"language": language, "title": text,
                                  "authors": [{"name": text}]})  # fmt: skip
        for each in texts:
            for field in ("title", "author"):
                assert matches(Words(each, field), version), (text, each, field)
                assert matches(Words(each, field, is_phrase=True), version), (text, each, field)


def test_a_long_phrase_is_not_looked_for_in_thousands_of_spellings() -> None:
    assert len(forms(Words(" ".join(["переделенные"] * 80), is_phrase=True))) <= 64


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "A communist rally", "communication"),  # both begin with the French stem commun
        ("en", "Ten cents", "center"),  # cent by the German rules
        ("de", "Viele Leute", "leuchten"),
        ("en", "Students read", "studio"),
        ("en", "the man", "many"),
        ("uz-Latn", "banche", "banca"),  # Italian words in a text that is not
        (None, "banche", "banca"),
    ],
)
def test_a_word_with_another_stem_in_the_language_of_the_text_is_not_found(
    language: str | None, text: str, word: str
) -> None:
    version = document(ROW | {"language": language, "title": text, "body": ""})
    assert not matches(Words(word), version)


@pytest.mark.parametrize("query", ['"banca"', "author:banca", "title:banca", "banca-nuova"])
def test_phrases_names_and_other_fields_are_not_found_by_stems(query: str) -> None:
    version = document(ROW | {"language": "it", "title": "Nulla", "body": "Le banche.",
                              "authors": [{"name": "Banche"}]})  # fmt: skip
    tree = parse(query)
    assert tree is not None
    assert not matches(tree, version)
    assert matches(Words("banca"), version)


def test_words_to_mark_are_those_that_what_is_found_has() -> None:
    query = parse('title:bridge (road OR "new school") -library edition:en')
    assert [words.text for words in words_of(query)] == ["bridge", "road", "new school"]
    assert list(words_of(None)) == []


@pytest.mark.parametrize(("text", "wanted"), [("a b", False), ("a (b OR -c)", True), ("-a", True)])
def test_whether_anything_must_not_hold_is_told(text: str, wanted: bool) -> None:
    query = parse(text)
    assert query is not None
    assert has_not(query) is wanted
