"""A release whose process is killed, and asked for again."""

import signal
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.commands import command, scrapy, start
from tests.crawler.release.archives import contents
from tests.crawler.release.world import fill_with_posts

pytestmark = pytest.mark.slow
LONGEST = 30  # seconds until a release has come to any moment


def kill_when_there(folder: Path, awaited: str) -> None:
    """Begin a release, and kill it as soon as it has made that folder."""
    ended = time.monotonic() + LONGEST
    with start(command("release", "uza", "--out", folder / "out", DATA_DIR=folder)) as process:
        while process.poll() is None and not (folder / "out.part" / awaited).exists():
            assert time.monotonic() < ended
            time.sleep(0.001)
        process.kill()
        process.communicate(timeout=LONGEST)
    assert process.returncode == -signal.SIGKILL
    assert (folder / "out.part" / awaited).exists()
    assert not (folder / "out").exists()


# Drawing takes most of a second, in which the kill has come.
@pytest.mark.skipif(find_spec("matplotlib") is None, reason="what draws is not installed")
def test_a_release_killed_twice_is_completed_and_equal_to_an_undisturbed_one(
    tmp_path: Path,
) -> None:
    fill_with_posts(tmp_path / "uza", posts=150)
    kill_when_there(tmp_path, "articles")
    kill_when_there(tmp_path, "plots")
    for name in ("out", "whole"):
        run = scrapy("release", "uza", "--out", tmp_path / name, DATA_DIR=tmp_path)
        assert (run.returncode, run.stderr) == (0, "")
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "uza", "whole"]
