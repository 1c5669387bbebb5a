import json
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.crawl.check_settings import stand_in_asked
from crawler.errors import UsageError
from crawler.maintenance.rebuild import Rebuild
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.store.stand_in_site import MARK, StandIn, open_archive, read_stand_in
from tests.crawler.archives import article

NAMES = ["A_SITE_URL", "A_API_URL"]
HERE = {"A_SITE_URL": "http://127.0.0.1:8099", "A_API_URL": "http://127.0.0.1:8099/api/"}
ASKED = StandIn("http://127.0.0.1:8099", HERE, "python -m replica --port 8099")
HOST = "news.example"


def settle(folder: Path, asked: StandIn | None) -> None:
    with closing(open_archive(folder, asked, HOST)):
        pass


def remembered(folder: Path) -> StandIn | None:
    with ArchiveReader(folder) as reader:
        return read_stand_in(folder, reader.database)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8099", "http://localhost:1", "http://[::1]:2/", "http://127.9.9.9"],
)
def test_an_address_of_this_machine_is_a_stand_in(address: str) -> None:
    found = stand_in_asked(Settings({"A_SITE_URL": address}), NAMES[:1])
    assert found is not None
    assert found.site == address.rstrip("/")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"A_SITE_URL": "https://mirror.example"},
        {"A_SITE_URL": "http://10.0.0.7:3128", "A_API_URL": "http://10.0.0.7/api"},
        {**HERE, "SITE_IS_MIRROR": "1"},
        {"A_SITE_URL": HERE["A_SITE_URL"], "SITE_IS_MIRROR": True},
    ],
)
def test_the_site_and_its_mirrors_are_no_stand_in(given: dict[str, object]) -> None:
    assert stand_in_asked(Settings(given), NAMES) is None


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ({"A_SITE_URL": HERE["A_SITE_URL"]}, "A_API_URL"),
        ({"A_API_URL": HERE["A_API_URL"]}, "A_SITE_URL"),
        ({**HERE, "A_API_URL": "https://api.news.example"}, "A_API_URL"),
        ({**HERE, "CDX_URL": "https://archive.example/cdx"}, "CDX_URL"),
    ],
)
def test_a_stand_in_beside_which_others_would_be_asked_is_refused(
    given: dict[str, str], lacking: str
) -> None:
    with pytest.raises(UsageError, match=f"{lacking} does not.*SITE_IS_MIRROR=1"):
        stand_in_asked(Settings(given), NAMES, ["CDX_URL"] if "CDX_URL" in given else [])


def test_an_archive_of_a_stand_in_says_so_in_its_folder_and_its_ledger(tmp_path: Path) -> None:
    settle(tmp_path / "a", ASKED)
    told = json.loads((tmp_path / "a" / MARK).read_text())
    assert told["notice"].startswith("Everything here is made up.")
    assert told["site"] in told["notice"]
    assert remembered(tmp_path / "a") == ASKED
    (tmp_path / "a" / MARK).unlink()
    assert remembered(tmp_path / "a") == ASKED
    settle(tmp_path / "a", ASKED)
    assert json.loads((tmp_path / "a" / MARK).read_text()) == told


def test_another_stand_in_goes_on_with_it_and_the_first_is_remembered(tmp_path: Path) -> None:
    settle(tmp_path / "a", ASKED)
    settle(tmp_path / "a", StandIn("http://127.0.0.1:8100"))
    assert remembered(tmp_path / "a") == ASKED


@pytest.mark.parametrize("kept", ["file", "damaged file", "report"])
def test_a_ledger_made_again_remembers_it_by_what_is_left(tmp_path: Path, kept: str) -> None:
    with closing(open_archive(tmp_path / "a", ASKED, HOST)) as archive:
        archive.record(article(1))
    (tmp_path / "a" / "ledger.sqlite").unlink()
    mark, runs = tmp_path / "a" / MARK, tmp_path / "a" / "runs"
    if kept == "damaged file":
        mark.write_text("damaged")
    elif kept == "report":
        mark.unlink()
        runs.mkdir()
        (runs / "20261120T070000Z.json").write_text(json.dumps({"stand_in": ASKED.site}))
    Rebuild(tmp_path / "a", lambda line: None).make()
    found = remembered(tmp_path / "a")
    assert found is not None
    assert kept == "damaged file" or found.site == ASKED.site
    with pytest.raises(UsageError, match="everything in it is made up"):
        settle(tmp_path / "a", None)


def test_an_archive_of_a_stand_in_is_refused_for_the_site_with_the_way_on(tmp_path: Path) -> None:
    settle(tmp_path / "a", ASKED)
    with pytest.raises(UsageError) as refusal:
        settle(tmp_path / "a", None)
    assert f"nothing is requested from {HOST}; start the stand-in: {ASKED.started_by}" in str(
        refusal.value
    )
    assert " ".join(f"-s {name}={address}" for name, address in HERE.items()) in str(refusal.value)
    settle(tmp_path / "a", ASKED)  # and is free again


def test_an_archive_of_the_site_is_refused_for_a_stand_in(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path / "a", None, HOST)) as archive:
        archive.record(article(1))
    with pytest.raises(UsageError, match=f"articles from {HOST}.*choose another folder.*MIRROR=1"):
        settle(tmp_path / "a", ASKED)
    settle(tmp_path / "a", None)
    assert not (tmp_path / "a" / MARK).exists()
    assert remembered(tmp_path / "a") is None


def test_an_archive_that_never_held_anything_takes_either(tmp_path: Path) -> None:
    with closing(Archive(tmp_path / "a")):
        pass
    settle(tmp_path / "a", ASKED)
    assert remembered(tmp_path / "a") == ASKED
