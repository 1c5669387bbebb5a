"""Which articles of an agency stand in earlier ones of another."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from crawler.release.documents.manifest import write_sums
from crawler.release.files import write_rows
from crawler.release.similarity.wire_copies import DAYS, find_wire_copies
from replica.texts import UZBEK, latin
from tests.commands import ROOT, scrapy

TEXT = " ".join(UZBEK.sentences[:6])
OTHER = " ".join(UZBEK.sentences[6:12])
USING = ROOT / "docs" / "using-the-data.md"
Row = dict[str, Any]


def row(name: str, at: str, body: str = TEXT, script: str = "Cyrl") -> Row:
    agency = name.partition(":")[0]
    told = {"id": name, "agency": agency, "script": script, "title": "Хабар", "body": body}
    return {**told, "published_at": f"2024-05-{at}"}


def released(folder: Path, *rows: Row) -> Path:
    """Write the rows as a release of their agency has them; return its folder."""
    release = folder / str(rows[0]["agency"])
    lines = [json.dumps(each).encode() + b"\n" for each in rows]
    write_rows(release / "articles/uz/2024.jsonl.gz", lines)
    write_sums(release)
    return release


def found(folder: Path, *releases: list[Row]) -> list[tuple[str, str, float]]:
    folders = [released(folder, *rows) for rows in releases]
    copies = [copy for _, copy in find_wire_copies(folders) if copy]
    return [(copy.id, copy.wire_copy_of, copy.share) for copy in copies]


def test_the_later_article_is_the_copy_whatever_zone_it_tells(tmp_path: Path) -> None:
    late, early = row("uza:1", "01T12:00:00+05:00"), row("kun:1", "01T06:30:00+00:00")
    assert found(tmp_path, [late], [early]) == [("uza:1", "kun:1", 1.0)]


def test_a_text_in_the_other_script_is_a_copy_and_its_spans_tell_where(tmp_path: Path) -> None:
    lead = "Бугун бошқа нашр ҳам бу ҳақда ёзди."
    copy = row("kun:1", "01T11:00:00+05:00", f"{latin(lead)} {latin(TEXT)}", "Latn")
    source = row("uza:1", "01T10:00:00+05:00")
    folders = [released(tmp_path, source), released(tmp_path, copy)]
    (told,) = [told for _, told in find_wire_copies(folders) if told]
    (span,) = told.spans
    assert copy["body"][span.start : span.end] == latin(TEXT).rstrip(".")
    assert source["body"][span.source_start : span.source_end] == TEXT.rstrip(".")
    assert 0.8 < told.share < 1


def test_nothing_is_said_where_it_is_not_certain_who_was_first(tmp_path: Path) -> None:
    one, other = row("uza:1", "01"), row("kun:1", "01T23:00:00+05:00")
    assert found(tmp_path, [one], [other]) == []
    assert found(tmp_path, [one], [row("kun:1", "03T23:00:00+05:00")]) != []
    assert found(tmp_path, [other], [row("uza:1", "01T23:00:00+05:00")]) == []


def test_an_agency_copies_itself_by_no_mark_of_this_kind(tmp_path: Path) -> None:
    own = [row("uza:1", "01T10:00:00+05:00"), row("uza:2", "01T11:00:00+05:00")]
    assert found(tmp_path, own, [row("kun:1", "01T09:00:00+05:00", OTHER)]) == []


@pytest.mark.parametrize(
    "body",
    [f"{OTHER} {' '.join(UZBEK.sentences[:2])}", TEXT.replace("Бугун", "Олмасойда Бугун")[:40]],
    ids=["two sentences of many", "too short"],
)
def test_a_passage_in_another_story_is_no_copy(tmp_path: Path, body: str) -> None:
    source = row("uza:1", "01T10:00:00+05:00")
    assert found(tmp_path, [source], [row("kun:1", "01T11:00:00+05:00", body)]) == []


def test_the_same_words_about_another_place_are_no_copy(tmp_path: Path) -> None:
    form = "{} туманида янги мактаб очилди, унда икки юз ўқувчи таълим олади ва спорт зали бор."
    rows = [
        row(name, f"01T1{hour}:00:00+05:00", form.format(place))
        for hour, (name, place) in enumerate((("uza:1", "Олмасой"), ("kun:1", "Регзор")))
    ]
    assert found(tmp_path, [rows[0]], [rows[1]]) == []


def test_what_was_published_long_before_is_not_compared(tmp_path: Path) -> None:
    begin = [row(f"uza:{day}", f"{day:02}T10:00:00+05:00", OTHER) for day in range(2, 32)]
    early = row("uza:1", "01T10:00:00+05:00")
    copy = {**row("kun:1", ""), "published_at": "2024-06-02T10:00:00+05:00"}
    assert found(tmp_path, [early, *begin], [copy]) == []
    near = row("kun:1", f"{DAYS:02}T10:00:00+05:00")
    assert found(tmp_path, [early, *begin], [near]) != []


def test_the_command_writes_a_line_a_copy_and_tells_who_copied_whom(tmp_path: Path) -> None:
    uza = released(tmp_path, row("uza:1", "01T10:00:00+05:00"))
    kun = released(tmp_path, row("kun:1", "01T11:00:00+05:00"))
    run = scrapy("wire-copies", uza, kun, "--out", tmp_path / "copies.jsonl")
    assert (run.returncode, run.stderr) == (0, "")
    said = "copies.jsonl: copies are 1 of the 2 articles that have a date\nkun copied uza: 1\n"
    assert run.stdout.endswith(said)
    (line,) = (tmp_path / "copies.jsonl").read_text("utf-8").splitlines()
    told = json.loads(line)
    assert (told["id"], told["wire_copy_of"], told["share"]) == ("kun:1", "uza:1", 1.0)


def test_the_query_of_the_docs_shows_the_passages(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    (query,) = re.findall(r"```sql\n(.*?)```", USING.read_text("utf-8"), re.DOTALL)
    lead = "🌧️ Бугун бошқа нашр ҳам бу ҳақда ёзди."
    copy = row("kun:1", "01T11:00:00+05:00", f"{lead} {TEXT}")
    folders = released(tmp_path, row("uza:1", "01T10:00:00+05:00")), released(tmp_path, copy)
    scrapy("wire-copies", *folders, "--out", tmp_path / "wire-copies.jsonl")
    for name in ("wire-copies.jsonl", "apnews-2026-11-30"):
        query = query.replace(name, str(tmp_path / name.replace("apnews-2026-11-30", "kun")))
    ((name, source, _, title, passage),) = duckdb.sql(query).fetchall()
    assert (name, source, title, passage) == ("kun:1", "uza:1", "Хабар", TEXT.rstrip("."))


def test_a_folder_alone_or_without_a_release_is_refused(tmp_path: Path) -> None:
    uza = released(tmp_path, row("uza:1", "01T10:00:00+05:00"))
    run = scrapy("wire-copies", uza)
    assert run.returncode == 2
    assert "expected the folders of two releases or more" in run.stderr
    run = scrapy("wire-copies", uza, tmp_path)
    assert (run.returncode, "is no whole release" in run.stderr) == (2, True)


def test_a_damaged_release_leaves_no_file(tmp_path: Path) -> None:
    uza = released(tmp_path, row("uza:1", "01T10:00:00+05:00"))
    kun = released(tmp_path, row("kun:1", "01T11:00:00+05:00"))
    path = kun / "articles/uz/2024.jsonl.gz"
    path.write_bytes(gzip.compress(b"no row\n")[:-9])
    run = scrapy("wire-copies", uza, kun, "--out", tmp_path / "copies.jsonl")
    assert (run.returncode, run.stderr.count("\n")) == (7, 1)
    assert "2024.jsonl.gz" in run.stderr
    assert not list(tmp_path.glob("copies*"))
