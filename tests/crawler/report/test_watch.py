from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from crawler.crawl.run_result import OUTCOMES, Report
from crawler.model.identity import Identity
from crawler.model.link import Link
from crawler.report.baseline import Watch
from crawler.store.archive import Archive
from crawler.system.clock import rfc3339
from pages.uza_current import UzaPage
from tests.crawler.archives import store

MOMENT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
FRENCH_FAILS = {"en": {"new": 95}, "fr": {"unchanged": 1, "refused": 3, "failed": 2}}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path)) as archive:
        for number in range(5):
            url = f"https://uza.uz/posts/{number}"
            link = Link(url, "api", edition="fr" if number else "en")
            archive.ledger.frontier.discover(Identity(f"uza:{number}", url), link)
            archive.ledger.states.settled(f"uza:{number}", "refused", "body")
        yield archive


def report(number: int, editions: dict[str, dict[str, int]]) -> Report:
    outcomes = {name: sum(each.get(name, 0) for each in editions.values()) for name in OUTCOMES}
    return Report(
        agency="uza",
        run=f"20261123T1800{number:02}Z",
        started_at="2026-11-23T18:00:00Z",
        ended_at="2026-11-23T18:00:10Z",
        seconds=10,
        backfill=None,
        carried_over=0,
        discovered=sum(outcomes.values()),
        outcomes=outcomes,
        editions=editions,
        pending=0,
    )


def alarms(archive: Archive, runs: list[dict[str, dict[str, int]]]) -> list[tuple[str, list[str]]]:
    """Return places and examples; ``runs``: the outcomes by edition, the last run first."""
    last, *before = (report(number, run) for number, run in enumerate(runs))
    for each in before:
        archive.ledger.keep_report(each.run, msgspec.json.encode(each), ended=True)
    found = Watch(archive, [], MOMENT).errors(("en", "fr"), last)
    return [(alarm.place, alarm.examples) for alarm in found]


def publish(archive: Archive, number: int, published: datetime) -> None:
    store(
        archive,
        number,
        edition="fr",
        published_at=published.isoformat(),
        fetched_at=rfc3339(published),
    )


def test_an_edition_that_publishes_nothing_any_more_is_noticed(archive: Archive) -> None:
    for number in range(100, 200):  # 17 days, the last article 40 hours ago
        publish(archive, number, MOMENT - timedelta(hours=40 + 4 * (number - 100)))
    watch = Watch(archive, [UzaPage], MOMENT)
    (alarm,) = watch.silences(("en", "fr"))
    assert (alarm.place, alarm.found) == ("fr", "published for 40 hours")
    assert alarm.examples == [f"https://uza.uz/posts/{number}" for number in (100, 101, 102)]
    publish(archive, 200, MOMENT - timedelta(hours=1))
    assert list(watch.silences(("fr",))) == []


def test_an_edition_that_fails_is_noticed_among_others_that_do_not(archive: Archive) -> None:
    french = [f"https://uza.uz/posts/{number}" for number in (1, 2, 3)]
    assert alarms(archive, [FRENCH_FAILS] * 5) == [("fr", french)]
    assert alarms(archive, [{"en": {"new": 95}}, *[FRENCH_FAILS] * 5]) == []


def test_few_articles_of_an_edition_say_nothing(archive: Archive) -> None:
    assert alarms(archive, [FRENCH_FAILS] * 4) == []


def test_a_run_that_fails_in_all_editions_is_noticed(archive: Archive) -> None:
    places = [place for place, _ in alarms(archive, [{"en": {"failed": 20}, "?": {"failed": 10}}])]
    assert places == ["all"]


def test_reports_of_earlier_releases_tell_of_no_edition(archive: Archive) -> None:
    older = msgspec.to_builtins(report(1, FRENCH_FAILS))
    del older["editions"]
    archive.ledger.keep_report("20261123T170000Z", msgspec.json.encode(older), ended=True)
    assert alarms(archive, [FRENCH_FAILS] * 4) == []


def test_articles_that_were_withdrawn_are_not_taken_for_pages_read_badly(tmp_path: Path) -> None:
    with closing(Archive(tmp_path)) as archive:
        watch = Watch(archive, [UzaPage], MOMENT)
        for number in range(30):
            store(archive, number, edition="en", version=2, change="edited")  # without a time
        assert [alarm.figure for alarm in watch.alarms(["en"])] == ["published_at"]
        archive.ledger.database.execute("UPDATE version SET change = 'withdrawn'")
        assert not list(watch.alarms(["en"]))
