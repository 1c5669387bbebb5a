"""Feeds tell what the site did, from the archive alone, and readers of feeds can read them."""

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest

from crawler.errors import DamagedVersion, UsageError
from crawler.feeds.collect import MOST, Feeds, Wanted
from crawler.feeds.files import write_feeds
from crawler.feeds.saved_searches import SavedSearch
from crawler.model.article import Person
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.text.search_query import parse
from tests.crawler.archives import store
from tests.crawler.feeds.archives import ago
from tests.crawler.feeds.valid import check_atom, check_json_feed

ADDRESS = "https://feeds.example.org"
ROOM = "https://room.example.org"


def written(folder: Path, **wanted: Any) -> dict[str, bytes]:
    """Return the files of the feeds by their names."""
    out = folder.parent / "feeds"
    with ArchiveReader(folder) as reader:
        write_feeds(Feeds([reader], Wanted(**wanted)), out)
    paths = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


def items(files: dict[str, bytes], name: str) -> list[Any]:
    told = json.loads(files[f"{name}.json"])["items"]
    assert isinstance(told, list)
    return told


def told(files: dict[str, bytes], name: str) -> list[tuple[str, int, str]]:
    """Return of which versions a feed tells; as Atom it tells of the same."""
    found = items(files, name)
    read = feedparser.parse(files[f"{name}.atom"])
    assert not read.bozo
    assert [entry.id for entry in read.entries] == [item["id"] for item in found]
    records = [item["_archive"] for item in found]
    return [(record["id"], record["version"], record["change"]) for record in records]


def test_each_feed_tells_of_its_kind_of_change_newest_first(archive: Archive) -> None:
    files = written(archive.folder)
    new = [("uza:3", 1, "new"), ("uza:2", 1, "new"), ("uza:1", 1, "new")]
    edited = [("uza:1", 2, "edited")]
    gone = [("uza:3", 3, "back"), ("uza:3", 2, "gone")]
    assert told(files, "uza/new") == new
    assert told(files, "uza/edited") == told(files, "uza/edition/en/edited") == edited
    assert told(files, "uza/gone") == gone
    assert told(files, "uza/changes") == gone + edited + new
    assert told(files, "uza/edition/ar/changes") == new[1:2]
    assert told(files, "uza/edition/ar/gone") == []
    assert len(files) == 3 * 4 * 2


def test_every_feed_is_valid_also_an_empty_one(archive: Archive) -> None:
    archive.commit()
    files = written(archive.folder, authors=("Nobody",), articles=("uza:2",))
    files |= written(archive.folder, address=ADDRESS, reading_room=ROOM)
    for name, data in files.items():
        (check_atom if name.endswith(".atom") else check_json_feed)(data)
    assert items(files, "author/nobody/new") == []


def test_an_entry_says_what_happened_and_when_it_was_seen(archive: Archive) -> None:
    files = written(archive.folder)
    back, gone, edited, _, _, new = items(files, "uza/changes")
    assert new["title"] == "Title 1"
    assert (new["content_text"], new["url"]) == ("Body.", "https://uza.uz/posts/1")
    assert (new["date_published"], new["date_modified"]) == (ago(10), ago(9))
    assert new["authors"] == [{"name": "Nodira Tolzorova"}]
    assert edited["title"] == "Edited: A new bridge"
    assert edited["content_text"].split("\n") == [
        "Changed: headline, text.",
        "The headline was: Title 1",
        "What was [-removed-] and {+added+}: [-Body-]{+Another text+}.",
        "The site shows no other time of change than before.",
    ]
    assert edited["_archive"]["old_title"] == "Title 1"
    assert edited["_archive"]["announced"] is False
    (seen,) = gone["_archive"]["evidence"]
    assert (seen["status"], seen["at"]) == (404, ago(4))
    assert gone["title"] == "Taken down: Title 3"
    assert f"page HTTP 404 {ago(4)}" in gone["content_text"]
    assert "date_published" not in gone, "a day is no moment"
    assert back["title"] == "Back again: Title 3"


def test_an_entry_of_atom_says_the_same(archive: Archive) -> None:
    read = feedparser.parse(written(archive.folder, reading_room=ROOM)["uza/changes.atom"])
    _, _, edited, _, arabic, new = read.entries
    assert (arabic.title_detail.language, arabic.title) == ("ar", "افتتاح <مكتبة> & جديدة")
    assert (new.updated, new.published, new.author) == (ago(9), ago(10), "Nodira Tolzorova")
    assert [tag.term for tag in edited.tags] == ["edited"]
    assert edited.link == "https://uza.uz/posts/1"
    assert edited.links[1].href == f"{ROOM}/article/uza%3A1?version=2"


