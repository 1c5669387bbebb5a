import json
from pathlib import Path

from crawler.crawl.deletions import Deletion
from crawler.model.article import Extractor
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.report.status import Status, read_status, status_lines
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.store.states import begin_withdrawal
from crawler.system.clock import steady
from tests.crawler.archives import store

DELETION = Deletion(sightings=3, hours=48)


def status_of(folder: Path) -> Status:
    with ArchiveReader(folder) as reader:
        return read_status(reader.database, folder, steady(), DELETION)


def discover(archive: Archive, number: int, backfill: str | None = None) -> str:
    identity = Identity(f"uza:{number}", f"https://uza.uz/posts/{number}")
    archive.ledger.frontier.discover(identity, Link(identity.url, "api", "en"), backfill=backfill)
    return identity.id


def give_up(archive: Archive, number: int, reason: str) -> None:
    archive.ledger.states.failed(discover(archive, number), reason, wait=1, most=1)


def test_articles_are_told_by_state_edition_and_year(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store(archive, 1, edition="en", published_at="2024-05-01")
    store(archive, 2, edition="ru", published_at="2025-05-01")
    store(archive, 2, edition="ru", published_at="2025-05-01", version=2, change="edited")
    discover(archive, 3)
    archive.close()
    status = status_of(tmp_path)
    assert status.articles == {"stored": 2, "pending": 1}
    assert status.editions == {"en": {"stored": 1, "pending": 1}, "ru": {"stored": 1}}
    assert status.years == {"": {"pending": 1}, "2024": {"stored": 1}, "2025": {"stored": 1}}
    assert status.versions == {"new": 2, "edited": 1}
    table = status_lines(status, "uza")
    assert table[0].split() == ["edition", "stored", "pending"]
    assert table[3].split() == ["all", "2", "1"]
    assert "versions  2 new, 1 edited" in table


def test_articles_in_an_unknown_layout_are_told_until_a_class_has_read_them(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    unknown = Extractor("unknown", "page", "c0de")
    store(archive, 1, edition="en")
    for number, edition in ((2, "en"), (3, "ru"), (4, None)):
        store(archive, number, edition=edition, extractor=unknown)
    store(archive, 2, edition="en", version=2, change="reparsed")
    archive.close()
    status = status_of(tmp_path)
    assert status.guessed == 2
    (line,) = [line for line in status_lines(status, "uza") if line.startswith("guessed")]
    assert line.endswith("scrapy reparse uza")


def test_what_is_due_is_told_by_queue_and_what_is_due_later_is_not(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store(archive, 1, published_at="2024-05-01")
    discover(archive, 2)
    discover(archive, 3, backfill="ids=3-4")
    discover(archive, 4, backfill="ids=3-4")
    archive.ledger.states.failed(discover(archive, 5), "HTTP 500", wait=-600, most=6)
    archive.ledger.states.failed(discover(archive, 6), "HTTP 500", wait=600, most=6)
    archive.close()
    status = status_of(tmp_path)
    assert status.due == {"news": 1, "revisits": 0, "retries": 1, "backfill": 2}
    assert "due now   1 news, 1 retries, 2 backfill" in status_lines(status, "uza")


def test_the_article_that_waits_longest_is_named(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number in (1, 2, 3):
        discover(archive, number)
    archive.ledger.database.execute("UPDATE article SET found_at = '2020' WHERE id = 'uza:2'")
    archive.close()
    assert status_of(tmp_path).oldest_pending == ("uza:2", "2020")


def test_articles_given_up_are_counted_by_reason_with_a_few_ids(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number in range(7):
        give_up(archive, number, "HTTP 500")
    give_up(archive, 8, "timeout")
    archive.ledger.states.failed(discover(archive, 9), "timeout", wait=60, most=6)
    archive.close()
    status = status_of(tmp_path)
    five = [f"uza:{number}" for number in range(5)]
    assert status.given_up == {"HTTP 500": (7, five), "timeout": (1, ["uza:8"])}
    assert f"given up  7 HTTP 500: {', '.join(five)} ..." in status_lines(status, "uza")
    assert "given up  1 timeout: uza:8" in status_lines(status, "uza")


def test_the_last_five_runs_are_told_newest_first(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for number in range(7):
        report = {"run": f"run{number}", "outcomes": {"stored": number}, "requests": 3}
        report |= dict.fromkeys(("started_at", "ended_at"), "2026-11-24T00:00:00Z")
        report |= {"pending" if number < 5 else "left": 0, "seconds": 2.5, "stopped_by": None}
        if number < 5:  # runs of an earlier release have none, and other names
            report |= {"exit_code": 3, "exit_reason": "source ar/api failed (HTTP 404)"}
        kept = json.dumps(report).encode()
        archive.ledger.keep_report(f"run{number}", kept, ended=number < 6)
    archive.close()
    status = status_of(tmp_path)
    assert [report["run"] for report in status.runs] == ["run6", "run5", "run4", "run3", "run2"]
    told = [line for line in status_lines(status, "uza") if line.startswith("run ")]
    assert told[0] == ("run       run6 killed: 6 stored, 0 pending, 3 requests, 2 s")
    assert "run5 finished: 5 stored" in told[1]
    assert "run4 ended with exit code 3 (source ar/api failed (HTTP 404)): 4 stored" in told[2]


def test_disk_use_is_told_by_folder(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store(archive, 1)
    archive.close()
    (tmp_path / "warc").mkdir(exist_ok=True)
    (tmp_path / "warc" / "one.warc.gz").write_bytes(b"0" * 1_500_000)
    status = status_of(tmp_path)
    (journal,) = (tmp_path / "journal").iterdir()
    assert status.bytes["journal"] == journal.stat().st_size
    assert status.bytes["warc"] == 1_500_000
    assert status.bytes["articles"] == 0
    assert "1.5 MB warc" in "\n".join(status_lines(status, "uza"))


def test_a_withdrawal_that_is_not_complete_is_named_with_the_remedy(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    store(archive, 1, edition="en")
    store(archive, 1, edition="en", version=2, change="withdrawn", reason="a court")
    begin_withdrawal(archive.ledger.database, "uza:1")
    archive.close()
    status = status_of(tmp_path)
    assert (status.articles, status.unfinished_withdrawals) == ({"withdrawn": 1}, ["uza:1"])
    assert any(line.endswith("by: scrapy withdraw uza:1") for line in status_lines(status, "uza"))


def test_too_many_missing_articles_are_told_with_the_command_that_confirms_them(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    for number in range(3):
        store(archive, number)
        archive.ledger.states.missing(f"uza:{number}", "HTTP 404", 0)
    archive.close()
    status = status_of(tmp_path)
    assert [(held.layout, held.missing, held.there) for held in status.held_back] == [(None, 3, 0)]
    (line,) = [line for line in status_lines(status, "uza") if line.startswith("held back")]
    assert line == (
        "held back 3 of the 3 articles visited in 7 days are missing, too many to record that any "
        "is gone; look at https://uza.uz/posts/2, https://uza.uz/posts/1, https://uza.uz/posts/0; "
        "if they are gone: scrapy confirm-gone uza"
    )
