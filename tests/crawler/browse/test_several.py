"""All archives in one place: one index, one search, a line for each agency."""

import asyncio
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest

from crawler.extract.agencies import find_agency
from crawler.model.article import Person, Sighting
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from tests.commands import Refused, scrapy
from tests.crawler.archives import store
from tests.crawler.browse.archives import several_in

pytest.importorskip("datasette", reason="datasette is not installed: make data")
from crawler.browse.index import bring_up_to_date
from crawler.browse.pages import Pages, Served

NOBODY = 65534


def fill(folders: dict[str, Path], index: Path) -> int:
    with ExitStack() as opened:
        readers = [opened.enter_context(ArchiveReader(folder)) for folder in folders.values()]
        return bring_up_to_date(readers, index)


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Any:
    data = tmp_path_factory.mktemp("several")
    folders = several_in(data)
    assert fill(folders, data) == 10
    return lambda address: ask(folders, data, address)


def ask(folders: dict[str, Path], index: Path, address: str, **options: Any) -> Any:
    from crawler.browse.server import make_server  # a second, for those alone who ask it

    served = [Served(folder, find_agency(name).rules) for name, folder in folders.items()]

    async def response() -> Any:
        server = make_server(served, index, **options)
        await server.invoke_startup()
        return await server.client.get(address, follow_redirects=True)

    return asyncio.run(response())


def test_home_has_a_line_for_each_agency(get: Any) -> None:
    page = get("/").text
    assert '<h1 id="what">Archive of 3 news agencies</h1>' in page
    assert "<b>10</b> articles, published from 2021-01-01 to 2026-01-02" in page
    rows = re.findall(
        r'<th scope="row"><a href="/\?agency=(\w+)">([^<]+)</a>.*?</th><td>(\d+)</td>', page
    )
    assert rows == [("anadolu", "www.aa.com.tr", "2"), ("tass", "tass.ru", "2"),
                    ("uza", "uza.uz", "6")]  # fmt: skip


def test_one_search_finds_the_articles_of_all_and_an_agency_narrows_it(get: Any) -> None:
    def found(query: str) -> list[str]:
        return re.findall(r'<h3 [^>]*><a href="/article/([^"?]+)"', get(f"/?{query}").text)

    everywhere = ["anadolu%3A2", "tass%3A2", "anadolu%3A1", "tass%3A1", "uza%3A3"]
    assert sorted(found("q=bridge")) == sorted(everywhere)
    assert found("q=bridge&agency=tass") == ["tass%3A2", "tass%3A1"]
    assert found("q=bridge+agency:anadolu+is:gone") == ["anadolu%3A2"]
    page = get("/?q=bridge").text
    assert 'href="/?q=bridge&amp;agency=tass"' in page
    assert "<b>tass.ru</b>" in page


def test_a_code_of_several_languages_has_the_names_of_all() -> None:
    uza, other = find_agency("uza").rules, replace(find_agency("tass").rules, editions={"uz": "ru"})
    pages = Pages([Served(Path(), uza), Served(Path(), other)], cast(Any, None))
    assert pages.edition_name("uz", ["uza", "tass"], str) == "Uzbek (Cyrillic), Russian"
    assert pages.edition_name("uz", ["tass"], str) == "Russian"
    assert pages.edition_name("zz", ["uza", "tass", "nobody"], str) == ""


def test_an_article_of_each_agency_has_its_page(get: Any) -> None:
    for name in ("anadolu:2", "tass:1", "uza:3"):
        assert get(f"/article/{name}").status_code == 200
    for name in ("ria:1", "tass:9", "tass", "../uza:1"):
        assert get(f"/article/{name}").status_code == 404


def test_nothing_is_said_of_what_versions_held_that_were_withdrawn(tmp_path: Path) -> None:
    with closing(Archive(tmp_path / "uza")) as archive:
        gone = {"title": "withdrawn", "body": "", "change": "withdrawn", "reason": "a court order"}
        store(archive, 1, **gone)
        store(archive, 1, **gone, version=2, fetched_at="2026-11-24T00:00:00Z")
    folders = {"uza": tmp_path / "uza"}
    fill(folders, tmp_path)
    for address in ("/article/uza:1", "/article/uza:1?version=1", "/article/uza:1?old=1&new=2"):
        page = ask(folders, tmp_path, address).text
        assert "a court order" in page
        assert "is the same" not in page
        assert "as it was on" not in page
        assert "Cite version" not in page
    assert [ask(folders, tmp_path, f"/cite/uza:1/{n}.txt").status_code for n in (1, 2)] == [404] * 2


