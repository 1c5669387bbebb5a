"""A web archive in trouble: it answers as the Internet Archive's does, played by the replica."""

from replica import Replica, faults, legacy
from replica.faults import Fault
from replica.messages import HTML, Answer, Request
from replica.world import World
from tests.crawls.harness import NOW, Crawl, ids_of, targets

WAYBACK = ("-a", "wayback=1")
HOUR = faults.busy(3600, 503)
LEGACY = [
    post
    for post in World(seed=7, posts=60, now=NOW, imported=0, legacy=10).posts
    if post.kind == "legacy"
]
HALF = len(LEGACY) // 2
DELAY = 0.05  # seconds
FIRST, MOVED, AWAY, *_ = LEGACY


def index(request: Request, answer: Answer) -> Answer:
    """Answer a search with half of the pages, and the key to the others."""
    is_second = request.query.get("resumeKey") == "uz,uza)/half 2019!"
    lines = [
        f"uz,uza)/x 20190801100000 http://uza.uz{post.legacy_path} text/html 200 {post.id} 9"
        for post in (LEGACY[HALF:] if is_second else LEGACY[:HALF])
    ]
    rest = ["?garbage?"] if is_second else ["", "uz%2Cuza%29%2Fhalf+2019%21"]
    return Answer(200, {"Content-Type": "text/plain"}, "\n".join([*lines, *rest]).encode())


def capture(request: Request, answer: Answer) -> Answer:
    """Answer with a captured page, with one of another time, or with a way out of the archive."""
    post = next(post for post in LEGACY if post.slug in request.target)
    if post is AWAY:
        return Answer(302, {"Location": f"http://127.0.0.2{post.legacy_path}"})
    if post is MOVED and "/20190801" in request.target:
        return Answer(302, {"Location": request.target.replace("/20190801", "/20190702")})
    charset = HTML.replace("utf-8", "windows-1251")
    headers = {"Content-Type": charset, "X-Archive-Orig-Content-Type": HTML}
    return Answer(200, headers, legacy.article(post, "desktop").encode())


def test_an_archive_in_trouble_ends_runs_and_loses_nothing(crawl: Crawl, replica: Replica) -> None:
    crawl.settings |= {
        "CDX_URL": f"{replica.site_url}/cdx",
        "WAYBACK_URL": f"{replica.site_url}/web",
        "WAYBACK_DELAY": DELAY,
        "RETRY_TIMES": 0,
        "FAILED_RETRY_SECONDS": 0,
    }
    replica.faults = [Fault("^/cdx", index), Fault("^/web/", capture), Fault("resumeKey", HOUR)]
    run = crawl(*WAYBACK, exit_code=6)
    assert (run.outcomes, run.report["pending"]) == ({}, HALF)

    replica.requests.clear()
    replica.faults[2:] = [Fault("^/web/", faults.status(503))]  # it does not say for how long
    run = crawl(*WAYBACK, exit_code=6)
    assert run.outcomes == {"failed": 3}
    assert run.report["pending"] == len(LEGACY) - 3
    assert run.report["addresses_refused"] == {"no line of an index": 1}
    assert ["resumeKey" in target for target in targets(replica, "/cdx")] == [True]

    replica.requests.clear()
    replica.faults[2:] = []
    run = crawl(*WAYBACK)
    assert run.outcomes == {"new": len(LEGACY) - 1, "failed": 1}
    assert run.reason(AWAY.article_id).startswith("redirected to another host (")
    assert targets(replica, "/cdx") == []
    times = [logged.time for logged in replica.requests]
    assert times[-1] - times[0] > DELAY * (len(times) - 3)  # a busy machine notes some late
    assert crawl.ids() == ids_of(post for post in LEGACY if post is not AWAY)
    for post in (FIRST, MOVED):
        row = crawl.row(post)
        stamp = "20190801100000" if post is FIRST else "20190702100000"
        assert row["archive_url"].endswith(f"/web/{stamp}/http://uza.uz{post.legacy_path}")
        assert row["fetched_at"].replace("-", "").startswith(stamp[:8])
    assert crawl.row(FIRST)["title"] == FIRST.title
