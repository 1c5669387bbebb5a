"""Work on a real cluster: the same bytes as by this process alone, though a worker is killed."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.errors import ArchiveError, UsageError
from crawler.extract.document import Site
from crawler.maintenance.reparse import Reparse, Summary
from crawler.maintenance.reread import ReadingContext, Rereader
from crawler.model.arrow import has_arrow
from crawler.release import rows
from crawler.store.archive import Archive
from crawler.system.processes import WorkerPool
from crawler.warc.index import Wanted
from crawler.warc.writer import Plan
from pages.uza import LAYOUTS, RULES
from tests.commands import Refused
from tests.crawler.captured import exchange
from tests.crawler.release.archives import archive_in, contents, release_of
from tests.crawler.release.world import fill_with_posts

if find_spec("distributed") is None:
    pytest.skip("Dask is not installed: make data", allow_module_level=True)

from crawler.system import dask
from crawler.system.dask import Cluster
from tests.crawler.clusters import Losing, Workers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    with Workers(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def workers(started: Workers) -> Workers:
    started.fill()
    return started


def archive_of(folder: Path) -> Path:
    """Make an archive with captures that no code has read, the last a revisit of the first."""
    with closing(Archive(folder)) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="none")
        for number in range(600101, 600201):
            archive.captures.take(exchange(number))
            archive.captures.keep(f"uza:{number}")
        archive.captures.take(replace(exchange(600101), taken_at="2026-11-21T07:00:00Z"))
        archive.captures.keep("uza:600101")
    return folder


def reparse(folder: Path, pool: WorkerPool | None) -> Summary:
    context = ReadingContext(
        Site(RULES.address.site, RULES.address),
        LAYOUTS,
        load_normalisers(get_project_settings(), RULES),
    )
    with closing(Archive(folder)) as archive:
        rereader = Rereader(archive.captures, context, archive.journal)
        return Reparse(archive, rereader, "c0de", print).work(Wanted(), pool)


def journal(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (folder / "journal").iterdir())


def test_captures_are_read_again_alike_though_a_worker_is_killed(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.maintenance.reread.CHUNK", 4)
    alone = archive_of(tmp_path / "alone" / "uza")
    together = Path(shutil.copytree(alone, tmp_path / "together" / "uza"))
    reparse(alone, None)
    with closing(Losing(workers, after=8)) as pool:
        assert reparse(together, pool).outcomes == {"new": 100, "same": 1}
    assert pool.lost > 0
    assert journal(together) == journal(alone)
    assert not list(tmp_path.rglob("*.cluster"))


def test_a_release_has_the_same_bytes_though_a_worker_is_killed(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_with_posts(tmp_path / "uza")
    chosen: dict[str, Any] = {"parquet": has_arrow()}
    release_of(tmp_path / "uza", tmp_path / "alone", **chosen)
    monkeypatch.setattr(rows, "_CHUNK", 20)
    with closing(Losing(workers, after=8)) as pool:
        release_of(tmp_path / "uza", tmp_path / "together", pool, **chosen)
    assert pool.lost > 0
    assert contents(tmp_path / "together") == contents(tmp_path / "alone")
    assert not list(tmp_path.rglob("*.cluster"))


def test_work_that_was_interrupted_is_gone_on_with(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("maintenance.reread", "maintenance.reparse"):
        monkeypatch.setattr(f"crawler.{module}.CHUNK", 4)
    whole = archive_of(tmp_path / "whole" / "uza")
    folder = Path(shutil.copytree(whole, tmp_path / "broken" / "uza"))
    reparse(whole, None)
    with closing(Impatient(workers.address)) as pool, pytest.raises(KeyboardInterrupt):
        reparse(folder, pool)
    assert 0 < len(journal(folder)) < len(journal(whole))
    with closing(Cluster(workers.address)) as pool_again:
        reparse(folder, pool_again)
    assert journal(folder) == journal(whole)


class Impatient(Cluster):
    """A pool of somebody who presses Ctrl-C after a while."""

    _left = 12

    def _result(self, future: Any) -> Any:
        self._left -= 1
        if not self._left:
            raise KeyboardInterrupt
        return super()._result(future)


def test_a_worker_that_does_not_see_the_folder_refuses_the_work(
    workers: Workers, tmp_path: Path
) -> None:
    with closing(Cluster(workers.address)) as pool:
        pool.share(tmp_path)
        assert list(pool.spread(abs, [-1, -2])) == [1, 2]
    with closing(Cluster(workers.address)) as pool:
        pool.share(tmp_path)
        for mark in tmp_path.iterdir():
            mark.write_text("of another folder")
        with pytest.raises(UsageError, match=rf"^the worker tcp://.+ does not see {tmp_path} as"):
            list(pool.spread(abs, [-1, -2]))


def test_a_worker_with_other_code_refuses_the_work(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tuple(("selectolax", "0.1") if name == "selectolax" else (name, version)
                 for name, version in dask._setup())  # fmt: skip
    monkeypatch.setattr(dask, "_setup", lambda: ours)
    with (
        closing(Cluster(workers.address)) as pool,
        pytest.raises(UsageError, match=r"tcp://.+ has selectolax 1\..+, and this machine 0\.1;"),
    ):
        list(pool.spread(abs, [-1, -2]))


def test_a_worker_without_the_project_is_named(workers: Workers, tmp_path: Path) -> None:
    workers.end()
    stranger = workers.add(tmp_path)
    with pytest.raises(
        UsageError, match=r"tcp://.+does not have this project \(No module named 'craw"
    ):
        Cluster(workers.address)
    workers.kill(stranger)


def test_what_a_piece_raises_is_raised_here(workers: Workers) -> None:
    with closing(Cluster(workers.address)) as pool, pytest.raises(ZeroDivisionError):
        list(pool.spread(partial(divmod, 1), [1, 0]))


def test_work_that_ends_each_worker_is_given_up(workers: Workers) -> None:
    with (
        closing(Cluster(workers.address)) as pool,
        pytest.raises(ArchiveError, match="several workers were lost on the same piece of work"),
    ):
        list(pool.spread(os._exit, [1]))


def test_a_cluster_without_workers_and_then_without_scheduler_is_named(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, refused: Refused, tmp_path: Path
) -> None:
    archive_in(tmp_path)
    monkeypatch.setattr(dask, "ANSWERS_WITHIN", 1)
    with closing(Cluster(workers.address)) as pool:
        monkeypatch.setattr(dask, "WORKERS_WITHIN", 0.2)
        workers.end()
        with pytest.raises(
            ArchiveError, match="no worker is left; start some, then run this again"
        ):
            list(pool.spread(abs, [-1]))
        asked = ("reparse", "uza", "--cluster", workers.address, "-s", f"DATA_DIR={tmp_path}")
        assert "it has no worker; start some" in refused(*asked)
        workers.scheduler.kill()
        workers.scheduler.wait()
        with pytest.raises(ArchiveError, match="the scheduler was lost; start it"):
            list(pool.spread(abs, [-1]))


@pytest.mark.parametrize("command", ["reparse", "release"])
def test_an_address_where_no_scheduler_answers_is_named_soon(
    monkeypatch: pytest.MonkeyPatch, refused: Refused, tmp_path: Path, command: str
) -> None:
    archive_in(tmp_path)
    monkeypatch.setattr(dask, "ANSWERS_WITHIN", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for address in (f"tcp://127.0.0.1:{port}", "tcp://127.0.0.1:1", "10.0.0.1", "x://10.0.0.1"):
            said = refused(command, "uza", "--cluster", address, "-s", f"DATA_DIR={tmp_path}")
            assert f"--cluster {address}: no Dask scheduler responds there (" in said


def test_what_is_not_installed_is_named_with_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, refused: Refused, tmp_path: Path
) -> None:
    archive_in(tmp_path)
    monkeypatch.setattr(
        "crawler.cli.find_spec", lambda name: None if name == "distributed" else name
    )
    said = refused("release", "uza", "--cluster", "tcp://x:1", "-s", f"DATA_DIR={tmp_path}")
    assert "--cluster: Dask is not installed; install it by: make data" in said
