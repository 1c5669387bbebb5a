"""The documents for operators say only what is so."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from crawler import settings
from crawler.crawl import check_settings
from crawler.crawl.run_result import Report
from crawler.errors import PRECEDENCE
from crawler.scaffold.schedule import USER_ID
from crawler.settings import BOT_NAME

ROOT = Path(__file__).parents[1]
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
MACHINES = (ROOT / "docs" / "many-machines.md").read_text("utf-8")


def test_all_documents_name_the_same_places() -> None:
    everything = OPERATING + MACHINES
    assert set(re.findall(rf"/(?:opt|etc|var/lib)/[a-z-]*{BOT_NAME}[\w-]*", everything)) == {
        f"/opt/{BOT_NAME}",
        f"/var/lib/{BOT_NAME}",
        f"/etc/{BOT_NAME}",  # .env
    }


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
    assert re.search(rf"(CONTACT|ALERT)={re.escape(example)}", OPERATING)
    assert check_settings.EXAMPLE.fullmatch(example)


def test_the_image_has_the_user_of_the_pods_and_copies_what_is_there() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    (user,) = re.findall(r"^USER (\d+)$", text, re.MULTILINE)
    assert int(user) == USER_ID
    copied = re.findall(r"^COPY (\S+) \.$", text, re.MULTILINE)
    assert all((ROOT / name).exists() for name in copied)
    (folder,) = re.findall(r"^WORKDIR (\S+)$", text, re.MULTILINE)
    assert folder == f"/opt/{BOT_NAME}"
