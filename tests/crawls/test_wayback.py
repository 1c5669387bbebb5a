"""Old pages, from a real web archive: pywb with captures of the replica's legacy pages."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.extract.article import Normaliser
from crawler.extract.document import Site
from crawler.maintenance.reparse import Reparse, Summary
from crawler.maintenance.reread import ReadingContext, Rereader
from crawler.store.archive import Archive
from crawler.warc.index import Wanted
from pages.uza import LAYOUTS, RULES
from replica import Replica, legacy
from replica.post import Post
from replica.world import World
from tests.crawls.harness import NOW, Crawl, ids_of, targets
from tests.crawls.pywb import Page, replayed, write_warc
from tests.crawls.truth import expected

WAYBACK = ("-a", "wayback=1")
WORLD = World(seed=7, posts=60, now=NOW, imported=4, legacy=8)
LEGACY = [post for post in WORLD.posts if post.kind == "legacy"]
TWIN = next(post for post in WORLD.posts if post.kind == "imported" and post.legacy_path)
EDITED, TWICE, *_ = LEGACY
EARLY = "2019-07-02T10:00:00Z"


def taken(day: int, post: Post | None = None) -> str:
    """Return when an article's page was captured; of each article at a minute of its own."""
    return f"2019-08-{day:02}T10:{LEGACY.index(post) if post else 59:02}:00Z"


def page_of(post: Post, form: legacy.Form = "desktop") -> bytes:
    return legacy.article(post, form).encode()


def captures() -> Iterator[Page]:
    """Each article in several forms, at several times; and what is no article at all."""
    for post in LEGACY:
        path = f"uza.uz{post.legacy_path}"
        code = f"ELEMENT_CODE={post.slug}&SECTION_CODE={post.section}"
        yield Page(f"http://www.{path}/", taken(1, post), page_of(post)).gzipped
        yield Page(f"https://{path}", taken(2, post), page_of(post))
        yield Page(f"http://{path}?m=y&{code}", taken(3, post), page_of(post, "mobile"))
        yield Page(f"http://{path}/?{code}&print=Y", taken(4, post), page_of(post, "print"))
    early = replace(EDITED, title="An earlier headline")
    yield Page(f"http://uza.uz{EDITED.legacy_path}", EARLY, page_of(early))
    shell = b"<html><body><div id=app></div></body></html>"
    yield Page("https://uza.uz/en/posts/a-shell_12345", taken(5), shell)
    yield Page("http://uza.uz/en/society/", taken(5), b"<html>a list</html>")
    yield Page("http://uza.uz/gone-01-01-2018", taken(5), b"no", "404 Not Found")
    twin = replace(TWIN, title="The headline it had on the old site")
    yield Page(f"http://uza.uz{TWIN.legacy_path}", taken(6), page_of(twin))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("archive")
    warc = write_warc(folder / "old.warc.gz", captures())
    with replayed(folder / "pywb", [warc]) as address:
        yield address


@pytest.fixture
def crawl(replica: Replica, tmp_path: Path, archive: str) -> Crawl:
    crawl = Crawl(replica, tmp_path)
    crawl.settings |= {
        "WAYBACK_URL": archive,
        "CDX_URL": f"{archive}/cdx",
        "WAYBACK_DELAY": 0,
        "CDX_LINES": 20,  # so that windows of time are halved
    }
    return crawl


def versions(crawl: Crawl, post: Post) -> list[tuple[str, str]]:
    rows = [row for row in crawl.rows() if row["id"] == post.article_id]
    return [(row["change"], row["fetched_at"]) for row in rows]


class Louder:
    """A step that reads titles otherwise."""

    def process_item(self, item: Any) -> Any:
        item.title += "!"
        return item


