from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("tantivy", reason="tantivy is not installed: make data")
from crawler.browse.search import Asked, Library, excerpt, marked, search
from crawler.model.article import Image, Label, Person
from crawler.store.archive import Archive
from crawler.text.search_query import Document, parse, words_of
from tests.crawler.archives import store
from tests.crawler.browse.archives import LATER, archive_in, opened


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = archive_in(tmp_path_factory.mktemp("searched"))
    with opened(folder) as library:
        yield library


def ids(library: Library, words: str, **facets: str) -> list[str]:
    return [article["id"] for article in search(library, Asked(words, facets)).articles]


@pytest.mark.parametrize(
    "word", ["Oʻzbekiston", "O'zbekiston", "O‘zbekiston", "Ўзбекистон", "ўзбекистон", "OZBEKISTON"]
)
def test_a_word_is_found_by_any_of_its_spellings(library: Library, word: str) -> None:
    assert ids(library, word) == ["uza:2", "uza:1"]


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
        ("nine", ["uza:3"]),  # in a version that was superseded
        ("nine ten", []),  # no version has both
        ("nine OR road", ["uza:3", "uza:4"]),
        ('"nine people"', ["uza:3"]),
        ("nine -ten", ["uza:3"]),
        ("title:nine", []),
        ("people -ten", ["uza:3"]),
        ("people -bridge", []),
        ("bridge -people", []),
        ("kutubxona OR bridge", ["uza:3", "uza:2", "uza:1"]),
        ("kitob -edition:oz", ["uza:1"]),
        ("title:people", []),
        ("author:Malika edition:uz", ["uza:1"]),
        ("after:2024 before:2025", ["uza:2", "uza:1"]),
        ("on:2024-05-01", ["uza:2", "uza:1"]),
        ("before:2023", ["uza:5", "uza:6"]),
        ("is:edited", ["uza:3", "uza:5"]),
        ("is:gone", ["uza:4"]),
        ("is:gone bridge", []),
        ("changed:body", ["uza:3"]),
        ("3", ["uza:3"]),
        ("uza:3", ["uza:3"]),
        ("https://uza.uz/en/posts/a-bridge_3?utm=1", ["uza:3"]),
        ("uza.uz/posts/a-bridge_3", ["uza:3"]),
        ("https://example.org/posts/a-bridge_3", []),
        ("after:never", []),
        ("script", ["uza:5"]),
        ("edition", []),  # a facet's word is no word of a text
        ("...", []),
        ('" OR 1', []),
        ("title:bridge NEAR(", []),
        ("title:bridge", ["uza:3"]),
    ],
)
def test_every_word_has_to_occur_and_no_sign_is_a_command(
    library: Library, words: str, wanted: list[str]
) -> None:
    assert ids(library, words) == wanted


def test_facets_narrow_a_search_and_are_counted(library: Library) -> None:
    found = search(library, Asked("китоб"))
    assert found.total == 2
    assert found.facets["edition"] == [("oz", 1), ("uz", 1)]
    assert found.facets["year"] == [("2024", 2)]
    # an author of two scripts is one
    assert [number for _, number in found.facets["author"]] == [2]
    assert ids(library, "китоб", edition="oz") == ["uza:2"]
    assert ids(library, "", author="Malika Anorzorova", year="2024") == ["uza:2", "uza:1"]
    assert ids(library, "", year="2023") == ["uza:4"]
    assert ids(library, "", edition="de") == []


SPELLINGS = {
    "uz-Cyrl": ("Янги чорак бошланди", "Ғайрат Чўлпонзода", "Ўқиш"),
    "uz-Latn": ("Yangi chorak boshlandi", "Gʻayrat Choʻlponzoda", "Oʻqish"),
    "uz-Latn-2026": ("Yangi çorak boşlandi", "Ğayrat Çölponzoda", "Öqiş"),
}


@pytest.fixture(scope="module")
def respelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("respelled") / "uza"
    archive = Archive(folder)
    for number, (tag, (title, author, section)) in enumerate(SPELLINGS.items(), 1):
        language = tag.removesuffix("-2026")
        store(archive, number, title=title, language=language, authors=[Person(author)],
              category=Label(section))  # fmt: skip
    store(archive, 4, title="Une leçon de français à Şehir", language="fr")
    archive.close()
    with opened(folder) as library:
        yield library


