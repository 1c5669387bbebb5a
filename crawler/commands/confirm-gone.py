"""``scrapy confirm-gone``: record held back articles as gone, once an operator has checked."""

from __future__ import annotations

import sqlite3
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, agency_named
from crawler.commands.withdraw import confirm
from crawler.errors import StorageError, UsageError
from crawler.system.clock import now

if TYPE_CHECKING:
    from crawler.crawl.deletions import Deletion

SHOWN = 10  # articles printed before the question

_MANUAL = """\
If many articles are missing at once, no run records them as gone: the site itself may be
broken. Open some of their addresses in a browser. If the agency took them down, confirm it
here: each gets a row with "change": "gone" and all responses as evidence. If the articles are
there, do nothing: the next visits find them.

Without ids, the command confirms all articles that were missing as often and as long as
GONE_SIGHTINGS and GONE_HOURS demand. It does not change the others.

examples:
  scrapy status AGENCY                            what is held back
  scrapy confirm-gone AGENCY                      all of it, once you have typed the agency's name
  scrapy confirm-gone AGENCY AGENCY:594021 --yes  one article, without a question

exit codes: 0 done; 2 usage, or not confirmed: nothing was changed; 5 a run holds the data
folder; 7 a file is damaged or cannot be written; 130 interrupted"""


class Command(AgencyCommand):
    """Records articles as gone."""

    usage = "[--yes] AGENCY [ID ...]"
    summary = "Record articles as deleted that runs hold back, once you have checked them"
    manual = _MANUAL

    after_interrupt = "what was recorded is kept; run it again for the rest"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the option for confirmation."""
        super().add_options(parser)
        parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print what will be recorded, and record it after confirmation."""
        from crawler.crawl.check_settings import check_gone
        from crawler.crawl.deletions import Deletion, confirm_gone
        from crawler.release.figures import CONFIRMED
        from crawler.store.archive import Archive

        agency, asked = agency_named(self.settings, args[:1]), args[1:]
        check_gone(self.settings)
        folder, deletion = self.folder(agency), Deletion.of(self.settings)
        if not _preview(folder, asked, deletion):
            return
        confirm(agency, "record them as gone", yes=opts.yes)
        run = f"{CONFIRMED}{now():%Y%m%dT%H%M%SZ}"
        try:
            with Archive(folder) as archive:
                chosen = _chosen(archive.ledger.database, asked, deletion)
                confirm_gone(archive, chosen, run)
        except (OSError, sqlite3.Error, ValueError) as error:
            raise StorageError(
                f"{folder}: cannot be read or written ({error}); nothing was recorded"
            ) from error
        print(f"{len(chosen)} recorded as gone; the next run brings articles/ up to date")


def _chosen(
    database: sqlite3.Connection, asked: Sequence[str], deletion: Deletion
) -> Sequence[str]:
    """Return the articles to record; raise ``UsageError`` for one without sufficient evidence."""
    from crawler.crawl.deletions import due_articles

    due = due_articles(database, deletion)
    known = set(due)
    for article_id in asked:
        if article_id not in known:
            raise UsageError(f"{article_id}: {_why_not(database, article_id, deletion)}")
    return list(dict.fromkeys(asked)) or due


def _why_not(database: sqlite3.Connection, article_id: str, deletion: Deletion) -> str:
    row = database.execute("SELECT state FROM article WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return "not known"
    if row[0] != "missing":
        return f"{row[0]}, not missing"
    return (
        f"not missing for long enough: that takes {deletion.sightings} responses over "
        f"{deletion.hours} hours (GONE_SIGHTINGS, GONE_HOURS)"
    )


def _preview(folder: Path, asked: Sequence[str], deletion: Deletion) -> bool:
    """Print the articles that will be recorded; return whether there are any."""
    from crawler.store.reader import ArchiveReader

    with ArchiveReader(folder) as reader:
        chosen = _chosen(reader.database, asked, deletion)
        for article_id in chosen[:SHOWN]:
            print(_line(reader.database, article_id))
    if len(chosen) > SHOWN:
        print(f"... and {len(chosen) - SHOWN} more")
    if not chosen:
        print("nothing is missing for long enough to be gone")
    return bool(chosen)


def _line(database: sqlite3.Connection, article_id: str) -> str:
    """Return one line about an article and the last response about it."""
    from crawler.model.article import Sighting

    title, state, *answer = database.execute(
        "SELECT title, state, status, at, asked, absence.url FROM article JOIN absence "
        "ON article_id = id WHERE id = ? ORDER BY at DESC, asked DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    seen = Sighting(*answer)
    return f"{article_id} {state}: {title} ({seen.url} returned {seen.status} at {seen.at})"
