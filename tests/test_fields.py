"""The field reference and the JSON Schema say what the dataclasses say."""

import re
from dataclasses import fields
from typing import Any

import msgspec
import pytest
from msgspec import json
from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.extract.article import read_article
from crawler.extract.saved_page import load_document
from crawler.model import article
from crawler.model.article import Article, Draft
from crawler.model.fields import content_hash
from crawler.model.schema import field_reference, row_schema
from crawler.model.versions import tombstone
from crawler.scaffold.agencies import image_sizes
from pages.uza import LAYOUTS, RULES
from tests.commands import ROOT, command, run, scrapy

OBJECTS = [
    Article,
    article.Person,
    article.Label,
    article.Image,
    article.Video,
    article.Translation,
    article.RightsSignal,
    article.Sighting,
    article.Capture,
    article.Extractor,
]


SIZES = image_sizes(get_project_settings())
REFERENCE = field_reference({name: size and size.pattern for name, size in SIZES.items()})
PAGES = ROOT / "tests" / "pages" / "uza"


def test_field_reference_is_fresh() -> None:
    written = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
    assert written == REFERENCE, "stale; renew it: scrapy fields > docs/fields.md"


@pytest.mark.slow
def test_command_prints_the_field_reference() -> None:
    done = run(command("fields"), fresh=True)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", REFERENCE)


def test_command_prints_the_schema_as_json() -> None:
    run = scrapy("fields", "--schema")
    assert (run.returncode, run.stderr) == (0, "")
    assert json.decode(run.stdout) == row_schema()


def test_command_refuses_an_argument_in_one_line() -> None:
    run = scrapy("fields", "title")
    assert run.returncode == 2
    assert run.stderr == "scrapy fields: expected no argument, not 'title'\n"


@pytest.mark.parametrize("kind", OBJECTS, ids=lambda kind: kind.__name__)
def test_schema_requires_every_field_of_an_object(kind: type[Any]) -> None:
    definition = row_schema()["$defs"][kind.__name__]
    names = [field.name for field in fields(kind)]
    assert definition["required"] == names
    assert list(definition["properties"]) == names


def test_schema_and_reference_know_every_object_and_no_more() -> None:
    assert list(row_schema()["$defs"]) == [kind.__name__ for kind in OBJECTS]


def test_every_field_is_explained() -> None:
    for name, definition in row_schema()["$defs"].items():
        for field, rules in definition["properties"].items():
            assert rules.get("description"), f"{name}.{field} has no description"
            assert f"| `{field}` |" in REFERENCE


def test_what_a_crawl_knows_besides_is_no_part_of_a_row() -> None:
    hints = {field.name for field in fields(Draft)} - {field.name for field in fields(Article)}
    assert hints == {"link", "own_ids"}
    assert not hints & row_schema()["$defs"]["Article"]["properties"].keys()


@pytest.mark.parametrize(
    "row",
    [
        "| `schema` | string | `^\\d+\\.\\d+$` | version of this schema |",
        "| `published_precision` | `day`, `minute`, `second` or null |  | precision of",
        "| `authors` | list of [Person](#person) |  | persons",
        "| `capture` | [Capture](#capture) or null |  | the archived",
        "| `status` | integer | at least 100, at most 599 | HTTP status |",
        "| `title` | string | not empty | headline",
        "| `length` | integer | more than 0 | bytes",
        "(Z\\|[+-]\\d\\d:\\d\\d)$` | RFC 3339; last change",
    ],
)
def test_reference_words_types_and_rules_for_readers(row: str) -> None:
    assert row in REFERENCE


def told_recipe() -> Any:
    """Return the function that the reference tells, as a reader would copy it."""
    (code,) = re.findall(r"```python\n(.*?)```", REFERENCE, re.DOTALL)
    assert len(code.splitlines()) <= 12
    assert set(re.findall(r"\w+", re.search(r"^import (.*)$", code, re.M)[1])) == {  # type: ignore[index]
        "hashlib", "json", "re",
    }  # fmt: skip
    found: dict[str, Any] = {}
    exec(code, found)
    return found["content_hash"]


@pytest.mark.parametrize(
    ("case", "script", "pictures"),
    [
        ("2024-05-01-en-reservoir", "Latn", 2),
        ("2025-01-22-oz-bakery", "Latn", 0),
        ("2023-03-28-uz-school", "Cyrl", 2),
        ("2022-03-23-ru-list", "Cyrl", 0),
        ("2025-04-09-ar-right-to-left", "Arab", 0),
        ("2025-09-30-cn-no-byline", "Hans", 0),
    ],
)
@pytest.mark.parametrize("change", ["new", "gone", "withdrawn"])
def test_recipe_gives_the_hash_of_rows_in_any_script(
    case: str, script: str, pictures: int, change: str
) -> None:
    normalisers = load_normalisers(get_project_settings(), RULES)
    document = load_document(PAGES / case)
    article = read_article(document, LAYOUTS, normalisers, fetched_at="2026-05-01T19:10:07Z")
    assert (article.script, len(article.images)) == (script, pictures)
    if change == "withdrawn":
        article = tombstone(msgspec.to_builtins(article))
    row = json.decode(json.encode(article))
    (size,) = re.findall(r"^- uza: `(.*)`$", REFERENCE, re.MULTILINE)
    recipe = told_recipe()
    assert recipe(row, size) == row["content_hash"]
    assert recipe(row | {"body": row["body"] + "."}, size) != row["content_hash"]
    assert recipe(row | {"images": [{"url": "https://a.uz/b.jpg"}]}) != row["content_hash"]


def test_recipe_cuts_the_size_out_of_an_address() -> None:
    (size,) = re.findall(r"^- uza: `(.*)`$", REFERENCE, re.MULTILINE)
    row = {"title": "Қор", "body": "雪", "byline_raw": None, "published_at": None}
    row |= {"images": [{"url": "https://cdn.uza.uz/snow_small.jpg"}]}  # type: ignore[dict-item]
    assert told_recipe()(row, size) == content_hash(row, RULES.image_size)
    assert told_recipe()(row) == content_hash(row) != content_hash(row, RULES.image_size)
