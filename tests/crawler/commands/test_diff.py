from pathlib import Path

import pytest

from crawler.model.article import Sighting
from crawler.store.archive import Archive
from tests.commands import Refused, command, scrapy, start
from tests.crawler.archives import store

LONG = "\n\n".join(f"Paragraph {number} of a long report." for number in range(9000))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with an article that grew long, and then was gone."""
    archive = Archive(tmp_path / "uza")
    archive.run = "20261123T000000Z"
    store(archive, 1, run=archive.run)
    store(archive, 1, version=2, change="edited", body=LONG, run="20261124T000000Z")
    seen = Sighting(404, "2026-11-26T00:00:00Z")
    store(archive, 1, version=3, change="gone", body=LONG, evidence=[seen], run="20261126T000000Z")
    archive.close()
    return tmp_path


def test_a_deletion_shows_its_evidence_and_that_the_content_stayed(data: Path) -> None:
    shown = scrapy("diff", "uza:1", DATA_DIR=data)
    assert shown.returncode == 0
    assert shown.stdout.splitlines() == [
        "uza:1 version 2: edited, fetched 2026-11-23T00:00:00Z by run 20261124T000000Z",
        "uza:1 version 3: gone, fetched 2026-11-23T00:00:00Z by run 20261126T000000Z, "
        "404 at 2026-11-26T00:00:00Z",
        "",
        "The content is the same.",
    ]


def test_a_reader_of_the_output_may_have_enough(data: Path) -> None:
    with start(command("diff", "uza:1", "1", "2", DATA_DIR=data)) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith("uza:1 version 1: new")
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert errors == ""


def test_a_damaged_journal_is_one_line_and_exit_code_7(data: Path, refused: Refused) -> None:
    for file in (data / "uza" / "journal").iterdir():
        file.write_bytes(b"not a row\n" * 200_000)
    told = refused("diff", "uza:1", "-s", f"DATA_DIR={data}", exit_code=7)
    assert "uza:1 version 1 cannot be read at byte 0" in told
