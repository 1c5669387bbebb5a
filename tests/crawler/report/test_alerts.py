"""Trouble is told once: when it begins, changes, lasts and is over, and never lost."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from errno import ENOSPC, EROFS
from functools import partial
from pathlib import Path

import pytest

from crawler.report import alerts
from crawler.report.alerts import Alerts
from crawler.report.overview import Overview
from crawler.system.files import replace_file

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
IMPORTS_APPRISE = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
GOOD = "2026-12-10T11:30:00Z"
FINE = Overview(agency="uza", run="20261210T113000Z", exit_code=0, good_at=GOOD, age=1800)
FAILED = replace(FINE, exit_code=3, exit_reason="4 of 9 articles failed")


class Watch:
    """Checks at some time after noon, and keeps what is told to one address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[str] = []
        self.texts: list[str] = []
        self.is_down = False

    def __call__(self, after: timedelta, *overviews: Overview) -> list[str]:
        """Return the subjects of what this check tells."""
        before = len(self.told)
        check = Alerts(self.folder, 6 * HOUR, NOON + after)
        check.tell(overviews, ["ops@example.org"], self._send)
        self.problems = check.problems
        return self.told[before:]

    @property
    def details(self) -> str:
        """The last text without its indents."""
        return self.texts[-1].replace("\n  ", "\n")

    def _send(self, to: str, subject: str, text: str) -> None:
        if self.is_down:
            raise ConnectionRefusedError("refused")
        self.told.append(subject.removeprefix("news archive: "))
        self.texts.append(text)


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


def test_a_trouble_is_told_when_it_begins_each_day_and_when_it_is_over(watch: Watch) -> None:
    assert watch(0 * HOUR, FINE) == []
    assert watch(1 * HOUR, FAILED) == ["uza fails"]
    assert watch(2 * HOUR, replace(FAILED, exit_reason="5 of 9 articles failed")) == []
    assert watch(24 * HOUR, FAILED) == []
    assert watch(25 * HOUR, FAILED) == ["uza still fails"]
    assert watch(26 * HOUR, FAILED) == []
    assert watch(27 * HOUR, FINE) == ["uza works again"]
    assert watch(28 * HOUR, FINE) == []
    assert "exit code 3: 4 of 9 articles failed" in watch.texts[0]
    assert "what to do: nothing if the next run" in watch.texts[0]
    assert "since 2026-12-10T13:00:00Z" in watch.texts[1]
    assert "from 2026-12-10T13:00:00Z to 2026-12-11T14:00:00Z" in watch.texts[2]


def test_only_what_was_not_told_yet_is_a_change(watch: Watch) -> None:
    source = replace(FAILED, failing={"en/rss": GOOD})
    other = replace(FAILED, exit_code=4, failing={"en/rss": GOOD})
    assert watch(0 * HOUR, FAILED) == ["uza fails"]
    assert watch(1 * HOUR, source) == ["uza has another problem, too"]
    assert watch(2 * HOUR, other) == ["uza has another problem, too"]
    assert [watch(3 * HOUR, each) for each in (FAILED, source, other)] == [[], [], []]


def test_a_check_whose_clock_ran_ahead_silences_no_later_one(watch: Watch) -> None:
    years = timedelta(days=1400)
    kill = replace(FINE, killed=[GOOD])
    kills = [f"2030{GOOD[4:]}"]
    assert watch(years, replace(FAILED, killed=kills)) == ["uza fails; uza: a run was killed"]
    assert watch(0 * HOUR, FAILED) == ["uza still fails"]
    assert watch(2 * HOUR, kill) == ["uza works again; uza: a run was killed"]
    asked: list[str] = []
    for each in (replace(FINE, good_at=f"2030{GOOD[4:]}"), FINE):
        Alerts(watch.folder, None, NOON).ping([each], "https://ping.example/", asked.append)
    assert len(asked) == 2


def test_a_new_agency_has_time_for_its_first_run_and_none_forever(watch: Watch) -> None:
    new = Overview(agency="tass")
    assert [watch(hour * HOUR, new, FINE) for hour in (0, 1, 5)] == [[], [], []]
    assert watch(6 * HOUR, new, FINE) == ["tass fails"]
    assert "\n  no good run\n" in watch.texts[0]
    assert watch(0 * HOUR, Overview(agency="ap")) == []
    assert watch(1 * HOUR, replace(FAILED, agency="ap")) == ["ap fails"]


