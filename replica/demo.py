"""``make demo``: crawl the replica with the real command, and explain it in five steps."""

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

from replica.post import Post
from replica.replica import Replica

DATA = Path(".demo")
POSTS = 90
_SEED = 7
_BIN = ".venv/bin"
_SCRAPY = f"{_BIN}/scrapy"
_SHOWN = ("id", "title", "body", "published_at", "authors", "version", "change", "changed_fields")
_SHOWN_LETTERS = 60
_FIGURE = re.compile(r"\b[1-9]\d*")


def main() -> int:
    """Crawl into ``.demo/``; crawl again without news, and again after a post was edited."""
    shutil.rmtree(DATA, ignore_errors=True)
    with Replica(seed=_SEED, posts=POSTS) as replica:
        code = tell(replica, Console(highlight=False))
    _tell_how_to_go_on(replica)
    return code


def tell(replica: Replica, console: Console) -> int:
    """Crawl the replica three times, and print the results; return the most serious exit code."""
    console.print("A replica of uza.uz runs on this machine. All of its articles are made up.\n")
    codes = [_crawl(replica)]
    rows = _rows()
    editions = len({row["edition"] for row in rows})
    console.print(f"1. scrapy crawl uza: {len(rows)} articles in {editions} editions recorded.")
    codes.append(_crawl(replica))
    grown = len(_rows()) - len(rows)
    console.print(f"2. The same command again: {grown} rows added, since nothing has changed.")
    edited = _edit(replica).article_id
    codes.append(_crawl(replica, "-a", f"revisit={edited}"))
    versions = [row for row in _rows() if row["id"] == edited]
    console.print(f"3. An editor corrects {edited}. The next visit finds it; both versions stay.")
    console.print(f"4. scrapy diff {edited}:\n")
    codes.append(_scrapy("diff", edited))
    console.print(f"\n5. The new row, shortened; {_journal()} has it in full:\n")
    console.print_json(json.dumps(_short(versions[-1]), ensure_ascii=False))
    return max(codes)


def _tell_how_to_go_on(replica: Replica) -> None:
    option = f"-s DATA_DIR={DATA}"
    print(
        f"\nLook at all of it in a browser: make data; {_SCRAPY} browse uza {option}\n"
        f"and open http://127.0.0.1:8001/. A data set to cite: {_SCRAPY} release uza {option}\n"
        'The live site: make crawl ARGS="-a limit=20"\n\n'
        f"All of {DATA} is made up, and it never asks uza.uz. To crawl its site by hand:\n"
        f"{command_by_hand(replica, DATA)}"
    )


def command_by_hand(replica: Replica, data: Path) -> str:
    """Return the commands that start the same site and crawl it into the same folder."""
    options = shlex.join(_options(_addresses(replica)))
    return f"{_start(replica)} &\n{_SCRAPY} crawl uza -s DATA_DIR={data} {options}"


def _start(replica: Replica) -> str:
    """Return the command that starts the same site."""
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
        "AUTOTHROTTLE_ENABLED": "0",  # the site is our own
        "DOWNLOAD_DELAY": "0.02",  # slow enough to watch
    }
    # Warnings only: on a terminal, the crawl shows a progress bar.
    return _scrapy("crawl", "uza", "-L", "WARNING", *arguments, *_options(settings))


def _scrapy(*arguments: str) -> int:
    command = [sys.executable, "-m", "scrapy", *arguments, "-s", f"DATA_DIR={DATA}"]
    return subprocess.run(command, check=False).returncode


def _journal() -> Path:
    """Return the journal file with the newest rows."""
    return max((DATA / "uza" / "journal").glob("*.jsonl"))


def _rows() -> list[dict[str, Any]]:
    files = sorted((DATA / "uza" / "journal").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the most interesting fields of a row."""
    return {name: row[name] for name in _SHOWN} | {"body": f"{row['body'][:_SHOWN_LETTERS]} ..."}


if __name__ == "__main__":
    sys.exit(main())
