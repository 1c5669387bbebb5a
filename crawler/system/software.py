"""Name, version and commit of this code, for files that outlive it."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

NAME = "agency-news-archive"
VERSION = "0.1.0"  # as in pyproject.toml
_ROOT = Path(__file__).parents[2]
_DESCRIBE = ("describe", "--always", "--exclude=*", "--abbrev=40", "--dirty")


def commit(root: Path = _ROOT) -> str | None:
    """Return the commit of the checkout, with ``-dirty`` if its code was changed since.

    None if git is missing, or if the project's folder is not the root of a checkout.
    """
    git = ("git", "--no-optional-locks", f"--git-dir={root / '.git'}", f"--work-tree={root}")
    try:
        run = subprocess.run((*git, *_DESCRIBE), capture_output=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout.decode().strip()


def software() -> dict[str, str | None]:
    """Return name, version and commit of this code."""
    return {"name": NAME, "version": VERSION, "commit": commit()}


def told_as(code: Mapping[str, str | None]) -> str:
    """Return name, version and commit of code, for readers."""
    return f"{code.get('name')} {code.get('version')}, commit {code.get('commit') or 'unknown'}"
