"""The README says only what is so."""

import json
import re
from pathlib import Path

import msgspec
from scrapy.utils.project import get_project_settings

from crawler.crawl.arguments import MANUAL
from crawler.errors import PRECEDENCE, ExitCode
from crawler.extract.article import load_steps, read_article
from crawler.extract.saved_page import load_document
from pages.uza import LAYOUTS, RULES
from tests.commands import scrapy

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGE = ROOT / "tests" / "pages" / "uza" / "2024-05-01-en-reservoir"
WIDTH = 96


def row() -> str:
    """Return the row of a saved page, as many fields a line as fit."""
    steps = load_steps(get_project_settings(), RULES)
    article = read_article(load_document(PAGE), LAYOUTS, steps, fetched_at="2024-05-01T19:10:07Z")
    article.run = "20240501T190958Z"
    assert article.extractor is not None
    article.extractor.code = "0123456789abcdef"  # follows the code, which the README does not
    fields = msgspec.to_builtins(article)
    parts = [
        f"{json.dumps(name)}: {json.dumps(fields[name], ensure_ascii=False)}" for name in fields
    ]
    lines = [parts[0]]
    for part in parts[1:]:
        if len(lines[-1]) + len(part) < WIDTH:
            lines[-1] += f", {part}"
        else:
            lines.append(part)
    return "{\n  " + ",\n  ".join(lines) + "\n}\n"


def exit_codes(document: str) -> list[tuple[int, str]]:
    """Return the exit codes of a document's table, each with its meaning."""
    rows = re.findall(r"^\| ([\d, ]+) \| (.+?) \|", document, re.MULTILINE)
    told = [(codes.split(", "), meanings.split("; ")) for codes, meanings in rows]
    return [
        (int(code), meaning)
        for codes, meanings in told
        for code, meaning in zip(codes, meanings, strict=True)
    ]


def test_the_row_shown_is_the_row_of_a_saved_page() -> None:
    shown = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert shown
    assert shown[1] == row()


def test_every_argument_and_exit_code_is_told() -> None:
    assert [name for name in MANUAL if f"`{name}=" not in README] == []
    assert exit_codes(README) == [(code, code.meaning) for code in ExitCode]
    assert f"first of {', '.join(f'{code:d}' for code in PRECEDENCE)}:" in README


def test_the_help_tells_every_argument_and_exit_code_and_which_comes_first() -> None:
    told = scrapy("crawl", "--help").stdout
    codes = re.findall(r"^  (\d+) +(.*)$", told, re.MULTILINE)
    assert {int(code): meaning for code, meaning in codes} == {c: c.meaning for c in ExitCode}
    assert f"first of: {', '.join(f'{code:d}' for code in PRECEDENCE)}" in told
    assert re.findall(r"^  -a ([a-z]+)=", told, re.MULTILINE) == list(MANUAL)
    assert "the file of -O may be empty" in told


def test_it_has_fewer_than_120_lines() -> None:
    assert len(README.splitlines()) < 120


def test_every_file_it_points_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
