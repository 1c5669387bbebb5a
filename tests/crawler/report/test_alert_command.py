"""Alerts arrive: by mail, by POST and by Apprise, from the command that a timer starts."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from crawler.store.archive import Archive
from crawler.system.clock import now, rfc3339
from crawler.system.notices import SECONDS, send
from tests.commands import Refused, scrapy
from tests.sinks import MailServer, WebServer, serving

IMPORTS_APPRISE = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")


def test_a_server_that_refuses_or_is_not_there_is_an_error() -> None:
    mails, web = MailServer(), WebServer()
    mails.refuses, web.status = True, 500
    with serving(mails), serving(web):
        for to in ("ops@example.org", web.address):
            with pytest.raises(OSError, match=r"450|500"):
                send(to, "a subject", "a text", mails.address)
    with pytest.raises(OSError, match="refused"):
        send("ops@example.org", "a subject", "a text", mails.address)
    assert SECONDS <= 60


@IMPORTS_APPRISE
def test_a_service_that_apprise_knows_is_told() -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: make notify")
    web = WebServer()
    to = web.address.replace("http://", "json://") + "/topic"
    with serving(web):
        send(to, "a subject", "a text", "smtp://127.0.0.1:9")
        web.status = 500
        with pytest.raises(OSError, match="did not accept it"):
            send(to, "a subject", "a text", "smtp://127.0.0.1:9")
    told = msgspec.json.decode(web.asked[0][2])
    assert (told["title"], told["message"]) == ("a subject", "a text")


@pytest.mark.slow
def test_the_command_mails_posts_and_pings(tmp_path: Path) -> None:
    mails, web = MailServer(), WebServer()
    settings = {
        "DATA_DIR": tmp_path,
        "ALERT": f"ops@example.org,{web.address}/topic",
        "ALERT_SERVER": mails.address,
        "PING_URL": web.address + "/ping/{agency}",
    }
    with serving(mails), serving(web):
        _end_run(tmp_path, 0)
        assert scrapy("status", "--alert", **settings).stderr == ""
        _end_run(tmp_path, 3)
        mails.refuses = True
        refused = scrapy("status", "--alert", **settings)
        mails.refuses = False
        done = scrapy("status", "--alert", **settings)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "scrapy status: ops@example.org: not sent" in refused.stderr
    assert (done.returncode, done.stderr) == (3, "")
    assert mails.subjects == ["news archive: uza fails"]
    assert "exit code 3: why it ended so" in str(mails.mails[0].get_payload())
    assert [asked[:2] for asked in web.asked] == [("GET", "/ping/uza"), ("POST", "/topic")]
    assert "exit code 3: why it ended so" in web.asked[1][2]


def _end_run(data: Path, exit_code: int) -> None:
    at = now() + timedelta(seconds=exit_code - 9)
    report = {
        "run": f"{at:%Y%m%dT%H%M%SZ}",
        "started_at": rfc3339(at),
        "ended_at": rfc3339(at),
        "outcomes": {},
        "exit_code": exit_code,
        "exit_reason": "why it ended so",
    }
    with Archive(data / "uza") as archive:
        archive.ledger.keep_report(str(report["run"]), msgspec.json.encode(report), ended=True)


@IMPORTS_APPRISE
@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("ALERT=", "no receiver"),
        ("ALERT=you@example.org", "ALERT=you@example.org: expected your own e-mail address"),
        ("ALERT=https://example.com/topic", "expected your own e-mail address or URL"),
        ("ALERT=me", "ALERT=me: expected"),
        ("ALERT=nobody://knows/this", "ALERT=nobody://knows/this: "),
        ("PING_URL=hc", "PING_URL hc: expected a web address"),
    ],
)
def test_addresses_that_reach_nobody_are_refused(
    setting: str, message: str, refused: Refused, tmp_path: Path
) -> None:
    Archive(tmp_path / "uza").close()
    line = refused("status", "--alert", "-s", f"DATA_DIR={tmp_path}", "-s", setting)
    assert message in line


def test_an_alert_is_sent_though_the_page_cannot_be_written(tmp_path: Path) -> None:
    web = WebServer()
    nowhere = tmp_path / "nowhere" / "status.html"
    with serving(web):
        _end_run(tmp_path, 3)
        settings = {"DATA_DIR": tmp_path, "ALERT": f"{web.address}/topic"}
        done = scrapy("status", "--alert", "--html", nowhere, **settings)
    assert (done.returncode, len(web.asked)) == (2, 1)
    assert "status.html: cannot be written" in done.stderr
