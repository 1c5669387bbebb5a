"""The project's commands: in a process of their own, or in this one up to where they refuse."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[1]


def command(*arguments: object, **settings: object) -> list[str]:
    """Return a command with its settings, as a process takes it."""
    chosen = [part for name in settings for part in ("-s", f"{name}={settings[name]}")]
    return [sys.executable, "-m", "scrapy", *map(str, arguments), *chosen]


def scrapy(*arguments: object, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; it has no terminal, whatever runs the tests."""
    return subprocess.run(
        command(*arguments, **settings),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env={**os.environ, "COLUMNS": "100"},
    )


class Refused(Protocol):
    """Gives a command what it must refuse before it begins; returns the one line it says."""

    def __call__(self, *arguments: object, exit_code: int = 2) -> str: ...
