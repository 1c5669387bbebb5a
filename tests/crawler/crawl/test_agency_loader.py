import sys
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import BaseSettings, Settings
from scrapy.spiderloader import SpiderLoader

from crawler.crawl.agency_loader import AgencyLoader, spider_loader

SPIDER = """
from scrapy import Spider

class Found(Spider):
    name = "{name}"
    allowed_domains = ["{name}.example"]
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A package of two agencies, one of which is broken, and a module outside of it."""
    package = tmp_path / "wires"
    (package / "inner").mkdir(parents=True)
    for path in (package / "__init__.py", package / "inner" / "__init__.py"):
        path.write_text("")
    (package / "north.py").write_text(SPIDER.format(name="north"))
    (package / "broken.py").write_text("import nothing_of_this_name")
    (package / "inner" / "deep.py").write_text(SPIDER.format(name="inner_one"))
    (tmp_path / "south.py").write_text(SPIDER.format(name="south_wire"))
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("wires", "south")]:
        monkeypatch.delitem(sys.modules, name)
    return Settings({"SPIDER_MODULES": ["wires", "south"]})


def test_agencies_are_listed_without_an_import(settings: Settings) -> None:
    assert sorted(AgencyLoader.from_settings(settings).list()) == [
        "broken",
        "inner_one",
        "north",
        "south_wire",
    ]
    assert "wires.north" not in sys.modules


def test_an_agency_is_loaded_beside_a_broken_one(settings: Settings) -> None:
    loader = AgencyLoader.from_settings(settings)
    assert [loader.load("north").name, loader.load("north").name] == ["north", "north"]
    assert [loader.load(name).name for name in ("inner_one", "south_wire")] == [
        "inner_one",
        "south_wire",
    ]
    with pytest.raises(ModuleNotFoundError, match="nothing_of_this_name"):
        loader.load("broken")
    assert sorted(loader.list()) == ["broken", "inner_one", "north", "south_wire"]


def test_an_unknown_agency_is_a_key_error(settings: Settings) -> None:
    with pytest.raises(KeyError, match="nobody"):
        AgencyLoader.from_settings(settings).load("nobody")


def test_agencies_are_found_and_listed_as_by_scrapy(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "wires" / "broken.py").unlink()
    request = Request("https://north.example/1")
    ours, theirs = AgencyLoader.from_settings(settings), SpiderLoader.from_settings(settings)
    assert ours.find_by_request(request) == theirs.find_by_request(request) == ["north"]
    assert sorted(ours.list()) == sorted(theirs.list())


def test_no_settings_are_copied_to_find_the_agencies(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings["SPIDER_LOADER_CLASS"] = AgencyLoader
    monkeypatch.delattr(BaseSettings, "copy")
    monkeypatch.delattr(BaseSettings, "frozencopy")
    assert "north" in spider_loader(settings).list()