def test_a_gone_article_is_cited_as_it_was_last_seen(get: Any) -> None:
    gone, first = (get(f"/cite/tass:2/{number}.ris").text for number in (2, 1))
    assert "gone from the site, last seen 2026-11-23T00:00:00Z, missing since 2026-11-24" in gone
    assert "recorded 2026-11-23T00:00:00Z" in first
    assert all("Y2  - 2026/11/23" in each for each in (gone, first))


def test_versions_stand_in_the_order_in_which_the_site_showed_them(tmp_path: Path) -> None:
    at = {"version": 3, "fetched_at": "2015-01-01T00:00:00Z"}
    moment = "2026-11-24T00:00:00Z"
    gone = {"version": 2, "fetched_at": moment, "change": "gone"}
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, title="A road")
        store(archive, 1, title="A road", evidence=[Sighting(404, moment)], **gone)
        store(archive, 1, title="A plan", change="older", language="en", **at)
    folders = {"uza": tmp_path / "uza"}
    fill(folders, tmp_path)
    page = ask(folders, tmp_path, "/article/uza:1?old=3&new=1").text
    assert re.findall(r"/article/uza%3A1\?version=(\d)\"><span", page) == ["3", "1", "2"]
    assert '<span class="tag gone">gone</span>' in page
    assert "<del>plan</del>" in page.replace(" plan", "plan")
    assert '<div class="old" lang="en" dir="auto">' in page
    assert "from version 1 to version 2" in ask(folders, tmp_path, "/article/uza:1").text


def test_only_changes_of_a_text_are_said_to_be_in_its_language(tmp_path: Path) -> None:
    edit = {"version": 2, "change": "edited", "fetched_at": "2026-11-24T00:00:00Z"}
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, title="جسر", language="ar")
        store(archive, 1, title="جسر جديد", language="ar", authors=[Person("Malika")], **edit)
    folders = {"uza": tmp_path / "uza"}
    fill(folders, tmp_path)
    page = ask(folders, tmp_path, "/article/uza:1").text
    places = re.findall(r'<div class="place" ([^>]*)>', page)
    assert places == ['lang="ar" dir="rtl"', 'dir="auto"']


def test_an_archive_that_came_or_went_is_taken_in_or_forgotten(tmp_path: Path) -> None:
    folders = several_in(tmp_path)
    uza = {"uza": folders["uza"]}
    assert fill(uza, tmp_path) == 6
    assert fill(folders, tmp_path) == 4
    assert fill(folders, tmp_path) == 0
    assert fill(uza, tmp_path) == 6


@pytest.fixture
def sealed() -> Iterator[Path]:
    """Yield a data folder in which the user, who is not root, may not write."""
    with TemporaryDirectory() as parent:
        os.chmod(parent, 0o777)
        data = Path(parent, "data")
        data.mkdir()
        places = [data, *several_in(data).values()]
        for place in places:
            place.chmod(0o555)
        user = os.geteuid()
        if user == 0:
            os.seteuid(NOBODY)
        try:
            yield data
        finally:
            os.seteuid(user)
            for place in places:
                place.chmod(0o755)


def test_an_index_elsewhere_needs_no_right_to_write_into_the_data(sealed: Path) -> None:
    folders = {name: sealed / name for name in ("uza", "tass", "anadolu")}
    assert fill(folders, sealed.parent / "index") == 10
    assert fill(folders, sealed.parent / "index") == 0


