"""An archive made by a crawl, read again by code that reads otherwise."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from signal import SIGINT
from typing import Any

import msgspec
import pytest
from scrapy.utils.project import get_project_settings

from crawler.cli import pool_of
from crawler.crawl.normalisers import load_normalisers
from crawler.extract.article import Normaliser
from crawler.extract.document import Site
from crawler.extract.version import reading_code
from crawler.maintenance.rebuild import Rebuild
from crawler.maintenance.reparse import DryRunArchive, Reparse, Summary
from crawler.maintenance.reread import ReadingContext, Rereader
from crawler.model.article import Label
from crawler.store.archive import Archive
from crawler.store.ledger import Ledger
from crawler.warc.index import Wanted
from pages.uza import LAYOUTS, RULES
from replica import Replica
from replica.world import World
from tests.crawls.harness import NOW, Crawl

CODE = "c0de"
NORMALISERS = load_normalisers(get_project_settings(), RULES)


class Louder:
    """A step that reads titles otherwise."""

    def process_item(self, item: Any) -> Any:
        item.title += "!"
        return item


class Tagging:
    """A step that finds one more tag."""

    def process_item(self, item: Any) -> Any:
        item.tags = [*item.tags, Label("found by better code")]
        return item


class Interrupted:
    """A step during which somebody loses patience."""

    def __init__(self, after: int) -> None:
        self.left = after

    def process_item(self, item: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return item


LOUDER: list[Normaliser] = [Louder(), *NORMALISERS]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    """Crawl a site, and crawl it again after an edit."""
    with Replica(World(seed=7, posts=40, now=NOW, imported=4)) as replica:
        crawl = Crawl(replica, tmp_path_factory.mktemp("crawled"))
        crawl()
        native = next(post for post in replica.world.posts if post.kind == "native")
        replica.world.edit(native.id, title="An edited title")
        crawl("-a", "revisit=all")
        yield crawl


@pytest.fixture
def folder(crawled: Crawl, tmp_path: Path) -> Path:
    return Path(shutil.copytree(crawled.data / "uza", tmp_path / "uza"))


@pytest.fixture
def reparse(crawled: Crawl, folder: Path) -> Callable[..., Summary]:
    def run(
        code: str = CODE,
        normalisers: list[Normaliser] = NORMALISERS,
        jobs: int = 1,
        dry: bool = False,
        root: str = crawled.replica.site_url,
        **wanted: Any,
    ) -> Summary:
        site = Site(root, RULES.address)
        with closing(Archive(folder)) as archive, pool_of(None, str(jobs)) as pool:
            rereader = Rereader(
                archive.captures, ReadingContext(site, LAYOUTS, normalisers), archive.journal
            )
            if not dry:
                return Reparse(archive, rereader, code, print).work(Wanted(**wanted), pool)
            with DryRunArchive(archive) as dry_run:
                return Reparse(dry_run, rereader, code, print).work(Wanted(**wanted), pool)

    return run


def journal(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((folder / "journal").iterdir()))


def rows(folder: Path, *, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    found = [msgspec.json.decode(line) for line in journal(folder).splitlines()]
    kept = [{name: row[name] for name in row if name not in without} for row in found]
    return sorted(kept, key=lambda row: (row["id"], row["version"]))


def test_the_code_that_crawled_has_nothing_to_read(reparse: Callable[..., Summary]) -> None:
    assert reparse(code=reading_code("uza")).outcomes == {}


def test_code_that_reads_the_same_writes_nothing(
    reparse: Callable[..., Summary], folder: Path
) -> None:
    before = journal(folder)
    assert set(reparse().outcomes) == {"same"}
    assert journal(folder) == before
    assert reparse().outcomes == {}


def test_answers_of_a_site_that_stood_in_for_the_agency_s_are_read_without_being_told(
    reparse: Callable[..., Summary],
) -> None:
    assert set(reparse(root=RULES.address.site).outcomes) == {"same"}


def test_what_is_read_better_is_a_version_of_the_same_capture(
    reparse: Callable[..., Summary], folder: Path
) -> None:
    before = {(row["id"], row["version"]): row for row in rows(folder)}
    newest = {row["id"]: row for row in rows(folder)}
    summary = reparse(normalisers=LOUDER)
    assert summary.fields == {"title": len(before)}
    fresh = [row for row in rows(folder) if (row["id"], row["version"]) not in before]
    assert len(fresh) == summary.outcomes["reparsed"] == len(before)
    for row in fresh:
        old = next(each for each in before.values() if each["capture"] == row["capture"])
        assert (row["change"], row["changed_fields"]) == ("reparsed", ["title"])
        assert (row["title"], row["body"]) == (old["title"] + "!", old["body"])
        assert (row["fetched_at"], row["first_seen_at"]) == (
            old["fetched_at"],
            old["first_seen_at"],
        )
        assert row["run"] == "reparse-c0de"
    with closing(Archive(folder)) as archive:
        for article_id, row in newest.items():
            top = archive.read(archive.ledger.versions(article_id)[0])
            assert top["title"] == row["title"] + "!"
            assert top["fetched_at"] == row["fetched_at"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_read_better_beside_the_content_is_a_version_too(
    reparse: Callable[..., Summary], folder: Path, jobs: int
) -> None:
    before = journal(folder)
    dry = reparse(normalisers=[Tagging(), *NORMALISERS], jobs=jobs, dry=True)
    assert journal(folder) == before
    summary = reparse(normalisers=[Tagging(), *NORMALISERS], jobs=jobs)
    assert summary.fields == dry.fields == {"tags": len(before.splitlines())}
    fresh = [row for row in rows(folder) if row["run"] == "reparse-c0de"]
    assert {tuple(row["changed_fields"]) for row in fresh} == {("tags",)}
    assert {row["tags"][-1]["name"] for row in fresh} == {"found by better code"}
    assert set(reparse(code="other", normalisers=[Tagging(), *NORMALISERS]).outcomes) == {"same"}


def test_better_reading_replaces_a_version_of_a_run_whose_clock_was_set_back(
    reparse: Callable[..., Summary], folder: Path
) -> None:
    one = rows(folder)[0]
    with closing(Archive(folder)) as archive:
        archive.ledger.database.execute("UPDATE version SET fetched_at = '2099-01-01T00:00:00Z'")
    reparse(normalisers=LOUDER, ids=(one["id"],))
    with closing(Archive(folder)) as archive:
        newest = archive.read(archive.ledger.versions(one["id"])[0])
    assert newest["change"] == "reparsed"


def test_several_processes_write_the_same_bytes(
    reparse: Callable[..., Summary], folder: Path, tmp_path: Path
) -> None:
    before = shutil.copytree(folder, tmp_path / "before")
    reparse(normalisers=LOUDER, jobs=2)
    together = journal(folder)
    shutil.rmtree(folder)
    shutil.copytree(before, folder)
    reparse(normalisers=LOUDER)
    assert journal(folder) == together != journal(before)


def test_one_that_was_interrupted_goes_on(reparse: Callable[..., Summary], folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        reparse(normalisers=[Interrupted(after=13), *LOUDER])
    half = len(rows(folder))
    reparse(normalisers=LOUDER)
    assert half < len(rows(folder)) == len({(row["id"], row["version"]) for row in rows(folder)})
    assert reparse(normalisers=LOUDER).outcomes == {}


def test_ctrl_c_leaves_no_line_that_the_ledger_does_not_know(
    reparse: Callable[..., Summary], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Ledger.record

    def interrupted(*args: Any, **named: Any) -> None:
        os.kill(os.getpid(), SIGINT)  # the line is in the journal, the version not in the ledger
        record(*args, **named)

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record", interrupted)
        with pytest.raises(KeyboardInterrupt):
            reparse(normalisers=LOUDER)
    reparse(normalisers=LOUDER)
    assert len(rows(folder)) == len({(row["id"], row["version"]) for row in rows(folder)})


def test_a_dry_run_says_the_same_and_changes_nothing(
    reparse: Callable[..., Summary], folder: Path
) -> None:
    before = journal(folder)
    dry = reparse(normalisers=LOUDER, dry=True)
    assert journal(folder) == before
    real = reparse(normalisers=LOUDER)
    assert (dry.outcomes, dry.fields) == (real.outcomes, real.fields)
    old, new = dry.examples[0]
    assert new["title"] == old["title"] + "!"


def test_captures_that_are_damaged_or_away_are_named_left_out_and_read_when_they_are_back(
    reparse: Callable[..., Summary], folder: Path
) -> None:
    (file,) = (folder / "warc").glob("*.warc.gz")
    place = next(row["capture"] for row in rows(folder) if row["capture"])
    whole = file.read_bytes()
    torn = bytearray(whole)
    torn[place["offset"] + place["length"] // 2] ^= 0xFF
    file.write_bytes(torn)
    summary = reparse(jobs=2)
    assert summary.outcomes["damaged"] >= 1
    assert summary.outcomes["same"] > summary.outcomes["damaged"]
    assert f"{file.name}: cannot be read at byte {place['offset']}" in "".join(summary.problems)
    file.write_bytes(whole)
    assert reparse().outcomes == {"same": summary.outcomes["damaged"]}


def test_only_what_is_wanted_is_read(reparse: Callable[..., Summary], folder: Path) -> None:
    one = rows(folder)[0]["id"]
    assert reparse(since="2099-01-01").outcomes == {}
    assert reparse(layout="no-such-layout").outcomes == {}
    many = tuple(f"uza:{number}" for number in range(40_000))  # more than SQLite takes as values
    chosen = reparse(ids=(one, *many)).outcomes
    imported = reparse(layout="imported").outcomes
    assert 0 < chosen.total() < imported.total()
    assert reparse().outcomes.total() > 0


def test_rows_are_read_again_where_only_captures_are_left(
    reparse: Callable[..., Summary], folder: Path
) -> None:
    before = rows(folder, without=("run",))
    shutil.rmtree(folder / "journal")
    for name in ("ledger.sqlite", "ledger.id"):
        (folder / name).unlink()
    Rebuild(folder, print).make()
    reparse(code=reading_code("uza"), jobs=2)
    assert rows(folder, without=("run",)) == before
