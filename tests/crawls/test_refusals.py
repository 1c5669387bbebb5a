"""A site that asks to wait, refuses, or is not there at all."""

import gzip
import json
import socket
import ssl
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.settings import DOWNLOADER_MIDDLEWARES
from crawler.system.clock import now
from replica import Replica, faults
from replica.faults import Action, Fault
from replica.messages import Answer, Request
from tests.crawls.harness import Crawl, ids_of, targets
from tests.days import machine_time

ENGLISH = ("-a", "editions=en")
# Without a delay, Scrapy starts all that waits at once, whatever the concurrency.
ONE_BY_ONE: dict[str, Any] = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.01}

# So slow that the next request may leave the moment an answer is there.
SLOW = Fault("/posts/.*_", faults.delay(0.05))


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nobody listens on, and nobody else can take meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def busy_until(request: Request, answer: Answer) -> Answer:
    """Ask for patience until a moment one to two seconds away, as an HTTP date."""
    moment = now() + timedelta(seconds=2)
    return faults.busy(format_datetime(moment, usegmt=True), 503)(request, answer)


def pause_after(replica: Replica, status: int) -> float:
    """Seconds from the only answer with this status to the next request."""
    times = [(logged.time, logged.status) for logged in replica.requests]
    place = [answered for _, answered in times].index(status)
    return times[place + 1][0] - times[place][0]


@pytest.mark.any_day
def test_a_wait_that_is_asked_for_is_kept(crawl: Crawl, replica: Replica) -> None:
    first, second = replica.world.listing("ru", imported=False)[:2]
    replica.faults = [
        Fault(rf"_{first.id}$", faults.busy(1), times=1),
        Fault(rf"_{second.id}$", busy_until, times=1),
        SLOW,
    ]
    run = crawl("-a", "editions=ru", **ONE_BY_ONE)
    assert crawl.ids() == ids_of(replica.world.listing("ru"))
    assert pause_after(replica, 429) >= 1
    assert pause_after(replica, 503) >= 0.9
    assert "asks to wait 1 s" in run.log


def test_a_wait_longer_than_a_run_may_take_ends_it(crawl: Crawl, replica: Replica) -> None:
    posts = replica.world.listing("ru")
    replica.faults = [Fault(rf"_{posts[3].id}$", faults.busy(3600), times=1), SLOW]
    run = crawl("-a", "editions=ru", exit_code=6, **ONE_BY_ONE)
    assert "asks to wait 3600 s, more than 600" in run.report["stopped_by"]
    assert run.report["pending"] > 0
    assert "failed" not in run.outcomes
    asked = [logged.status for logged in replica.requests]
    assert asked[-1] == 429
    run = crawl("-a", "editions=ru")
    assert run.report["carried_over"] > 0
    assert crawl.ids() == ids_of(posts)


def test_what_is_on_its_way_to_the_queue_when_a_run_ends_is_not_asked_for(
    crawl: Crawl, replica: Replica
) -> None:
    late = {"tests.crawls.operators_middlewares.HoldAllButTheFirst": 560}
    replica.faults = [Fault("/posts/.*_", faults.busy(3600))]
    middlewares = json.dumps(DOWNLOADER_MIDDLEWARES | late)
    crawl("-a", "editions=ru", exit_code=6, DOWNLOADER_MIDDLEWARES=middlewares)
    assert [logged.status for logged in replica.requests].count(429) == 1


def test_a_listing_that_asks_for_a_long_wait_ends_the_run(crawl: Crawl, replica: Replica) -> None:
    replica.faults = [Fault("page=1$", faults.busy(3600), times=1)]
    crawl(*ENGLISH, exit_code=6)
    crawl(*ENGLISH)
    assert crawl.ids() == ids_of(replica.world.listing("en"))


def test_a_closed_site_is_left_alone(crawl: Crawl, replica: Replica) -> None:
    replica.options.robots = "User-agent: *\nDisallow: /\n"
    run = crawl(*ENGLISH, exit_code=6)
    assert set(targets(replica)) == {"/robots.txt"}
    sources = ("api", "html", "rss", "sitemap")
    assert run.report["sources_failed"] == {
        f"en/{source}": "forbidden by robots.txt" for source in sources
    }
    assert "the site asks crawlers not to fetch this; leave it" in run.log
    assert crawl.rows() == []


