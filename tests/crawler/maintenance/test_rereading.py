"""How many archived answers are held at once while they are read again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from crawler.maintenance.reread import CHUNK, CHUNK_BYTES, Reading, Task, read_all
from crawler.model.article import Capture


class Reader:
    """Stands in for what reads, and notes how many answers it was given at a time."""

    def __init__(self) -> None:
        self.given: list[int] = []

    def readings(self, tasks: Iterable[Task]) -> list[Reading]:
        found = [Reading(content_hash=task.expected) for task in tasks]
        self.given.append(len(found))
        return found


def task(number: int, length: int) -> Task:
    return Task(Capture("uza-1.warc.gz", 0, length, "sha256:00"), str(number), None, None)


@pytest.mark.parametrize(
    ("length", "given"),
    [(1000, [CHUNK, CHUNK, 50]), (CHUNK_BYTES // 60, [61, 61, 61, 61, 6])],
    ids=["small answers", "large ones"],
)
def test_a_chunk_is_bounded_in_number_and_size(length: int, given: list[int]) -> None:
    reader: Any = Reader()
    tasks = (task(number, length) for number in range(2 * CHUNK + 50))
    readings = list(read_all(tasks, reader, Path("uza"), None))
    assert [each.content_hash for each in readings] == [str(n) for n in range(2 * CHUNK + 50)]
    assert reader.given == given
