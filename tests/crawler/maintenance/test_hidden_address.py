"""What a withdrawal that hides the address leaves of it: nothing but the site's front page."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from crawler.maintenance.rebuild import Rebuild
from crawler.maintenance.withdraw import Withdrawal
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.store.archive import Archive
from crawler.store.newest_versions import write_changed_years
from tests.crawler.archives import store
from tests.crawler.withdrawals import archive_with_it, journal, said, told, unfinished, withdraw

SLUG = "https://uza.uz/posts/the-accused_594021"
FRONT = "https://uza.uz/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = archive_with_it(tmp_path / "uza")
    with closing(Archive(folder)) as archive:
        at = {"edition": "en", "published_at": "2026-11-22T10:00:00+05:00", "url": SLUG}
        store(archive, 594021, version=3, change="edited", body="Again.", **at)
        archive.commit()
        write_changed_years(archive.ledger.database, folder)
    return folder


def rows(folder: Path) -> list[tuple[str, str | None]]:
    found = [row for row in journal(folder) if row["id"] == "uza:594021"]
    assert {row["change"] for row in found} == {"withdrawn"}
    return [(row["url"], row["reason"]) for row in found]


def holders(folder: Path) -> list[str]:
    files = said(folder)
    return [name for name in files if any(sign in files[name] for sign in (b"accused", b"x_5940"))]


def test_the_address_of_a_withdrawn_article_can_be_hidden_later(folder: Path) -> None:
    withdraw(folder)
    assert "ledger.sqlite" in holders(folder)
    withdraw(folder, None, hide_address=True)  # the order came later
    assert {name.partition("/")[0] for name in holders(folder)} == {"warc"}  # of the requests
    assert rows(folder)[-2:] == [(FRONT, "a court")] * 2
    assert {url for url, _ in rows(folder)} == {FRONT}
    assert unfinished(folder) == []


def test_the_address_is_hidden_at_once_and_stays_so(folder: Path) -> None:
    withdraw(folder, hide_address=True)
    assert holders(folder) == []
    assert rows(folder) == [(FRONT, None)] * 3 + [(FRONT, "a court")]
    withdraw(folder)
    assert len(rows(folder)) == 4
    year = [json.loads(line) for line in (folder / "articles/2026.jsonl").read_bytes().splitlines()]
    assert [row["url"] for row in year if row["id"] == "uza:594021"] == [FRONT]
    with closing(Archive(folder)) as archive:
        found = archive.ledger.frontier.discover(Identity("uza:594021", SLUG), Link(SLUG, "rss"))
    assert not found
    assert holders(folder) == []


def test_a_rebuilt_ledger_knows_no_address_either(folder: Path) -> None:
    withdraw(folder, hide_address=True)
    Rebuild(folder, lambda _: None).make()
    query = "SELECT url, address, state FROM article WHERE id = 'uza:594021'"
    assert told(folder, query) == [(FRONT, FRONT, "withdrawn")]


@pytest.mark.parametrize("step", ["_blank_captures", "_write_anew", "_blank_journal"])
def test_what_was_interrupted_is_completed_and_hidden_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Withdrawal, step, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            withdraw(folder, hide_address=True)
    assert unfinished(folder) == ["uza:594021"]
    withdraw(folder)
    assert holders(folder) == []
    assert {url for url, _ in rows(folder)} == {FRONT}
    assert unfinished(folder) == []
