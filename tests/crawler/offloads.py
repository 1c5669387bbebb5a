"""An archive whose files are finished, moved into a bucket; and what is there and here then."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.maintenance.offload import Offload
from crawler.store.reader import ArchiveReader
from crawler.verify.archive import verify
from crawler.verify.context import Context, sizes_in
from tests.crawler.buckets import S3
from tests.crawler.withdrawals import archive_with_it
from tests.days import pass_time, start_day

TO = "s3://news/all"


def quiet(line: str) -> None: ...


@pytest.fixture(name="folder")
def finished(tmp_path: Path) -> Iterator[Path]:
    """Return an archive of last month: all its files are finished."""
    start_day()
    made = archive_with_it(tmp_path / "data" / "uza")
    (made / "runs" / "20261123T000000Z.json").unlink()
    for stray in ("browse.sqlite", "ledger.sqlite.before-rebuild"):
        (made / stray).unlink()
    pass_time(timedelta(days=80))
    yield made
    start_day()


def moving(folder: Path, to: str = TO) -> Offload:
    return Offload(folder, f"{to}/{folder.name}", quiet)


def offload(folder: Path, to: str = TO) -> Offload:
    done = moving(folder, to)
    done.work()
    return done


def files(folder: Path) -> dict[str, bytes]:
    """Return what may lie in a bucket."""
    found = [*folder.glob("warc/*.gz"), *folder.glob("*/*.jsonl")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def stored(s3: S3, to: str = "all/uza/") -> dict[str, bytes]:
    """Return what is in the bucket by its name in the archive; nothing may be there twice."""
    objects = s3.objects()
    shared = objects.pop(f"{to}manifest.json", b'{"files": {}}')
    names = {name.removeprefix(to): objects[name] for name in objects}
    plain = {f"{name.split('/')[0]}/{name.split('/')[2]}": names[name] for name in names}
    assert len(plain) == len(objects), sorted(objects)
    assert set(plain) <= set(json.loads(shared)["files"]), "a withdrawal would not find it"
    return plain


def problems(folder: Path) -> list[str]:
    sizes = sizes_in(folder)
    with ArchiveReader(folder) as reader:
        return list(
            verify(Context(folder=folder, database=reader.database, sizes=sizes, whole=True))
        )
