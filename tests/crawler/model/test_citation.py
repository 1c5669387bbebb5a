import json
import re
from typing import Any

import pytest

from crawler.model.citation import FORMATS, cite

ROW: dict[str, Any] = {
    "id": "wire:a_7", "version": 2, "title": "Bridges & roads: 50% {more}\nnext year",
    "authors": [{"name": "Malika Anorzorova", "role": "author"},
                {"name": "Somebody Else", "role": "photographer"},
                {"name": "O_Neil", "role": "author"}],
    "published_at": "2024-05-01T09:00:00+05:00", "fetched_at": "2026-11-24T00:00:00Z",
    "url": "https://wire.example/a_7", "language": "en", "content_hash": "ab12",
    "change": "edited", "evidence": [],
}  # fmt: skip
NOTE = ("Archived as version 2 of wire:a_7, recorded 2026-11-24T00:00:00Z, "
        "content hash SHA-256 ab12")  # fmt: skip


def test_a_text_says_who_wrote_what_where_and_which_version_it_is() -> None:
    assert cite(ROW, "wire.example", "txt") == (
        "Malika Anorzorova, O_Neil: “Bridges & roads: 50% {more} next year”. wire.example, "
        f"2024-05-01. https://wire.example/a_7. {NOTE}.\n"
    )
    bare = ROW | {"authors": [], "published_at": None}
    assert cite(bare, "wire.example", "txt").startswith("“Bridges & roads: 50% {more} next year”. "
                                                       "wire.example, no date. ")  # fmt: skip


def test_bibtex_keeps_signs_that_tex_takes_for_commands() -> None:
    lines = cite(ROW, "wire.example", "bib").splitlines()
    assert lines[0] == "@online{wire-a-7-v2,"
    assert r"  author = {{Malika Anorzorova} and {O\_Neil}}," in lines
    assert r"  title = {{Bridges \& roads: 50\% \{more\} next year}}," in lines
    assert "  date = {2024-05-01}," in lines
    assert "  urldate = {2026-11-24}," in lines
    assert lines[-1] == "}"
    assert "author" not in cite(ROW | {"authors": []}, "wire.example", "bib")


def test_ris_has_a_value_in_each_line_and_an_end() -> None:
    lines = cite(ROW, "wire.example", "ris").split("\r\n")
    assert lines[:4] == ["TY  - NEWS", "AU  - Malika Anorzorova", "AU  - O_Neil",
                         "TI  - Bridges & roads: 50% {more} next year"]  # fmt: skip
    assert "DA  - 2024/05/01" in lines
    assert "AN  - wire:a_7 version 2" in lines
    assert lines[-2:] == ["ER  - ", ""]
    assert all(line[2:6] == "  - " for line in lines if line)


def test_csl_json_is_one_item_with_dates_in_parts() -> None:
    (item,) = json.loads(cite(ROW, "wire.example", "json"))
    assert item["type"] == "article-newspaper"
    assert item["author"] == [{"literal": "Malika Anorzorova"}, {"literal": "O_Neil"}]
    assert item["issued"] == {"date-parts": [[2024, 5, 1]]}
    assert item["accessed"] == {"date-parts": [[2026, 11, 24]]}
    assert item["note"] == NOTE


@pytest.mark.parametrize(("day", "parts"), [("2024", [[2024]]), ("2024-05", [[2024, 5]])])
def test_a_date_is_no_more_exact_than_it_is_known(day: str, parts: list[list[int]]) -> None:
    (item,) = json.loads(cite(ROW | {"published_at": day}, "wire.example", "json"))
    assert item["issued"] == {"date-parts": parts}


GONE: dict[str, Any] = ROW | {"change": "gone", "evidence": [{"at": "2026-11-23T05:00:00Z"},
                                             {"at": "2026-11-24T00:00:00Z"}]}  # fmt: skip
SEEN = "2026-11-22T08:00:00Z"


@pytest.mark.parametrize(
    ("form", "accessed"),
    [("bib", "urldate = {2026-11-22}"), ("ris", "Y2  - 2026/11/22"), ("txt", "")],
)
def test_a_gone_article_was_read_when_it_was_last_seen(form: str, accessed: str) -> None:
    cited = cite(GONE, "wire.example", form, "", SEEN)
    assert accessed in cited
    assert f"gone from the site, last seen {SEEN}, missing since 2026-11-23T05:00:00Z, " in cited
    assert not re.search("2026[-/]11[-/]24", cited)


def test_so_does_csl_json() -> None:
    (item,) = json.loads(cite(GONE, "wire.example", "json", "", SEEN))
    assert item["accessed"] == {"date-parts": [[2026, 11, 22]]}
    assert f"gone from the site, last seen {SEEN}, missing since" in item["note"]


def test_a_gone_article_that_no_visit_saw_has_no_date_of_access() -> None:
    (item,) = json.loads(cite(GONE | {"evidence": []}, "wire.example", "json"))
    assert "accessed" not in item
    assert "version 2 of wire:a_7, gone from the site, content hash" in item["note"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_note_begins_with_the_notice_of_made_up_articles(form: str) -> None:
    cited = cite(ROW, "127.0.0.1:9", form, "All invented.")
    assert f"All invented. {NOTE}" in cited.replace("\\_", "_")  # as BibTeX has it