def test_entries_lead_to_their_version_in_the_reading_room_if_there_is_one(
    archive: Archive,
) -> None:
    files = written(archive.folder, address=ADDRESS, reading_room=ROOM)
    (item,) = items(files, "uza/edited")
    assert item["url"] == f"{ROOM}/article/uza%3A1?version=2"
    assert item["external_url"] == "https://uza.uz/posts/1"
    feed = json.loads(files["uza/edited.json"])
    assert feed["feed_url"] == f"{ADDRESS}/uza/edited.json"
    assert f'rel="self" type="application/atom+xml" href="{ADDRESS}/uza/edited.atom"' in str(
        files["uza/edited.atom"]
    )


def test_an_author_is_found_in_any_spelling_and_an_article_with_all_its_past(
    archive: Archive,
) -> None:
    old = {"edition": "en", "fetched_at": ago(2000)}
    store(archive, 4, **old)
    store(
        archive,
        4,
        **old | {"fetched_at": ago(1999)},
        version=2,
        change="edited",
        title="B",
        changed_fields=["title"],
    )
    archive.commit()
    files = written(archive.folder, authors=("Нодира Толзорова",), articles=("uza:4",))
    assert told(files, "author/nodira-tolzorova/changes") == [("uza:1", 1, "new")]
    assert told(files, "article/uza-4/changes") == [("uza:4", 2, "edited"), ("uza:4", 1, "new")]
    assert not {"uza:4"} & {each for each, *_ in told(files, "uza/changes")}


def test_a_saved_search_has_feeds_of_what_it_finds(archive: Archive) -> None:
    query = parse("changed:title OR edition:ar")
    assert query
    files = written(archive.folder, searches=(SavedSearch("desk", "headlines", query),))
    assert told(files, "search/desk/changes") == [("uza:1", 2, "edited"), ("uza:2", 1, "new")]
    assert told(files, "search/desk/gone") == []
    assert json.loads(files["search/desk/new.json"])["title"] == "desk: headlines: new"


def test_history_is_no_news(archive: Archive) -> None:
    before = told(written(archive.folder), "uza/changes")
    store(archive, 5, fetched_at=ago(1), published_at=ago(24 * 9))
    store(archive, 6, fetched_at=ago(1), archive_url="https://web.example.org/6")
    store(archive, 2, version=2, change="reparsed", fetched_at=ago(1))
    store(archive, 2, version=3, change="older", fetched_at=ago(1))
    store(archive, 7, fetched_at=ago(24 * 31))
    archive.commit()
    assert told(written(archive.folder), "uza/changes") == before
    store(archive, 8, fetched_at=ago(1), published_at=ago(24 * 6))
    archive.commit()
    assert told(written(archive.folder), "uza/changes") == [("uza:8", 1, "new"), *before]


def test_a_feed_has_only_the_newest_entries(archive: Archive) -> None:
    for number in range(100, 105 + MOST):
        store(archive, number, fetched_at=ago(1 - number / 1000))
    archive.commit()
    found = told(written(archive.folder), "uza/new")
    assert len(found) == MOST
    assert found[0][0] == f"uza:{104 + MOST}"


def test_files_that_would_say_the_same_keep_their_time(archive: Archive) -> None:
    first = written(archive.folder)
    out = archive.folder.parent / "feeds"
    for path in out.rglob("*.*"):
        path.chmod(0o444)
    out.joinpath("uza").chmod(0o555)
    with ArchiveReader(archive.folder) as reader:
        assert write_feeds(Feeds([reader], Wanted()), out) == (12, 0)
    out.joinpath("uza").chmod(0o755)
    assert written(archive.folder) == first


def test_ids_of_entries_stay_whatever_happens_later(archive: Archive) -> None:
    before = {item["id"] for item in items(written(archive.folder), "uza/changes")}
    store(
        archive,
        1,
        version=4,
        change="edited",
        changed_fields=["body"],
        fetched_at=ago(1),
        body="Another.",
    )
    archive.commit()
    after = {item["id"] for item in items(written(archive.folder), "uza/changes")}
    assert len(after - before) == 1
    assert before < after


