import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from replica import Replica
from tests.commands import Refused, command, scrapy, start
from tests.crawls.harness import Crawl


def export(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return scrapy("export", *arguments, DATA_DIR=data)


def newest_in_journal(crawl: Crawl) -> dict[str, dict[str, Any]]:
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(crawl.rows(), key=lambda row: (row["fetched_at"], row["version"])):
        newest[row["id"]] = row
    return newest


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def by_id(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    assert len({row["id"] for row in found}) == len(found)
    return {row["id"]: row for row in found}


def year_files(crawl: Crawl) -> dict[str, dict[str, Any]]:
    found = []
    for path in (crawl.data / "uza" / "articles").iterdir():
        for row in rows(path.read_text()):
            assert path.stem == (row["published_at"][:4] if row["published_at"] else "undated")
            found.append(row)
    return by_id(found)


def test_export_and_year_files_are_the_newest_rows_of_the_journal_also_after_an_edit(
    crawl: Crawl, replica: Replica, tmp_path: Path
) -> None:
    crawl.begin()
    newest = newest_in_journal(crawl)
    assert len(newest) > 20
    assert by_id(rows(export(crawl.data, "uza").stdout)) == newest == year_files(crawl)
    post = replica.world.listing("en")[0]
    replica.world.edit(post.id, title=f"{post.title} again")
    crawl()
    assert newest_in_journal(crawl)[post.article_id]["change"] == "edited"
    out = tmp_path / "out.jsonl"
    assert export(crawl.data, "uza", "--out", str(out)).stdout == ""
    assert by_id(rows(out.read_text())) == newest_in_journal(crawl) == year_files(crawl)
    _check_selections(crawl)


def _check_selections(crawl: Crawl) -> None:
    newest = newest_in_journal(crawl).values()
    days = sorted((row["published_at"] or "")[:10] for row in newest)
    day = days[len(days) // 2]
    chosen = export(crawl.data, "uza", "--since", day, "--until", day, "--editions", "en,ru")
    wanted = {
        row["id"]
        for row in newest
        if (row["published_at"] or "").startswith(day) and row["edition"] in ("en", "ru")
    }
    assert wanted
    assert {row["id"] for row in rows(chosen.stdout)} == wanted
    unknown = export(crawl.data, "uza", "--editions", "xx")
    assert (unknown.returncode, unknown.stderr.count("\n")) == (2, 1)
    assert "no edition 'xx' here; there are: ar, cn" in unknown.stderr


def test_year_files_can_be_switched_off(crawl: Crawl) -> None:
    crawl("-a", "editions=en", YEAR_FILES=False)
    assert crawl.rows()
    assert not (crawl.data / "uza" / "articles").exists()
    crawl("-a", "editions=en")
    assert year_files(crawl) == newest_in_journal(crawl)


def test_a_reader_who_has_enough_ends_an_export_in_silence(crawl: Crawl) -> None:
    crawl.begin("-a", "editions=en")
    with start(command("export", "uza", DATA_DIR=crawl.data)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(60) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "expected one agency; there are: "),
        (("nobody",), "no agency 'nobody'"),
        (("uza", "other"), "expected one agency; there are: "),
        (("uza",), "there is no archive; crawl first"),
        (("uza", "--since", "May"), "--since May: expected a day such as 2024-05-31"),
        (("uza", "--since", "2024-05-02", "--until", "2024-05-01"), "is before --since"),
        (("uza", "--editions", "en,"), "expected codes such as en,ru"),
    ],
)
def test_what_cannot_be_exported_is_one_line(
    tmp_path: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    assert message in refused("export", *arguments, "-s", f"DATA_DIR={tmp_path}")