def test_an_article_forbidden_by_robots_is_left_alone_and_the_pace_is_kept(
    crawl: Crawl, replica: Replica
) -> None:
    posts = replica.world.listing("en")
    replica.options.robots = f"User-agent: *\nCrawl-delay: 0.5\nDisallow: /*_{posts[0].id}\n"
    run = crawl(*ENGLISH)
    assert run.report["reasons"] == {"failed: forbidden by robots.txt": 1}
    assert crawl.ids() == ids_of(posts[1:])
    assert not targets(replica, f"_{posts[0].id}")
    times = [logged.time for logged in replica.requests][1:]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert len(pauses) >= 3
    assert min(pauses) >= 0.3  # a busy machine notes one late and the next in time


def test_a_site_that_fails_to_serve_its_robots_file_is_left_alone_until_it_does(
    crawl: Crawl, replica: Replica
) -> None:
    posts = replica.world.listing("en", imported=False)
    ids = ("-a", f"ids={','.join(str(post.id) for post in posts)}")
    replica.faults = [Fault("/robots.txt", faults.status(500))]
    for arguments, left in ((ids, len(posts)), (ENGLISH, len(posts))):
        replica.requests.clear()
        run = crawl(*arguments, exit_code=6)
        assert targets(replica) == 3 * ["/robots.txt"]
        assert f"stopping: {replica.site_url}/robots.txt answers with HTTP 500" in run.log
        assert (run.outcomes, run.report["pending"]) == ({}, left)
    replica.faults = [Fault("/robots.txt", faults.status(410))]
    crawl(*ENGLISH)
    assert crawl.ids() == ids_of(replica.world.listing("en"))


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_rules_in_an_error_page_are_nobodys(crawl: Crawl, replica: Replica, status: int) -> None:
    rules = b"User-agent: *\nDisallow: /\n"
    replica.faults = [Fault("/robots.txt", lambda request, answer: Answer(status, body=rules))]
    crawl(*ENGLISH)
    assert crawl.ids() == ids_of(replica.world.listing("en"))


@pytest.mark.parametrize(
    ("moved", "exit_code"),
    [
        (faults.status(500), 6),
        (faults.status(503), 6),
        (faults.status(429), 6),
        (faults.status(404), 0),
    ],
)
def test_a_robots_file_counts_by_where_it_has_moved_to(
    crawl: Crawl, replica: Replica, moved: Action, exit_code: int
) -> None:
    replica.faults = [
        Fault("/robots.txt$", faults.redirect("/moved/rules")),
        Fault("/moved/rules$", moved),
    ]
    run = crawl(*ENGLISH, exit_code=exit_code)
    if exit_code:
        assert f"{replica.site_url}/moved/rules answers with HTTP " in run.log
        assert not targets(replica, "/posts/")
    else:
        assert crawl.ids() == ids_of(replica.world.listing("en"))


