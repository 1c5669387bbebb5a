"""What a site reserved, in a release, and a release without it."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import UsageError
from crawler.model.article import RightsSignal
from crawler.release.rights import SiteRights, read_site_rights
from crawler.release.verify import Verifier
from crawler.store.archive import Archive
from crawler.store.reader import ArchiveReader
from crawler.warc.record import Exchange
from crawler.warc.writer import Plan
from tests.commands import Refused, scrapy
from tests.crawler.archives import store
from tests.crawler.release.archives import release_of, rows

SITE = "https://uza.uz"
PLAN = Plan(prefix="uza", largest=100_000, about={"software": "ours"}, code="c0de")
NOAI = [RightsSignal("header", "x-robots-tag", "noai")]
ONLY: dict[str, Any] = {"only": "usage=tdm", "chosen": {"only": "usage=tdm"}}


def said(
    folder: Path,
    path: str,
    body: str,
    status: int = 200,
    at: str = "2026-11-23T00:00:00Z",
    article_id: str | None = None,
) -> None:
    """Archive a response of the site, as a crawl does."""
    with closing(Archive(folder)) as archive:
        archive.captures.plan = PLAN
        exchange = Exchange(
            uri=SITE + path,
            taken_at=at,
            status=status,
            headers=[("Content-Type", "text/plain; charset=utf-8")],
            body=body.encode(),
            article_id=article_id,
        )
        archive.captures.take(exchange)
        archive.captures.keep_all()
        archive.commit()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles: one that is reserved, one that was in its first version, one that is not."""
    with closing(Archive(tmp_path / "uza")) as archive:
        told = {"edition": "en", "published_at": "2024-05-01"}
        store(archive, 1, **told, rights=NOAI)
        store(archive, 2, **told, rights=NOAI)
        store(archive, 2, **told, version=2, change="edited", body="Edited.")
        store(
            archive, 3, **told, rights=[RightsSignal("schema.org", "isAccessibleForFree", "true")]
        )
        store(archive, 3, **told, version=2, change="edited", body="Edited.")
    return tmp_path / "uza"


def site(folder: Path) -> SiteRights:
    with ArchiveReader(folder) as reader:
        return read_site_rights(reader, SITE)


def card(out: Path) -> str:
    return (out / "README.md").read_text("utf-8")


def test_silence_is_neither_a_reservation_nor_a_permission(folder: Path, tmp_path: Path) -> None:
    release_of(folder, tmp_path / "out")
    told = json.loads((tmp_path / "out/rights.json").read_text("utf-8"))
    assert told == {
        "files": [
            {"url": SITE + path, "at": None, "status": None, "problem": None, "statements": []}
            for path in ("/robots.txt", "/.well-known/tdmrep.json")
        ]
    }
    assert f"| {SITE}/robots.txt | never | unknown |" in card(tmp_path / "out")
    assert "| header x-robots-tag noai | 1 |" in card(tmp_path / "out")
    assert not list(Verifier(tmp_path / "out").problems())


def test_the_card_tells_what_the_site_said_when_and_to_whom(folder: Path, tmp_path: Path) -> None:
    said(folder, "/robots.txt", "User-agent: GPTBot\nDisallow: /old", at="2026-11-22T00:00:00Z")
    rules = "User-agent: *\nContent-Signal: search=yes, ai-train=no # for now\nDisallow: /admin\n\n"
    rules += "User-agent: CCBot\nUser-Agent: gptbot\n\nDisallow: /posts\nDisallow:\n"
    rules += "User-agent: OtherBot\nDisallow: /"
    said(folder, "/robots.txt", rules)
    policy = [{"location": "/posts/*", "tdm-reservation": 1, "tdm-policy": "https://uza.uz/p.json"}]
    said(folder, "/.well-known/tdmrep.json", json.dumps(policy))
    release_of(folder, tmp_path / "out")
    found = card(tmp_path / "out")
    for line in (
        f"| {SITE}/robots.txt | 2026-11-23T00:00:00Z | HTTP 200 |",
        "| robots.txt | * | `/` | Content-Signal: search=yes, ai-train=no | yes |",
        "| robots.txt | ccbot | `/posts` | Disallow | yes |",
        "| robots.txt | gptbot | `/posts` | Disallow | yes |",
        "| tdmrep.json | * | `/posts/*` | tdm-reservation: 1, "
        "tdm-policy: https://uza.uz/p.json | yes |",
    ):
        assert line in found
    assert "otherbot" not in found
    assert "/old" not in found
    assert "/admin" not in found


