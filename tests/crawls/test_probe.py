"""`scrapy probe`: the real command against the replica as it is, redesigned, and gone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.extract.page import read_page
from crawler.extract.saved_page import load_document
from pages.uza import LAYOUTS, RULES
from replica import Options, Replica
from tests.commands import Refused, scrapy
from tests.crawls.harness import QUICK
from tests.crawls.probing import Probed, probe, world
from tests.days import NOW

AGENT = "agency-news-archive/0.1 (+tests@example.org)"
OF_THE_PAGE = {
    "TITLE, layout imported": ("UzaPage.TITLE", "div.story__headline"),
    "DATE, layout imported": ("UzaPage.DATE", "div.story__when"),
    "CATEGORY, layout imported": ("UzaPage.CATEGORY", "div.story__section"),
    "LEAD_IMAGE, layout imported": ("UzaPage.LEAD_IMAGE", "img.story__photo"),
    "CONTENT, layout imported": ("UzaPage.CONTENT", "div.story__text"),
}
SPIDER = "UzaSpider.sources in spiders/uza.py"


def kind(replica: Replica, name: str) -> str:
    """Return the address, as the agency wrote it, of a post of a kind."""
    post = next(post for post in replica.world.posts if post.kind == name)
    return post.canonical_url.replace("https://", "http://www.")


@pytest.fixture(scope="module")
def usual_replica() -> Iterator[Replica]:
    with Replica(world(), options=Options(sitemap=True)) as running:
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


def test_usual_site_is_as_expected(usual: Probed) -> None:
    assert usual.named("different") == set()
    assert usual.named("could not tell") == set()
    assert usual.exit_code == 0


def test_numbers_of_the_editions_are_learnt(usual: Probed) -> None:
    seen = usual.findings["_l of the API list"]["seen"]
    assert seen == "uz=1, oz=4, ru=2, en=3, fr=5, de=6, es=7, ar=8, cn=9"


@pytest.mark.parametrize(
    ("fact", "seen"),
    [
        ("source uz/rss", r"HTTP 200, entries: 20, newest 20\S+, oldest 20\S+, newest first"),
        ("source cn/api", r"HTTP 200, entries: \d+, newest 20\S+, oldest 20\S+, newest first"),
        ("source uz/html (fallback)", "HTTP 200, entries: 20, no times"),
        ("source uz/sitemap (fallback)", r"HTTP 200, entries: \d{3}, no times"),
        ("second page of uz/api", "entries: 50, not on the first page: 50"),
        ("second page of uz/html (fallback)", "entries: 20, not on the first page: 20"),
        ("languages", "uz uz-Cyrl, oz uz-Latn, ru ru, en en, fr fr, (?:.*, )?ar ar, cn zh"),
        ("fields, layout current", "filled: title, .*body, published_at, .*; empty: .*"),
        ("fields, layout api", "filled: title, .*body, published_at, .*; empty: .*"),
        ("API per_page cap", r"asked for 50, got 50; it says per_page 50, total \d+"),
        ("how far the API list goes back", r"page \d: to 201\d.*; imported post: \S+"),
        ("API post by its slug", ".+"),
        ("article in the API", "api: .+"),
        ("address with the number alone", "HTTP 200: .+"),
        ("address of no article", "HTTP 404"),
        ("number of no article in the API", "HTTP 404"),
        ("ETag and Last-Modified", 'etag: "[0-9a-f]+"; last-modified: .* GMT; .*'),
        ("conditional request", "If-None-Match and If-Modified-Since: HTTP 304"),
        ("robots.txt of uza.uz", "forbids us nothing we need; .*rules: Disallow: /admin/"),
        ("earlier site", "http://www.uza.uz/.*: HTTP 200, read as legacy-desktop"),
        ("times of sources", r"uz/rss (\S+), uz/api \1"),
        ("optional sources", "fr/rss: HTTP 404.*"),
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
    title = usual.findings["TITLE, layout current"]["seen"]
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
    api = {f"source {edition}/api" for edition in RULES.editions if edition != "tr"}
    others = dict.fromkeys(api, SPIDER) | {
        "source uz/html (fallback)": SPIDER,
        "source uz/sitemap (fallback)": SPIDER,
        "article pages": "LAYOUTS in pages/uza.py",
        "article in the API": "UzaSpider.api_address in spiders/uza.py",
    }
    assert redesigned.named("different") == OF_THE_PAGE.keys() | others.keys()
    for fact, change in others.items():
        assert redesigned.findings[fact]["change"] == change
        assert f"{fact}: {change}" in redesigned.out
    assert redesigned.exit_code == 3


def test_new_links_and_the_new_date_line_are_shown(redesigned: Probed) -> None:
    links = redesigned.findings["source uz/html (fallback)"]["seen"]
    assert links.endswith("links to articles: a.card__link")
    date = redesigned.findings["DATE, layout imported"]["seen"]
    assert date.startswith(f"finds nothing; it stands in div.story__when: {NOW.day} {NOW:%B %Y}, ")


def test_article_that_is_only_known_by_its_title_answers_its_number(redesigned: Probed) -> None:
    seen = redesigned.findings["address with the number alone"]["seen"]
    assert seen == "HTTP 200, no layout, but its title stands there"


def test_without_an_api_its_facts_cannot_be_told(redesigned: Probed) -> None:
    unclear = redesigned.named("could not tell")
    assert {"API per_page cap", "_l of the API list", "number of no article in the API"} <= unclear


def test_saved_requests_go_to_the_sources_nobody_expects(redesigned: Probed) -> None:
    told = "; ".join(f"{edition}/rss: HTTP 404" for edition in ("fr", "de", "es", "ar", "cn", "tr"))
    assert redesigned.findings["optional sources"]["seen"] == f"{told}; tr/api: HTTP 404"


def test_unreachable_site_is_told_in_one_line(tmp_path: Path) -> None:
    with Replica(world()) as replica:
        address = replica.site_url
    done = scrapy("probe", "uza", UZA_SITE_URL=address, DATA_DIR=tmp_path / "data", **QUICK)
    assert done.returncode == 3
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"scrapy probe: {address}/uz/rss does not answer: connection refused")
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


def test_help_has_examples() -> None:
    done = scrapy("probe", "-h")
    assert done.returncode == 0
    assert "scrapy probe AGENCY --json probe.json" in " ".join(done.stdout.split())
