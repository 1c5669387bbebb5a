"""The README and the other documents say only what is so."""

import json
import re
import tomllib
from pathlib import Path

import msgspec
import pytest
from scrapy import commands as scrapy_commands
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.project import get_project_settings

from crawler.crawl.arguments import MANUAL
from crawler.crawl.normalisers import load_normalisers
from crawler.errors import PRECEDENCE, ExitCode
from crawler.extract.article import read_article
from crawler.extract.saved_page import load_document
from crawler.scaffold.agencies import agencies
from pages.uza import LAYOUTS, RULES
from tests.commands import scrapy

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
MEASURED = (ROOT / "docs" / "agencies.md").read_text("utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
PAGE = ROOT / "tests" / "pages" / "uza" / "2024-05-01-en-reservoir"
WIDTH = 96


def row() -> str:
    """Return the row of a saved page, as many fields a line as fit."""
    normalisers = load_normalisers(get_project_settings(), RULES)
    article = read_article(
        load_document(PAGE), LAYOUTS, normalisers, fetched_at="2024-05-01T19:10:07Z"
    )
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


def cells(document: str, first: str) -> list[list[str]]:
    """Return the cells of a document's table, without its head, by the name of its first column."""
    table = document.partition(f"\n| {first} |")[2].partition("\n\n")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def test_the_whole_row_is_the_row_of_a_saved_page() -> None:
    assert (ROOT / "docs" / "row.json").read_text("utf-8") == row()


def test_the_short_row_has_values_of_the_whole_row() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    short, whole = json.loads(shown), json.loads(row())
    body = short.pop("body")
    assert body.endswith(" ...")
    assert whole["body"].startswith(body.removesuffix("..."))
    assert short == {name: whole[name] for name in short}


def test_the_manual_explains_every_argument_and_the_readme_no_exit_code() -> None:
    assert [name for name in MANUAL if f"`{name}=" not in OPERATING] == []
    assert "| exit code |" not in README  # one table is enough: that of docs/operating.md


def test_the_agencies_are_told_as_they_were_measured() -> None:
    settings = get_project_settings()
    loader = get_spider_loader(settings)
    measured = {name: counts[:4] for name, *counts in cells(MEASURED, "agency")}
    expected = [
        [
            f"`{one.name}`",
            loader.load(one.name).rules.address.host,  # type: ignore[attr-defined]
            " ".join(one.editions),
            one.evidence,
            *measured.get(one.name, ["0", "", "", ""]),
        ]
        for one in agencies(settings)
    ]
    assert cells(README, "agency") == expected
    (day,) = re.findall(r"^Measured ([\d-]+)\.", MEASURED, re.MULTILINE)
    assert f"Measured {day};" in README


def test_every_command_and_target_it_names_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    commands = {path.stem for path in (ROOT / "crawler" / "commands").glob("[!_]*.py")}
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        assert set(re.findall(r"\bscrapy ([a-z-]+) (?:uza|page)\b", text)) <= commands, path
        assert set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)) <= set(targets), path


def test_the_list_of_commands_has_each_of_ours_with_its_line_of_the_help() -> None:
    listed = (ROOT / "docs" / "commands.md").read_text("utf-8")
    described = dict(re.findall(r"^\| `scrapy ([a-z-]+)` \| (.+) \|$", listed, re.MULTILINE))
    shown = re.findall(r"^  ([a-z-]+) +(.+)$", scrapy("-h").stdout, re.MULTILINE)
    scrapys = {path.stem for path in Path(scrapy_commands.__file__).parent.glob("*.py")}
    assert described == {name: line for name, line in shown if name not in scrapys - {"crawl"}}


def test_every_test_it_names_as_proof_is_there() -> None:
    proofs = re.findall(r"`pytest ([\w/.]+)`", README)
    assert proofs
    assert [proof for proof in proofs if not (ROOT / proof).is_file()] == []


def test_what_it_costs_follows_from_what_was_measured() -> None:
    text = (ROOT / "docs" / "performance.md").read_text("utf-8")
    costs = dict(cells(text, "what"))
    article, visit = map(
        float, re.findall(r"takes ([\d.]+) KB on disk, .* unchanged ([\d.]+) KB", text)[0]
    )
    ((posts, new, visits),) = re.findall(
        r"([\d,]+) posts that are there, (\d+) new ones a day, (\d+) million visits", text
    )
    assert costs["disk for what is already published"] == (
        f"{int(posts.replace(',', '')) * article / 1e6:.0f} GB"
    )
    yearly = (int(new) * 365 * article + int(visits) * 1e5 * visit) / 1e6
    assert costs["disk a year after that"] == f"{yearly:.1f} GB"
    (one,) = (row for row in cells(text, "agencies") if row[0] == "1")
    assert costs["first crawl of everything"] == f"{one[2]} days"
    assert costs["after that, time a day"] == f"{one[3]} hours"
    assert costs["memory"] == f"{one[-1]} GB"
    assert text.index("### Goals") > text.index("### Extractors")


def test_the_help_tells_every_argument_and_exit_code_and_which_comes_first() -> None:
    told = scrapy("crawl", "--help").stdout
    codes = re.findall(r"^  (\d+) +(.*)$", told, re.MULTILINE)
    assert {int(code): meaning for code, meaning in codes} == {c: c.meaning for c in ExitCode}
    assert f"first of: {', '.join(f'{code:d}' for code in PRECEDENCE)}" in told
    assert re.findall(r"^  -a ([a-z]+)=", told, re.MULTILINE) == list(MANUAL)
    assert "the file of -O may be empty" in told


def test_it_has_fewer_than_112_lines_and_one_for_each_agency() -> None:
    assert len(README.splitlines()) - len(cells(README, "agency")) < 112


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_it_points_to_is_there(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_life_of_an_article_has_ten_steps_and_all_files_named_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    steps = re.split(r"^\d+\. ", text.partition("## The life of one article\n")[2], flags=re.M)[1:]
    assert len(steps) == 10
    path = re.compile(r"`((?:crawler|spiders|pages|pipelines)/[\w/.]+)`")
    assert all(map(path.search, steps))
    named = set(path.findall(text)) - {"spiders/NAME.py", "pages/NAME.py"}
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_drawing_has_every_package_of_the_engine_in_their_order() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawn = re.findall(r"^  │ (\S+(?: \| \S+)*)  ", text, re.MULTILINE)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (layered,) = (one for one in contracts["contracts"] if one.get("containers") == ["crawler"])
    assert [name.removesuffix(".py") for name in drawn] == layered["layers"]


def test_every_section_that_a_document_points_to_is_there() -> None:
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        for link, section in re.findall(r"\]\(([^)#:]*)#([\w-]+)\)", text):
            target = (document.parent / link).read_text("utf-8") if link else text
            headings = re.findall(r"^#+ (.*)$", target, re.MULTILINE)
            known = {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}
            assert section in known, (document.name, section)
