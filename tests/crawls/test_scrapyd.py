"""Two agencies at once on a real scrapyd, to which the project was deployed as an operator does."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen, run
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from crawler.scaffold.schedule import Files, Plan
from crawler.scaffold.schedule import scrapyd as scrapyd_files
from crawler.settings import BOT_NAME
from replica import Replica
from replica.world import World
from tests.commands import ROOT
from tests.crawls.harness import LONGEST, NOW, QUICK, Crawl, wait_until
from tests.crawls.sites import saved_site
from tests.ports import free_port

SCRIPTS = ROOT / ".venv" / "bin"

DEPLOYED = ("crawler", "pages", "pipelines", "probes", "spiders")
CONFIGURATION = """[scrapyd]
bind_address = 127.0.0.1
http_port = {port}
eggs_dir = eggs
logs_dir = logs
dbs_dir = dbs
max_proc = 2
poll_interval = 0.1
"""
pytestmark = pytest.mark.skipif(
    not (SCRIPTS / "scrapyd").exists() or not shutil.which("curl"),
    reason="no scrapyd here (make scrapyd), or no curl",
)


class Scrapyd:
    """A server in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        (folder / "scrapyd.conf").write_text(CONFIGURATION.format(port=port))
        self.process = Popen([SCRIPTS / "scrapyd"], cwd=folder, stdout=DEVNULL, stderr=DEVNULL)

    def ask(self, what: str, **given: object) -> Any:
        """Return the answer to a question, or, if something is given, to an order."""
        data = urlencode(given, doseq=True).encode() if given else None
        with urlopen(f"{self.url}{what}.json", data, timeout=LONGEST) as answer:
            return json.load(answer)

    def answers(self) -> bool:
        """Tell whether it has begun."""
        try:
            return bool(self.ask("daemonstatus")["status"] == "ok")
        except URLError:
            return False

    def ended(self) -> list[dict[str, str]]:
        """Return the crawls that have ended."""
        return list(self.ask("listjobs")["finished"])


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(World(seed=7, posts=24, now=NOW)) as running:
        yield running


@pytest.fixture
def scrapyd(tmp_path: Path) -> Iterator[Scrapyd]:
    folder = tmp_path / "server"
    folder.mkdir()
    server = Scrapyd(folder)
    try:
        wait_until(server.answers, pause=0.2)
        yield server
    finally:
        server.process.terminate()  # it ends the crawls, too
        server.process.wait(LONGEST)


def deploy(scrapyd: Scrapyd, folder: Path) -> str:
    """Deploy the project as ``scrapy schedule`` says; return what the server answers."""
    for name in DEPLOYED:
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    told = written(folder)["scrapyd.cfg"]
    (folder / "scrapy.cfg").write_text(told.replace("http://127.0.0.1:6800/", scrapyd.url))
    command = [str(SCRIPTS / "scrapyd-deploy"), "local", "-p", BOT_NAME]
    done = run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def written(folder: Path, agency: str = "uza", **settings: object) -> Files:
    """Return the files that order the runs of an agency."""
    given = [f"{name}={value}" for name, value in settings.items()]
    data = folder.parent / "data"
    plan = Plan(agencies=[agency], given=given, project=ROOT, data=data, mail_to="")
    return scrapyd_files(plan)


def schedule(scrapyd: Scrapyd, folder: Path, agency: str, **settings: object) -> None:
    """Order a run as the line of the crontab does."""
    lines = written(folder, agency, **settings)["crontab"].splitlines()
    (order,) = [line for line in lines if "schedule.json" in line]
    command = order.split(maxsplit=5)[5].replace("http://127.0.0.1:6800/", scrapyd.url)
    command = command.replace(r"\%", "%").partition(" 2>&1 | logger")[0]
    done = run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["status"] == "ok", done.stdout


def rows(data: Path, agency: str) -> int:
    """Return how many rows an agency has; its run ended in order."""
    (report,) = (data / agency / "runs").glob("*.json")
    told = json.loads(report.read_text("utf-8"))
    assert (told["stopped_by"], told["faults"], told["pending"]) == (None, 0, 0)
    return sum(len(path.read_bytes().splitlines()) for path in data.glob(f"{agency}/journal/*"))


def test_two_agencies_are_crawled_at_once_by_a_process_each(
    scrapyd: Scrapyd, replica: Replica, tmp_path: Path
) -> None:
    assert '"status": "ok"' in deploy(scrapyd, tmp_path / "project")
    crawl = Crawl(replica, tmp_path)
    with saved_site(tmp_path / "site") as site:
        # Slow enough for both to be at work, on a machine that starts one after the other.
        project = tmp_path / "project"
        slow = {**crawl.settings, "DOWNLOAD_DELAY": 0.02}
        del slow["DATA_DIR"]  # where the files say
        schedule(scrapyd, project, "uza", **slow)
        schedule(scrapyd, project, "khabaronline", **QUICK, KHABARONLINE_SITE_URL=site)
        wait_until(lambda: len(scrapyd.ended()) == 2, pause=0.2)
    began, ended = ([job[time] for job in scrapyd.ended()] for time in ("start_time", "end_time"))
    assert max(began) < min(ended)
    assert rows(crawl.data, "khabaronline") == 2
    listed = [post for post in replica.world.posts if post.kind != "legacy"]
    assert rows(crawl.data, "uza") == len(listed)
