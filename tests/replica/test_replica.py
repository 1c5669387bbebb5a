import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from replica import Options, Replica, World
from replica.__main__ import arguments
from tests.replica.client import fetch

ROOT = Path(__file__).parents[2]


@contextmanager
def start(*given: str) -> Iterator[subprocess.Popen[str]]:
    """Start a replica; whatever happens, it does not outlive the block."""
    command = [sys.executable, "-m", "replica", "--posts", "5", *given]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_command_prints_its_addresses_and_stops_on_a_signal(ending: signal.Signals) -> None:
    with start("--now", "2026-11-24T00:40:00") as process:
        assert process.stdout is not None
        assert select([process.stdout], [], [], 30)[0]
        _, site, _, api = process.stdout.readline().split()
        with urlopen(f"{site}/robots.txt", timeout=10) as answer:
            assert answer.status == 200
        assert api == f"{site}/api/v1"
        process.send_signal(ending)
        assert process.communicate(timeout=10) == ("", "")
        assert process.returncode == 0


def test_the_command_says_when_a_port_is_taken() -> None:
    with Replica(posts=1) as replica, start("--port", replica.site_url.split(":")[2]) as process:
        _, complaint = process.communicate(timeout=10)
        assert process.returncode == 2
        assert "choose another --port" in complaint


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("zap /", "unknown fault"),
        ("status", "expected ACTION[:VALUE] PATTERN"),
        ("redirect /", "redirect needs a value"),
        ("hang / often=2", "expected ACTION[:VALUE] PATTERN"),
        ("hang / twice", "expected ACTION[:VALUE] PATTERN"),
        ("status:503 [", "unterminated character set"),
        ("recoded:no-such-charset /", "unknown encoding"),
    ],
)
def test_a_wrong_fault_is_refused_in_one_line(
    rule: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        arguments().parse_args(["--fault", rule])
    assert refused.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "given"), [("--port", "70000"), ("--posts", "-4"), ("--shift", "few")]
)
def test_a_wrong_number_is_refused_in_one_line(
    option: str, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        arguments().parse_args([f"{option}={given}"])
    assert refused.value.code == 2
    assert f"'{given}': expected a whole number from 0 to" in capsys.readouterr().err


def test_help_tells_every_fault() -> None:
    told = arguments().format_help()
    for name in ("status:500", "redirect:TEXT", "no_charset", "truncated:0.5"):
        assert f"\n  {name}\n" in told


def test_faults_of_the_command_line_strike() -> None:
    given = arguments().parse_args(
        ["--fault", "status:503 /rss times=1", "--fault", "busy /robots"]
    )
    with Replica(posts=9, faults=given.fault) as replica:
        assert [fetch(replica, "/en/rss").status for _ in range(2)] == [503, 200]
        assert fetch(replica, "/robots.txt").headers["retry-after"] == "1"


def test_it_listens_on_loopback_only() -> None:
    with Replica(posts=1) as replica:
        assert urlsplit(replica.site_url).hostname == "127.0.0.1"
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", urlsplit(replica.site_url).port or 0), 1)


def test_the_log_tells_every_request() -> None:
    with Replica(posts=3) as replica:
        fetch(replica, "/en/posts/none_5?q=1", User_Agent="reader/1")
        (line,) = replica.requests
        assert (line.method, line.target, line.status) == ("GET", "/en/posts/none_5?q=1", 404)
        assert line.headers["user-agent"] == "reader/1"


def test_a_stopped_replica_serves_no_more_and_may_be_stopped_again() -> None:
    replica = Replica(posts=1).start()
    replica.stop()
    replica.stop()
    with pytest.raises(OSError, match="refused"):
        fetch(replica, "/")


def test_a_world_outlives_its_replica() -> None:
    world = World(posts=5)
    with Replica(world) as replica:
        world.publish("en", title="Between the runs")
        assert "Between the runs" in fetch(replica, "/en/").text
    with Replica(world, options=Options(sitemap=True)) as replica:
        assert "Between the runs" in fetch(replica, "/en/").text
