"""Pictures of an archived page are shown from the WARC files that other tools have written."""

import gzip
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.extract.document import Document
from crawler.store.reader import ArchiveReader
from tests.commands import scrapy

pytest.importorskip("datasette", reason="datasette is not installed: make data")
from crawler.browse.replay import replay
from tests.crawler.browse.archives import archive_in
from tests.crawler.browse.conftest import served_from

ADDRESS = "https://uza.uz/a.jpg"  # of a picture in the archived page
GIF = b64decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=")


def crawled(path: Path, *responses: tuple[str, str, Mapping[str, str], bytes]) -> None:
    """Write responses as another tool does: address, time, headers, body."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for address, at, headers, body in responses:
            head = StatusAndHeaders("200 OK", [*headers.items()], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    address,
                    "response",
                    payload=BytesIO(body),
                    length=len(body),  # without it warcio leaves a temporary file open
                    http_headers=head,
                    warc_headers_dict={"WARC-Date": at},
                )
            )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an archive to which somebody added a file with pictures."""
    folder = archive_in(tmp_path)
    crawled(
        folder / "warc" / "pictures.warc.gz",
        (ADDRESS, "2020-01-01T00:00:00Z", {"Content-Type": "image/jpeg"}, b"years before"),
        (ADDRESS, "2026-11-25T00:00:00Z", {"Content-Type": "image/gif"}, GIF),
        (ADDRESS, "2030-01-01T00:00:00Z", {"Content-Type": "image/jpeg"}, b"years after"),
        ("https://uza.uz/b.svg", "2026-11-25T00:00:00Z",
         {"Content-Type": "image/svg+xml", "Content-Encoding": "gzip"}, gzip.compress(b"<svg/>")),
        ("https://uza.uz/c.jpg", "2026-11-25T00:00:00Z", {"Content-Type": "text/html"}, b"None."),
    )  # fmt: skip
    done = scrapy("rebuild", "uza", DATA_DIR=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


def test_a_picture_in_a_file_of_another_tool_is_shown_as_it_was_closest_to_the_page(
    folder: Path,
) -> None:
    page = served_from(folder)("/capture/uza%3A1/1/page")
    within = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    assert re.findall(' src="([^"]*)"', page.text) == [data("image/gif", GIF), within]
    assert "img-src data:" in page.headers["content-security-policy"]  # nothing else is loaded


def test_a_picture_that_is_damaged_leaves_its_page_readable(folder: Path) -> None:
    file = folder / "warc" / "pictures.warc.gz"
    file.write_bytes(bytes(file.stat().st_size))
    page = served_from(folder)("/capture/uza%3A1/1/page")
    assert page.status_code == 200
    assert "As it was." in page.text
    assert data("image/gif", GIF) not in page.text


def test_only_pictures_are_taken_for_pictures_and_codings_are_undone(folder: Path) -> None:
    with ArchiveReader(folder) as archive:
        assert archive.picture("https://uza.uz/b.svg", "2026-11-25T00:00:00Z") == (
            "image/svg+xml", b"<svg/>")  # fmt: skip
        for address in ("https://uza.uz/c.jpg", "https://uza.uz/posts/1", "https://uza.uz/d.jpg"):
            assert archive.picture(address, "2026-11-25T00:00:00Z") is None


def test_pictures_that_scripts_would_load_are_shown_and_not_more_than_a_page_can_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {f"https://uza.uz/{name}": ("image/png", name.encode()) for name in ("a", "big", "c")}
    monkeypatch.setattr("crawler.browse.replay._LARGEST", 3)
    body = b"""<img src=/blank data-src=/a><img src="data:image/gif;base64,AA" data-original=/c>
        <img src=/big><img data-src="http://[" src=" "><img srcset="/a 2x">"""
    page = replay(Document("https://uza.uz/1", 200, {}, body), lambda _: None, known.get).decode()
    assert re.findall(' src="([^"]*)"', page) == [data("image/png", b"a"), data("image/png", b"c")]
    assert "srcset" not in page
