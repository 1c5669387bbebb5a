"""Commands that move files into a bucket or take them out, killed at any request."""

import os
import signal
from pathlib import Path

import pytest

from tests.commands import CAN_FORK, command, start
from tests.crawler.buckets import CUT, S3
from tests.crawler.offloads import TO, files, moving, offload, problems, stored
from tests.crawler.offloads import finished as finished
from tests.crawler.withdrawals import PHRASE, withdraw

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CAN_FORK, reason="each would take a second more"),
]


def killed_at(s3: S3, folder: Path, moment: str, number: int, *words: str) -> None:
    """Start a command, and kill it before or after a request of that number is passed on."""
    s3.requests.clear()
    process = start(command(*words, DATA_DIR=folder.parent))

    def kill(method: str, path: str, at: int) -> int | None:
        if at != number:
            return None
        os.kill(process.pid, signal.SIGKILL)
        return CUT

    setattr(s3, moment, kill)
    process.communicate(timeout=60)
    setattr(s3, moment, lambda *_: None)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("moment", "number"),
    # manifest read; read, written empty; read, written; object looked for, written, read back; next
    [("after", 3), ("fault", 5), ("after", 5), ("after", 7), ("after", 8), ("fault", 11)],
)
def test_a_killed_command_loses_nothing_and_the_next_one_completes_it(
    moment: str, number: int, s3: S3, folder: Path
) -> None:
    before = files(folder)
    killed_at(s3, folder, moment, number, "offload", "uza", "--to", TO)
    assert stored(s3) | files(folder) == before
    assert problems(folder) == []
    offload(folder)
    assert (stored(s3), files(folder)) == (before, {})
    assert problems(folder) == []


@pytest.mark.parametrize("number", [7, 16])  # of 20
def test_files_brought_back_by_a_command_that_is_killed_are_all_there(
    number: int, s3: S3, folder: Path
) -> None:
    before = files(folder)
    offload(folder)
    killed_at(s3, folder, "after", number, "offload", "uza", "--back")
    assert problems(folder) == []
    moving(folder).bring_all_back()
    assert (stored(s3), files(folder)) == ({}, before)
    assert problems(folder) == []


@pytest.mark.parametrize("number", [3, 13, 18])  # of 22
def test_a_killed_withdrawal_leaves_no_text_in_the_bucket_once_it_is_complete(
    number: int, s3: S3, folder: Path
) -> None:
    offload(folder)
    asked = ("withdraw", "uza:594021", "--reason", "a court", "--yes")
    killed_at(s3, folder, "after", number, *asked)
    withdraw(folder)
    assert stored(s3) == {}
    offload(folder)
    assert PHRASE.encode() not in b"".join(stored(s3).values())
    assert problems(folder) == []
