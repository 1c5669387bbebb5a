"""What proves in the evidence of an article that its rows and captures were there on a day."""

import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import StorageError
from crawler.evidence.check import EvidenceCheck
from crawler.evidence.inclusion import WAYS
from crawler.evidence.wacz import (
    ROWS,
    write_evidence,
)
from crawler.store.archive import Archive
from crawler.store.proofs import Proofs
from crawler.store.reader import ArchiveReader
from crawler.system.signing import sign
from tests.crawler.archives import store
from tests.crawler.authority import key_in
from tests.crawler.wacz_files import DAYS, files, problems, put, without_record


@pytest.fixture
def proved(folder: Path, tmp_path: Path) -> Path:
    """Write evidence with a signed proof."""
    key = key_in(tmp_path)
    with ArchiveReader(folder) as reader, Proofs(folder).lock():
        assert Proofs(folder).make(reader, lambda data: sign(data, key))
        written = write_evidence(reader, "uza:1", tmp_path / "1.wacz")
    assert written.proved == 7
    return tmp_path / "1.wacz"


def day_of(held: dict[str, bytes]) -> str:
    (day,) = (name for name in held if re.fullmatch(r"proofs/.+\.json", name))
    return Path(day).stem


def test_each_line_and_record_leads_to_the_signed_root_of_its_day(proved: Path) -> None:
    check = EvidenceCheck(proved)
    assert list(check.problems()) == []
    assert (len(check.proofs.proved), len(check.proofs.signers)) == (7, 1)
    assert [*check.proofs.days] == [day_of(files(proved))]


def test_what_came_after_the_last_proof_is_told_as_not_proved(folder: Path, proved: Path) -> None:
    with closing(Archive(folder)) as archive:
        again: dict[str, Any] = {"version": 4, "change": "reparsed", "title": "Zwei"}
        store(archive, 1, **again, fetched_at=DAYS[3])
    with ArchiveReader(folder) as reader:
        assert write_evidence(reader, "uza:1", proved).proved == 7
    assert problems(proved) == []


def test_a_damaged_proof_makes_no_evidence(folder: Path, proved: Path) -> None:
    proofs = Proofs(folder)
    (path,) = proofs.paths
    root = proofs.read(path).root
    path.write_text(path.read_text("utf-8").replace(root, "0" * 64), "utf-8")
    before = proved.read_bytes()
    with (
        ArchiveReader(folder) as reader,
        pytest.raises(StorageError, match="its leaves do not result in its root"),
    ):
        write_evidence(reader, "uza:1", proved)
    assert proved.read_bytes() == before


def forged_text(held: dict[str, bytes]) -> None:
    row = json.loads(held[ROWS].splitlines()[0]) | {"tags": [{"name": "Six", "slug": None}]}
    held[ROWS] = json.dumps(row).encode() + b"\n" + held[ROWS].split(b"\n", 1)[1]


def forged_last_line(held: dict[str, bytes]) -> None:
    held[ROWS] = b"".join(held[ROWS].splitlines(keepends=True)[:-1])


def forged_root(held: dict[str, bytes]) -> None:
    name = f"proofs/{day_of(held)}.json"
    root = json.loads(held[name])["root"]
    held[name] = held[name].replace(root.encode(), b"0" * 64)


def swapped_day(held: dict[str, bytes]) -> None:
    name = f"proofs/{day_of(held)}.json"
    held[name] = held[name].replace(day_of(held).encode(), b"2026-01-01")


def other_day(held: dict[str, bytes]) -> None:
    held[WAYS] = held[WAYS].replace(day_of(held).encode(), b"2026-01-01")


def other_place(held: dict[str, bytes]) -> None:
    held[WAYS] = held[WAYS].replace(b'"index":0', b'"index":1')


def no_proof(held: dict[str, bytes]) -> None:
    held[f"proofs/{day_of(held)}.json"] = b"{}"


LOST = "data of the proof of {day} are missing here, or were changed"
PROVED: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "a row": (forged_text, f"{WAYS}: line 1: {LOST}"),
    "the newest version left out": (forged_last_line, f"{WAYS}: line 3: {LOST}"),
    "the last record left out": (without_record(7), f"{WAYS}: line 7: {LOST}"),
    "a root": (forged_root, f"{WAYS}: line 1: does not lead to the root of {{day}}"),
    "the signed file": (
        forged_root,
        "proofs/{day}.json: its signature or its time stamp is invalid",
    ),
    "a swapped day": (swapped_day, "proofs/{day}.json: is the proof of 2026-01-01"),
    "a day without a proof": (other_day, f"{WAYS}: line 1: the proof of '2026-01-01' is not here"),
    "another place": (other_place, f"{WAYS}: line 1: does not lead to the root of {{day}}"),
    "no proof": (no_proof, "proofs/{day}.json: is not a proof ("),
}


@pytest.mark.parametrize("what", PROVED)
def test_what_was_proved_and_is_otherwise_is_named(proved: Path, what: str) -> None:
    forge, message = PROVED[what]
    held = files(proved)
    told = message.format(day=day_of(held))
    forge(held)
    put(proved, held)
    assert [line for line in problems(proved) if line.startswith(told)]
