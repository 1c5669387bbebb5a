import shutil
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest

pytest.importorskip("tantivy", reason="tantivy is not installed: make data")
from crawler.browse.engine import FACETS, Engine, Sought
from crawler.browse.index import DATABASE, WORDS, bring_up_to_date, first_place
from crawler.browse.search import Asked, Library, search
from crawler.errors import StorageError
from crawler.model.article import Translation
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.text.search_query import Words, document
from tests.crawler.archives import article, store
from tests.crawler.browse.archives import LATER, archive_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return archive_in(tmp_path)


def bring(folder: Path) -> int:
    with ArchiveReader(folder) as reader:
        return bring_up_to_date([reader], folder)


def tables(folder: Path) -> dict[str, list[Any]]:
    """Return all that a reader can find: every table, and where every word stands."""
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        names = ("article", "version", "translation", "month_count", "agency", "meta")
        found = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    engine = Engine(folder / WORDS)
    for word in ("bridge", "kutubxonasi", "matn", "people", "road", "nine", "koprik"):
        sought = Sought(Words(word))
        hits = [*engine.find(sought, 99, ranked=False), *engine.find_old(sought, 99, ranked=False)]
        found[f"word {word}"] = [hit[1:] for hit in hits]
    return found


def found(folder: Path, words: str) -> list[str]:
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        library = Library(Engine(folder / WORDS), database)
        return [article["id"] for article in search(library, Asked(words)).articles]


def test_thousands_of_articles_without_a_time_get_places_without_a_search_for_a_free_one() -> None:
    undated = {first_place(None, f"uza:{number}") for number in range(5_000)}
    assert len(undated) == 5_000
    seconds = [f"2026-01-01T00:00:0{second}Z" for second in range(3)]
    for earlier, later in pairwise([None, *seconds]):
        places = {first_place(later, f"uza:{number}") for number in range(100)}
        assert max(first_place(earlier, f"uza:{number}") for number in range(100)) < min(places)


def change(folder: Path) -> None:
    archive = Archive(folder)
    again = {"version": 2, "change": "edited", "fetched_at": LATER, "edition": "oz"}
    store(archive, 2, title="Koʻprik", body="Boshqa matn.", published_at="2024-06-01", **again)
    new = {"edition": "en", "translations": [Translation("uza:3")]}
    store(archive, 9, title="Another bridge", body="New.", published_at="2026-01-01", **new)
    archive.close()


def test_what_the_journal_gained_is_taken_in_as_if_all_were_made_again(folder: Path) -> None:
    assert bring(folder) == 6
    assert bring(folder) == 0
    change(folder)
    assert bring(folder) == 2
    grown = tables(folder)
    assert found(folder, "kutubxona") == ["uza:2", "uza:1"]  # the first as it was
    assert found(folder, "kutubxona matn") == []
    assert found(folder, "кўприк") == ["uza:2"]
    (folder / DATABASE).unlink()
    assert bring(folder) == 7
    anew = tables(folder)
    assert {name: sorted(rows) for name, rows in grown.items()} == {
        name: sorted(rows) for name, rows in anew.items()
    }


def test_a_version_that_was_withdrawn_cannot_be_found_any_more(folder: Path) -> None:
    bring(folder)
    assert found(folder, "bridge") == ["uza:3"]
    archive = Archive(folder)
    gone = {"change": "withdrawn", "version": 3, "fetched_at": LATER, "edition": "en"}
    store(archive, 3, title="withdrawn", body="", reason="a court order", **gone)
    archive.ledger.database.execute("DELETE FROM version WHERE article_id = 'uza:3' AND number < 3")
    archive.close()
    assert bring(folder) == 6  # all is made again: a forgotten word would stay in a file
    assert found(folder, "bridge") == []
    assert [row[1] for row in tables(folder)["version"] if row[0] == "uza:3"] == [3]
    assert not [path for path in (folder / WORDS).rglob("*") if b"bridg" in path.read_bytes()]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    (tmp_path / "other").mkdir()
    return archive_in(tmp_path / "other")


def test_a_database_of_another_ledger_or_layout_is_made_again(
    folder: Path, elsewhere: Path
) -> None:
    bring(elsewhere)
    (elsewhere / DATABASE).rename(folder / DATABASE)
    assert bring(folder) == 6
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        database.execute("UPDATE meta SET value = '0' WHERE key = 'layout'")
    assert bring(folder) == 6
    assert bring(folder) == 0


@pytest.mark.parametrize("harm", ["gone", "damaged", "of another kind", "of another time"])
def test_an_index_that_does_not_belong_to_the_database_is_made_again(
    folder: Path, tmp_path: Path, harm: str
) -> None:
    bring(folder)
    before, words = tables(folder), folder / WORDS
    if harm == "of another time":  # as if a process was killed between the two
        engine = Engine(words)
        engine.add(
            document(msgspec.to_builtins(article(9))), ("uza:9", 1, 1), [], dict.fromkeys(FACETS)
        )
        engine.commit()
    elif harm == "damaged":
        (words / "meta.json").write_text("{")
    else:
        shutil.rmtree(words)
    if harm == "of another kind":
        import tantivy

        words.mkdir()
        builder = tantivy.SchemaBuilder().add_text_field("title")
        tantivy.Index(builder.build(), path=str(words))
    assert bring(folder) == 6
    assert tables(folder) == before
    assert bring(folder) == 0


def fail(_: object) -> None:
    raise OSError("no room")


def test_a_failure_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(folder)
    before = tables(folder)
    change(folder)
    with monkeypatch.context() as patch:
        patch.setattr("crawler.browse.index._Filling._count", fail)
        with pytest.raises(OSError, match="no room"):
            bring(folder)
    assert tables(folder) == before
    assert bring(folder) == 2


def test_a_line_of_a_newer_schema_is_named_and_taken_in_once_it_is_known(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(folder)
    before = tables(folder)
    with closing(Archive(folder)) as archive:
        store(archive, 9, schema="1.10")
    with pytest.raises(StorageError, match=r"uza:9 version 1 is of schema 1\.10"):
        bring(folder)
    assert tables(folder) == before
    monkeypatch.setattr("crawler.model.schema.SCHEMA", "1.10")
    assert bring(folder) == 1


@pytest.mark.parametrize("damaged", [b"{schema", b'{"scheme"', b'{"schema":"1.x"'])
def test_a_line_that_is_no_row_is_told_with_the_way_out(folder: Path, damaged: bytes) -> None:
    (journal,) = (folder / "journal").glob("*.jsonl")
    journal.write_bytes(damaged + journal.read_bytes()[len(damaged) :])
    with pytest.raises(
        StorageError, match=r"(is no row|cannot be read) .+ rebuild uza --skip-damaged"
    ):
        bring(folder)
