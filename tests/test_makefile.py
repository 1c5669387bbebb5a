"""What make installs, and with which Python."""

import subprocess
import sys
from pathlib import Path

from tests.commands import ROOT


def install(folder: Path, python: Path) -> subprocess.CompletedProcess[str]:
    """Install what is locked, which is nothing, into a folder's .venv."""
    (folder / "requirements.txt").touch()
    command = ["make", "--file", str(ROOT / "Makefile"), ".venv/installed", f"PYTHON={python}"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


def stand_in(folder: Path, name: str) -> Path:
    """Return a Python that notes its name and what it is asked; one like it gets into a .venv."""
    python = folder / name
    python.write_text(
        f'#!/bin/sh\necho "{name} $2" >> "{folder}/asked"\n'
        'test "$2" != venv || { mkdir -p .venv/bin && cp "$0" .venv/bin/python; }\n'
    )
    python.chmod(0o755)
    return python


def test_an_environment_keeps_its_python_whichever_comes_first_now(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    assert install(tmp_path, stand_in(tmp_path, "first")).returncode == 0
    assert asked.read_text().endswith("first venv\nfirst pip\n")
    (tmp_path / ".venv" / "installed").unlink()
    assert install(tmp_path, stand_in(tmp_path, "second")).returncode == 0
    assert asked.read_text().endswith("first pip\n")
    assert "second" not in asked.read_text()


def test_an_old_python_is_refused_with_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text(f'#!/bin/sh\n{sys.executable} -c "import sys; sys.version_info = (3, 9); $2"\n')
    old.chmod(0o755)
    done = install(tmp_path, old)
    assert done.returncode == 2
    assert "not 3.9: name one, as in make PYTHON=python3.12" in done.stderr
    assert not (tmp_path / ".venv").exists()