def half_packed(request: Request, answer: Answer) -> Answer:
    """Answer with gzip that is cut short."""
    packed = gzip.compress(b"User-agent: *\nDisallow: /\n")
    return Answer(headers={"Content-Encoding": "gzip"}, body=packed[:-12], coded=True)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faults.hang(), "did not arrive: timeout"),
        (faults.reset(), "did not arrive: connection lost"),
        (faults.truncated(), "did not arrive: truncated"),
        (faults.redirect("https://example.org/robots.txt"), "redirected to another host"),
        (half_packed, "cannot be read (cut short)"),
    ],
)
def test_a_robots_file_that_does_not_arrive_whole_forbids_everything(
    crawl: Crawl, replica: Replica, fault: Action, reason: str
) -> None:
    replica.faults = [Fault("/robots.txt", fault)]
    run = crawl(*ENGLISH, exit_code=6, DOWNLOAD_TIMEOUT=1.5, RETRY_TIMES=0)
    assert set(targets(replica)) == {"/robots.txt"}
    assert reason in run.report["stopped_by"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_rules_are_obeyed_in_any_encoding(crawl: Crawl, replica: Replica, encoding: str) -> None:
    posts = replica.world.listing("en")
    rules = f"# Café\rUser-agent: *\rDisallow: /*_{posts[0].id}\r".encode(encoding)
    replica.faults = [Fault("/robots.txt", lambda request, answer: Answer(body=rules))]
    assert crawl(*ENGLISH).report["reasons"] == {"failed: forbidden by robots.txt": 1}


def test_a_picture_in_place_of_a_robots_file_forbids_nothing(
    crawl: Crawl, replica: Replica
) -> None:
    picture = bytes(range(0x80, 0x100)) * 9
    replica.faults = [Fault("/robots.txt", lambda request, answer: Answer(body=picture))]
    crawl(*ENGLISH)
    assert crawl.ids() == ids_of(replica.world.listing("en"))


def test_an_api_that_fails_to_serve_its_robots_file_is_done_without(
    crawl: Crawl, replica: Replica
) -> None:
    rule = Fault("/robots.txt", faults.status(500))
    with Replica(replica.world, faults=[rule]) as api:
        run = crawl(*ENGLISH, UZA_API_URL=api.api_url, exit_code=3)
        assert set(targets(api)) == {"/robots.txt"}
    assert run.report["sources_failed"] == {"en/api": "robots.txt unavailable"}
    assert f"{api.site_url}/robots.txt answers with HTTP 500 (while it does, nothing" in run.log
    assert crawl.ids() == ids_of(replica.world.listing("en"))


def test_a_site_that_refuses_is_named(crawl: Crawl, replica: Replica) -> None:
    replica.faults = [Fault("/(rss|posts)", faults.status(403))]
    run = crawl(*ENGLISH, exit_code=6)
    assert run.report["sources_failed"]["en/rss"] == "HTTP 403"
    assert f"HTTP 403 at {replica.site_url}/en/rss" in run.log
    assert "contact its owner and set CONTACT" in run.log


def test_a_site_that_refuses_its_articles_is_left_alone(crawl: Crawl, replica: Replica) -> None:
    posts = ids_of(replica.world.listing("ru"))
    replica.faults = [Fault("/posts/.*_", faults.status(403)), SLOW]
    run = crawl("-a", "editions=ru", exit_code=6, REFUSALS_MAX=3, **ONE_BY_ONE)
    assert "refused 3 articles in a row" in run.report["stopped_by"]
    refused = run.outcomes["failed"]
    assert refused in {3, 4}  # one was on its way when the third was refused
    assert run.report["pending"] == len(posts) - refused > 0
    replica.faults = []
    run = crawl("-a", "editions=ru")
    assert run.outcomes == {"new": len(posts) - refused}


def test_closed_pages_among_open_ones_end_no_run(crawl: Crawl, replica: Replica) -> None:
    posts = replica.world.listing("ru", imported=False)
    closed = posts[::2]
    numbers = "|".join(str(post.id) for post in closed)
    replica.faults = [Fault(f"_({numbers})$", faults.status(403))]
    run = crawl("-a", "editions=ru", exit_code=3, REFUSALS_MAX=2, **ONE_BY_ONE)
    assert run.report["reasons"] == {"failed: HTTP 403": len(closed)}
    kept = set(ids_of(replica.world.listing("ru"))) - set(ids_of(closed))
    assert set(crawl.ids()) == kept


def test_a_site_that_is_down_is_named(crawl: Crawl, closed_port: int) -> None:
    site = f"http://127.0.0.1:{closed_port}"
    run = crawl(*ENGLISH, exit_code=3, UZA_SITE_URL=site, UZA_API_URL=f"{site}/api/v1")
    assert set(run.report["sources_failed"].values()) == {"connection refused"}
    assert f"connection refused at {site}/en/rss" in run.log
    assert "check the address, and whether the site is up" in run.log


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[str]:
    """A site whose certificate nobody vouches for."""
    chain = tmp_path / "chain.pem"
    chain.write_bytes(_certificate())
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def _certificate() -> bytes:
    """Make a key and a certificate for 127.0.0.1, signed with that key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(IPv4Address("127.0.0.1"))
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(machine_time() - timedelta(days=1))
    builder = builder.not_valid_after(machine_time() + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + builder.sign(key, hashes.SHA256()).public_bytes(pem)


def test_a_certificate_that_does_not_hold_is_named(crawl: Crawl, self_signed: str) -> None:
    site = self_signed
    run = crawl(*ENGLISH, exit_code=3, UZA_SITE_URL=site, UZA_API_URL=f"{site}/api/v1")
    assert set(run.report["sources_failed"].values()) == {"TLS error"}
    assert f"TLS error at {site}/en/rss" in run.log
    assert "do not switch verification off" in run.log
