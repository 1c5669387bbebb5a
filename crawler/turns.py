"""Works of several parts, taken in turns.

Code that has just run runs again in three quarters of the time: the processor still holds it, and
what it looks things up in. So where many articles are read, each part is done for all of them
before the next part.
"""

from collections.abc import Generator, Iterable
from typing import TypeVar

T = TypeVar("T")
Work = Generator[None, None, T]  # yields after each part, returns the result


def finish(work: Work[T]) -> T:
    """Do all parts of a work."""
    (result,) = in_turns([work])
    return result


def in_turns(works: Iterable[Work[T]]) -> list[T]:
    """Do one part of each work after the other until all are done; return their results in order.

    What a work raises ends it all.
    """
    results: dict[int, T] = {}
    waiting = list(enumerate(works))
    while waiting:
        still = []
        for number, work in waiting:
            try:
                next(work)
            except StopIteration as end:
                results[number] = end.value
            else:
                still.append((number, work))
        waiting = still
    return [results[number] for number in sorted(results)]
