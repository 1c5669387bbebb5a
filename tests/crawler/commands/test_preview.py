"""The quick look at a page of any site."""

import json
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.commands import ROOT, Refused, scrapy

PAGE = ROOT / "tests" / "pages" / "yonhap" / "2019-04-09-en-current" / "page.html"


class Site(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.slow
def test_a_page_of_a_site_nobody_knows_is_fetched_once_and_its_row_printed(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8").replace("</article>", "<p>It is true.</p>" * 20 + "</article>")
    (tmp_path / "a-story").write_text(text, "utf-8")
    handler = partial(Site, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/a-story"
        run = scrapy("preview", address, CONTACT="a@b.example")
        server.shutdown()
        thread.join()
    assert run.returncode == 0, run.stderr
    row = json.loads(run.stdout)
    assert (row["id"], row["agency"]) == ("page:a-story", "page")
    assert row["title"].startswith("Island postman retires")
    assert row["published_at"] == "2019-04-09T00:31:01+00:00"
    assert "without having lost a letter" in row["body"]
    assert row["fetched_at"] > "2026"  # now, and no made-up moment
    assert row["extractor"]["layout"] == "semantic"


def test_a_known_agency_s_page_is_read_as_in_a_crawl(tmp_path: Path) -> None:
    url = "https://en.yna.co.kr/view/AEN20190409002300325"
    text = PAGE.read_text("utf-8").replace("</article>", "<p>It is true.</p>" * 20 + "</article>")
    renamed = text.replace("story-news", "post").replace(
        "</head>", f'<link rel="canonical" href="{url}"></head>'
    )
    for html, layout in ((text, "current"), (renamed, "unknown")):
        (tmp_path / "page.html").write_text(html, "utf-8")
        row = json.loads(scrapy("preview", url, "--file", tmp_path / "page.html").stdout)
        assert (row["agency"], row["id"]) == ("yonhap", "yonhap:AEN20190409002300325")
        assert (row["extractor"]["layout"], row["edition"]) == (layout, "en")
        assert row["published_at"] == "2019-04-09T09:31:01+09:00"


def test_what_makes_no_sense_is_refused_in_one_line(refused: Refused) -> None:
    url = "https://wire.example/a"
    assert "expected the address of an article" in refused("preview")
    assert "unknown option --limit" in refused("preview", url, "--limit", "1")
    assert "Asia/Tashkent" in refused("preview", url, "--zone", "Moon/Base")
    assert "no such file" in refused("preview", url, "--file", "/nowhere")
    empty = ROOT / "pages" / "__init__.py"
    assert "no article can be read" in refused("preview", url, "--file", empty, exit_code=1)


def test_it_had_another_name_that_still_works(refused: Refused) -> None:
    url = "url=https://wire.example/a"
    assert "expected an article's address" in refused("crawl", "page")
    assert "unknown argument 'limit'" in refused("crawl", "page", "-a", url, "-a", "limit=1")
    done = scrapy("crawl", "page", "-a", url, "-a", f"file={PAGE}")
    assert json.loads(done.stdout)["title"].startswith("Island postman retires")


def test_a_site_that_wants_no_crawler_is_left_alone(refused: Refused) -> None:
    assert "answers 401" in refused("crawl", "reuters", exit_code=6)


def test_ids_are_refused_of_a_site_that_answers_none(refused: Refused) -> None:
    assert "yonhap cannot be requested by number alone" in refused(
        "crawl", "yonhap", "-a", "ids=1-5"
    )