@pytest.mark.parametrize(
    "words",
    [
        *(word for title, author, _ in SPELLINGS.values() for word in (title, author)),
        "чорак",
        "çorak",
        "gʻayrat",
    ],
)
def test_uzbek_is_found_in_all_three_spellings_by_each(respelled: Library, words: str) -> None:
    assert sorted(ids(respelled, words)) == ["uza:1", "uza:2", "uza:3"]


def test_what_is_only_in_another_alphabet_is_not_found_as_changed(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    again = {"version": 2, "changed_fields": ["title"], "fetched_at": LATER, "language": "uz-Latn"}
    (old, _, _), (new, _, _) = SPELLINGS["uz-Latn"], SPELLINGS["uz-Latn-2026"]
    for number, change in enumerate(("edited", "respelled"), 1):
        store(archive, number, title=old, language="uz-Latn")
        store(archive, number, title=new, change=change, **again)
    archive.close()
    with opened(tmp_path / "uza") as library:
        assert sorted(ids(library, "chorak")) == ["uza:1", "uza:2"]
        assert ids(library, "changed:title") == ids(library, "is:edited") == ["uza:1"]


@pytest.mark.parametrize("kind", ["author", "category"])
def test_an_author_or_a_section_of_three_spellings_is_one(respelled: Library, kind: str) -> None:
    assert [number for _, number in search(respelled, Asked("chorak")).facets[kind]] == [3]


@pytest.mark.parametrize("word", ["leçon", "lecon", "sehir", "şehir", "FRANÇAIS"])
def test_other_languages_are_found_without_their_accents(respelled: Library, word: str) -> None:
    assert ids(respelled, word) == ["uza:4"]


def stories(archive: Archive) -> None:
    """Record articles in three languages; an edit took a word out of one."""
    for number, (language, title, body) in enumerate(
        [("it", "Le banche", "Un ponte."), ("de", "Alte Häuser", "Die Zeitungen berichten."),
         ("fr", "Un pont", "Les journaux du matin."), ("en", "Houses", "The bank decided.")], 1,
    ):  # fmt: skip
        store(archive, number, title=title, body=body, language=language)
    store(archive, 4, version=2, change="edited", title="Houses", body="The bank waits.",
          language="en", fetched_at=LATER)  # fmt: skip


@pytest.fixture(scope="module")
def told_in_four_languages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("stories") / "uza"
    archive = Archive(folder)
    stories(archive)
    archive.close()
    with opened(folder) as library:
        yield library


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("banca", ["uza:1"]),
        ("title:banca", ["uza:1"]),
        ("Haus", ["uza:2"]),
        ("journal", ["uza:3"]),
        ("title:journal", []),
        ("author:journal", []),
        ("journal -language:fr", []),
        ("journal OR Haus", ["uza:2", "uza:3"]),
        ('"journal"', []),
        ("deciding", ["uza:4"]),  # in the version that was superseded
        ("-deciding bank", ["uza:4"]),
        ("waited", ["uza:4"]),
    ],
)
def test_a_word_is_found_with_the_endings_of_the_language_of_each_text(
    told_in_four_languages: Library, words: str, wanted: list[str]
) -> None:
    for is_ranked in (True, False):
        found = search(told_in_four_languages, Asked(words, is_ranked=is_ranked)).articles
        assert sorted(article["id"] for article in found) == wanted
    if words == "deciding":
        assert found[0]["found_in"]["version"] == 1
        (piece,) = [word for word, is_hit in excerpt(
            found[0]["body"], list(words_of(parse(words))), "en") if is_hit]  # fmt: skip
        assert piece == "decided"


def test_a_search_for_nothing_finds_nothing(library: Library) -> None:
    assert Asked("").is_empty
    assert search(library, Asked(" ?! ", {"edition": "en"})).total == 0
    assert str(Asked("after:never").problem).startswith("after:never is not a day")


def test_a_hit_in_a_superseded_version_says_when_it_was_edited_out(library: Library) -> None:
    found = search(library, Asked("nine"))
    (article,) = found.articles
    assert found.total == 1
    assert article["found_in"] == {"version": 1, "change": "edited", "at": LATER}
    assert article["body"].startswith("Nine people")
    assert found.facets["agency"] == [("uza", 1)]
    assert found.facets["edition"] == [("en", 1)]
    assert found.facets["year"] == [("2025", 1)]
    assert search(library, Asked("nine", {"edition": "en"})).total == 1
    assert search(library, Asked("nine", {"edition": "oz"})).total == 0
    (article,) = search(library, Asked("people")).articles  # in both, so as it is now
    assert "found_in" not in article
    assert article["body"].startswith("Ten people")


