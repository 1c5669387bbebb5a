"""What a withdrawal takes out of an archive, and what it leaves as it was."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.errors import StorageError
from crawler.maintenance.rebuild import Rebuild
from crawler.maintenance.withdraw import Withdrawal
from crawler.model.article import Article, Capture
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.archive import Archive
from crawler.warc.index import Wanted
from crawler.warc.scan import scan
from tests.crawler.withdrawals import (
    ADDRESS,
    LISTS,
    OF_IT,
    PHRASE,
    PLAN,
    archive_with_it,
    capture,
    journal,
    lengths,
    said,
    tellers,
    told,
    unfinished,
    version,
    withdraw,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return archive_with_it(tmp_path / "uza")


def test_nothing_is_left_of_what_the_article_said(folder: Path) -> None:
    assert {name.partition("/")[0] for name in tellers(folder)} == {
        "articles", "browse.index", "browse.sqlite", "journal", "ledger.sqlite",
        "ledger.sqlite.before-rebuild", "warc",
    }  # fmt: skip
    withdraw(folder)
    assert tellers(folder) == []
    assert not list(folder.parent.glob("browse*"))  # nor of all archives together
    assert not [name for name, data in said(folder).items() if "runs" in name and b"5940" in data]
    assert not [name for name, data in said(folder).items() if "cdxj" in name and b"5940" in data]
    assert unfinished(folder) == []


def test_a_tombstone_is_left_with_reason_and_place_among_the_others(folder: Path) -> None:
    withdraw(folder)
    rows = [row for row in journal(folder) if row["id"] == "uza:594021"]
    assert [(row["version"], row["change"], row["title"], row["reason"]) for row in rows] == [
        (1, "withdrawn", "withdrawn", None),
        (2, "withdrawn", "withdrawn", None),
        (3, "withdrawn", "withdrawn", "a court"),
    ]
    assert rows[2]["fetched_at"] >= rows[1]["fetched_at"]
    assert rows[2]["run"].startswith("withdraw-20")
    year = [json.loads(line) for line in (folder / "articles/2026.jsonl").read_bytes().splitlines()]
    assert [(row["id"], row["change"], row["reason"]) for row in year] == [
        ("uza:2", "new", None),
        ("uza:594021", "withdrawn", "a court"),
    ]


def test_no_other_row_and_no_other_capture_is_moved_or_changed(folder: Path) -> None:
    before, sizes = journal(folder), lengths(folder)
    assert len(sizes) > 1
    withdraw(folder)
    assert lengths(folder) == sizes
    rows = journal(folder)
    assert [row for row in rows if row["id"] == "uza:2"] == [
        row for row in before if row["id"] == "uza:2"
    ]
    with closing(Archive(folder)) as archive:
        place = msgspec.convert(next(r for r in rows if r["id"] == "uza:2"), Article).capture
        assert place
        assert archive.captures.read(place).answer[2] == b"Rain fell"
        kept = [held for name in sizes for held in archive.ledger.captures.of_file(name)]
        assert sorted((held.uri, held.kind) for held in kept) == [
            ("https://uza.uz/other", "response"),
            ("https://uza.uz/other", "revisit"),
            ("https://uza.uz/posts/x_2", "response"),
        ]
        for held in kept:
            archive.captures.read(held.place)


def test_the_files_are_sound_for_everybody_who_reads_warc(folder: Path) -> None:
    withdraw(folder)
    kinds = []
    for path in sorted((folder / "warc").glob("*.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.raw_stream.read()
                kinds.append(record.rec_type)
        assert all(found.record for found in scan(path))
    assert kinds.count("metadata") == 2 + 2 * len(OF_IT)
    assert kinds.count("request") == 11


def test_the_same_answer_later_is_no_revisit_to_what_was_taken_out(folder: Path) -> None:
    withdraw(folder)
    with closing(Archive(folder)) as archive:
        archive.captures.plan = PLAN
        capture(archive, "https://uza.uz/headline", LISTS["headline"])
        archive.commit()
        kinds = [
            held.kind
            for name in archive.captures.files.lengths
            for held in archive.ledger.captures.of_file(name)
            if held.uri.endswith("headline")
        ]
    assert kinds == ["response"]
    withdraw(folder, None)  # the article's words are not known any more
    assert tellers(folder) == ["warc/" + max(lengths(folder))]


def test_what_came_later_and_names_it_is_taken_out_when_that_is_asked_for(folder: Path) -> None:
    withdraw(folder)
    rows = journal(folder)
    with closing(Archive(folder)) as archive:
        archive.captures.plan = PLAN
        capture(archive, "https://uza.uz/rss", LISTS["rss"])
    assert tellers(folder)
    withdraw(folder, None)
    assert tellers(folder) == []
    assert journal(folder) == rows


def test_no_source_makes_it_work_again_nor_brings_its_headline_back(folder: Path) -> None:
    withdraw(folder)
    with closing(Archive(folder)) as archive:
        frontier = archive.ledger.frontier
        link = Link(ADDRESS, "rss", title=PHRASE, modified_raw="today")
        identity = Identity("uza:594021", ADDRESS)
        assert not frontier.discover(identity, link)
        assert not frontier.discover(identity, Link(ADDRESS, "urls"), again=True, backfill="urls")
        assert not frontier.visit("uza:594021", "revisit")
        frontier.visit_all("all")
        assert frontier.visit("uza:2", "revisit")
        assert [each.id for each in frontier.pending(10, ())] == ["uza:2"]
        unread = archive.ledger.captures.unread("other", Wanted())
        assert {held.article_id for held in unread} == {"uza:2"}
    titles = "SELECT title, modified_raw FROM sighting WHERE article_id = 'uza:594021'"
    assert set(told(folder, titles)) == {(None, None)}
    state = "SELECT state, title, due, reason FROM article WHERE id = 'uza:594021'"
    assert told(folder, state) == [("withdrawn", None, None, "a court")]


def test_a_rebuilt_ledger_knows_it_as_withdrawn_and_nothing_else(folder: Path) -> None:
    withdraw(folder)
    queries = (
        "SELECT * FROM version ORDER BY article_id, number",
        "SELECT id, state, title, due IS NULL, reason, edition, year, version FROM article",
        "SELECT * FROM version_count WHERE number ORDER BY change",
        "SELECT * FROM article_count WHERE number ORDER BY 1, 2, 3",
        "SELECT file, offset, length, kind, uri FROM capture ORDER BY file, offset",
    )
    before = [told(folder, query) for query in queries]
    heard: list[str] = []
    Rebuild(folder, heard.append).make()
    assert [told(folder, query) for query in queries] == before
    assert "counters checked: they match the old ledger" in heard
    assert unfinished(folder) == []


def test_with_a_file_out_of_reach_nothing_is_changed(folder: Path) -> None:
    (folder / "warc" / max(lengths(folder))).unlink()
    before = journal(folder)
    with pytest.raises(StorageError, match=r"bring back uza-.*\.warc\.gz.*nothing was changed"):
        withdraw(folder)
    assert journal(folder) == before
    assert unfinished(folder) == []


def test_a_list_that_cannot_be_read_is_taken_out_with_the_others(folder: Path) -> None:
    query = "SELECT file, offset, length FROM capture WHERE uri = 'https://uza.uz/other'"
    file, offset, length = told(folder, query)[0]
    path = folder / "warc" / file
    data = bytearray(path.read_bytes())
    data[offset + length // 2] ^= 0xFF
    path.write_bytes(data)
    withdraw(folder)
    assert told(folder, query) == []
    assert all(found.record for found in scan(path))


def test_one_that_was_found_but_never_read_is_never_read(folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        archive.ledger.frontier.discover(
            Identity("uza:3", "https://uza.uz/posts/3"), Link("https://uza.uz/x_3", "api", "en")
        )
    with closing(Archive(folder)) as archive:
        Withdrawal(archive, "uza:3", lambda _: None).work("asked for")
    row = journal(folder)[-1]
    assert (row["id"], row["version"], row["change"], row["reason"]) == (
        "uza:3", 1, "withdrawn", "asked for",
    )  # fmt: skip
    with closing(Archive(folder)) as archive:
        assert archive.ledger.states.state("uza:3") == "withdrawn"
        assert archive.ledger.frontier.pending(10, ()) == []


def test_a_ledger_that_somebody_reads_is_not_said_to_be_clean(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM meta").fetchall()
        with closing(Archive(folder)) as archive:
            archive.ledger.database.execute("PRAGMA busy_timeout = 50")
            with pytest.raises(StorageError, match="another program reads it"):
                Withdrawal(archive, "uza:594021", lambda _: None).work("a court")
        assert unfinished(folder) == ["uza:594021"]
    withdraw(folder)
    assert tellers(folder) == []
    assert unfinished(folder) == []


def test_an_article_s_page_that_another_address_led_to_is_taken_out(folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        archive.captures.plan = PLAN
        capture(archive, "https://uza.uz/ru/posts/the-accused_594021", f"<p>{PHRASE}", "uza:9")
    heard: list[str] = []
    withdraw(folder, say=heard.append)
    assert tellers(folder) == []
    assert [line for line in heard if line.startswith("uza:9: what it has in common")]


def test_of_two_articles_with_the_same_page_the_one_that_was_first_is_named_and_kept(
    folder: Path,
) -> None:
    with closing(Archive(folder)) as archive:
        archive.captures.plan = PLAN
        version(archive, 594021, "Rain fell", version=3, change="edited")  # as of uza:2
    heard: list[str] = []
    withdraw(folder, say=heard.append)
    assert "uza:2: has the same page, and keeps it: withdraw it, too?" in heard
    place = next(row["capture"] for row in journal(folder) if row["id"] == "uza:2")
    with closing(Archive(folder)) as archive:
        assert archive.captures.read(Capture(**place)).answer[2] == b"Rain fell"


def test_a_page_that_was_of_the_withdrawn_article_first_is_said_to_be_withdrawn(
    folder: Path,
) -> None:
    with closing(Archive(folder)) as archive:
        archive.captures.plan = PLAN
        version(archive, 4, f"{PHRASE}, edited")
    withdraw(folder)
    place = next(row["capture"] for row in journal(folder) if row["id"] == "uza:4")
    with closing(Archive(folder)) as archive, pytest.raises(StorageError, match="was withdrawn"):
        archive.captures.read(Capture(**place))


def test_what_others_have_in_common_with_it_because_there_is_nothing_in_it_stays(
    folder: Path,
) -> None:
    with closing(Archive(folder)) as archive:
        archive.captures.plan = PLAN
        capture(archive, "https://uza.uz/posts/old_594021", "", "uza:594021")
        place = capture(archive, "https://uza.uz/posts/old_2", "", "uza:2")
    withdraw(folder)
    with closing(Archive(folder)) as archive:
        assert place
        assert archive.captures.read(place).answer[2] == b""


def test_what_earlier_runs_deleted_from_the_ledger_is_wiped_out_too(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        database.execute("PRAGMA secure_delete = OFF")
        place = f"https://uza.uz/{PHRASE}"
        rows = [(str(number), place) for number in range(2000)]
        database.executemany("INSERT INTO meta VALUES (?, ?)", rows)
        database.commit()
        database.execute("DELETE FROM meta WHERE value = ?", (place,))
        database.commit()
    assert PHRASE.encode() in (folder / "ledger.sqlite").read_bytes()
    withdraw(folder)
    assert tellers(folder) == []


def test_reports_in_the_ledger_keep_their_figures_and_lose_its_address(folder: Path) -> None:
    withdraw(folder)
    ((report,),) = told(folder, "SELECT report FROM run")
    assert json.loads(report) == {"slowest": [["https://uza.uz/posts/x_2", 1]], "pending": 0}
    (file,) = (folder / "runs").iterdir()
    assert json.loads(file.read_bytes()) == json.loads(report)
