import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from replica import Replica, payloads
from replica.faults import Fault
from replica.messages import Answer, Request
from tests.commands import ROOT, Refused, scrapy

CASE = ROOT / "tests" / "pages" / "uza" / "2024-05-01-en-reservoir"
URL = "https://uza.uz/en/posts/a-new-reservoir_600101"


savepage = partial(scrapy, "savepage")


class Site(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.html").write_bytes((CASE / "page.html").read_bytes())
    (folder / "robots.txt").write_text("User-agent: *\nDisallow: /private/\n")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_file_becomes_a_case_to_review(tmp_path: Path) -> None:
    run = savepage(CASE / "page.html", "--url", URL, "--into", tmp_path)
    folder = tmp_path / "2024-05-01-a-new-reservoir_600101"
    assert (run.returncode, run.stderr) == (0, "")
    assert (
        run.stdout
        == f"{folder / 'article.json'}: please review it against the page, field by field\n"
    )
    assert (folder / "page.html").read_bytes() == (CASE / "page.html").read_bytes()
    response = json.loads((folder / "response.json").read_text("utf-8"))
    assert response == {"url": URL, "status": 200, "headers": {}}
    saved, expected = (
        json.loads((path / "article.json").read_text("utf-8")) for path in (folder, CASE)
    )
    assert saved == expected | {"url": "https://uza.uz/posts/a-new-reservoir_600101"}


def test_answer_that_a_probe_saved_becomes_a_case_as_it_came(tmp_path: Path) -> None:
    kept = tmp_path / "09-200-a-story"
    kept.mkdir()
    page = (CASE / "page.html").read_text("utf-8").replace('<meta charset="utf-8">', "")
    (kept / "page.html").write_text(page, "utf-16-le")
    headers = {"content-type": "text/html; charset=utf-16-le"}
    (kept / "response.json").write_text(json.dumps({"url": URL, "status": 200, "headers": headers}))
    run = savepage(kept, "--into", tmp_path, "--name", "case")
    assert (run.returncode, run.stderr) == (0, "")
    response = json.loads((tmp_path / "case" / "response.json").read_text("utf-8"))
    assert response == {"url": URL, "status": 200, "headers": headers}
    saved, expected = (
        json.loads((path / "article.json").read_text("utf-8")) for path in (tmp_path / "case", CASE)
    )
    assert saved["body"] == expected["body"]


@pytest.mark.parametrize(
    ("response", "code", "message"),
    [
        ("{", 2, "is not a saved page: Expecting property name"),
        ('{"url": "https://uza.uz/a", "status": 404, "headers": {}}', 1, "HTTP 404"),
    ],
)
def test_answer_of_a_probe_that_is_no_page_is_one_line(
    tmp_path: Path, refused: Refused, response: str, code: int, message: str
) -> None:
    (tmp_path / "page.html").write_text("<p>", "utf-8")
    (tmp_path / "response.json").write_text(response, "utf-8")
    assert message in refused("savepage", tmp_path, "--into", tmp_path, exit_code=code)


def test_page_that_no_layout_knows_becomes_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<div id=root></div>", "utf-8")
    run = savepage(tmp_path / "page.html", "--url", URL, "--into", tmp_path, "--name", "shell")
    assert run.returncode == 0
    assert json.loads((tmp_path / "shell" / "refused.json").read_text("utf-8")) == {
        "reason": "no body"
    }


def test_address_is_fetched(site: str, tmp_path: Path) -> None:
    run = savepage(f"{site}/a.html", "--url", URL, "--into", tmp_path, "-s", "CONTACT=a@b.example")
    folder = tmp_path / "2024-05-01-a-new-reservoir_600101"
    assert (run.returncode, run.stderr) == (0, "")
    assert (folder / "page.html").read_bytes() == (CASE / "page.html").read_bytes()


def packed(request: Request, answer: Answer) -> Answer:
    answer.compress()
    return answer


def test_page_that_comes_packed_all_the_same_is_saved_readable(tmp_path: Path) -> None:
    with Replica(posts=9, faults=[Fault("/posts/", packed)]) as replica:
        post = replica.world.posts[0]
        address = f"{replica.site_url}{post.path}"
        run = savepage(address, "--url", post.canonical_url, "--into", tmp_path, "--name", "a")
    assert run.returncode == 0
    assert (tmp_path / "a" / "page.html").read_bytes().startswith(b"<!DOCTYPE html>")
    response = json.loads((tmp_path / "a" / "response.json").read_text("utf-8"))
    assert "content-encoding" not in response["headers"]


def test_page_that_cannot_be_unpacked_is_one_line(tmp_path: Path) -> None:
    with Replica(posts=9, faults=[Fault("/posts/", payloads.broken_gzip())]) as replica:
        address = f"{replica.site_url}{replica.world.posts[0].path}"
        run = savepage(address, "--url", URL, "--into", tmp_path, "-s", "CONTACT=a@b.example")
    assert run.returncode == 1
    assert run.stderr.startswith(f"scrapy savepage: {address}: bad coding")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("path", "problem"),
    [("missing.html", "HTTP 404"), ("private/a.html", "forbidden by robots.txt")],
)
def test_page_that_is_not_given_is_one_line(
    site: str, tmp_path: Path, path: str, problem: str
) -> None:
    run = savepage(f"{site}/{path}", "--url", URL, "--into", tmp_path, "-s", "CONTACT=a@b.example")
    assert run.returncode == 1
    assert run.stderr.startswith(f"scrapy savepage: {site}/{path}: {problem}")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected one address, file or folder; see scrapy savepage -h"),
        (["none.html", "--url", URL], "none.html cannot be read: No such file or directory"),
        ([CASE / "page.html"], f"say with --url which address {CASE / 'page.html'} was saved from"),
        ([CASE / "page.html", "--url", "uza.uz/a"], "--url uza.uz/a: expected a web address"),
        ([CASE / "page.html", "--url", "http://[a"], "--url http://[a: expected a web address"),
        (["http://"], "the address http://: expected a web address"),
        ([ROOT / "tests"], f"{ROOT / 'tests' / 'response.json'} cannot be read: No such file"),
        (["https://agency.example/a"], "no agency has the host 'agency.example'; say --agency"),
        ([CASE / "page.html", "--url", URL, "--name", CASE.name], "is there already; choose"),
    ],
)
def test_wrong_use_is_one_line(refused: Refused, arguments: list[str | Path], message: str) -> None:
    assert message in refused("savepage", *arguments)