def test_only_what_nothing_reserves_is_released(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    release = release_of(folder, out, **ONLY)
    (articles,) = out.glob("articles/*/*.gz")
    (versions,) = out.glob("versions/*/*.gz")
    assert [row["id"] for row in rows(articles)] == ["uza:2", "uza:3"]
    assert [(row["id"], row["version"]) for row in rows(versions)] == [("uza:3", 1)]
    assert release.figures.left_out == 1
    assert [each["id"] for each in rows(out / "states.jsonl.gz")] == ["uza:2", "uza:3"]
    assert "**1 reserved articles were left out.**" in card(out)
    assert "a selection: only usage=tdm" in (out / "CITATION.cff").read_text("utf-8")
    assert not list(Verifier(out).problems())


@pytest.mark.parametrize(
    ("path", "body", "left"),
    [
        ("/robots.txt", "User-agent: GPTBot\nDisallow: /posts/2", [3]),
        ("/robots.txt", "User-agent: GPTBot\nDisallow: /\nAllow: /posts/3", [3]),
        ("/robots.txt", "User-agent: *\nContent-Signal: /posts/3 ai-train=no", [2]),
        ("/robots.txt", "User-agent: *\nContent-Signal: ai-train=yes, search=no", [2, 3]),
        ("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: SomeBot\nDisallow: /", [2, 3]),
        ("/.well-known/tdmrep.json", '[{"location": "/posts/3$", "tdm-reservation": 1}]', [2]),
        ("/.well-known/tdmrep.json", '[{"location": "posts/2", "tdm-reservation": "1"}]', [3]),
        ("/.well-known/tdmrep.json", '[{"location": "/", "tdm-reservation": 0}]', [2, 3]),
    ],
)
def test_a_reservation_of_the_site_counts_for_the_addresses_it_names(
    folder: Path, tmp_path: Path, path: str, body: str, left: list[int]
) -> None:
    said(folder, path, body)
    release_of(folder, tmp_path / "out", **ONLY)
    (articles,) = (tmp_path / "out").glob("articles/*/*.gz")
    assert [row["id"] for row in rows(articles)] == [f"uza:{number}" for number in left]


def test_a_reservation_that_came_without_an_edit_counts_too(folder: Path, tmp_path: Path) -> None:
    page = '<html><head><meta name="robots" content="{}"></head><body><p>Body.'
    for number, word, day in ((2, "all", 24), (2, "noai", 25), (3, "noai", 24), (3, "all", 25)):
        at = f"2026-11-{day}T00:00:00Z"
        said(folder, f"/posts/{number}", page.format(word), at=at, article_id=f"uza:{number}")
    release = release_of(folder, tmp_path / "out", **ONLY)
    assert (release.figures.articles, release.figures.left_out) == (1, 2)
    (articles,) = (tmp_path / "out").glob("articles/*/*.gz")
    assert [row["id"] for row in rows(articles)] == ["uza:3"]


def test_where_all_is_reserved_there_is_nothing_to_release(folder: Path, tmp_path: Path) -> None:
    said(folder, "/.well-known/tdmrep.json", '[{"location": "/*", "tdm-reservation": 1}]')
    with pytest.raises(UsageError, match="usage=tdm: all 3 articles are reserved"):
        release_of(folder, tmp_path / "out", **ONLY)
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_says_nothing_and_an_error_changes_nothing(folder: Path) -> None:
    said(folder, "/robots.txt", "User-agent: CCBot\nDisallow: /")
    said(folder, "/robots.txt", "Sorry", 503, at="2026-11-24T00:00:00Z")
    said(folder, "/.well-known/tdmrep.json", "<h1>Not found</h1>", 404)
    robots, tdmrep = site(folder).files
    assert [each.to for each in robots.statements] == ["ccbot"]
    assert (tdmrep.status, tdmrep.problem, tdmrep.statements) == (404, None, [])


def test_a_file_that_cannot_be_read_is_told_and_permits_nothing(
    folder: Path, tmp_path: Path
) -> None:
    said(folder, "/.well-known/tdmrep.json", "<h1>Our site</h1>")
    release_of(folder, tmp_path / "out")
    assert "| 2026-11-23T00:00:00Z | cannot be read (" in card(tmp_path / "out")
    with pytest.raises(UsageError, match=r"--only usage=tdm: .+tdmrep\.json .+ cannot be read"):
        release_of(folder, tmp_path / "only", **ONLY)


def test_a_wrong_count_of_rights_is_told(folder: Path, tmp_path: Path) -> None:
    release_of(folder, tmp_path / "out")
    path = tmp_path / "out/figures.json"
    path.write_text(path.read_text("utf-8").replace("x-robots-tag noai", "x-robots-tag all"))
    problems = Verifier(tmp_path / "out").problems()
    assert "figures.json: 'rights' differs from the rows" in problems


def test_the_command_leaves_out_what_is_reserved(
    folder: Path, tmp_path: Path, refused: Refused
) -> None:
    asked = ("release", "uza", "--out", tmp_path / "out", "--only", "usage=tdm")
    done = scrapy(*asked, DATA_DIR=folder.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert "/out: 2 articles, release " in done.stdout
    assert "usage=tdm" in refused("release", "uza", "--only", "usage=all")