def test_signs_that_xml_cannot_hold_and_long_texts_do_no_harm(archive: Archive) -> None:
    people = [Person("C\x01D"), Person("\x01")]
    store(archive, 9, title="A\x0bB\ufffe", body="word " * 200, fetched_at=ago(1), authors=people,
          url="https://uza.uz/\x01")  # fmt: skip
    archive.commit()
    query = parse("AB OR word")
    assert query
    hostile = SavedSearch("desk", "\x01<\x02", query)
    files = written(archive.folder, articles=("uza:9",), searches=(hostile,))
    for name in ("uza", "article/uza-9", "search/desk"):
        check_atom(files[f"{name}/new.atom"])
        check_json_feed(files[f"{name}/new.json"])
    item = items(files, "uza/new")[0]
    assert item["title"] == "AB"
    assert item["content_text"].endswith("word …")
    assert len(item["content_text"]) <= 302


LINES = "\n\n".join(f"Line {number} of a long text." for number in range(40))
LONG = "word " * 70


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (
            LINES,
            LINES.replace("17 of", "seventeen of"),
            "Line[- 17-]{+ seventeen+} of a long text.",
        ),
        ("A. B.", "A. B.\n\nC.", "{+C.+}"),
        ("A\n\nB", "B\n\nA", None),  # only in another order
        (f"{LONG}a", f"{LONG}b", f"… {LONG[-100:].strip()}[- a-]{{+ b+}}"),
        ("新，" * 150 + "旧", "新，" * 150 + "区", "… " + "新，" * 50 + "[-旧-]{+区+}"),
        ("a " * 5000, "b " * 5000, None),
        ("", "New", "{+New+}"),
    ],
)
def test_an_edit_shows_the_first_place_that_differs(
    archive: Archive, old: str, new: str, place: str | None
) -> None:
    store(archive, 9, body=old, fetched_at=ago(2))
    store(archive, 9, version=2, body=new, fetched_at=ago(1), change="edited",
          changed_fields=["body"])  # fmt: skip
    archive.commit()
    first, *more = items(written(archive.folder), "uza/edited")[0]["content_text"].split("\n", 1)
    assert first == "Changed: text."
    shown = [text.partition(": ")[2] for text in more]
    assert shown == ([place] if place else [])


def test_an_edit_is_compared_with_what_the_site_showed_before_not_with_an_older_capture(
    archive: Archive,
) -> None:
    old = {"change": "older", "archive_url": "https://web.archive.org/web/2015/https://uza.uz/9"}
    store(archive, 9, title="A bridge", fetched_at=ago(3))
    store(archive, 9, version=2, title="A plan", fetched_at="2015-01-01T00:00:00Z", **old)
    store(archive, 9, version=3, title="A road", fetched_at=ago(1), change="edited",
          changed_fields=["title"])  # fmt: skip
    archive.commit()
    item = items(written(archive.folder), "uza/edited")[0]
    assert item["_archive"]["old_title"] == "A bridge"


def test_an_edit_of_what_nobody_named_does_no_harm(archive: Archive) -> None:
    for number, fields in enumerate(([], ["a <field>"], ["title"]), 20):
        store(archive, number, version=2, change="edited", changed_fields=fields, fetched_at=ago(1))
    archive.commit()
    files = written(archive.folder)
    check_atom(files["uza/edited.atom"])
    texts = [item.get("content_text") for item in items(files, "uza/edited")][:3]
    assert texts == ["Changed: headline.", "Changed: a <field>.", "Edited."]


def test_a_text_without_spaces_is_shortened_too(archive: Archive) -> None:
    store(archive, 9, title="新", body="新" * 400, fetched_at=ago(1))
    archive.commit()
    (item, *_) = items(written(archive.folder), "uza/new")
    assert item["content_text"] == "新" * 300 + " …"


def test_a_line_that_is_not_what_was_recorded_is_not_told(archive: Archive) -> None:
    (journal,) = archive.journal.folder.glob("*.jsonl")
    journal.write_bytes(journal.read_bytes().replace(b"A new bridge", b"An old bridg"))
    with pytest.raises(DamagedVersion, match=r"line 4: .*content_hash does not fit"):
        written(archive.folder)


def test_what_a_run_has_not_committed_is_not_told(archive: Archive) -> None:
    before = written(archive.folder)
    store(archive, 9, fetched_at=ago(1))
    assert written(archive.folder) == before


def test_an_article_that_is_not_there_is_refused(archive: Archive) -> None:
    with pytest.raises(UsageError, match="uza:77: no version of it is recorded"):
        written(archive.folder, articles=("uza:77",))
