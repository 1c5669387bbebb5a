"""A Dask cluster as a worker pool: its scheduler repeats the tasks of a lost worker.

Every worker must have the data folders at the same paths, and the same code. A worker with other
folders or code refuses its tasks, so that results never differ.
"""

import asyncio
import hashlib
import logging
import platform
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, wait
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, NamedTuple
from uuid import uuid4

from distributed import Client, KilledWorker, Security, get_worker
from distributed.comm import connect

from crawler.errors import ArchiveError, UsageError
from crawler.system.processes import WorkerPool

ANSWERS_WITHIN = 10  # seconds to wait for a response of the scheduler
WORKERS_WITHIN = 60  # seconds to wait for a worker, if there is none
_ROOT = Path(__file__).parents[2]
_CODE = ("crawler", "pages", "pipelines", "spiders")
_SOURCES = {".py", ".sql", ".toml"}
# Packages that rows, or their compressed bytes, depend on.
_PACKAGES = (
    *("deflate", "isal", "itemadapter", "lxml", "msgspec", "pyarrow", "python-dateutil", "scrapy"),
    "selectolax",
)


class Unfit(UsageError):
    """A worker differs from this machine, so that its results could differ."""


class Equal(NamedTuple):
    """What must be the same on this machine and on a worker."""

    marks: tuple[tuple[str, str], ...]  # marker files by path, with their content
    setup: tuple[tuple[str, str], ...]  # names with versions


class Cluster(WorkerPool):
    """The workers of a scheduler; their number may change during the run."""

    def __init__(self, address: str) -> None:
        self._name = f"--cluster {address}"
        self._mark = uuid4().hex
        self._marks: list[Path] = []
        self._client = _connect(address, self._name)
        self._pool = self._client.get_executor(pure=False)

    def share(self, folder: Path) -> None:
        """Write a marker file into a folder; a worker that finds it sees the same folder."""
        mark = folder.resolve() / f"{self._mark}.cluster"
        mark.write_text(self._mark)
        self._marks.append(mark)

    def _size(self) -> int:
        return max(1, self._threads())

    def _threads(self) -> int:
        with self._reached():
            return sum(self._client.nthreads().values())

    def _submit(self, function: Callable[[Any], object], piece: Any) -> Any:
        equal = Equal(tuple((str(mark), self._mark) for mark in self._marks), _setup())
        with self._reached():
            return self._pool.submit(_work, equal, function, piece)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            raise self._lost() from None

    def _lost(self) -> ArchiveError:
        return ArchiveError(f"{self._name}: the scheduler was lost; start it, then run this again")

    def _result(self, future: Any) -> Any:
        while not wait([future], WORKERS_WITHIN).done:
            if not self._threads():
                raise ArchiveError(
                    f"{self._name}: no worker is left; start some, then run this again"
                )
        try:
            return future.result()
        except CancelledError:
            raise self._lost() from None
        except KilledWorker as error:
            raise ArchiveError(
                f"{self._name}: several workers were lost on the same piece of work, the "
                f"last of them {error.last_worker.address}; their logs may say why"
            ) from None

    def close(self) -> None:
        """Abandon pending tasks, and disconnect."""
        for mark in self._marks:
            mark.unlink(missing_ok=True)
        self._pool.shutdown(wait=False)
        self._client.close()


def _connect(address: str, name: str) -> Any:
    """Return a client of the scheduler; wait for the first worker."""
    # Dask logs a traceback if the scheduler is lost; we print one line instead.
    for logger in ("distributed", "distributed.client"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    _check_answer(address, name)
    client = Client(address, timeout=ANSWERS_WITHIN, set_as_default=False)
    try:
        client.wait_for_workers(1, timeout=WORKERS_WITHIN)
        _check_project(client, name)
    except TimeoutError:
        client.close()
        raise UsageError(f"{name}: it has no worker; start some") from None
    except UsageError:
        client.close()
        raise
    return client


def _check_project(client: Any, name: str) -> None:
    """Raise ``UsageError`` if the scheduler or a worker cannot import this module.

    Otherwise it could not even send this module's exceptions later.
    """
    ours = "crawler.system.dask:Equal"
    found = client.run(resolve_name, ours, on_error="return")
    try:
        client.run_on_scheduler(resolve_name, ours)
    except ImportError as error:
        found["the scheduler"] = error
    for who, answer in found.items():
        if isinstance(answer, ImportError):
            raise UsageError(
                f"{name}: {who} does not have this project ({answer}); start scheduler and workers "
                "in its folder, with PYTHONPATH=."
            )


def _check_answer(address: str, name: str) -> None:
    try:
        asyncio.run(_ask(address))
    except (OSError, ValueError, MemoryError) as error:  # also if it is not a Dask scheduler
        why = str(error) or f"nothing received in {ANSWERS_WITHIN} seconds"
        raise UsageError(f"{name}: no Dask scheduler responds there ({why})") from None


async def _ask(address: str) -> None:
    """Try to connect; ``Client`` itself takes long to give up if nothing listens there."""
    as_client = Security().get_connection_args("client")
    async with asyncio.timeout(ANSWERS_WITHIN):
        connection = await connect(address, **as_client)
        await connection.close()


def _work(equal: Equal, function: Callable[[Any], object], piece: Any) -> object:
    """Run a task on a worker, after checking that the worker is equal."""
    _check(equal)
    return function(piece)


@lru_cache(maxsize=1)
def _check(equal: Equal) -> None:
    """Raise ``Unfit`` if this worker differs; success is cached, so it is checked once per run."""
    here = f"the worker {get_worker().address}"
    for path, mark in equal.marks:
        if not Path(path).is_file() or Path(path).read_text() != mark:
            raise Unfit(
                f"{here} does not see {Path(path).parent} as this machine does; workers need the "
                "data at the same path (docs/many-machines.md)"
            )
    for (name, theirs), (_, ours) in zip(equal.setup, _setup(), strict=True):
        if theirs != ours:
            raise Unfit(
                f"{here} has {name} {ours}, and this machine {theirs}; give it the same "
                "project and requirements, and start it again"
            )


@cache
def _setup() -> tuple[tuple[str, str], ...]:
    """Return code digest and package versions; cached, because loaded code does not change."""
    found = [("project code", _code()), ("Python", platform.python_version())]
    return (*found, *((name, _version(name)) for name in _PACKAGES))


def _code() -> str:
    digest = hashlib.sha256()
    files = (path for folder in _CODE for path in (_ROOT / folder).rglob("*.*"))
    for path in sorted(path for path in files if path.suffix in _SOURCES):
        digest.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