@pytest.mark.slow
def test_the_command_without_an_agency_takes_all_archives(tmp_path: Path) -> None:
    several_in(tmp_path / "data")
    (tmp_path / "data" / "ria").mkdir()  # no archive yet
    run = scrapy("browse", "--only-build", DATA_DIR=tmp_path / "data")
    assert (run.returncode, run.stderr) == (0, "")
    assert "data/browse.sqlite: up to date, 10 articles were new or had changed" in run.stdout
    before = sorted((tmp_path / "data").rglob("*"))
    run = scrapy("browse", "tass", "uza", "--only-build", "--index", tmp_path / "index" / "here",
                 DATA_DIR=tmp_path / "data")  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert "index/here/browse.sqlite: up to date, 8 articles" in run.stdout
    assert sorted((tmp_path / "data").rglob("*")) == before


def overwrite(path: Path) -> None:
    path.write_bytes(b"damaged" + path.read_bytes()[7:])


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("name", "harm", "why"),
    [
        ("ledger.sqlite", overwrite, "damaged (file is not a database)"),
        ("ledger.sqlite", make_newer, "of ledger version 99"),
        ("ledger.sqlite", Path.unlink, "it is missing beside journal/"),
        ("journal/*.jsonl", overwrite, "line 1: tass:1 version 1 cannot be read"),
    ],
)
def test_an_archive_that_cannot_be_read_is_left_out_with_the_reason_until_it_is_mended(
    tmp_path: Path, name: str, harm: Callable[[Path], None], why: str
) -> None:
    (path,) = several_in(tmp_path)["tass"].glob(name)
    sound = path.read_bytes()
    harm(path)
    run = scrapy("browse", "--only-build", DATA_DIR=tmp_path)
    assert "8 articles were new" in run.stdout
    assert run.stderr.startswith(f"scrapy browse: tass is not shown: {path}")
    assert why in run.stderr
    assert run.stderr.endswith("; then start scrapy browse again\n")
    assert (run.returncode, run.stderr.count("\n")) == (7, 1)
    path.write_bytes(sound)
    run = scrapy("browse", "--only-build", DATA_DIR=tmp_path)
    assert "2 articles were new" in run.stdout
    assert (run.returncode, run.stderr) == (0, "")


def test_if_no_archive_can_be_read_that_is_an_error(tmp_path: Path) -> None:
    for folder in several_in(tmp_path).values():
        overwrite(folder / "ledger.sqlite")
    run = scrapy("browse", DATA_DIR=tmp_path)
    assert (run.returncode, run.stdout) == (7, "")
    told = [line.split(": ")[1:3] for line in run.stderr.splitlines()]
    paths = [f"{tmp_path}/{agency}/ledger.sqlite" for agency in ("anadolu", "tass", "uza")]
    assert told == [
        ["anadolu is not shown", paths[0]], ["tass is not shown", paths[1]],
        [paths[2], "damaged (file is not a database); restore it and the journal from the same "
         "backup, or make it again by"],
    ]  # fmt: skip


def test_every_page_says_which_archive_is_left_out_and_to_the_operator_why(tmp_path: Path) -> None:
    folders = several_in(tmp_path)
    del folders["tass"]
    fill(folders, tmp_path)
    left_out = {"tass.ru": "/srv/data/tass/ledger.sqlite: damaged"}
    for address in ("/", "/?q=bridge", "/article/uza:3", "/nosuch"):
        page = ask(folders, tmp_path, address, left_out=left_out).text
        assert "tass.ru is not shown, because its archive cannot be read.</b> /srv/data/" in page
    page = ask(folders, tmp_path, "/", left_out=left_out, is_public=True).text
    assert "tass.ru is not shown" in page
    assert "/srv/data" not in page


def test_an_archive_that_a_run_writes_to_is_shown(tmp_path: Path) -> None:
    folders = several_in(tmp_path)
    with closing(Archive(folders["uza"])) as archive:
        store(archive, 7, title="A tunnel")  # not committed yet
        run = scrapy("browse", "--only-build", DATA_DIR=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "10 articles were new" in run.stdout


def test_a_place_of_the_index_that_cannot_be_made_is_one_line(
    tmp_path: Path, refused: Refused
) -> None:
    several_in(tmp_path)
    (tmp_path / "file").touch()
    options = ("--only-build", "--index", str(tmp_path / "file" / "x"))
    said = refused("browse", *options, "-s", f"DATA_DIR={tmp_path}")
    assert "--index" in said
    assert "name another folder" in said
