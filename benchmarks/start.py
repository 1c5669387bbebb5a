"""Cost of a command before it does anything: CPU compared with ``scrapy list`` without spiders."""

import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from subprocess import DEVNULL, Popen

from benchmarks.results import Goal, Result, middle
from benchmarks.scale import Scale
from crawler.store.archive import Archive

ROOT = Path(__file__).parents[1]
SCRAPY = (sys.executable, "-m", "scrapy")
COMMANDS = (("list",), ("status", "uza"), ("export", "uza"))
MOST = 1.4  # times Scrapy alone


def make_empty_project(folder: Path) -> None:
    """Create a project without a spider."""
    (folder / "empty").mkdir(parents=True)
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = empty.settings\n", "utf-8")
    (folder / "empty" / "__init__.py").touch()
    (folder / "empty" / "settings.py").write_text('SPIDER_MODULES = ["empty"]\n', "utf-8")


def seconds(command: Sequence[str], folder: Path) -> float:
    """Return the CPU time of a command."""
    # Scrapy passes its project's settings module to child processes.
    environment = {name: os.environ[name] for name in os.environ if not name.startswith("SCRAPY_")}
    process = Popen([*SCRAPY, *command], cwd=folder, stdout=DEVNULL, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit code {process.returncode}")
    return used.ru_utime + used.ru_stime


def measure(scale: Scale) -> Result:
    """Run each command alternating with Scrapy alone, so that other load slows both down."""
    with tempfile.TemporaryDirectory() as name:
        bare, data = Path(name, "bare"), Path(name, "data")
        make_empty_project(bare)
        with closing(Archive(data / "uza")):
            pass
        pairs = {
            command[0]: [
                (seconds(("list",), bare), seconds([*command, *_at(command, data)], ROOT))
                for _ in range(2 * scale.rounds - 1)
            ]
            for command in COMMANDS
        }
    ratios = {what: middle([ours / theirs for theirs, ours in pairs[what]]) for what in pairs}
    rows = [
        [what, *(f"{1000 * min(times):.0f}" for times in zip(*pairs[what], strict=True))]
        for what in pairs
    ]
    met = (Goal(f"start of `scrapy {what}`", MOST, ratios[what], "× Scrapy's") for what in ratios)
    return Result(
        "The start of a command",
        ("command", "bare Scrapy, ms CPU", "ms CPU"),
        rows,
        goals=[*met],
        raw=pairs,
    )


def _at(command: Sequence[str], data: Path) -> Sequence[str]:
    """Return the option with the archive's folder, if the command reads one."""
    return ("-s", f"DATA_DIR={data}") if len(command) > 1 else ()
