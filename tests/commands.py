"""The project's commands: in a process of their own, or in this one up to where they refuse."""

import os
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from subprocess import PIPE, CompletedProcess, Popen
from typing import Protocol
from unittest.mock import patch

from scrapy import cmdline

from tests.forked import Forked

ROOT = Path(__file__).parents[1]
CAN_FORK = sys.platform == "linux"  # elsewhere a library of the system may not survive it
LONGEST = 60  # seconds a command may take that does not crawl


def command(*arguments: object, **settings: object) -> list[str]:
    """Return a command with its settings, as a process takes it."""
    chosen = [part for name in settings for part in ("-s", f"{name}={settings[name]}")]
    return [sys.executable, "-m", "scrapy", *map(str, arguments), *chosen]


def start(
    command: list[str],
    *,
    fresh: bool = False,
    env: Mapping[str, str] | None = None,
    stdout: int = PIPE,
    stderr: int = PIPE,
) -> Popen[str]:
    """Start a command; if fresh, by a new interpreter, as a user does: most of a second more."""
    kind = Popen if fresh or not CAN_FORK else Forked
    return kind(command, cwd=ROOT, env=env, stdout=stdout, stderr=stderr, encoding="utf-8")


def run(command: list[str], *, fresh: bool = False) -> CompletedProcess[str]:
    """Run a command to its end; it has no terminal, whatever runs the tests."""
    with start(command, fresh=fresh, env={**os.environ, "COLUMNS": "100"}) as process:
        try:
            out, err = process.communicate(timeout=LONGEST)
        finally:
            process.kill()
    return CompletedProcess(command, process.returncode, out, err)


def scrapy(*arguments: object, **settings: object) -> CompletedProcess[str]:
    """Run a command with its settings to its end."""
    return run(command(*arguments, **settings))


@cache
def find_commands_once() -> None:
    """Let Scrapy look for its commands once in this process, not for each that is executed in it.

    It looks at all names of all modules of commands, and at all installed packages.
    """
    classes = cmdline._iter_command_classes
    found = cache(lambda module: tuple(classes(module)))
    patch.object(cmdline, "_iter_command_classes", found).start()
    patch.object(cmdline, "entry_points", cache(entry_points)).start()


class Refused(Protocol):
    """Gives a command what it must refuse before it begins; returns the one line it says."""

    def __call__(self, *arguments: object, exit_code: int = 2) -> str: ...
