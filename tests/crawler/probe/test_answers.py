import json
from importlib import import_module
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.model.identity import identify
from crawler.probe.answers import address_of_none
from crawler.probe.known import Known
from crawler.scaffold.agencies import without_run

ROOT = Path(__file__).parents[3]
AGENCIES = sorted(path.stem for path in (ROOT / "spiders").glob("[!_]*.py"))


def known_of(agency: str) -> Known:
    module = import_module(f"spiders.{agency}")
    spider = without_run(getattr(module, f"{agency.capitalize()}Spider"), Settings())
    return Known(spider, visit=None, normalisers=())  # type: ignore[arg-type]  # it asks for nothing


@pytest.mark.parametrize("agency", AGENCIES)
def test_every_agency_has_an_address_of_no_article(agency: str) -> None:
    known = known_of(agency)
    cases = (ROOT / "tests" / "pages" / agency).glob("*/article.json")
    made = 0
    for url in sorted(json.loads(case.read_text("utf-8"))["url"] for case in cases):
        article = identify(url, known.rules.address, agency)
        address = address_of_none(known, article)
        made += address is not None
        assert address is None or identify(address, known.rules.address, agency).id != article.id
    assert made


@pytest.mark.parametrize(
    ("agency", "url", "address"),
    [
        ("uza", "/posts/a-garden_600101", "/posts/a-garden_999999999999"),
        ("tass", "/obschestvo/1234567", "/obschestvo/999999999"),
        ("kazinform", "/ru/a-river-1a2b3c", "/ru/a-river-9a9b9c"),
    ],
)
def test_address_of_no_article_is_like_one(agency: str, url: str, address: str) -> None:
    known = known_of(agency)
    site = known.rules.address.site
    article = identify(f"{site}{url}", known.rules.address, agency)
    assert address_of_none(known, article) == f"{site}{address}"
