import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.maintenance.residual_copies import releases_with, strays_with

ROW = b'{"schema":"1.1","id":"uza:594021","agency":"uza","translations":[{"id":"uza:7"}]}\n'


def found(folder: Path, article_id: str = "uza:594021") -> list[tuple[str, bool]]:
    return [(each.path.name, each.holds_it) for each in releases_with(article_id, folder)]


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)],
)
def test_a_release_that_holds_it_is_found_packed_or_not(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "2026-10" / "rows").mkdir(parents=True)
    (tmp_path / "2026-11").mkdir()
    # Where one chunk ends and the next begins, too.
    filler = b"x" * ((1 << 20) - 30) + b"\n"
    (tmp_path / "2026-10" / "rows" / f"uza.jsonl{suffix}").write_bytes(pack(filler + ROW))
    (tmp_path / "2026-11" / f"uza.jsonl{suffix}").write_bytes(
        pack(ROW.replace(b"594021", b"59402"))
    )
    assert found(tmp_path) == [("2026-10", True)]


def test_a_row_that_names_it_as_a_translation_is_another_s(tmp_path: Path) -> None:
    (tmp_path / "uza.jsonl").write_bytes(ROW)
    assert found(tmp_path, "uza:7") == []
    (tmp_path / "uza.csv").write_bytes(b"id,title\nuza:7,x\nuza:71,y\n")
    assert found(tmp_path, "uza:7") == [("uza.csv", True)]
    assert found(tmp_path, "uza:71") == [("uza.csv", True)]
    assert found(tmp_path, "uza:711") == []


def test_a_release_made_after_a_withdrawal_does_not_have_it(tmp_path: Path) -> None:
    withdrawn = ROW.replace(b'"agency":"uza"', b'"agency":"uza","change":"withdrawn"')
    (tmp_path / "new" / "articles").mkdir(parents=True)
    (tmp_path / "new" / "SHA256SUMS").write_text("")
    (tmp_path / "new" / "README.md").write_text("withdrawn: delete `uza:594021`")
    (tmp_path / "new" / "rows.parquet").write_bytes(b"PAR1")
    lines = tmp_path / "new" / "articles" / "2026.jsonl"
    lines.write_bytes(withdrawn + ROW.replace(b"594021", b"59402"))
    assert list(releases_with("uza:594021", tmp_path)) == []
    lines.write_bytes(withdrawn + ROW)
    assert found(tmp_path) == [("new", True)]


def test_what_cannot_be_looked_into_is_named(tmp_path: Path) -> None:
    (tmp_path / "2026-10").mkdir()
    (tmp_path / "2026-10" / "rows.parquet").write_bytes(b"PAR1")
    (release,) = releases_with("uza:1", tmp_path)
    assert (release.holds_it, release.closed) == (False, ("rows.parquet",))


def test_where_there_are_no_releases_none_is_found(tmp_path: Path) -> None:
    assert found(tmp_path / "releases") == []


def test_an_export_and_a_copy_in_the_archive_s_own_folder_are_found(tmp_path: Path) -> None:
    for name in ("journal", "articles", "backup"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "2026.jsonl").write_bytes(ROW)
    (tmp_path / "ledger.sqlite").write_bytes(b"uza:594021")
    (tmp_path / "export.jsonl").write_bytes(ROW)
    (tmp_path / "other.jsonl").write_bytes(ROW.replace(b"594021", b"59402"))
    strays = strays_with("uza:594021", tmp_path)
    assert [each.path.name for each in strays] == ["backup", "export.jsonl"]


def test_what_was_damaged_and_moved_aside_may_hold_any_article(tmp_path: Path) -> None:
    for name in ("journal/2026-11.jsonl.damaged-1", "warc/uza.warc.gz.1.torn"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"\xff")
    strays = list(strays_with("uza:594021", tmp_path))
    assert [each.closed[0] for each in strays] == ["2026-11.jsonl.damaged-1", "uza.warc.gz.1.torn"]
    assert not any(each.holds_it for each in strays)
