"""Works of several parts are taken in turns, and end with their results in order."""

import pytest

from crawler.extract.article import Steps, finish, interleave


def steps(name: str, parts: int, done: list[str]) -> Steps[str]:
    for part in range(parts):
        done.append(f"{name}{part}")
        yield
    return name


def test_each_part_is_done_for_all_works_before_the_next() -> None:
    done: list[str] = []
    assert interleave([steps("a", 2, done), steps("b", 0, done), steps("c", 3, done)]) == [
        "a",
        "b",
        "c",
    ]
    assert done == ["a0", "c0", "a1", "c1", "c2"]


def test_what_a_work_raises_ends_all() -> None:
    def broken() -> Steps[str]:
        yield
        raise ValueError("broken")

    done: list[str] = []
    with pytest.raises(ValueError, match="broken"):
        interleave([broken(), steps("a", 2, done)])
    assert done == ["a0"]


def test_a_single_work_is_done_to_its_end() -> None:
    done: list[str] = []
    assert finish(steps("a", 2, done)) == "a"
    assert done == ["a0", "a1"]
