"""``make demo``: crawl the replica with the real command, and show the rows it wrote."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from replica.post import Post
from replica.replica import Replica

DATA = Path(".demo")
POSTS = 90
SHOWN_CHARACTERS = 300
_SEED = 7
_BIN = ".venv/bin"
_SCRAPY = f"{_BIN}/scrapy"
_FIGURE = re.compile(r"\b[1-9]\d*")


def main() -> int:
    """Crawl into ``.demo/``, again with nothing new, and again when a post was edited."""
    console = Console()
    shutil.rmtree(DATA, ignore_errors=True)
    with Replica(seed=_SEED, posts=POSTS) as replica:
        console.rule("scrapy crawl uza, against a made-up site on this machine")
        if code := _crawl(replica):
            return code
        rows = _rows()
        console.rule("the same again: nothing changed, so nothing is written")
        code = _crawl(replica)
        grown = len(_rows()) - len(rows)
        edited = _edit(replica).article_id
        console.rule("an editor corrects a post: the next visit keeps both versions")
        code = code or _crawl(replica, "-a", f"revisit={edited}")
    code = code or _scrapy("diff", edited)
    console.rule("what was written")
    console.print(_table(rows))
    console.print_json(json.dumps(_sample(rows), ensure_ascii=False))
    console.print(
        f"{len(rows)} articles in {next((DATA / 'uza' / 'journal').glob('*.jsonl'))}, "
        f"{grown} more after the second run, {len(_rows()) - len(rows)} more after the edit.\n"
        f"Look at them: make data; {_SCRAPY} browse uza -s DATA_DIR={DATA}\n"
        f"Make a data set of them: {_SCRAPY} release uza -s DATA_DIR={DATA}\n"
        'The live site: make crawl ARGS="-a limit=20"'
    )
    print(f"All of {DATA} is made up, and it never asks uza.uz. Crawl its site by hand:")
    print(command_by_hand(replica, DATA))  # as it is, to be copied
    return code


def command_by_hand(replica: Replica, data: Path) -> str:
    """Return the lines that start the same site again, and crawl it into the same folder."""
    options = shlex.join(_options(_addresses(replica)))
    return f"{_start(replica)} &\n{_SCRAPY} crawl uza -s DATA_DIR={data} {options}"


def _start(replica: Replica) -> str:
    """Return the command that starts the same site again."""
    port, moment = urlsplit(replica.site_url).port, replica.world.now.isoformat()
    return f"{_BIN}/python -m replica --port {port} --seed {_SEED} --posts {POSTS} --now {moment}"


def _addresses(replica: Replica) -> dict[str, str]:
    return {"UZA_SITE_URL": replica.site_url, "UZA_API_URL": replica.api_url}


def _options(settings: Mapping[str, str]) -> list[str]:
    return [part for item in settings.items() for part in ("-s", "=".join(item))]


def _edit(replica: Replica) -> Post:
    """Correct the first figure of the newest English post that has one."""
    english = replica.world.listing("en")
    post = next(each for each in english if any(map(_FIGURE.search, each.paragraphs)))
    place = next(n for n, text in enumerate(post.paragraphs) if _FIGURE.search(text))
    right = _FIGURE.sub(lambda found: str(int(found[0]) + 3), post.paragraphs[place], count=1)
    paragraphs = (*post.paragraphs[:place], right, *post.paragraphs[place + 1 :])
    return replica.world.edit(post.id, paragraphs=paragraphs)


def _crawl(replica: Replica, *arguments: str) -> int:
    settings = {
        **_addresses(replica),
        "STAND_IN_COMMAND": _start(replica),
        "CONTACT": "demo@localhost",
        "AUTOTHROTTLE_ENABLED": "0",  # the site is ours
        "DOWNLOAD_DELAY": "0.02",  # slow enough to watch
    }
    return _scrapy("crawl", "uza", *arguments, *_options(settings))


def _scrapy(*arguments: str) -> int:
    command = [sys.executable, "-m", "scrapy", *arguments, "-s", f"DATA_DIR={DATA}"]
    return subprocess.run(command, check=False).returncode


def _rows() -> list[dict[str, Any]]:
    files = sorted((DATA / "uza" / "journal").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def _table(rows: list[dict[str, Any]]) -> Table:
    """Return the newest row of each edition."""
    newest = {row["edition"]: row for row in sorted(rows, key=lambda row: row["published_at"])}
    table = Table("edition", "language")
    table.add_column("published_at", no_wrap=True, min_width=25)
    table.add_column("authors")
    table.add_column("title")
    for edition, row in sorted(newest.items()):
        authors = ", ".join(person["name"] for person in row["authors"])
        table.add_row(edition, row["language"], row["published_at"], authors, row["title"])
    return table


def _sample(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the newest English row that names its authors, its text cut short."""
    signed = (row for row in rows if row["edition"] == "en" and row["authors"])
    row = max(signed, key=lambda row: row["published_at"])
    body = row["body"]
    cut = f"{body[:SHOWN_CHARACTERS]} ... ({len(body)} characters)"
    return {**row, "body": body if len(body) <= SHOWN_CHARACTERS else cut}


if __name__ == "__main__":
    sys.exit(main())
