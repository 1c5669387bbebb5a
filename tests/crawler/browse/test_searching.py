import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from crawler.browse.index import bring_up_to_date
from crawler.browse.search import Asked, excerpt, match_of, search
from crawler.model.article import Label, Person
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from tests.crawler.archives import store
from tests.crawler.browse.archives import archive_in


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = archive_in(tmp_path_factory.mktemp("searched"))
    with ArchiveReader(folder) as reader:
        bring_up_to_date(reader, folder / "browse.sqlite")
    with closing(sqlite3.connect(folder / "browse.sqlite")) as opened:
        yield opened


def ids(database: sqlite3.Connection, words: str, **facets: str) -> list[str]:
    return [article["id"] for article in search(database, Asked(words, facets)).articles]


@pytest.mark.parametrize(
    "word", ["Oʻzbekiston", "O'zbekiston", "O‘zbekiston", "Ўзбекистон", "ўзбекистон", "OZBEKISTON"]
)
def test_a_word_is_found_by_any_of_its_spellings(database: sqlite3.Connection, word: str) -> None:
    assert ids(database, word) == ["uza:2", "uza:1"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("кутубхона", ["uza:2", "uza:1"]),  # with its endings
        ("Anorzorova", ["uza:2", "uza:1"]),
        ("people bridge", ["uza:3"]),
        ("people library", []),
        ('"built the bridge"', ["uza:3"]),
        ('"the built bridge"', []),
        ("ten", ["uza:3"]),
        ("nine", []),  # that version is superseded
        ("script", ["uza:5"]),
        ("edition", []),  # a facet's word is no word of a text
        ("...", []),
        ('" OR 1', []),
        ("title:bridge NEAR(", []),
    ],
)
def test_every_word_has_to_occur_and_no_sign_is_a_command(
    database: sqlite3.Connection, words: str, wanted: list[str]
) -> None:
    assert ids(database, words) == wanted


def test_facets_narrow_a_search_and_are_counted(database: sqlite3.Connection) -> None:
    found = search(database, Asked("китоб"))
    assert found.total == 2
    assert found.facets["edition"] == [("oz", 1), ("uz", 1)]
    assert found.facets["year"] == [("2024", 2)]
    # an author of two scripts is one
    assert [number for _, number in found.facets["author"]] == [2]
    assert ids(database, "китоб", edition="oz") == ["uza:2"]
    assert ids(database, "", author="Malika Anorzorova", year="2024") == ["uza:2", "uza:1"]
    assert ids(database, "", year="2023") == ["uza:4"]
    assert ids(database, "", edition="de") == []


SPELLINGS = {
    "uz-Cyrl": ("Янги чорак бошланди", "Ғайрат Чўлпонзода", "Ўқиш"),
    "uz-Latn": ("Yangi chorak boshlandi", "Gʻayrat Choʻlponzoda", "Oʻqish"),
    "uz-Latn-2026": ("Yangi çorak boşlandi", "Ğayrat Çölponzoda", "Öqiş"),
}


@pytest.fixture(scope="module")
def respelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("respelled") / "uza"
    archive = Archive(folder)
    for number, (tag, (title, author, section)) in enumerate(SPELLINGS.items(), 1):
        language = tag.removesuffix("-2026")
        store(archive, number, title=title, language=language, authors=[Person(author)],
              category=Label(section))  # fmt: skip
    store(archive, 4, title="Une leçon de français à Şehir", language="fr")
    archive.close()
    with ArchiveReader(folder) as reader:
        bring_up_to_date(reader, folder / "browse.sqlite")
    with closing(sqlite3.connect(folder / "browse.sqlite")) as opened:
        yield opened


@pytest.mark.parametrize(
    "words",
    [
        *(word for title, author, _ in SPELLINGS.values() for word in (title, author)),
        "чорак",
        "çorak",
        "gʻayrat",
    ],
)
def test_uzbek_is_found_in_all_three_spellings_by_each(
    respelled: sqlite3.Connection, words: str
) -> None:
    assert sorted(ids(respelled, words)) == ["uza:1", "uza:2", "uza:3"]


@pytest.mark.parametrize("kind", ["author", "category"])
def test_an_author_or_a_section_of_three_spellings_is_one(
    respelled: sqlite3.Connection, kind: str
) -> None:
    assert [number for _, number in search(respelled, Asked("chorak")).facets[kind]] == [3]


@pytest.mark.parametrize("word", ["leçon", "lecon", "sehir", "şehir", "FRANÇAIS"])
def test_other_languages_are_found_without_their_accents(
    respelled: sqlite3.Connection, word: str
) -> None:
    assert ids(respelled, word) == ["uza:4"]


def test_a_search_for_nothing_finds_nothing() -> None:
    assert match_of(Asked("")) is None
    assert match_of(Asked(" ?! ", {"edition": "en"})) is None


def test_an_excerpt_is_the_paragraph_with_the_words_which_are_marked() -> None:
    pieces = list(excerpt("Birinchi.\n\nYangi kutubxonada o‘n ming kitob bor.", "кутубхона китоб"))
    assert "".join(piece for piece, _ in pieces) == "Yangi kutubxonada o‘n ming kitob bor."
    assert [piece for piece, found in pieces if found] == ["kutubxonada", "kitob"]
    marked = excerpt("Yangi çorak boşlandi.", "бошланди чорак")
    assert [piece for piece, found in marked if found] == ["çorak", "boşlandi"]
    assert list(excerpt("", "word")) == []
    assert [found for _, found in excerpt("No words asked for.", "")].count(True) == 0
