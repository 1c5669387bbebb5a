"""`scrapy probe` against sites that are other than believed, refuse, or answer nonsense."""

import re
from pathlib import Path

import pytest

from replica import Options, Replica, World, faults, payloads
from replica.faults import Action, Fault
from tests.crawls.harness import NOW
from tests.crawls.probing import probe, world


def test_every_form_the_api_may_have_is_told(tmp_path: Path) -> None:
    options = Options(
        wrapped_detail=False,
        files_as_list=True,
        per_page_as_text=True,
        per_page_cap=10,
        validators=False,
        missing="front",
        sitemap=True,
        robots=None,
    )
    with Replica(world(), options=options) as replica:
        probed = probe(replica, tmp_path)
    seen = {fact: finding["seen"] for fact, finding in probed.findings.items()}
    assert probed.named("different") == {"API per_page cap"}
    assert probed.findings["API per_page cap"]["change"] == "PER_PAGE in spiders/uza.py"
    assert seen["article in the API"].startswith("api: ")
    assert "images" in seen["fields, layout api"].partition("; empty")[0]
    assert seen["address of no article"] == "HTTP 302 to /"
    assert seen["robots.txt of uza.uz"] == "HTTP 404: no rules"
    assert seen["conditional request"] == "not asked: the page has no validators"
    assert re.search(r"entries: \d+, no times", seen["source uz/sitemap (fallback)"])


def test_edition_that_does_not_answer_is_neither_there_nor_missing(tmp_path: Path) -> None:
    fault = Fault("api.*_l=fr", faults.status(503))
    with Replica(world(), faults=[fault]) as replica:
        findings = probe(replica, tmp_path).findings
    for fact, seen in (("_l of the API list", "fr=HTTP 503"), ("source fr/api", "HTTP 503")):
        assert findings[fact]["verdict"] == "could not tell"
        assert seen in findings[fact]["seen"]


def test_optional_source_with_articles_is_different(tmp_path: Path) -> None:
    item = "<item><link>https://uza.uz/fr/posts/un-jardin_600101</link></item>"
    feed = faults.json_text(f"<rss><channel>{item}</channel></rss>")
    with Replica(world(), faults=[Fault("fr/rss", feed)]) as replica:
        finding = probe(replica, tmp_path).findings["optional sources"]
    assert finding["verdict"] == "different"
    assert finding["seen"].startswith("fr/rss: entries: 1")


def test_list_whose_pages_are_all_the_same_is_different(tmp_path: Path) -> None:
    post = f'{{"title": "a", "slug": "a_1", "publish_time": "{NOW:%Y-%m-%d %H:%M:%S}"}}'
    page = faults.json_text(f'{{"data": [{post}], "next_page_url": "more"}}')
    with Replica(world(), faults=[Fault("api.*_l=uz", page)]) as replica:
        finding = probe(replica, tmp_path).findings["second page of uz/api"]
    assert (finding["verdict"], finding["seen"]) == (
        "different",
        "entries: 1, not on the first page: 0",
    )


def test_what_robots_forbids_is_not_asked_for(tmp_path: Path) -> None:
    with Replica(
        World(posts=40, now=NOW), options=Options(robots="User-agent: *\nDisallow: /api/\n")
    ) as replica:
        probed = probe(replica, tmp_path)
        asked = [logged.target for logged in replica.requests]
    assert not [target for target in asked if target.startswith("/api/")]
    (robots,) = [name for name in probed.findings if name.startswith("robots.txt of ")]
    assert probed.findings[robots]["verdict"] == "different"
    assert probed.findings["source uz/api"]["seen"] == "forbidden by robots.txt"


@pytest.mark.parametrize(
    ("action", "most"),
    [(faults.status(403), 3), (faults.status(500), 2), (faults.busy(3600), 2)],
    ids=["refused", "out of order", "told to wait"],
)
def test_site_that_refuses_is_soon_left_in_peace(tmp_path: Path, action: Action, most: int) -> None:
    with Replica(World(posts=40, now=NOW), faults=[Fault("", action)]) as replica:
        probed = probe(replica, tmp_path)
        assert len(replica.requests) == most
    assert probed.exit_code == 3
    assert probed.named("could not tell") == probed.findings.keys()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("", payloads.garbled()),
        Fault("", payloads.invalid_utf8()),
        Fault("", payloads.gzip_bomb(1 << 26)),
        Fault("", faults.redirect("https://example.org/")),
        Fault("", faults.redirect("http://[bad")),
        Fault("posts", payloads.nested()),
        Fault("posts", faults.truncated()),
        Fault("rss", payloads.external_entity()),
        Fault("api", faults.html()),
        Fault("api", faults.json_text('{"data": 5}')),
        Fault("api", faults.json_text('[{"id": null, "slug": ["a"], "files": [3]}]')),
        Fault("api", faults.json_text('{"data": [{"slug": 7}], "last_page": "x", "total": {}}')),
    ],
    ids=lambda fault: fault.pattern,
)
def test_strange_answers_are_findings_and_no_faults(tmp_path: Path, fault: Fault) -> None:
    with Replica(World(posts=40, now=NOW), faults=[fault]) as replica:
        probed = probe(replica, tmp_path)
        assert len(replica.requests) <= 30
    assert probed.exit_code == 3
    assert len(probed.findings) > 20
    assert len(probed.findings) == len(probed.told["findings"])
