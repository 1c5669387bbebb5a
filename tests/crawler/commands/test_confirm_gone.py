from contextlib import closing
from pathlib import Path

import pytest

from crawler.model.article import Sighting
from crawler.store.archive import Archive
from tests.commands import Refused, scrapy
from tests.crawler.archives import lines, store


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Leave 14 articles that were missing for three days, one for a day, and one that is there."""
    with closing(Archive(tmp_path / "uza")) as archive:
        for number in range(16):
            store(archive, number)
            for day in (20, 21, 23) if number < 14 else (23,) if number == 14 else ():
                url = f"https://uza.uz/en/posts/{number}"
                seen = Sighting(404, f"2026-11-{day}T00:00:00Z", "page", url)
                archive.ledger.states.note_absence(f"uza:{number}", [seen])
                archive.ledger.states.missing(f"uza:{number}", "HTTP 404", 0)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "expected one agency; there are: "),
        (("nobody",), "no agency 'nobody'"),
        (("uza", "uza:99", "--yes"), "uza:99: not known"),
        (("uza", "uza:15", "--yes"), "uza:15: stored, not missing"),
        (("uza", "uza:1", "uza:14", "--yes"), "uza:14: not missing for long enough: that takes 3"),
        (("uza", "--yes", "-s", "GONE_HOURS=x"), "GONE_HOURS=x: expected a whole number"),
    ],
)
def test_wrong_use_is_one_line_and_changes_nothing(
    data: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    before = lines(data / "uza")
    assert message in refused("confirm-gone", *arguments, "-s", f"DATA_DIR={data}")
    assert lines(data / "uza") == before


def test_what_is_not_confirmed_is_told_and_not_done(data: Path) -> None:
    before = lines(data / "uza")
    asked = scrapy("confirm-gone", "uza", DATA_DIR=data)
    assert asked.returncode == 2
    first, *_, last = asked.stdout.splitlines()
    assert first == (
        "uza:0 missing: Title 0 (https://uza.uz/en/posts/0 returned 404 at 2026-11-23T00:00:00Z)"
    )
    assert last == "... and 4 more"
    assert "nothing was changed; confirm with --yes, or on a terminal" in asked.stderr
    assert lines(data / "uza") == before


def test_what_is_confirmed_is_gone_and_what_was_not_missing_for_long_is_left(data: Path) -> None:
    done = scrapy("confirm-gone", "uza", "--yes", DATA_DIR=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("14 recorded as gone; the next run brings articles/ up to date\n")
    assert sorted(lines(data / "uza")[16:]) == sorted(f"uza:{number}" for number in range(14))
    again = scrapy("confirm-gone", "uza", "--yes", DATA_DIR=data)
    assert again.stdout == "nothing is missing for long enough to be gone\n"
    assert again.returncode == 0


def test_who_holds_the_folder_is_waited_for(data: Path) -> None:
    with closing(Archive(data / "uza")):
        asked = scrapy("confirm-gone", "uza", "--yes", DATA_DIR=data)
    assert (asked.returncode, asked.stderr.count("\n")) == (5, 1)


def test_help_has_examples() -> None:
    told = scrapy("confirm-gone", "--help")
    assert "scrapy confirm-gone AGENCY AGENCY:594021 --yes" in told.stdout