def reparsed(crawl: Crawl, code: str, *before: Normaliser) -> Summary:
    """Read all captures again, as if by other code, with further steps before the usual ones."""
    site = Site(crawl.replica.site_url, RULES.address)
    with closing(Archive(crawl.data / "uza")) as archive:
        normalisers = load_normalisers(get_project_settings(), RULES)
        rereader = Rereader(
            archive.captures,
            ReadingContext(site, LAYOUTS, [*before, *normalisers]),
            archive.journal,
        )
        return Reparse(archive, rereader, code, print).work(Wanted())


def newest_rows(crawl: Crawl) -> dict[str, Any]:
    """Return the articles' ids by what the year files say."""
    files = sorted((crawl.data / "uza" / "articles").glob("*.jsonl"))
    return {file.name: file.read_text() for file in files}


def test_every_old_page_is_one_article_with_the_time_and_place_of_its_capture(
    crawl: Crawl, replica: Replica
) -> None:
    run = crawl(*WAYBACK, "-a", "limit=4")
    found = run.report["discovered"]
    assert run.report["pending"] == found - 4
    assert run.report["addresses_refused"] == {"listing": 1}
    rest = crawl(*WAYBACK)  # goes on without another search
    assert Counter(run.outcomes) + Counter(rest.outcomes) == {
        "new": len(LEGACY) + 1,
        "older": 1,
        "unchanged": found - len(LEGACY) - 3,
        "absent": 1,  # the shell
    }
    assert found >= 4 * len(LEGACY)
    assert (rest.report["carried_over"], rest.report["discovered"]) == (found - 4, 0)
    assert Counter(row["id"] for row in crawl.rows()) == Counter(ids_of([*LEGACY, TWIN, EDITED]))
    assert versions(crawl, EDITED) == [("new", taken(4, EDITED)), ("older", EARLY)]
    row = crawl.row(TWICE)
    same = ("id", "url", "title", "body", "byline_raw", "authors", "language")
    assert {name: row[name] for name in same} == {name: expected(TWICE)[name] for name in same}
    stamp = f"2019080410{LEGACY.index(TWICE):02}00"
    address = f"{crawl.settings['WAYBACK_URL']}/{stamp}/http://uza.uz{TWICE.legacy_path}/?"
    assert row["archive_url"].startswith(address)
    assert row["fetched_at"] == taken(4, TWICE) < row["first_seen_at"]
    assert targets(replica) == []  # the live site was not asked for anything
    assert newest_rows(crawl)[f"{EDITED.published_at:%Y}.jsonl"].count(EDITED.title) >= 1

    before = crawl.rows()
    assert reparsed(crawl, "c0de").outcomes == {"same": found - 1, "unreadable": 1}
    assert crawl.rows() == before
    assert reparsed(crawl, "c0de2", Louder()).outcomes["reparsed"] == len(before)
    again = crawl.rows()[len(before) :]
    kept = ("id", "fetched_at", "archive_url")
    assert sorted([row[name] for name in kept] for row in before) == sorted(
        [row[name] for name in kept] for row in again
    )


def test_the_live_site_and_the_archive_tell_of_the_same_article(
    crawl: Crawl, replica: Replica
) -> None:
    crawl("-a", f"urls={_file_of(crawl, TWIN.canonical_url)}")
    before = newest_rows(crawl)
    crawl(*WAYBACK)
    assert [change for change, _ in versions(crawl, TWIN)] == ["new", "older"]
    older = crawl.row(TWIN)
    assert (older["version"], older["url"]) == (2, TWIN.canonical_url)
    assert "title" in older["changed_fields"]
    year = f"{TWIN.published_at:%Y}.jsonl"
    assert [line for line in before[year].splitlines() if TWIN.article_id in line] == [
        line for line in newest_rows(crawl)[year].splitlines() if TWIN.article_id in line
    ]
    replica.requests.clear()
    crawl("-a", "revisit=all")  # what only the archive has is not looked for on the site
    asked = [(logged.status, logged.target) for logged in replica.requests]
    assert [status for status, target in asked if target != "/robots.txt"] == [304]


def _file_of(crawl: Crawl, address: str) -> Path:
    path = crawl.data.with_name("addresses.txt")
    path.write_text(address)
    return path
