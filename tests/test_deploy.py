"""What lies ready to be installed agrees with itself, with systemd, and with the commands."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from dataclasses import fields
from pathlib import Path

import pytest

from crawler import settings
from crawler.crawl import check_settings
from crawler.crawl.run_result import Report
from crawler.errors import PRECEDENCE, ExitCode
from crawler.settings import BOT_NAME, STOP_SECONDS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*@.*"))
TEXTS = {path.name: path.read_text("utf-8") for path in DEPLOY.iterdir()}
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
MACHINES = (ROOT / "docs" / "many-machines.md").read_text("utf-8")


def test_every_file_works_in_the_same_places() -> None:
    everything = "\n".join([*TEXTS.values(), OPERATING, MACHINES])
    assert set(re.findall(rf"/(?:opt|etc|var/lib)/[a-z-]*{BOT_NAME}[\w-]*", everything)) == {
        f"/opt/{BOT_NAME}",
        f"/etc/{BOT_NAME}",
        f"/var/lib/{BOT_NAME}",
    }


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text("utf-8").replace(f"/opt/{BOT_NAME}/.venv/bin/scrapy", "/bin/true")
        (tmp_path / unit.name.replace("@.", "@uza.")).write_text(text)
    answer = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    about_ours = [line for line in answer.stderr.splitlines() if BOT_NAME in line]
    assert (answer.returncode, about_ours) == (0, [])


def test_what_is_no_failure_is_what_the_manual_asks_nothing_for() -> None:
    service = TEXTS[f"{BOT_NAME}@.service"]
    (codes,) = re.findall(r"^SuccessExitStatus=(.*)$", service, re.MULTILINE)
    assert set(map(int, codes.split())) < set(ExitCode)
    assert all(
        re.search(rf"^\|.*\b{code} \|.*\| nothing", OPERATING, re.M) for code in codes.split()
    )


def test_a_run_has_more_time_to_stop_than_it_takes() -> None:
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", TEXTS[f"{BOT_NAME}@.service"], re.MULTILINE)
    assert int(seconds) > 2 * STOP_SECONDS


def test_the_unit_that_tells_of_a_failure_is_there() -> None:
    (name,) = re.findall(r"^OnFailure=(\S+)$", TEXTS[f"{BOT_NAME}@.service"], re.MULTILINE)
    assert name.replace("%i", "") in TEXTS


@pytest.mark.parametrize(
    ("code", "mailed"), [(0, ""), (3, "last line\n"), (5, ""), (7, "last line\n")]
)
def test_cron_mails_the_log_only_of_a_run_that_needs_somebody(
    tmp_path: Path, code: int, mailed: str
) -> None:
    scrapy = tmp_path / ".venv" / "bin" / "scrapy"
    scrapy.parent.mkdir(parents=True)
    scrapy.write_text(f"#!/bin/sh\necho last line >&2\nexit {code}\n")
    scrapy.chmod(0o755)
    line = TEXTS["crontab"].splitlines()[-1]
    assert re.match(r"(?:[*\d/,-]+ ){5}\S", line)
    assert "%" not in line
    command = line.split(maxsplit=5)[5].replace(f"/opt/{BOT_NAME}", str(tmp_path))
    told = subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
    )
    assert (told.stdout, told.stderr) == (mailed, "")
    assert [path.name for path in tmp_path.iterdir()] == [".venv"]


def test_the_projects_name_and_settings_are_those_of_scrapy_cfg() -> None:
    ours, theirs = ConfigParser(), ConfigParser()
    ours.read(ROOT / "scrapy.cfg")
    theirs.read(DEPLOY / "scrapyd.cfg")
    assert dict(theirs["settings"]) == dict(ours["settings"])
    assert theirs["deploy:local"]["project"] == BOT_NAME


def test_the_manual_tells_which_exit_code_comes_first() -> None:
    assert f"first of {', '.join(f'{code:d}' for code in PRECEDENCE)}, and" in OPERATING


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the manual."""
    section = OPERATING.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_manual_tells_settings_as_they_are() -> None:
    told = {names: default for names, default, _ in rows("Settings worth knowing")}
    assert told
    assert told == {names: _defaults(names) for names in told}


def _defaults(names: str) -> str:
    values = [getattr(settings, name) for name in re.findall(r"`(\w+)`", names)]
    lists = [value if isinstance(value, list) else [value] for value in values]
    return ", ".join(_plain(value) for each in lists for value in each)


def _plain(value: object) -> str:
    return f"`{value}`" if value and isinstance(value, str) else str(value) or "unset"


def test_the_manual_tells_fields_that_a_report_has() -> None:
    told = [name for names, _ in rows("Watching") for name in re.findall(r"`(\w+)`", names)]
    assert told
    assert set(told) <= {field.name for field in fields(Report)}


@pytest.mark.parametrize("example", ["you@example.org", "https://example.org/archive"])
def test_the_examples_of_an_address_are_those_that_a_crawl_refuses(example: str) -> None:
    assert f"CONTACT={example}" in "\n".join([*TEXTS.values(), OPERATING.replace("%s", example)])
    assert example in check_settings.EXAMPLES
