"""Flipped bits anywhere in a ledger: it is read all the same, or named with the way out."""

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest

from crawler.audit.report import read_audit
from crawler.crawl.deletions import Deletion
from crawler.errors import StorageError
from crawler.maintenance.rebuild import Rebuild
from crawler.report.status import read_status, status_lines
from crawler.store.archive import Archive
from crawler.store.newest_versions import newest_lines
from crawler.store.reader import ArchiveReader
from crawler.store.selection import Selection
from tests.crawler.archives import store

SEEDS = range(25)
REPORT = {
    "run": "20261123T000000Z", "seconds": 1.0, "pending": 0, "requests": 9, "stopped_by": None,
    "outcomes": {"new": 120}, "exit_code": 0, "exit_reason": "finished",
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of some articles, a run that ended among them."""
    folder = tmp_path_factory.mktemp("whole") / "uza"
    with closing(Archive(folder)) as archive:
        for number in range(120):
            store(archive, number, edition="en", published_at=f"2026-11-{number % 20 + 1:02}")
        archive.ledger.keep_report("20261123T000000Z", msgspec.json.encode(REPORT), ended=True)
    return folder


def flip(path: Path, seed: int) -> None:
    """Flip 1 to 1,000 bits."""
    chance = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 3, 10, 100, 1000])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def look(reader: ArchiveReader) -> None:
    deletion = Deletion(sightings=3, hours=48)
    status_lines(read_status(reader.database, reader.folder, 0, deletion), "uza")


def run(folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        store(archive, 500)


def read(reading: Callable[[ArchiveReader], object]) -> Callable[[Path], None]:
    def open_and_read(folder: Path) -> None:
        with ArchiveReader(folder) as reader:
            reading(reader)

    return open_and_read


def refusal(reader: Callable[[Path], None], folder: Path) -> str:
    try:
        reader(folder)
    except StorageError as error:
        return str(error)
    return ""


def index(reader: ArchiveReader) -> None:
    from crawler.browse.index import bring_up_to_date

    bring_up_to_date([reader], reader.folder)


READERS: dict[str, Callable[[Path], None]] = {
    "status": read(look),
    "audit": read(lambda reader: read_audit(reader.database, Selection())),
    "export": read(lambda reader: list(newest_lines(reader.database, reader.journal.folder))),
    "diff": read(lambda reader: reader.versions("uza:77")),
    "browse": read(index) if find_spec("tantivy") else read(look),
    "a run": run,
}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_ledger_with_flipped_bits_is_read_or_named_and_always_rebuilt(
    whole: Path, tmp_path: Path, seed: int
) -> None:
    for name, reader in READERS.items():
        folder = tmp_path / name / "uza"
        shutil.copytree(whole, folder)
        flip(folder / "ledger.sqlite", seed)
        if told := refusal(reader, folder):
            assert told.startswith(str(folder))
            assert "scrapy rebuild uza" in told
            assert told.isprintable()
    said: list[str] = []
    Rebuild(folder, said.append).make()
    assert "made from 120 versions" in said[-1] or "made from 121 versions" in said[-1]
    with ArchiveReader(folder) as reader_of_all:
        assert len(list(newest_lines(reader_of_all.database, folder / "journal"))) >= 120


def test_most_ledgers_with_flipped_bits_are_found_at_the_door(whole: Path, tmp_path: Path) -> None:
    found = 0
    for seed in SEEDS:
        folder = tmp_path / str(seed) / "uza"
        shutil.copytree(whole, folder)
        flip(folder / "ledger.sqlite", seed)
        found += bool(refusal(read(lambda _: None), folder))
    assert found >= len(SEEDS) // 2
