"""`scrapy probe`: the real command against the replica as it is, redesigned, and gone."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.extract.page import read_page
from crawler.extract.saved_page import load_document
from pages.uza import LAYOUTS
from replica import Options, Replica
from tests.commands import ROOT, Refused, scrapy
from tests.crawls.harness import QUICK
from tests.crawls.probing import Probed, probe, world
from tests.days import NOW

AGENT = "agency-news-archive/0.1 (+tests@example.org)"
# At a stand-in, nobody can see what http://www. answers at the agency's own site.
OUT_OF_REACH = {"http and www"}
OF_THE_PAGE = {
    "title of a page": ("UzaPage.TITLE", "div.story__headline"),
    "date of a page": ("UzaPage.DATE", "div.story__when"),
    "category of a page": ("UzaPage.CATEGORY", "div.story__section"),
    "lead image of a page": ("UzaPage.LEAD_IMAGE", "img.story__photo"),
    "text of a page": ("UzaPage.CONTENT", "div.story__text"),
}


def kind(replica: Replica, name: str) -> str:
    """Return the address, as the agency wrote it, of a post of a kind."""
    post = next(post for post in replica.world.posts if post.kind == name)
    return post.canonical_url.replace("https://", "http://www.")


@pytest.fixture(scope="module")
def usual_replica() -> Iterator[Replica]:
    with Replica(world()) as running:
        yield running


@pytest.fixture(scope="module")
def usual(usual_replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Probed:
    folder = tmp_path_factory.mktemp("usual")
    legacy = kind(usual_replica, "legacy")
    return probe(usual_replica, folder, "--legacy", legacy, "--save", str(folder / "saved"))


@pytest.fixture(scope="module")
def redesigned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probed]:
    with Replica(world(), options=Options(changed=True, api=False)) as running:
        yield probe(running, tmp_path_factory.mktemp("redesigned"))


def test_usual_site_is_as_expected_but_for_what_a_stand_in_cannot_show(usual: Probed) -> None:
    assert usual.named("different") == set()
    assert usual.named("could not tell") == OUT_OF_REACH
    assert usual.exit_code == 3


def test_numbers_of_the_editions_are_learnt(usual: Probed) -> None:
    seen = usual.findings["_l of the API list"]["seen"]
    assert seen == "en=3, uz=1, oz=4, ru=2, fr=5, de=6, es=7, ar=8, cn=9"


@pytest.mark.parametrize(
    ("fact", "seen"),
    [
        ("API per_page cap", r"asked for 200, got \d+; it says per_page 50, total \d+"),
        ("how far the API list goes back", r"page 1: to 201\d.*; imported posts: \S+"),
        ("API post by its number", "in data: .+"),
        ("API post by its slug", "imported post: .+"),
        ("missing post on the site", "HTTP 404"),
        ("ETag and Last-Modified", 'etag: "[0-9a-f]+"; last-modified: .* GMT; .*'),
        ("conditional request", "If-None-Match and If-Modified-Since: HTTP 304"),
        ("robots.txt of the site", "forbids us nothing we need; .*rules: Disallow: /admin/"),
        ("sitemap", "https://uza.uz/sitemap.xml: HTTP 404"),
        ("legacy address", "http://www.uza.uz/.*: HTTP 200, read as legacy-desktop"),
        ("zone of the API's times", r"API (\S+), feed \1"),
        ("feeds of other editions", "fr: HTTP 404.*"),
    ],
)
def test_fact_says_what_was_seen(usual: Probed, fact: str, seen: str) -> None:
    assert re.fullmatch(seen, usual.findings[fact]["seen"])


def test_no_more_requests_go_out_than_are_allowed(usual: Probed, usual_replica: Replica) -> None:
    assert len(usual_replica.requests) == usual.told["requests"] == 30
    assert "the bound of 30 requests is reached" in usual.log


def test_requests_have_the_manners_of_a_crawl(usual: Probed, usual_replica: Replica) -> None:
    first = usual_replica.requests[0]
    assert first.target == "/robots.txt"
    assert {logged.headers["user-agent"] for logged in usual_replica.requests} == {AGENT}
    assert not [logged for logged in usual_replica.requests if "cookie" in logged.headers]


def test_progress_goes_to_standard_error_and_the_table_to_standard_output(usual: Probed) -> None:
    assert "[ 1/30] 200 http://127.0.0.1" in usual.log
    assert "[" + " 1/30]" not in usual.out
    for fact in usual.findings:
        assert fact in usual.out


def test_saved_answers_are_saved_pages(usual: Probed) -> None:
    folders = sorted((usual.folder / "saved").iterdir())
    assert len(folders) == 30
    documents = [load_document(folder) for folder in folders]
    pages = [document for document in documents if re.search(r"/uz/posts/.*_\d+$", document.url)]
    title = usual.findings["title of a page"]["seen"]
    assert read_page(pages[0], LAYOUTS).title == title
    assert pages[0].url.startswith("https://uza.uz/")


@pytest.mark.parametrize("fact", OF_THE_PAGE)
def test_redesign_is_named_with_its_constant_and_its_new_place(
    redesigned: Probed, fact: str
) -> None:
    constant, place = OF_THE_PAGE[fact]
    finding = redesigned.findings[fact]
    assert finding["verdict"] == "different"
    assert finding["change"] == f"{constant} in pages/uza_current.py"
    assert place in finding["seen"]


def test_everything_that_a_redesign_without_an_api_changes_is_different(
    redesigned: Probed,
) -> None:
    others = {
        "form of the date line": "TIMESTAMP.shapes in pages/uza_rules.py",
        "links in the HTML list": "LIST_LINKS in pages/uza_rules.py",
        "API list": "API in spiders/uza.py",
        "API post by its number": "UzaSpider.api_address in spiders/uza.py",
    }
    assert redesigned.named("different") == OF_THE_PAGE.keys() | others.keys()
    for fact, change in others.items():
        assert redesigned.findings[fact]["change"] == change
        assert f"{fact}: {change}" in redesigned.out
    assert redesigned.exit_code == 3


def test_new_date_line_is_shown(redesigned: Probed) -> None:
    seen = redesigned.findings["form of the date line"]["seen"]
    newest = f"{NOW.day} {NOW:%B %Y}, "
    assert seen.startswith(newest)


def test_without_an_api_its_facts_cannot_be_told(redesigned: Probed) -> None:
    unclear = redesigned.named("could not tell")
    assert {"API per_page cap", "_l of the API list", "text of an API post"} <= unclear


def test_saved_requests_go_to_the_feeds_nobody_expects(redesigned: Probed) -> None:
    told = "; ".join(f"{edition}: HTTP 404" for edition in ("fr", "de", "es", "ar", "cn", "tr"))
    assert redesigned.findings["feeds of other editions"]["seen"] == told


def test_unreachable_site_is_told_in_one_line(tmp_path: Path) -> None:
    with Replica(world()) as replica:
        address = replica.site_url
    done = scrapy("probe", "uza", UZA_SITE_URL=address, DATA_DIR=tmp_path / "data", **QUICK)
    assert done.returncode == 3
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"scrapy probe: {address}/ does not answer: connection refused")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "expected one agency; there are: "),
        (["uza", "uza"], "expected one agency; there are: "),
        (["nobody"], "no agency 'nobody'; there are: "),
        (["uza", "--json", "no/such/folder/file"], "--json no/such/folder/file: cannot be written"),
        (["uza", "--json", "crawler"], "--json 'crawler': expected the name of a file"),
        (["uza", "--json", "scrapy.cfg/file"], "--json scrapy.cfg/file: cannot be written"),
        (["uza", "--save", "crawler"], "--save crawler: is not empty; expected a new folder"),
        (["uza", "--save", "scrapy.cfg"], "--save scrapy.cfg: cannot be written"),
        (["uza", "--legacy", "uza.uz/old"], "--legacy uza.uz/old: expected a web address"),
        (["uza", "--legacy", "http://[old"], "--legacy http://[old: expected a web address"),
        (["uza", "-s", "UZA_SITE_URL=uza.uz"], "UZA_SITE_URL uza.uz: expected a web address"),
        (["uza", "-s", "UZA_API_URL=http://a:b"], "UZA_API_URL http://a:b: expected a web address"),
    ],
)
def test_wrong_usage_is_told_in_one_line(refused: Refused, arguments: list[str], told: str) -> None:
    assert refused("probe", *arguments).startswith(f"scrapy probe: {told}")


def test_agency_without_facts_is_told_where_to_write_them(tmp_path: Path) -> None:
    (tmp_path / "quiet.py").write_text(
        "from spiders.uza import UzaSpider\nclass QuietSpider(UzaSpider):\n    name = 'quiet'\n"
    )
    code = (
        f"import sys; sys.path.append({str(tmp_path)!r}); "
        "from scrapy.cmdline import execute; "
        "execute(['scrapy', 'probe', 'quiet', '-s', 'SPIDER_MODULES=quiet'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 2
    assert done.stderr == (
        "scrapy probe: no facts are known of 'quiet'; write them in probes/quiet.py\n"
    )


def test_help_has_examples() -> None:
    done = scrapy("probe", "-h")
    assert done.returncode == 0
    assert "scrapy probe NAME --json probe.json" in " ".join(done.stdout.split())
