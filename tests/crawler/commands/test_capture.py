import gzip
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from crawler.store.archive import Archive
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan
from tests.commands import ROOT, Refused, command
from tests.crawler.archives import store

PAGE = "<h1>Қиш келди</h1>".encode()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with an article of two versions, of which the first has a capture."""
    with closing(Archive(tmp_path / "uza")) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c0de")
        archive.captures.take(
            Exchange(
                uri="https://uza.uz/posts/x_1",
                taken_at="2026-11-20T07:00:00Z",
                status=200,
                headers=[("Content-Encoding", "gzip")],
                body=gzip.compress(PAGE),
                article_id="uza:1",
            )
        )
        place = archive.captures.keep("uza:1")
        assert place
        store(archive, 1, capture=place)
        store(archive, 1, version=2, change="edited")
    return tmp_path


def capture(data: Path, *arguments: str) -> tuple[int, bytes, str]:
    chosen = command("capture", *arguments, DATA_DIR=data)
    done = subprocess.run(chosen, cwd=ROOT, capture_output=True, timeout=60)
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.mark.slow
def test_the_answer_is_printed_unpacked(data: Path) -> None:
    code, out, _ = capture(data, "uza:1")
    assert code == 0
    assert out.startswith(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n")
    assert out.endswith(b"\r\n\r\n" + PAGE)


@pytest.mark.slow
def test_the_body_is_written_to_a_file_as_it_was_received(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "page.html.gz"
    assert capture(data, "uza:1", "1", "--body", "--raw", "--out", str(target)) == (0, b"", "")
    assert gzip.decompress(target.read_bytes()) == PAGE


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected an article"),
        (["uza:2"], "no version of it is recorded"),
        (["uza:1", "9"], "has no version '9'; there are: 1, 2"),
        (["uza:1", "2"], "version 2 (edited) has no capture"),
        (["uza:1", "--out", "none/page.html"], "none/page.html: cannot be written"),
    ],
)
def test_wrong_use_is_one_line(
    data: Path, refused: Refused, arguments: list[str], message: str
) -> None:
    assert message in refused("capture", *arguments, "-s", f"DATA_DIR={data}")


def test_a_damaged_file_is_named(data: Path, refused: Refused) -> None:
    (path,) = (data / "uza" / "warc").glob("*.warc.gz")
    path.write_bytes(bytes(path.stat().st_size))
    told = refused("capture", "uza:1", "-s", f"DATA_DIR={data}", exit_code=7)
    assert f"{path}: cannot be read at byte " in told
