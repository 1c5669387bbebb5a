"""A redesign without an API: what no layout describes is stored, marked, and read again."""

import re
from collections.abc import Sequence
from contextlib import closing

from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.extract.document import Site
from crawler.extract.page import ArticlePage
from crawler.maintenance.reparse import Reparse, Summary
from crawler.maintenance.reread import ReadingContext, Rereader
from crawler.store.archive import Archive
from crawler.warc.index import Wanted
from pages.uza import LAYOUTS, RULES
from replica import Replica, faults
from replica.faults import Fault
from replica.messages import Answer, Request
from tests.crawls.harness import Crawl, Run, ids_of
from tests.crawls.mended_spiders import MENDED

ENGLISH = ("-a", "editions=en")
ALL = ("-a", "revisit=all")
MENDED_SPIDERS = "tests.crawls.mended_spiders"
PAGES = r"^/(\w+/)?posts/[^/?]*$"
WALL = (
    "Sign in to go on. Members read all of our stories, watch the archive and save what they like. "
)


def redesign(replica: Replica) -> None:
    """Show every page in other markup, without an API; the feed stays."""
    replica.options.changed, replica.options.api = True, False


def reparse(crawl: Crawl, code: str, known: Sequence[type[ArticlePage]] = MENDED) -> Summary:
    """Read the archive again, with a class for the new design unless others are ``known``."""
    site = Site(crawl.replica.site_url, RULES.address)
    normalisers = load_normalisers(get_project_settings(), RULES)
    context = ReadingContext(site, known, normalisers, guesses=True)
    with closing(Archive(crawl.data / "uza")) as archive:
        rereader = Rereader(archive.captures, context, archive.journal)
        return Reparse(archive, rereader, code, print).work(Wanted())


def layouts(crawl: Crawl) -> dict[str, list[tuple[str, str]]]:
    """Return what is recorded of each article: its changes, and what read them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in crawl.rows():
        found.setdefault(row["id"], []).append((row["change"], row["extractor"]["layout"]))
    return found


def figures(run: Run) -> list[str]:
    return [alarm["figure"].split()[0] for alarm in run.report["monitors"]]


def walled(request: Request, answer: Answer) -> Answer:
    """Leave the title of a page, and put a wall in place of its text."""
    wall = b'<div class="story__text"><p>%b</p></div>' % (WALL * 5).encode()
    answer.body = re.sub(rb'<div class="story__text">.*?</div>', wall, answer.body, flags=re.DOTALL)
    return answer


def test_a_redesign_without_an_api_costs_nothing(crawl: Crawl, replica: Replica) -> None:
    crawl.apart = True
    crawl(*ENGLISH)
    old = crawl.ids()
    redesign(replica)
    fresh = [replica.world.publish("en") for _ in range(12)]
    run = crawl(*ENGLISH, exit_code=4)
    assert (run.outcomes, run.report["pages"]) == ({"new": 12}, {"unknown": 12})
    assert figures(run) == ["layouts"]
    for post in fresh:
        row = crawl.row(post)
        assert row["extractor"]["layout"] == "unknown"
        assert (row["title"], row["edition"], row["language"]) == (post.title, "en", "en")
        assert all(paragraph in row["body"] for paragraph in post.paragraphs)
        assert row["published_at"][:16] == f"{post.published_at:%Y-%m-%dT%H:%M}"

    replica.options.validators = False
    edited = fresh[0]
    replica.world.edit(edited.id, paragraphs=(*edited.paragraphs, "A sentence was added."))
    again = crawl(*ALL, exit_code=4)
    assert again.outcomes == {"edited": 1, "unchanged": 11, "failed": len(old)}
    assert again.report["reasons"] == {"failed: no layout, API HTTP 404": len(old)}
    before = layouts(crawl)
    assert [change for change, _ in before[edited.article_id]] == ["new", "edited"]

    same = reparse(crawl, "other code", LAYOUTS)
    assert (set(same.outcomes), same.problems) == ({"same", "unreadable"}, {"no layout": len(old)})
    assert layouts(crawl) == before
    replica.requests.clear()
    assert reparse(crawl, "mended").outcomes["reparsed"] == 13
    assert replica.requests == []
    assert reparse(crawl, "mended").outcomes == {}
    found = layouts(crawl)
    assert sorted(found) == sorted([*old, *ids_of(fresh)])
    assert {article: found[article] for article in old} == {each: before[each] for each in old}
    for post in fresh:
        again_read = [("reparsed", "redesigned")] * len(before[post.article_id])
        assert found[post.article_id] == before[post.article_id] + again_read

    rows = crawl.rows()
    plain = crawl(*ALL, SPIDER_MODULES=MENDED_SPIDERS)
    assert plain.outcomes == {"unchanged": len(found)}
    assert crawl.rows() == rows


def test_a_wall_under_every_title_is_no_article(crawl: Crawl, replica: Replica) -> None:
    redesign(replica)
    for _ in range(9):
        replica.world.publish("en")
    replica.faults.append(Fault(PAGES, walled))
    run = crawl(*ENGLISH, exit_code=4)
    assert set(run.outcomes) == {"failed"}
    assert set(run.report["reasons"]) == {"failed: no layout, API HTTP 404"}
    assert crawl.rows() == []

    replica.faults.clear()
    fresh = [replica.world.publish("en") for _ in range(5)]
    assert crawl(*ENGLISH, exit_code=4).outcomes == {"new": 5}
    rows = crawl.rows()
    replica.faults.append(Fault(f"{fresh[0].path}$", walled))
    replica.options.validators = False
    assert crawl(*ALL, exit_code=4).outcomes == {"unchanged": 4, "failed": 1}
    assert crawl.rows() == rows


def test_what_an_api_that_does_not_answer_cannot_tell_is_guessed(
    crawl: Crawl, replica: Replica
) -> None:
    replica.options.changed = True
    replica.faults.append(Fault(r"/api/v1/posts/[^?]", faults.reset()))
    run = crawl(*ENGLISH, exit_code=4, RETRY_TIMES=0)
    assert run.outcomes == {"new": len(crawl.rows())}
    for row in crawl.rows():
        assert row["extractor"] == {**row["extractor"], "layout": "unknown", "source": "page"}
        assert row["published_source"] == "api"  # the list told it

    replica.faults.clear()
    rows = len(crawl.rows())
    served = crawl(*ALL)
    assert (served.outcomes, served.report["pages"]) == ({"reparsed": rows}, {"unread": rows})
    assert {row["extractor"]["layout"] for row in crawl.rows()[rows:]} == {"api"}
