"""Pages of chosen articles as a web archive."""

import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.store.archive import Archive
from tests.commands import Refused, scrapy
from tests.crawler.archives import store
from tests.crawler.wacz_files import DAYS, fill, take
from tests.crawls.pywb import validate

ONE, TWO = b"<h1>One</h1>", b"<h1>Two</h1>"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder: an article that is gone, one whose page another one had, and others."""
    archive = Archive(tmp_path / "uza")
    fill(archive)
    store(archive, 4, edition="en", capture=take(archive, 4, DAYS[4], TWO))
    store(archive, 5)
    bare = {"title": "withdrawn", "body": "", "change": "withdrawn", "reason": "court order"}
    store(archive, 6, **bare)
    archive.close()
    return tmp_path


def export(data: Path, *options: str) -> Path:
    out = data / "out.wacz"
    done = scrapy("export", "uza", "--format", "wacz", "--out", out, *options, DATA_DIR=data)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return out


def responses(out: Path) -> list[tuple[str, str, bytes]]:
    """Return kind, address and body of the responses."""
    with ZipFile(out) as zipped:
        warc = io.BytesIO(zipped.read("archive/data.warc.gz"))
    return [
        (each.rec_type, each.rec_headers["WARC-Target-URI"], each.content_stream().read())
        for each in ArchiveIterator(warc)
        if each.rec_type in ("response", "revisit")
    ]


def test_it_has_the_page_of_each_newest_version_and_nothing_else(data: Path) -> None:
    one, four = "https://uza.uz/posts/x_1", "https://uza.uz/posts/x_4"
    out = export(data)
    assert responses(out) == [("response", one, TWO), ("revisit", four, b"")]
    with ZipFile(out) as zipped:
        _, *pages = map(json.loads, zipped.read("pages/pages.jsonl").splitlines())
    assert [(each["url"], each["title"]) for each in pages] == [(one, "Two"), (four, "Title 4")]


def test_what_a_page_refers_to_is_taken_with_it(data: Path) -> None:
    kinds = [(kind, body) for kind, _, body in responses(export(data, "--editions", "en"))]
    assert kinds == [("response", TWO), ("revisit", b"")]


@pytest.mark.slow
def test_others_find_it_valid(data: Path) -> None:
    assert "Validation succeeded" in validate(export(data))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "--format wacz: add --out FILE"),
        (("--out", "nowhere/x.wacz"), "--out nowhere/x.wacz"),
        (("--out", "{}/x.wacz", "--until", "2001-01-01"), "no page of these articles is archived"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    data: Path, refused: Refused, options: tuple[str, ...], message: str
) -> None:
    told = [option.format(data) for option in options]
    assert message in refused("export", "uza", "--format", "wacz", *told, "-s", f"DATA_DIR={data}")
    assert not list(data.glob("x*"))
