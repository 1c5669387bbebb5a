import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from scrapy.commands import ScrapyHelpFormatter

from crawler.cli import add_pool, pool_of
from crawler.errors import ArchiveError
from crawler.release import rows
from crawler.system.processes import AHEAD, MOST, Processes, WorkerPool, spread
from tests.commands import LONGEST, ROOT
from tests.crawler.release.archives import contents, release_of
from tests.crawler.release.world import fill_with_posts

PID = "__import__('os').getpid()"
GIVES_WORK = f"""
from crawler.system.processes import Processes
for pid in Processes(1).spread(eval, [{PID!r}, "__import__('time').sleep(600)"]):
    print(pid, flush=True)
"""


class Alone(WorkerPool):
    """One that begins with a piece when it is given, and notes how many wait to be taken."""

    def __init__(self) -> None:
        self.waiting = self.most = 0

    def _size(self) -> int:
        return 2

    def _submit(self, function: Any, piece: Any) -> Any:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        future: Future[Any] = Future()
        future.set_result(function(piece))
        return future

    def _result(self, future: Any) -> Any:
        self.waiting -= 1
        return future.result()

    def close(self) -> None:
        pass


def test_results_come_in_order_and_few_pieces_are_taken_ahead() -> None:
    pool = Alone()
    assert list(spread(pool, abs, range(-100, 0))) == list(range(100, 0, -1))
    assert pool.most == AHEAD * 2 + 1
    assert list(spread(None, abs, range(-3, 0))) == [3, 2, 1]


def test_a_process_never_sees_ctrl_c_not_even_while_it_begins() -> None:
    blocked = "2 in __import__('signal').pthread_sigmask(0, [])"
    with pool_of(None, "2") as pool:
        assert True in list(spread(pool, eval, [blocked] * 20))
    assert not eval(blocked)


def test_processes_make_the_same_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_with_posts(tmp_path / "uza")
    release_of(tmp_path / "uza", tmp_path / "alone")
    monkeypatch.setattr(rows, "_CHUNK", 20)
    with pool_of(None, "2") as pool:
        release_of(tmp_path / "uza", tmp_path / "together", pool)
    assert contents(tmp_path / "together") == contents(tmp_path / "alone")


def test_a_process_that_is_killed_is_named_and_one_piece_alone_needs_none() -> None:
    kill = f"__import__('os').kill({PID}, 9)"
    with pool_of(None, "2") as pool:
        assert list(spread(pool, eval, [PID])) == [os.getpid()]
        with pytest.raises(
            ArchiveError, match="a worker process was killed; run the same command again"
        ):
            list(spread(pool, eval, [kill, kill]))


@pytest.mark.slow
def test_nobody_works_any_more_once_a_piece_has_failed(tmp_path: Path) -> None:
    path = f"__import__('pathlib').Path({str(tmp_path)!r})"
    slow = f"(({path} / 'begun').touch(), __import__('time').sleep(1), ({path} / 'done').touch())"
    fails = f"[*iter(lambda: ({path} / 'begun').exists(), True), 1 / 0]"
    with pool_of(None, "2") as pool:
        with pytest.raises(ZeroDivisionError):
            list(spread(pool, eval, [slow, slow, fails]))
        assert (tmp_path / "done").exists()
        (tmp_path / "done").unlink()
    assert not (tmp_path / "done").exists()


class Impatient(Processes):
    """Somebody presses Ctrl-C while it waits for a result."""

    def _result(self, future: Any) -> Any:
        raise KeyboardInterrupt


def test_nobody_works_any_more_once_it_is_interrupted_while_it_waits(tmp_path: Path) -> None:
    done = f"__import__('pathlib').Path({str(tmp_path / 'done')!r}).touch()"
    slow = f"(__import__('time').sleep(0.3), {done})"
    with closing(Impatient(1)) as pool:
        with pytest.raises(KeyboardInterrupt):
            list(pool.spread(eval, [slow, *[PID] * MOST * 4]))
        assert (tmp_path / "done").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_processes_end_with_who_gave_the_work(number: signal.Signals) -> None:
    command = [sys.executable, "-c", GIVES_WORK]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as giver:
        assert giver.stdout
        worker = int(giver.stdout.readline())
        giver.send_signal(number)
    end = time.monotonic() + LONGEST
    while _is_alive(worker):
        assert time.monotonic() < end
        time.sleep(0.02)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{number}/stat")  # nobody may have buried it yet
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.parametrize("width", range(60, 130, 3))
def test_no_line_of_their_help_is_taken_for_a_heading(width: int) -> None:
    parser = ArgumentParser(formatter_class=lambda prog: ScrapyHelpFormatter(prog, width=width))
    add_pool(parser)
    told = parser.format_help().rpartition("--jobs")[2]
    assert "===" not in told  # Scrapy underlines each line that ends with a colon
