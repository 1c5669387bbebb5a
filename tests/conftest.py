"""What holds for every test."""

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from scrapy.cmdline import execute

from tests.commands import ROOT, Refused, find_commands_once
from tests.days import start_day

# A busy machine is slow, and that is no fault of the code.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")

start_day()  # for what modules compute when they are imported

# On import this looks up the source of each caller, among all modules that are imported by then.
import_module("scrapy.core.downloader.handlers.http11")

# To compile the tests takes each process some seconds: it is done once, whatever the environment
# says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**31:
    os.environ["TMPDIR"] = str(MEMORY)  # tests wait for the disk half of their time
    tempfile.tempdir = None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Start three workers for two processors: crawls wait for time limits now and then."""
    return (os.cpu_count() or 1) * 3 // 2 if config.option.numprocesses == "auto" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage in thousands of tests while they are made, which doubles the time."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run whole crawls first: the quick rest fills the gaps that they leave at the end."""
    items.sort(key=lambda item: "crawls" not in item.path.parts)


@pytest.fixture(autouse=True, scope="module")
def day() -> None:
    """Let a module's tests begin on the tests' own day; what they share is made on it, too."""
    start_day()


@pytest.fixture(autouse=True)
def usual_signals() -> Iterator[None]:
    """Let signals do what they do in a new process, whoever started the tests.

    A shell lets what it runs in the background ignore SIGINT; a command that is called in this
    process may leave handlers of its own: it was to end there.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Refused:
    """A refusal needs no process of its own, which would take most of a second."""
    monkeypatch.chdir(ROOT)
    find_commands_once()

    def refuse(*arguments: object, exit_code: int = 2) -> str:
        with pytest.raises(SystemExit) as end:
            execute(["scrapy", *map(str, arguments)])
        assert end.value.code == exit_code
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1, said.err
        return said.err

    return refuse
