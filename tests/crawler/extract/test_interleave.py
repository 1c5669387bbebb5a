"""Works of several parts are taken in turns, and end with their results in order."""

import pytest

from crawler.extract.article import Work, finish, interleave


def work(name: str, parts: int, done: list[str]) -> Work[str]:
    for part in range(parts):
        done.append(f"{name}{part}")
        yield
    return name


def test_each_part_is_done_for_all_works_before_the_next() -> None:
    done: list[str] = []
    assert interleave([work("a", 2, done), work("b", 0, done), work("c", 3, done)]) == [
        "a",
        "b",
        "c",
    ]
    assert done == ["a0", "c0", "a1", "c1", "c2"]


def test_what_a_work_raises_ends_all() -> None:
    def broken() -> Work[str]:
        yield
        raise ValueError("broken")

    done: list[str] = []
    with pytest.raises(ValueError, match="broken"):
        interleave([broken(), work("a", 2, done)])
    assert done == ["a0"]


def test_a_single_work_is_done_to_its_end() -> None:
    done: list[str] = []
    assert finish(work("a", 2, done)) == "a"
    assert done == ["a0", "a1"]