def edits(archive: Archive) -> None:
    """Record an article with three versions, and others around it."""
    for version, (title, body, change) in enumerate(
        [("Harbour", "Old pier.", "new"), ("Harbour opened", "Old pier.", "edited"),
         ("Harbour opened", "A pier.", "reparsed")], 1,
    ):  # fmt: skip
        store(archive, 1, title=title, body=body, version=version, change=change,
              changed_fields=["title"] if version == 2 else [], published_at="2024-01-01",
              fetched_at=f"2026-11-0{version}T00:00:00Z",
              images=[Image("https://uza.uz/a.jpg")])  # fmt: skip
    for version, body in enumerate(("Red green blue.", "Green red blue."), 1):
        store(archive, 4, title="Colours", body=body, version=version,
              change=("new", "edited")[version - 1], fetched_at=f"2026-11-0{version}T00:00:00Z",
              published_at="2022-01-01")  # fmt: skip
    store(archive, 2, title="Old harbour", body="Nothing.", published_at="2025-01-01")
    store(archive, 3, title="Ships", body="A harbour and a harbour.", published_at="2026-01-01")


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("edited") / "uza"
    archive = Archive(folder)
    edits(archive)
    archive.close()
    with opened(folder) as library:
        yield library


def test_the_latest_version_that_has_the_words_is_shown_with_what_came_after(
    edited: Library,
) -> None:
    found = search(edited, Asked("old pier"))
    (article,) = found.articles
    assert (found.total, article["title"]) == (1, "Harbour opened")
    assert article["found_in"] == {
        "version": 2, "change": "reparsed", "at": "2026-11-03T00:00:00Z",
    }  # fmt: skip
    assert ids(edited, "old") == ["uza:2", "uza:1"]  # one as it is, one as it was
    assert search(edited, Asked("old")).facets["agency"] == [("uza", 2)]
    assert ids(edited, "changed:title") == ["uza:1"]


def test_the_newest_come_first_or_those_with_the_very_word_in_the_headline(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "uza")
    store(archive, 1, title="A new harbour", body="Nothing.", published_at="2024-01-01")
    store(archive, 2, title="Ships in harbours", body="Nothing.", published_at="2025-01-01")
    store(archive, 12, title="Harbour, harbour", body="Nothing.", published_at="2023-01-01")
    store(archive, 12, title="Pier", body="Nothing.", version=2, change="edited",
          published_at="2023-01-01", fetched_at=LATER)  # fmt: skip
    for number in range(3, 12):
        store(archive, number, body="Ships left a harbour again.",
              published_at=f"2026-01-{number:02}")  # fmt: skip
    archive.close()
    with opened(tmp_path / "uza") as library:
        assert ids(library, "harbour")[0] == "uza:11"
        ranked = search(library, Asked("harbour", is_ranked=True)).articles
        assert [article["id"] for article in ranked][:2] == ["uza:1", "uza:2"]


def test_a_phrase_is_found_that_an_edit_put_into_another_order(edited: Library) -> None:
    (article,) = search(edited, Asked('"red green"')).articles
    assert (article["id"], article["found_in"]["version"]) == ("uza:4", 1)
    (article,) = search(edited, Asked("red green")).articles
    assert "found_in" not in article
    (article,) = search(edited, Asked("colours -nothing blue")).articles
    assert "found_in" not in article


def test_pages_follow_each_other_without_a_gap_or_an_article_twice(edited: Library) -> None:
    for is_ranked in (False, True):
        pages = [search(edited, Asked("old OR harbour", page=page, is_ranked=is_ranked), most=1)
                 for page in (1, 2, 3, 4)]  # fmt: skip
        shown = [article["id"] for page in pages for article in page.articles]
        assert sorted(shown) == ["uza:1", "uza:2", "uza:3"]
        assert {page.total for page in pages} == {3}


def shown(pieces: list[tuple[str, bool]]) -> str:
    return "".join(f"[{piece}]" if found else piece for piece, found in pieces)


