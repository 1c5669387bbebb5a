"""What lies ready to be installed agrees with itself, with systemd, and with the commands."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from crawler.commands.crawl import EXIT_CODES
from crawler.settings import BOT_NAME

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*@.*"))
TEXTS = {path.name: path.read_text("utf-8") for path in DEPLOY.iterdir()}
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")


def test_every_file_works_in_the_same_places() -> None:
    everything = "\n".join([*TEXTS.values(), OPERATING])
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


def test_the_code_of_a_run_that_systemd_stopped_is_no_failure() -> None:
    service = TEXTS[f"{BOT_NAME}@.service"]
    (code,) = re.findall(r"SuccessExitStatus=(\d+)", service)
    assert int(code) in EXIT_CODES
    assert "TimeoutStopSec=60" in service


def test_the_projects_name_and_settings_are_those_of_scrapy_cfg() -> None:
    ours, theirs = ConfigParser(), ConfigParser()
    ours.read(ROOT / "scrapy.cfg")
    theirs.read(DEPLOY / "scrapyd.cfg")
    assert dict(theirs["settings"]) == dict(ours["settings"])
    assert theirs["deploy:local"]["project"] == BOT_NAME


def test_the_manual_tells_what_to_do_for_every_exit_code() -> None:
    told = re.findall(r"^\| ([\d, ]+) \|", OPERATING, re.MULTILINE)
    assert {int(code) for row in told for code in row.split(",")} == set(EXIT_CODES)
