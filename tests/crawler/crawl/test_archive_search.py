"""A search of a web archive's index: what it notes, what it leaves out, and where it goes on."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import TextResponse
from scrapy.settings import Settings

from crawler.crawl.arguments import RunArguments, parse_arguments
from crawler.crawl.wayback import ArchiveSearch
from crawler.extract.document import Site
from crawler.model.identity import Identity, NotAnArticle, identify
from crawler.model.rules import AgencyRules
from crawler.store.frontier import Scope
from crawler.store.ledger import Ledger
from crawler.system.clock import now
from pages.uza import RULES

SETTINGS = Settings(
    {
        "CDX_URL": "https://archive.example/cdx",
        "WAYBACK_URL": "https://archive.example/web/",
        "CDX_LINES": 100,
    }
)
KEY = "uz%2Cuza%29%2Fen"


@dataclass
class Run:
    arguments: RunArguments
    rules: AgencyRules = RULES
    site: Site = field(default_factory=lambda: Site("https://uza.uz", RULES.address))
    discovered: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def identify(self, url: str) -> Identity | None:
        try:
            return identify(url, RULES.address, "uza")
        except NotAnArticle as refusal:
            self.refuse(refusal.reason)
            return None

    def refuse(self, reason: str) -> None:
        self.refused[reason] += 1


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        yield ledger


def search(ledger: Ledger, **given: str) -> tuple[ArchiveSearch, Run]:
    run = Run(parse_arguments({"wayback": "1", **given}, RULES))
    ledger.frontier.scope = Scope(run.arguments.backfill, ())
    return ArchiveSearch(run, ledger.archived, SETTINGS), run  # type: ignore[arg-type]


def answer(asked: Request, *lines: str, status: int = 200) -> list[Request]:
    response = TextResponse(asked.url, status=status, body="\n".join(lines).encode(), request=asked)
    assert asked.callback
    return list(asked.callback(response, **asked.cb_kwargs))


def line(path: str, stamp: str = "20190301100000", rest: str = "text/html 200 A 1") -> str:
    return f"uz,uza)/x {stamp} http://www.uza.uz{path} {rest}"


def noted(ledger: Ledger) -> set[str]:
    rows = ledger.database.execute("SELECT DISTINCT article_id FROM archived")
    return {article_id.removeprefix("uza:") for (article_id,) in rows}


@pytest.mark.parametrize("stamp", ["00010101000000", "99991231235959"])
def test_a_capture_with_a_time_that_cannot_be_right_is_named_and_counted(
    ledger: Ledger, stamp: str, caplog: pytest.LogCaptureFixture
) -> None:
    found, run = search(ledger)
    (asked,) = found.start()
    answer(asked, line(FORMS[0], stamp), line("/en/society/barn-02-02-2019"))
    assert noted(ledger) == {"barn-02-02-2019"}
    assert run.refused["capture time that cannot be right"] == 1
    assert f"{stamp} of http://www.uza.uz{FORMS[0]}" in caplog.text
    known = ledger.database.execute("SELECT id FROM article").fetchall()
    assert known == [("uza:barn-02-02-2019",)]


FORMS = [
    "/en/society/mill-01-02-2019",
    "/en/society/mill-01-02-2019/",
    "/en/society/mill-01-02-2019?m=y",
    "/en/society/mill-01-02-2019/?m=y&ELEMENT_CODE=mill-01-02-2019&SECTION_CODE=society",
    "/en/society/mill-01-02-2019/?SECTION_CODE=society&ELEMENT_CODE=mill-01-02-2019&print=Y",
    "/en/society/mill-01-02-2019/&print=Y",
    "/en/society/?ELEMENT_CODE=mill-01-02-2019",
    ":80/react/posts/mill-01-02-2019",
]


def test_all_forms_of_an_old_address_are_one_article(ledger: Ledger) -> None:
    searching, run = search(ledger)
    (asked,) = searching.start()
    lines = [line(form, rest=f"text/html 200 {place} 1") for place, form in enumerate(FORMS)]
    assert answer(asked, *lines, line(FORMS[0], "20200101000000", "text/html 200 0 1")) == []
    assert (run.discovered, noted(ledger)) == (len(FORMS), {"mill-01-02-2019"})
    assert searching.served == {"uza.uz/wayback": 1}
    assert searching.in_flight == 0


def test_what_is_no_article_or_no_line_is_counted_and_named(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    searching, run = search(ledger)
    (asked,) = searching.start()
    lines = [
        "%%%",
        line("/en/society/"),
        line("/a.jpg"),
        line("/x-01-02-2019", rest="warc/revisit - A"),
    ]
    answer(asked, *lines, line("/en/society/mill-01-02-2019"))
    assert run.refused == {
        "no line of an index": 1,
        "listing": 1,
        "file": 1,
        "no page with status 200": 1,
    }
    assert noted(ledger) == {"mill-01-02-2019"}
    assert "index of uza.uz: no capture: '%%%'" in caplog.text


def test_days_in_addresses_are_held_to_what_is_asked_for(ledger: Ledger) -> None:
    searching, _ = search(ledger, since="2019-02-01", until="2019-02-28")
    (asked,) = searching.start()
    assert "&from=20190131190000&" in asked.url  # midnight in Tashkent
    days = ("31-01-2019", "01-02-2019", "28-02-2019", "01-03-2019", "99-02-2019")
    answer(asked, *(line(f"/posts/mill-{day}") for day in days), line("/posts/mill_7"))
    # Where the address tells no day, the page may have been published then.
    assert noted(ledger) == {"mill-01-02-2019", "mill-28-02-2019", "mill-99-02-2019", "7"}


def test_a_search_goes_on_where_it_failed(ledger: Ledger) -> None:
    searching, _ = search(ledger)
    (first,) = searching.start()
    (second,) = answer(first, line("/posts/mill_7"), "", KEY)
    assert second.url.endswith(f"resumeKey={KEY}")
    assert answer(second, status=503) == []
    assert (searching.failures, searching.in_flight) == ({"uza.uz/wayback": "HTTP 503"}, 0)
    again, run = search(ledger)
    (asked,) = again.start()
    assert asked.url == second.url
    answer(asked, line("/posts/mill_8"))
    assert (run.discovered, noted(ledger)) == (1, {"7", "8"})


@pytest.mark.parametrize("lines", [("<html>", "<p>Sorry"), ("\x00\x01\x02" * 99,)])
def test_an_answer_that_is_no_index_moves_no_place(
    ledger: Ledger, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now()  # a search begins anew at the same place only within a second
    monkeypatch.setattr("crawler.crawl.wayback.now", lambda: moment)
    searching, _ = search(ledger)
    (asked,) = searching.start()
    assert answer(asked, *lines) == []
    assert list(searching.failures) == ["uza.uz/wayback"]
    assert [request.url for request in search(ledger)[0].start()] == [asked.url]


def test_a_search_begins_again_once_what_it_found_is_done(ledger: Ledger) -> None:
    searching, _ = search(ledger)
    (asked,) = searching.start()
    answer(asked, line("/posts/mill_7"))
    assert list(search(ledger)[0].start()) == []
    ledger.archived.settle("uza:7", "A")
    assert len(list(search(ledger)[0].start())) == 1