@pytest.mark.parametrize(
    ("text", "query", "language", "wanted"),
    [
        ("New libraries open", "library", "en", "New [libraries] open"),
        ("New library opens", "libraries", "en", "New [library] opens"),
        ("The new bridge", '"new bridge"', "en", "The [new][ ][bridge]"),
        ("new, old bridge", '"new bridge"', "en", "new, old bridge"),
        ("北京新图书馆开放", "图书馆", "zh", "北京新[图][书][馆]开放"),
        ("Yangi çorak boşlandi.", "бошланди чорак", "uz-Latn", "Yangi [çorak] [boşlandi]."),
        ("في المكتبة", "مكتبة", "ar", "في [المكتبة]"),
        ("Die Häuser am Fluss", "Haus", "de", "Die [Häuser] am Fluss"),
        ("Die Häuser am Fluss", '"Haus"', "de", "Die Häuser am Fluss"),
        ("La banque et le journal", "journaux", "fr", "La banque et le [journal]"),
        ("La banque et le journal", "journaux", "uz-Latn", "La banque et le journal"),
        ("ten people", "-ten people", "en", "ten [people]"),
        ("ten people", "", "en", "ten people"),
    ],
)
def test_what_was_looked_for_is_marked(text: str, query: str, language: str, wanted: str) -> None:
    assert shown(marked(text, words_of(parse(query)), language)) == wanted


def excerpted(text: str, query: str) -> str:
    return shown(excerpt(text, list(words_of(parse(query))), "uz-Latn"))


def test_an_excerpt_is_the_paragraph_with_the_words_around_the_first() -> None:
    text = "Birinchi.\n\nYangi kutubxonada o‘n ming kitob bor."
    wanted = "Yangi [kutubxonada] o‘n ming [kitob] bor."
    assert excerpted(text, "кутубхона китоб") == wanted
    assert excerpted("", "word") == ""
    assert excerpted("No words asked for.", "") == "No words asked for."
    late = f"{'alpha ' * 200}bridge {'omega ' * 200}"
    assert excerpted(late, "bridge").startswith("… ")
    assert "alpha [bridge] omega" in excerpted(late, "bridge")
    assert excerpted(late, "bridge").endswith(" …")
    assert len(excerpted(late, "bridge")) < 450


@given(st.text(max_size=80) | st.lists(
    st.sampled_from(['"', "(", ")", "-", "OR", "AND", "title:", "after:2024", "is:edited", "nine",
                     "bridge", "uza:", "https://uza.uz/", "图书", "\u202e", "٣", "ﬁ", "_", "\x00"]),
    max_size=12).map(" ".join))  # fmt: skip
def test_whatever_is_asked_there_is_an_answer(library: Library, words: str) -> None:
    for is_ranked in (False, True):
        asked = Asked(words, is_ranked=is_ranked)
        found = search(library, asked)
        assert found.total >= len(found.articles)
        for article in found.articles:
            excerpt(article["body"], asked.marked, article["language"])


@pytest.mark.parametrize("words", ["a" * 1000, "x" * 999 + "*", "и" * 1000, "-" * 99, "(" * 20])
def test_a_long_word_is_just_not_found(library: Library, words: str) -> None:
    assert search(library, Asked(words)).total == 0


@pytest.mark.parametrize("words", ["harbour", "pier OR harbour", "harb", "title:harbour"])
def test_what_all_versions_have_changes_no_rank(tmp_path: Path, words: str) -> None:
    from crawler.browse.engine import FACETS, Engine, Sought

    engine, everywhere = Engine(tmp_path), ("edition", "en")
    for place, (title, body) in enumerate(
        [(" harbours ", " harbour pier "), (" pier ", " harbours harbours "), (" ships ", " harb ")]
    ):
        version = Document(title, body, " ", frozenset({everywhere}), "2024-01-01")
        engine.add(version, (f"uza:{place}", place, 1), [], dict.fromkeys(FACETS))
    engine.commit()
    alone = engine.find(Sought(parse(words)), 9, ranked=True)
    beside = engine.find(Sought(parse(words), (everywhere,)), 9, ranked=True)
    assert alone
    assert [hit.place for hit in beside] == [hit.place for hit in alone]
    assert [hit.order for hit in beside] == pytest.approx([hit.order for hit in alone])
