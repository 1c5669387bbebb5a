"""Articles that stand on several pages: read as one, visited as one, read again as one."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import msgspec
import pytest
from scrapy.utils.project import get_project_settings

from crawler.cli import pool_of
from crawler.crawl.normalisers import load_normalisers
from crawler.extract.document import Site
from crawler.maintenance.reparse import Reparse, Summary
from crawler.maintenance.reread import ReadingContext, Rereader
from crawler.store.archive import Archive
from crawler.system.processes import WorkerPool
from crawler.warc.index import Wanted
from pages.xinhua import LAYOUTS, RULES
from tests.commands import scrapy
from tests.crawls.harness import QUICK
from tests.crawls.pywb import Page, write_warc
from tests.crawls.sites import site_of

PATH = "politics/20260301/c_1390200012{}.htm"
PAGE = (
    "<div class=h-title>A mill opens</div><span class=h-time>2026-03-01 10:00:00</span>"
    "<div id=p-detail><p>{} The people of the valley came to see it.</p><img src=/{}.jpg>"
    "<p>{} The old one was closed when the river was too low.</p>"
    "<div id=pager>{}</div></div>"
)
WORDS = ("Corn", "Wheat", "Bread", "Water", "Wheel", "Stone")


def paged(number: int, first: str, second: str) -> str:
    links = [f"<a href=/{PATH.format(f'_{n}' if n > 1 else '')}>{n}</a>" for n in (1, 2, 3)]
    following = f"<a href=/{PATH.format(f'_{number + 1}')}>下一页</a>" if number < 3 else ""
    links[number - 1] = str(number)
    return PAGE.format(first, number, second, f"{' '.join(links)} {following}")


@dataclass
class Paged:
    """A site with an article of three pages, and an archive of it."""

    folder: Path
    site: str

    def crawl(self, *arguments: object) -> CompletedProcess[str]:
        """Crawl, in a second of its own: captures have no finer time."""
        time.sleep(1)
        addresses = self.folder / "urls.txt"
        addresses.write_text(f"https://www.news.cn/{PATH.format('')}\n")
        wanted = arguments or ("-a", f"urls={addresses}")
        settings = {**QUICK, "XINHUA_SITE_URL": self.site, "DATA_DIR": self.folder / "data"}
        return scrapy("crawl", "xinhua", *wanted, **settings)

    def page(self, number: int) -> Path:
        return self.folder / "site" / PATH.format(f"_{number}" if number > 1 else "")

    @property
    def archive(self) -> Path:
        return self.folder / "data" / "xinhua"

    def rows(self) -> list[dict[str, Any]]:
        journals = sorted((self.archive / "journal").glob("*.jsonl"))
        lines = [line for journal in journals for line in journal.read_bytes().splitlines()]
        return [msgspec.json.decode(line) for line in lines]

    def reparsed(self, code: str, pool: WorkerPool | None = None) -> Summary:
        with closing(Archive(self.archive)) as archive:
            normalisers = load_normalisers(get_project_settings(), RULES)
            context = ReadingContext(Site(self.site, RULES.address), LAYOUTS, normalisers)
            rereader = Rereader(archive.captures, context, archive.journal)
            return Reparse(archive, rereader, code, print).work(Wanted(), pool)


@pytest.fixture
def paged_site(tmp_path: Path) -> Iterator[Paged]:
    pairs = zip(WORDS[::2], WORDS[1::2], strict=True)
    files = {
        PATH.format(f"_{number}" if number > 1 else ""): paged(number, first, second)
        for number, (first, second) in enumerate(pairs, 1)
    }
    with site_of(tmp_path / "site", files) as address:
        yield Paged(tmp_path, address)


def opening_words(row: dict[str, Any]) -> list[str]:
    return [paragraph.split()[0] for paragraph in row["body"].split("\n\n")]


def test_an_article_of_several_pages_is_one_and_is_read_again_as_one(paged_site: Paged) -> None:
    run = paged_site.crawl()
    assert run.returncode == 0, run.stderr
    (row,) = paged_site.rows()
    assert tuple(opening_words(row)) == WORDS
    assert [image["url"].rpartition("/")[2] for image in row["images"]] == [
        *("1.jpg", "2.jpg", "3.jpg")
    ]
    assert paged_site.reparsed("c0de").outcomes == {"same": 3}
    with pool_of(None, "2") as pool:
        assert paged_site.reparsed("c0de2", pool).outcomes == {"same": 3}
    assert paged_site.rows() == [row]


def test_an_edit_of_a_later_page_is_one_of_the_article(paged_site: Paged) -> None:
    paged_site.crawl()
    assert paged_site.crawl("-a", "revisit=all").returncode == 0
    assert len(paged_site.rows()) == 1
    third = paged_site.page(3)
    third.write_text(third.read_text("utf-8").replace("Stone", "Granite"), "utf-8")
    assert paged_site.crawl("-a", "revisit=all").returncode == 0
    before, after = paged_site.rows()
    assert (after["change"], after["changed_fields"]) == ("edited", ["body"])
    assert opening_words(after) == [*WORDS[:-1], "Granite"]
    with pool_of(None, "2") as pool:
        assert set(paged_site.reparsed("c0de", pool).outcomes) == {"same"}
    assert paged_site.rows() == [before, after]


def test_half_an_article_is_none(paged_site: Paged) -> None:
    paged_site.page(2).unlink()
    run = paged_site.crawl()
    assert run.returncode == 3
    assert "failed xinhua:1390200012: page 2: HTTP 404" in run.stderr
    assert paged_site.rows() == []


def test_without_the_captures_of_all_pages_nothing_is_read_again(paged_site: Paged) -> None:
    paged_site.crawl()
    rows = paged_site.rows()
    with closing(sqlite3.connect(paged_site.archive / "ledger.sqlite")) as ledger:
        ledger.execute("DELETE FROM capture WHERE uri LIKE '%\\_2.htm' ESCAPE '\\'")
        ledger.commit()
    summary = paged_site.reparsed("c0de")
    assert summary.problems == {"page missing": 1}
    assert paged_site.rows() == rows


def test_one_of_several_pages_in_an_archive_is_counted_and_is_no_article(paged_site: Paged) -> None:
    address = f"http://www.news.cn/{PATH.format('')}"
    body = paged_site.page(1).read_bytes()
    alone = PAGE.format("Corn", 1, "Wheat", "").replace("1390200012", "1390200013").encode()
    other = Page(address.replace("0012", "0013"), "2026-03-02T10:00:00Z", alone)
    path = paged_site.folder / "old.warc.gz"
    write_warc(path, [Page(address, "2026-03-02T10:00:00Z", body), other])
    run = paged_site.crawl("-a", f"warc={path}")
    assert "failed xinhua:1390200012: further page" in run.stderr
    assert [row["id"] for row in paged_site.rows()] == ["xinhua:1390200013"]
