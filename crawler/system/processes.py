"""A worker pool of this machine's processes. Results come in order."""

import gc
import multiprocessing
import os
import signal
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import wait as ended
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from crawler.errors import ArchiveError

AHEAD = 3  # pieces per worker that are in flight, or done and not yet taken
ENOUGH = 2  # pieces each other process has before this one works, too
MOST = 10  # the same if this process works, too, and a piece of another's takes long

T = TypeVar("T")
R = TypeVar("R")


class WorkerPool(ABC):
    """The workers: other processes, here or elsewhere.

    A piece is done again if its worker is lost, or if the command is run again. So a function must
    return the same result each time, and must be defined in a module.
    """

    def spread(self, function: Callable[[T], R], pieces: Iterable[T]) -> Iterator[R]:
        """Yield the result for each piece, in order. Only a few are computed ahead."""
        under_way: deque[Any] = deque()
        for piece in pieces:
            under_way.append(self._submit(function, piece))
            if len(under_way) > AHEAD * self._size():
                yield self._result(under_way.popleft())
        while under_way:
            yield self._result(under_way.popleft())

    def share(self, folder: Path) -> None:  # noqa: B027, since most see what this process sees
        """Name the folder of the work, which every worker must see."""

    @abstractmethod
    def _size(self) -> int:
        """Return how many pieces can be worked on at once."""

    @abstractmethod
    def _submit(self, function: Callable[[Any], object], piece: Any) -> Any:
        """Begin a piece. Return a handle for its result."""

    @abstractmethod
    def _result(self, future: Any) -> Any:
        """Wait for a result. Raises the function's own error, or ``ArchiveError``."""

    @abstractmethod
    def close(self) -> None:
        """Cancel what is not done."""


def spread(pool: WorkerPool | None, function: Callable[[T], R], pieces: Iterable[T]) -> Iterator[R]:
    """Yield the result for each piece, in order, by a pool or by this process alone."""
    return pool.spread(function, pieces) if pool else map(function, pieces)


class Processes(WorkerPool):
    """Processes of this machine: this one and ``others``, which end with it in every case."""

    def __init__(self, others: int) -> None:
        self._others = others
        context = multiprocessing.get_context("spawn")  # a fork would share open files and locks
        self._pool = ProcessPoolExecutor(others, context, _begin)

    def spread(self, function: Callable[[T], R], pieces: Iterable[T]) -> Iterator[R]:
        """Yield the result for each piece, in order. A single piece needs no process.

        This process works as well, while the others start (half a second) and whenever it would
        wait for them. When this ends, even by an error, no worker is still busy, so files can be
        removed.
        """
        waiting = iter(pieces)
        first = list(islice(waiting, 2))
        if len(first) < 2:
            yield from map(function, first)
            return
        under_way: deque[Future[R]] = deque()
        try:
            yield from self._in_order(function, chain(first, waiting), under_way)
        finally:
            ended([each for each in under_way if not each.cancel()])

    def _in_order(
        self, function: Callable[[T], R], pieces: Iterable[T], under_way: deque[Future[R]]
    ) -> Iterator[R]:
        for piece in pieces:
            under_way.append(self._work_on(function, piece, under_way))
            while under_way and (under_way[0].done() or len(under_way) > MOST * self._size()):
                result = self._result(under_way[0])  # in flight until its result is here
                under_way.popleft()
                yield result
        yield from map(self._result, under_way)

    def _work_on(
        self, function: Callable[[T], R], piece: T, under_way: Iterable[Future[R]]
    ) -> Future[R]:
        """Give a piece to the others, or do it here if they have enough."""
        if sum(not future.done() for future in under_way) < ENOUGH * self._others:
            given: Future[R] = self._submit(function, piece)
            return given
        own = Future[R]()
        own.set_result(function(piece))
        return own

    def _size(self) -> int:
        return self._others + 1

    def _submit(self, function: Callable[[Any], object], piece: Any) -> Any:
        with _named(), _without_sigint():
            return self._pool.submit(function, piece)

    def _result(self, future: Any) -> Any:
        with _named():
            return future.result()

    def close(self) -> None:
        """Cancel what has not begun, and wait for the rest."""
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool:
        raise ArchiveError(
            "a worker process was killed; run the same command again to continue"
        ) from None


@contextmanager
def _without_sigint() -> Iterator[None]:
    """Start processes that ignore Ctrl-C: this process tells them when to stop."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process together with its parent, even if the parent was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


@contextmanager
def without_gc() -> Iterator[None]:
    """Switch off the search for cycles, which would visit the same objects over and over."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
