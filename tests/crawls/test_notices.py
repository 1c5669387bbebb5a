"""What Spidermon is told of a run; only where the extra ``notify`` is installed."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from replica import Replica, faults
from replica.faults import Fault
from tests.crawls.harness import Crawl

pytest.importorskip("spidermon", reason="spidermon is not installed: make notify")
ACTION = "spidermon.contrib.actions.discord.notifiers.SendDiscordMessageSpiderFinished"


class Hook(BaseHTTPRequestHandler):
    """Keeps what it is told."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(json.loads(body)["content"])  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *told: object) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        server.told = []  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_an_action_tells_why_a_run_failed_and_nothing_of_one_that_did_not(
    crawl: Crawl, replica: Replica, hook: HTTPServer
) -> None:
    crawl.settings |= {
        "SPIDERMON_ENABLED": 1,
        "NOTIFY_ACTIONS": ACTION,
        "SPIDERMON_DISCORD_WEBHOOK_URL": f"http://127.0.0.1:{hook.server_port}/",
    }
    crawl("-a", "editions=en")
    replica.faults.append(Fault("en/rss", faults.status(500)))
    crawl("-a", "editions=en", exit_code=3, sound=False)  # Spidermon logs a traceback
    assert hook.told == [  # type: ignore[attr-defined]
        "uza: exit code 3: source en/rss failed (HTTP 500)"
    ]
