"""``scrapy offload`` as an operator sees it: one line and an exit code."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.commands import Refused, scrapy
from tests.crawler.buckets import S3
from tests.crawler.withdrawals import archive_with_it
from tests.days import pass_time, start_day


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    start_day()
    archive_with_it(tmp_path / "uza")
    pass_time(timedelta(days=80))
    yield tmp_path
    start_day()


@pytest.mark.slow
def test_what_is_moved_is_shown_before_and_told_after(data: Path) -> None:
    to = ("--to", (data / "elsewhere").as_uri())
    shown = scrapy("offload", "uza", *to, "--dry-run", DATA_DIR=data)
    assert re.search(r"^ +\d,\d{3}  journal/2026-12\.jsonl$", shown.stdout, re.MULTILINE)
    assert shown.stdout.endswith("5 files would be moved\n")
    assert not (data / "elsewhere").exists()
    moved = scrapy("offload", "uza", *to, DATA_DIR=data)
    assert (moved.returncode, moved.stdout) == (0, "")
    assert moved.stderr.splitlines()[-1].startswith("5 files moved, ")
    again = scrapy("offload", "uza", DATA_DIR=data)
    assert again.stderr == f"{to[1]}/uza: there is nothing to move now\n"
    back = scrapy("offload", "uza", "--back", DATA_DIR=data)
    assert back.stderr.count(": brought back\n") == 5


@pytest.mark.slow
@pytest.mark.parametrize(("status", "told"), [(507, "507 Insufficient"), (403, "403 Forbidden")])
def test_a_bucket_that_refuses_is_named_with_what_to_do(
    status: int, told: str, s3: S3, data: Path, refused: Refused
) -> None:
    s3.fault = lambda method, path, _: status if method == "PUT" else None
    chosen = ("--to", "s3://news/all", "-s", f"DATA_DIR={data}")
    line = refused("offload", "uza", *chosen, exit_code=7)
    manifest = "s3://news/all/uza/manifest.json"
    assert line.startswith(f"scrapy offload: {manifest}: the service responded {told}")
    assert line.endswith("permissions and free space, then run the same command again\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected one agency"),
        (["uza"], "--to ADDRESS is missing: nothing was moved before"),
        (["uza", "--to", "bucket"], "bucket/uza: expected an address such as s3://bucket/folder"),
    ],
)
def test_wrong_use_is_one_line(
    tmp_path: Path, refused: Refused, arguments: list[str], message: str
) -> None:
    assert message in refused("offload", *arguments, "-s", f"DATA_DIR={tmp_path}")
