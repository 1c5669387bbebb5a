"""``make demo``: crawl the replica with the real command, and show the rows it wrote."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from replica.replica import Replica

DATA = Path(".demo")
POSTS = 90
SHOWN_CHARACTERS = 300


def main() -> int:
    """Crawl twice into ``.demo/``: the second run finds nothing new and writes nothing."""
    console = Console()
    shutil.rmtree(DATA, ignore_errors=True)
    with Replica(seed=7, posts=POSTS) as replica:
        console.rule("scrapy crawl uza, against a made-up site on this machine")
        if code := _crawl(replica):
            return code
        rows = _rows()
        console.rule("the same again: nothing changed, so nothing is written")
        code = _crawl(replica)
    console.rule("what was written")
    console.print(_table(rows))
    console.print_json(json.dumps(_sample(rows), ensure_ascii=False))
    grown = len(_rows()) - len(rows)
    console.print(
        f"{len(rows)} articles in {next((DATA / 'uza' / 'journal').glob('*.jsonl'))}, "
        f'{grown} more after the second run.\nThe live site: make crawl ARGS="-a limit=20"'
    )
    return code


def _crawl(replica: Replica) -> int:
    settings = {
        "UZA_SITE_URL": replica.site_url,
        "UZA_API_URL": replica.api_url,
        "DATA_DIR": str(DATA),
        "CONTACT": "demo@localhost",
        "AUTOTHROTTLE_ENABLED": "0",  # the site is ours
        "DOWNLOAD_DELAY": "0.02",  # slow enough to watch
    }
    options = [part for item in settings.items() for part in ("-s", "=".join(item))]
    command = [sys.executable, "-m", "scrapy", "crawl", "uza", *options]
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
