"""Progress: a bar on a terminal with the log above it, else a line from time to time."""

import os
import pty
import re
import termios
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from subprocess import DEVNULL

import pytest

from replica import Replica, faults
from replica.faults import Fault
from tests.commands import command, start
from tests.crawls.harness import LONGEST, Crawl

BAR = "\u2501"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
FIGURES = (
    r"\d+ pending( \(\d+ s to go\))?, \d+ new, 0 edited, 0 unchanged, 0 failed, [\d.]+ a second"
)


@pytest.fixture
def slow(crawl: Crawl, replica: Replica) -> Crawl:
    """A crawl of some two seconds."""
    for _ in range(12):
        replica.world.publish("en")
    crawl.settings |= {"DOWNLOAD_DELAY": 0.1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    return crawl


def on_terminal(crawl: Crawl, width: int = 120, **settings: object) -> str:
    """Crawl with standard error on a terminal of that width; return what was sent to it."""
    here, there = pty.openpty()
    termios.tcsetwinsize(there, (25, width))
    chosen = command("crawl", "uza", "-a", "editions=en", **{**crawl.settings, **settings})
    # What runs the tests may tell its own terminal's size.
    terminal_free = {name: os.environ[name] for name in os.environ.keys() - {"COLUMNS", "LINES"}}
    environment = {**terminal_free, "TERM": "xterm-256color"}
    with start(chosen, stdout=DEVNULL, stderr=there, env=environment) as process:
        os.close(there)
        sent = b"".join(_read(here)).decode()
    os.close(here)
    assert process.returncode == 0, sent
    return sent


def _read(terminal: int) -> Iterator[bytes]:
    try:
        while part := os.read(terminal, 65536):
            yield part
    except OSError:  # so Linux says that the other side is closed
        return


def seen(sent: str) -> tuple[list[str], list[str]]:
    """Return the lines that stay on the terminal, and the bars that were drawn over."""
    kept, bars = [""], []
    for part in re.split(r"(\r?\n|\r|\x1b\[1A|\x1b\[2K)", sent):
        if part.endswith("\n"):
            kept.append("")
        elif part == "\x1b[1A":
            kept.pop()
        elif part == "\x1b[2K":
            bars.append(kept.pop())
            kept.append("")
        else:
            kept[-1] += ESCAPES.sub("", part).strip("\r")
    return kept, [bar for bar in bars if bar]


@pytest.mark.parametrize("width", [40, 120])
def test_on_a_terminal_a_bar_stands_below_a_log_that_stays_whole(slow: Crawl, width: int) -> None:
    kept, bars = seen(on_terminal(slow, width))
    assert len([bar for bar in bars if bar.startswith(f"articles {BAR * 10} ")]) > 2
    assert {len(bar) <= width for bar in bars} == {True}
    assert [line for line in kept if BAR in line] == []
    told = [f"new {row['id']}: {row['title']} ({row['published_at']})" for row in slow.rows()]
    assert len(told) > 10
    assert [line.partition("INFO: ")[2] for line in kept if ": new " in line] == told
    assert "" not in kept[:-1]


def test_the_bar_tells_the_figures(slow: Crawl) -> None:
    _, bars = seen(on_terminal(slow))
    assert any(re.fullmatch(rf"articles {BAR * 10} {FIGURES}", bar) for bar in bars)
    assert any("to go" in bar for bar in bars)


def test_a_log_file_stays_a_log_while_the_terminal_shows_a_bar(slow: Crawl, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    sent = on_terminal(slow, LOG_FILE=log)
    assert BAR in sent
    assert "INFO" not in sent
    assert "articles   0 carried over" in log.read_text()
    assert "\x1b" not in log.read_text()


def test_the_bar_can_be_switched_off(slow: Crawl) -> None:
    assert "\x1b" not in on_terminal(slow, PROGRESS=0)


def test_without_a_terminal_the_log_says_the_figures_from_time_to_time(
    crawl: Crawl, replica: Replica
) -> None:
    late, *others = replica.world.listing("en")
    replica.faults.append(Fault(f"/posts/.*{late.id}", faults.hang()))
    waiting = rf"INFO: articles: 1 pending.*, {len(others)} new, 0 edited"
    with crawl.start("-a", "editions=en", PROGRESS_SECONDS=1, DOWNLOAD_TIMEOUT=LONGEST) as process:
        assert process.stderr
        told = list(islice((line for line in process.stderr if re.search(waiting, line)), 2))
    assert len(told) == 2
    assert all(re.search(FIGURES, line) for line in told)
    assert "\x1b" not in "".join(told)


def test_a_short_run_without_a_terminal_says_no_more_than_its_report(crawl: Crawl) -> None:
    assert not re.search(FIGURES, crawl("-a", "editions=en").log)
