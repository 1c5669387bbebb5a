"""Proofs of days: what they cover, how they are signed and time-stamped, what they give away."""

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.maintenance.withdraw import Withdrawal
from crawler.store.archive import Archive, lock_folder
from crawler.system.signing import UNREAD
from crawler.warc.writer import Plan
from tests.commands import Refused, scrapy
from tests.crawler.archives import store
from tests.crawler.authority import Authority, key_in
from tests.crawler.wacz_files import DAYS, fill, take
from tests.days import pass_time

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with seven lines and captures."""
    with closing(Archive(tmp_path / "data/uza")) as archive:
        fill(archive)
    return tmp_path / "data"


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    authority = Authority(tmp_path / "authority")
    with authority.served():
        yield authority


def add(data: Path, number: int) -> None:
    """Record an article more, on the next day."""
    pass_time(timedelta(days=1))
    with closing(Archive(data / "uza")) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c0de")
        store(archive, number, capture=take(archive, number, DAYS[4], b"<h1>More</h1>"))


def prove(data: Path, **settings: object) -> str:
    done = scrapy("prove", "uza", DATA_DIR=data, **settings)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def proofs(data: Path) -> list[Path]:
    return sorted((data / "uza/proofs").glob("*.json"))


def verified(data: Path, *options: str, **settings: object) -> tuple[list[str], list[str]]:
    """Return the problems and the notes that ``scrapy verify`` tells."""
    done = scrapy("verify", "uza", "--json", *options, DATA_DIR=data, **settings)
    told = json.loads(done.stdout)
    return told["problems"], told["notes"]


def test_each_day_covers_what_came_since_the_day_before(data: Path) -> None:
    assert re.fullmatch(r".+/\d{4}-\d\d-\d\d\.json: 7 lines and captures, root [0-9a-f]{64}\n",
                        prove(data))  # fmt: skip
    assert "no proof was made; the last is" in prove(data)
    pass_time(timedelta(days=1))
    assert "no proof was made; the last is" in prove(data)
    add(data, 7)
    assert ": 2 lines and captures, root " in prove(data)
    first, second = (json.loads(path.read_text()) for path in proofs(data))
    assert (first["previous"], first["leaves"], second["leaves"]) == (None, 7, 2)
    for name, (start, _) in second["covered"].items():
        assert start == first["covered"].get(name, [0, 0])[1]
    problems, notes = verified(data, "--captures")
    assert problems == []
    assert {"2 proofs have no signature", "2 proofs have no time stamp"} < {*notes, ""}


def test_signature_and_time_stamp_hold_and_name_the_key(
    data: Path, authority: Authority, tmp_path: Path
) -> None:
    known = {"PROOF_AUTHORITY_CA": authority.certificates}
    chosen = {"PROOF_KEY": key_in(tmp_path), "PROOF_AUTHORITY": authority.url, **known}
    prove(data, **chosen)
    prove(data, **chosen)
    assert authority.asked == 1
    problems, notes = verified(data, **known)
    assert problems == []
    assert [note for note in notes if "proof" in note] == [
        note for note in notes if re.fullmatch("proofs are signed by SHA256:[\\w+/]{43}", note)
    ] != []  # fmt: skip
    _, notes = verified(data)
    assert [
        note
        for note in notes
        if "1 time stamps of proofs were not checked: set PROOF_AUTHORITY_CA" in note
    ]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((500, b""), "HTTP Error 500"),
        ((200, b"<html>"), ""),
        ((200, b""), ""),
        (None, "[Errno 111] Connection refused); "),
    ],
    ids=["a failure", "a page", "nothing", "no answer"],
)
def test_an_authority_that_confirms_nothing_is_a_line_with_a_count_and_is_asked_again(
    data: Path, authority: Authority, tmp_path: Path, answer: tuple[int, bytes] | None, why: str
) -> None:
    prove(data)
    add(data, 7)
    url = authority.url if answer else "http://127.0.0.1:1/"
    authority.answer = answer
    chosen = {"PROOF_AUTHORITY": url, "PROOF_AUTHORITY_CA": authority.certificates}
    done = scrapy("prove", "uza", DATA_DIR=data, **chosen)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert f"scrapy prove: PROOF_AUTHORITY={url}: gave no time stamp ({why}" in done.stderr
    assert "proofs without one: 2; the next call tries again" in done.stderr
    assert not list((data / "uza/proofs").glob("*.t*"))
    assert len(proofs(data)) == 2
    authority.answer = None
    prove(data, **chosen | {"PROOF_AUTHORITY": authority.url})
    assert len(list((data / "uza/proofs").glob("*.tsr"))) == 2


def test_the_time_stamp_of_other_data_is_not_kept(
    data: Path, authority: Authority, tmp_path: Path
) -> None:
    prove(data)
    chosen = {"PROOF_AUTHORITY": authority.url, "PROOF_AUTHORITY_CA": authority.certificates}
    prove(data, **chosen)
    (stamp,) = (data / "uza/proofs").glob("*.tsr")
    authority.answer = 200, stamp.read_bytes()
    add(data, 7)
    done = scrapy("prove", "uza", DATA_DIR=data, **chosen)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert list((data / "uza/proofs").glob("*.tsr")) == [stamp]


def test_what_was_withdrawn_is_no_damage(data: Path) -> None:
    prove(data)
    with closing(Archive(data / "uza")) as archive:
        archive.run = "withdraw"
        Withdrawal(archive, "uza:1", lambda _: None).work("asked for")
    assert verified(data, "--captures")[0] == []
    pass_time(timedelta(days=1))
    prove(data)
    assert verified(data, "--captures")[0] == []


def test_without_its_program_a_signature_is_not_told_as_false(
    data: Path, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"PROOF_AUTHORITY_CA": authority.certificates}
    prove(data, PROOF_KEY=key_in(tmp_path), PROOF_AUTHORITY=authority.url, **known)
    monkeypatch.setenv("PATH", str(tmp_path))
    problems, notes = verified(data, **known)
    assert problems == []
    assert f"proofs are signed by {UNREAD}" in notes


def test_what_a_killed_call_left_without_a_proof_does_not_count(data: Path) -> None:
    prove(data)
    (proof,) = proofs(data)
    whole = proof.read_bytes()
    proof.unlink()
    for ending in (".jsonl.gz", ".jsonl.gz.tmp", ".json.sig", ".json.tmp"):
        proof.with_suffix(ending).write_bytes(b"half")
    assert ": 7 lines and captures, root " in prove(data)
    assert json.loads(proof.read_bytes())["root"] == json.loads(whole)["root"]
    problems, _ = verified(data)
    assert problems == [], "the signature of a proof that is not signed is nothing"


def test_what_stands_in_a_file_that_was_moved_elsewhere_is_proved_once_it_is_back(
    data: Path,
) -> None:
    (warc,) = (data / "uza/warc").glob("*.warc.gz")
    warc.rename(data / warc.name)
    told, elsewhere = prove(data).splitlines()
    assert ": 3 lines and captures, root " in told
    assert elsewhere == f"{warc}: is not here, so its captures are proved once it is back"
    (data / warc.name).rename(warc)
    pass_time(timedelta(days=1))
    assert ": 4 lines and captures, root " in prove(data)
    assert verified(data, "--captures")[0] == []


def flip(path: Path, offset: int) -> None:
    held = bytearray(path.read_bytes())
    held[offset] ^= 1
    path.write_bytes(held)


def two_days(data: Path, tmp_path: Path) -> tuple[Path, Path]:
    key = key_in(tmp_path)
    prove(data, PROOF_KEY=key)
    add(data, 7)
    prove(data, PROOF_KEY=key)
    first, second = proofs(data)
    return first, second


def test_a_swapped_day_a_changed_and_a_removed_proof_are_named(data: Path, tmp_path: Path) -> None:
    first, second = two_days(data, tmp_path)
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    problems, _ = verified(data)
    assert f"{first}: is the proof of {second.stem} of uza" in problems
    assert f"{second}: is the proof of {first.stem} of uza" in problems
    signature = first.with_suffix(".json.sig")
    assert [
        line for line in problems if line.startswith(f"{signature}: is not a valid signature of ")
    ]
    first.write_bytes(one.replace(b'"leaves":7', b'"leaves":8'))
    second.write_bytes(two)
    problems, _ = verified(data)
    assert f"{first}: its 7 leaves do not result in its root of 8" in problems
    assert [line for line in problems if line.startswith(f"{second}: does not follow {first.name}")]
    first.unlink()
    problems, _ = verified(data)
    assert [line for line in problems if line.startswith(f"{second}: does not follow nothing")]
    second.write_text("{}")
    problems, _ = verified(data)
    assert [line for line in problems if line.startswith(f"{second}: cannot be read (")]


def test_a_changed_line_a_changed_capture_and_a_removed_record_are_named(
    data: Path, tmp_path: Path
) -> None:
    first, _ = two_days(data, tmp_path)
    (journal,) = (data / "uza/journal").iterdir()
    (warc, *_) = sorted((data / "uza/warc").glob("*.warc.gz"))
    end = len(journal.read_bytes().splitlines(keepends=True)[0])
    flip(journal, end + 40)
    told = f"1 lines or captures of the proof of {first.stem} were changed or removed, the first at"
    assert f"{journal}: {told} byte {end}" in verified(data)[0]
    flip(journal, end + 40)
    place = json.loads(journal.read_text().splitlines()[0])["capture"]
    flip(warc, place["offset"] + place["length"] // 2)
    assert f"{warc}: {told} byte {place['offset']}" in verified(data, "--captures")[0]
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:1] + lines[2:]))
    told = told.replace("1 lines", "2 lines")
    assert f"{journal}: {told} byte {end}" in verified(data)[0]


def test_leaves_that_were_changed_are_named(data: Path) -> None:
    prove(data)
    (leaves,) = (data / "uza/proofs").glob("*.jsonl.gz")
    lines = gzip.decompress(leaves.read_bytes()).splitlines(keepends=True)
    leaves.write_bytes(gzip.compress(b"".join(lines[1:])))
    assert f"{proofs(data)[0]}: its 6 leaves do not result in its root of 7" in verified(data)[0]
    leaves.write_bytes(b"nothing")
    assert [line for line in verified(data)[0] if line.startswith(f"{leaves}: cannot be read (")]


def test_what_is_less_than_was_proved_gets_no_proof(data: Path, refused: Refused) -> None:
    prove(data)
    pass_time(timedelta(days=1))
    with closing(Archive(data / "other")) as archive:
        store(archive, 1)
    (data / "uza/proofs").rename(data / "other/proofs")
    (data / "uza").rename(data / "before")
    (data / "other").rename(data / "uza")
    said = refused("prove", "uza", "-s", f"DATA_DIR={data}", exit_code=7)
    assert "bytes are covered by proofs, but the ledger has" in said


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"PROOF_KEY": "none"}, "PROOF_KEY=none: there is no such file"),
        ({"PROOF_KEY": __file__}, f"PROOF_KEY={__file__}: does not sign ("),
        ({"PROOF_AUTHORITY": "ftp://a"}, "PROOF_AUTHORITY=ftp://a: expected a URL"),
        ({"PROOF_AUTHORITY": "http://a", "PROOF_AUTHORITY_CA": "none"},
         "PROOF_AUTHORITY_CA=none: there is no such file"),
        ({"PROOF_AUTHORITY": "http://a"}, "PROOF_AUTHORITY_CA is not set"),
    ],
)  # fmt: skip
def test_wrong_settings_are_one_line_and_leave_no_proof(
    data: Path, refused: Refused, settings: dict[str, str], message: str
) -> None:
    chosen = [part for name in settings for part in ("-s", f"{name}={settings[name]}")]
    assert message in refused("prove", "uza", "-s", f"DATA_DIR={data}", *chosen)
    assert [path.name for path in (data / "uza").glob("proofs/*") if path.name != "lock"] == []


def test_two_calls_at_once_are_refused(data: Path, refused: Refused) -> None:
    prove(data)
    with lock_folder(data / "uza/proofs/lock"):
        told = refused("prove", "uza", "-s", f"DATA_DIR={data}", exit_code=5)
    assert "another run holds it" in told