def test_a_trouble_that_comes_and_goes_is_one(watch: Watch) -> None:
    told = [
        watch(number * HOUR / 2, FAILED if number % 2 == 0 else FINE) for number in range(2 * 24)
    ]
    assert told == [["uza fails"]] + [[]] * 47


def test_a_killed_run_is_told_though_the_next_one_was_good_and_once_a_day(watch: Watch) -> None:
    kills = [f"2026-12-{day}T{hour}:06:00Z" for day, hour in ((10, 11), (10, 16), (11, 12))]
    seen = [replace(FINE, killed=kills[:number]) for number in (1, 2, 3)]
    assert watch(0 * HOUR, seen[0]) == ["uza: a run was killed"]
    assert "it began 2026-12-10T11:06:00Z\nwhat to do: read the system log" in watch.details
    assert [watch(hour * HOUR, seen[hour > 4]) for hour in (1, 3, 5, 24)] == [[], [], [], []]
    assert watch(25 * HOUR, seen[2]) == ["uza: a run was killed"]


def test_a_killed_run_that_was_told_as_a_trouble_is_not_told_again(watch: Watch) -> None:
    killed = [GOOD]
    trouble = replace(FINE, exit_code=None, exit_reason="killed", killed=killed)
    later = replace(FINE, killed=killed)
    assert watch(0 * HOUR, trouble) == ["uza fails"]
    assert "what to do: read the system log" in watch.texts[0]
    assert watch(1 * HOUR / 2, later) == []
    assert watch(2 * HOUR, later) == ["uza works again"]
    assert watch(3 * HOUR, later) == []


def test_agencies_that_fail_at_once_share_a_mail(watch: Watch) -> None:
    many = [replace(FAILED, agency=name) for name in ("ap", "tass", "unn", "uza")]
    assert watch(0 * HOUR, *many) == ["ap fails; tass fails; unn fails and 1 more"]
    assert watch.texts[0].count("4 of 9 articles failed") == 4


@pytest.mark.parametrize(
    "wrong",
    [
        Overview(agency="uza", problem="the ledger is damaged"),
        replace(FINE, exit_code=None, exit_reason="killed"),
        replace(FINE, age=7 * 3600),
        replace(FINE, failing={"en/rss": GOOD}),
        replace(FINE, free=9, disk_low=True),
    ],
)
def test_all_that_can_be_wrong_is_told(watch: Watch, wrong: Overview) -> None:
    assert watch(0 * HOUR, wrong) == ["uza fails"]


def test_what_to_do_is_told_of_each_thing(watch: Watch) -> None:
    watch(0 * HOUR, replace(FINE, age=7 * 3600, disk_low=True, free=9))
    assert f"\n  no good run since {GOOD}\n" in watch.texts[0]
    assert "what to do: check that the timer or cron starts" in watch.texts[0]
    assert "what to do: free disk space" in watch.texts[0]


def test_an_archive_that_is_not_seen_is_not_called_well(watch: Watch) -> None:
    watch(0 * HOUR, FAILED)
    assert watch(9 * HOUR) == []
    assert watch(10 * HOUR, FINE) == ["uza works again"]


def test_a_notice_that_cannot_be_sent_is_told_of_and_sent_later_once(watch: Watch) -> None:
    watch.is_down = True
    assert watch(0 * HOUR, FAILED) == []
    (problem,) = watch.problems
    assert problem.startswith("ops@example.org: not sent: news archive: uza fails (refused)")
    assert watch(2 * HOUR, FINE) == []
    watch.is_down = False
    assert watch(3 * HOUR, FINE) == ["uza fails", "uza works again"]
    assert watch(4 * HOUR, FINE) == []
    assert watch.problems == []


class Killed(BaseException):
    """The end of a process."""


