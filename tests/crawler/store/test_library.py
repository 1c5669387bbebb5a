import gzip
import io
import json
import re
import subprocess
import sys
from contextlib import closing, redirect_stdout
from datetime import date
from pathlib import Path

import pytest

import crawler
from crawler.model.article import Article
from crawler.store.archive import Archive
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan
from tests.commands import ROOT
from tests.crawler.archives import store
from tests.crawler.captured import PAGE

LIBRARY = (ROOT / "docs" / "library.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
URL = "https://uza.uz/posts/a-new-reservoir_594021"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return an agency's folder with an edited article that has a capture, and two others."""
    folder = tmp_path / "data" / "uza"
    with closing(Archive(folder)) as archive:
        archive.captures.plan = Plan(prefix="uza", largest=10**9, about={}, code="c0de")
        archive.captures.take(
            Exchange(
                uri=URL,
                taken_at="2026-11-20T07:00:00Z",
                status=200,
                headers=[("Content-Type", "text/html"), ("Content-Encoding", "gzip")],
                body=gzip.compress(PAGE.read_bytes()),
                article_id="uza:594021",
            )
        )
        place = archive.captures.keep("uza:594021")
        spring = {"edition": "en", "published_at": "2024-05-01T10:00:00+05:00"}
        store(archive, 594021, **spring, title="First title")
        change = {"version": 2, "change": "edited", "title": "Second title", "url": URL}
        store(archive, 594021, **spring, **change, capture=place)
        store(archive, 2, edition="ru", published_at="2023-05-01")
        store(archive, 3)
    return folder


def chosen(folder: Path, **selection: object) -> list[str]:
    with crawler.open(folder) as archive:
        return [article.id for article in archive.articles(**selection)]  # type: ignore[arg-type]


def test_articles_are_the_newest_versions_as_dataclasses(data: Path) -> None:
    with crawler.open(str(data)) as archive:
        articles = list(archive)
    assert {type(article) for article in articles} == {Article}
    told = [(article.id, article.version, article.title) for article in articles]
    assert told[-1] == ("uza:594021", 2, "Second title")
    assert [id_ for id_, _, _ in told] == ["uza:3", "uza:2", "uza:594021"]


def test_articles_are_chosen_by_edition_and_day(data: Path) -> None:
    assert chosen(data, editions=["ru"]) == chosen(data, editions="ru") == ["uza:2"]
    assert chosen(data, since="2023-05-01", until="2023-05-01") == ["uza:2"]
    assert chosen(data, since=date(2024, 1, 1)) == ["uza:594021"]


def test_what_cannot_be_chosen_is_told(data: Path) -> None:
    with pytest.raises(crawler.UsageError, match="no edition 'xx' here; there are: en, ru"):
        chosen(data, editions=["xx"])
    with pytest.raises(crawler.UsageError, match=r"^since May: expected a day such as 2024-05-31"):
        chosen(data, since="May")
    with pytest.raises(crawler.UsageError, match=r"^until 2024-01-01 is before since 2024-05-01"):
        chosen(data, since="2024-05-01", until="2024-01-01")


def test_versions_of_an_article_have_the_oldest_first(data: Path) -> None:
    with crawler.open(data) as archive:
        versions = archive["uza:594021"].versions
        assert [(each.version, each.title) for each in versions] == [
            (1, "First title"),
            (2, "Second title"),
        ]
        assert "uza:594021" in archive
        assert "uza:1" not in archive
        with pytest.raises(crawler.UsageError, match="uza:1: no version of it is recorded in"):
            archive["uza:1"]


def test_the_response_behind_a_version_is_told_as_received_and_as_text(data: Path) -> None:
    with crawler.open(data) as archive:
        first, second = archive["uza:594021"].versions
        answer = archive.capture(second)
        with pytest.raises(crawler.UsageError, match=r"version 1 \(new\) has no capture"):
            archive.capture(first)
    assert (answer.status, answer.url) == (200, URL)
    assert answer.headers["content-type"] == "text/html"
    assert gzip.decompress(answer.body) == PAGE.read_bytes()
    assert answer.html == PAGE.read_text("utf-8")


def test_a_table_has_the_rows_of_the_articles(data: Path) -> None:
    pytest.importorskip("pyarrow")
    with crawler.open(data) as archive:
        table = archive.to_arrow()
        assert table.column("id").to_pylist() == [article.id for article in archive]
        assert archive.to_arrow(editions=["ru"]).num_rows == 1
    assert table.column_names == list(Article.__dataclass_fields__)
    assert table.column("capture").to_pylist()[-1]["offset"] > 0


def test_a_table_without_its_library_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.model.arrow.has_arrow", lambda: False)
    with crawler.open(data) as archive, pytest.raises(crawler.UsageError, match="needs pyarrow"):
        archive.to_arrow()


def test_a_folder_without_an_archive_is_told_with_those_inside(data: Path) -> None:
    with pytest.raises(crawler.UsageError, match=r"no archive in this folder; there are: .*/uza$"):
        crawler.open(data.parent)
    with pytest.raises(crawler.UsageError, match="no archive in this folder; crawl first"):
        crawler.open(data / "journal")
    with pytest.raises(crawler.UsageError, match="there is no such folder"):
        crawler.open(data / "nothing")


def test_an_archive_is_read_while_a_run_holds_it_and_shows_one_moment(data: Path) -> None:
    with closing(Archive(data)) as writing, crawler.open(data) as archive:
        before = [article.id for article in archive]
        store(writing, 4)
        writing.commit()
        assert [article.id for article in archive] == before
        assert "uza:4" in chosen(data)


def test_nothing_is_written(data: Path) -> None:
    def state() -> dict[str, bytes]:
        files = (path for path in data.rglob("*") if path.is_file())
        return {path.name: path.read_bytes() for path in files if path.suffix != ".sqlite-shm"}

    before = state()
    assert chosen(data)
    assert {name: state()[name] for name in before} == before


def test_an_archive_is_read_anywhere_and_without_scrapy(data: Path, tmp_path: Path) -> None:
    program = (
        f"import json, sys; sys.path.insert(0, {str(ROOT)!r}); import crawler; "
        "archive = crawler.open('data/uza'); articles = list(archive); "
        "page = archive.capture(articles[-1]); archive.close(); "
        "foreign = sorted({'scrapy', 'twisted'} & {*sys.modules}); "
        "print(json.dumps([len(articles), page.status, foreign]))"
    )
    command = [sys.executable, "-I", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [3, 200, []]


def run_lines(document: str) -> list[str]:
    """Run the Python in a document; return the lines that it prints."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec("\n".join(re.findall(r"```python\n(.*?)```", document, re.DOTALL)), {})
    return printed.getvalue().splitlines()


def test_the_lines_of_the_readme_run(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_lines(README) == ["2024-05-01T10:00:00+05:00 Second title"]


def test_the_lines_of_the_document_run(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = run_lines(LIBRARY)
    assert told[:4] == [
        "2024-05-01T10:00:00+05:00 Second title",
        "['new', 'edited']",
        "200 text/html",
        "<!DOCTYPE html>",
    ]
    assert told[-1] == "1 ['schema', 'id', 'agency']"