class Doomed:
    """Kills the check before or after its n-th write or message."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.left, self.after = at, after

    def __call__(self, act: Callable[[], object]) -> None:
        """Do something, unless the check is killed before."""
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        act()
        if self.left == 0:
            raise Killed


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 13))
def test_a_check_that_is_killed_anywhere_loses_nothing(
    at: int, after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    step = Doomed(at, after=after)
    monkeypatch.setattr(alerts, "replace_file", lambda *kept: step(partial(replace_file, *kept)))

    def tell(to: str, subject: str, text: str) -> None:
        step(partial(told.append, (to, subject.removeprefix("news archive: "))))

    overviews = [FINE, FAILED, replace(FAILED, exit_code=4), FINE]
    kills = 0
    for number, overview in enumerate(overviews):
        for _ in range(2):  # the next check comes after a kill as after any other
            try:
                check = Alerts(tmp_path, None, NOON + number * 2 * HOUR)
                check.tell([overview], ["a@example.org", "b@example.org"], tell)
            except Killed:
                kills += 1
    expected = Counter(
        (to, subject)
        for to in ("a@example.org", "b@example.org")
        for subject in ("uza fails", "uza has another problem, too", "uza works again")
    )
    assert kills == 1
    assert expected <= Counter(told)
    assert Counter(told).total() <= expected.total() + 1


@pytest.mark.parametrize(
    "state", ['{"troubles": 3}', "no JSON", b"\xff", '{"troubles": {"uza": {"since": "today"}}}']
)
def test_of_a_state_that_cannot_be_read_all_is_told_once_more(
    watch: Watch, state: str | bytes
) -> None:
    watch(0 * HOUR, FAILED)
    (watch.folder / "alerts.json").write_bytes(
        state if isinstance(state, bytes) else state.encode()
    )
    assert watch(1 * HOUR, FAILED) == ["uza fails"]
    assert "alerts.json: cannot be read" in watch.problems[0]


def test_a_full_disk_is_told_though_nothing_can_be_saved_and_once_a_day(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    low = replace(FINE, free=0, disk_low=True)
    with monkeypatch.context() as patch:
        patch.setattr(alerts, "replace_file", full)
        assert watch(0 * HOUR, FINE) == []
        watch.is_down = True
        assert watch(1 * HOUR, low) == []
        watch.is_down = False
        assert watch(2 * HOUR, low) == ["uza fails"]
        assert "alerts.json: cannot be saved (No space left on device)" in watch.problems[0]
        assert [watch(hour * HOUR, low) for hour in (3, 25)] == [[], []]
        assert watch.problems == []
        assert watch(26 * HOUR, low) == ["uza fails"]
    assert watch(27 * HOUR, low) == ["uza fails"]
    assert watch(28 * HOUR, low) == []
    assert [path.name for path in watch.folder.iterdir()] == ["alerts.json"]


def test_a_read_only_disk_is_told_at_every_check_and_that_is_said(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object) -> None:
        raise OSError(EROFS, "Read-only file system")

    monkeypatch.setattr(alerts, "replace_file", read_only)
    monkeypatch.setattr(Path, "touch", read_only)
    for hour in range(2):
        assert watch(hour * HOUR, FAILED) == ["uza fails"]
        assert (
            "(Read-only file system); until it can, alerts are sent at every check"
            in (watch.problems[0])
        )


def test_a_dead_mans_switch_is_asked_once_after_each_good_run(tmp_path: Path) -> None:
    asked: list[str] = []
    later = replace(FINE, good_at="2026-12-10T12:00:00Z")
    runs = (FINE, FINE, FAILED, replace(later, failing={"en/rss": GOOD}), later, later)
    told = []
    for each in runs:
        Alerts(tmp_path, None, NOON).ping([each], "https://ping.example/{agency}", asked.append)
        told.append(len(asked))
    assert told == [1, 1, 1, 1, 2, 2]
    assert set(asked) == {"https://ping.example/uza"}


def test_a_switch_of_all_is_asked_only_if_every_agency_had_a_good_run(tmp_path: Path) -> None:
    asked: list[str] = []
    later = replace(FINE, good_at="2026-12-10T12:00:00Z")
    tass, tass_later = replace(FINE, agency="tass"), replace(later, agency="tass")
    told = []
    for each in ([FINE, tass], [later, tass], [later, tass_later], [later, FAILED]):
        Alerts(tmp_path, None, NOON).ping(each, "https://ping.example/all", asked.append)
        told.append(len(asked))
    assert told == [1, 1, 2, 2]


def test_a_switch_that_does_not_answer_is_told_of_and_asked_again(tmp_path: Path) -> None:
    def refuse(url: str) -> None:
        raise ConnectionRefusedError("refused")

    check = Alerts(tmp_path, None, NOON)
    check.ping([FINE], "https://ping.example/all", refuse)
    assert check.problems == [
        "https://ping.example/all: the request failed (refused); the next check tries again"
    ]
    asked: list[str] = []
    Alerts(tmp_path, None, NOON).ping([FINE], "https://ping.example/all", asked.append)
    assert asked
