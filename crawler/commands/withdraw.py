"""``scrapy withdraw``: remove an article's text from the archive for good."""

from __future__ import annotations

import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.cli import AgencyCommand, agency_named
from crawler.errors import StorageError, UsageError

if TYPE_CHECKING:
    from crawler.maintenance.residual_copies import Release

_MANUAL = """\
Removes an article's text from journal, captures, year files and ledger, for a court order or a
person's privacy. A row with the reason and the day stays, and no run fetches the article again.
The copies and translations that a release would mark are named, and stay.
This cannot be undone. If it is interrupted, run the same command again to complete it.

The command does not change releases or copies given to others. It names the releases that
contain the article, in data/AGENCY/releases and in each folder or address of --releases.

examples:
  scrapy withdraw AGENCY:594021 --reason "court order 12-345 of 2026-11-20"
  scrapy withdraw AGENCY:594021 --reason "a person's privacy" --hide-address
  scrapy withdraw AGENCY:594021 --reason "a person's privacy" --yes --releases /srv/releases

exit codes: 0 done; 2 usage, or not confirmed: nothing was changed; 5 a run holds the data
folder; 7 a file is missing or cannot be written; 130 interrupted"""


class Command(AgencyCommand):
    """Withdraws an article."""

    usage = "[options] AGENCY:ID"
    summary = "Remove an article's text from the archive for good"
    manual = _MANUAL

    after_interrupt = "run it again to complete it"

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options for reason, address, releases and confirmation."""
        super().add_options(parser)
        parser.add_argument("--reason", metavar="TEXT", help="the reason; it stays in the archive")
        parser.add_argument(
            "--hide-address",
            action="store_true",
            help="remove the address, too: it often contains words of the headline",
        )
        parser.add_argument("--yes", action="store_true", help="do not ask for confirmation")
        parser.add_argument(
            "--releases",
            metavar="DIR",
            action="append",
            default=[],
            help="another folder with releases, or the address of one, to search (may be repeated)",
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Print what will be done, do it after confirmation, and list releases with the article."""
        from crawler.maintenance.withdraw import Withdrawal
        from crawler.release.publish import moved_releases
        from crawler.store.archive import Archive

        if len(args) != 1 or ":" not in args[0]:
            raise UsageError("expected one article, such as AGENCY:594021")
        article_id = args[0]
        folder = self.folder(agency_named(self.settings, [article_id.partition(":")[0]]))
        reason = _reason(opts.reason)
        places = [str(folder / "releases"), *_checked(opts.releases)]
        _preview(folder, article_id, reason, hide_address=opts.hide_address)
        confirm(article_id, "withdraw it", yes=opts.yes)
        try:
            with Archive(folder) as archive:
                hidden = opts.hide_address
                Withdrawal(archive, article_id, _say, hide_address=hidden).work(reason)
            _name_rest(article_id, folder, [*places, *moved_releases(folder)])
        except (OSError, EOFError, sqlite3.Error) as error:
            raise StorageError(
                f"{folder}: cannot be read or written ({error}); free disk space or repair the "
                "disk, then run the same command again"
            ) from error


def _reason(text: str | None) -> str | None:
    reason = " ".join((text or "").split())
    if text is not None and not (reason and reason.isprintable()):
        raise UsageError("--reason: expected a few words that say why")
    return reason or None


def _checked(names: list[str]) -> list[str]:
    from crawler.system.bucket import bucket_at, is_address

    for name in names:
        if is_address(name):
            bucket_at(name)
        elif not Path(name).is_dir():
            raise UsageError(f"--releases {name}: there is no such folder")
    return names


def _preview(folder: Path, article_id: str, reason: str | None, *, hide_address: bool) -> None:
    """Print the article's state, and what will be removed."""
    from crawler.store.reader import ArchiveReader

    with ArchiveReader(folder) as reader:
        article = reader.database.execute(
            "SELECT state, title, url, (SELECT count(*) FROM version WHERE article_id = id) "
            "FROM article WHERE id = ?",
            (article_id,),
        ).fetchone()
    if article is None:
        raise UsageError(f"{article_id}: not known in {folder}")
    state, title, url, versions = article
    if state == "withdrawn":
        _say(f"{article_id}: already withdrawn; removing any remaining or newer copies.")
        return
    if reason is None:
        raise UsageError(
            "--reason TEXT is missing: it stays in the archive and says why the text is not there"
        )
    _say(
        f"{article_id}: {title or 'not fetched yet'} ({url})\n"
        f"Its text ({versions} version{'s' * (versions != 1)}) will be removed from journal, "
        "captures, articles/ and ledger, with every list and feed that shows it. This cannot be "
        f"undone. Only {'' if hide_address else 'the address, '}the dates and the reason stay: "
        f"{reason}"
    )
    _name_relatives(folder, article_id)


def _name_relatives(folder: Path, article_id: str) -> None:
    """Print probable copies and translations: they stay unless they are withdrawn, too."""
    from crawler.release.similarity.relatives import relatives_of
    from crawler.store.reader import ArchiveReader

    try:
        with ArchiveReader(folder) as reader:
            found = relatives_of(reader, article_id)
    except StorageError as error:
        _say(f"cannot search for copies and translations of it ({error})")
        return
    for name, kind in found.items():
        _say(f"{name}: {kind}, and stays: withdraw it, too?")


def confirm(name: str, what: str, *, yes: bool) -> None:
    """Raise ``UsageError`` without ``--yes``, or the name typed on a terminal."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("nothing was changed; confirm with --yes, or on a terminal")
    if input(f"Type {name} to {what}: ").strip() != name:
        raise UsageError("not confirmed; nothing was changed")


def _name_rest(article_id: str, folder: Path, places: list[str]) -> None:
    """Print the files that still contain the article, or may, and what to do about them."""
    from crawler.maintenance.residual_copies import strays_with

    for stray in strays_with(article_id, folder):
        _name(stray.path, stray, "has it; remove it, or make it again")
    for place in places:
        for path, release in _releases_with(article_id, place):
            _name(path, release, "this release has it; make a new one, and inform its users")
    _say(
        f"{article_id} was removed from the archive. Not removed: backups, copies, rows given "
        "to others, and pages of other articles that show its headline beside their own text."
    )


def _releases_with(article_id: str, place: str) -> Iterator[tuple[Path | str, Release]]:
    from crawler.maintenance.residual_copies import releases_with
    from crawler.release.publish import local_copy
    from crawler.system.bucket import is_address

    if not is_address(place):
        yield from ((each.path, each) for each in releases_with(article_id, Path(place)))
        return
    with local_copy(place) as copy:
        yield from ((place, each) for each in releases_with(article_id, copy.parent))


def _name(path: Path | str, release: Release, remedy: str) -> None:
    told = remedy if release.holds_it else f"may have it; check {', '.join(release.closed)}"
    _say(f"{path}: {told}")


def _say(line: str) -> None:
    print(line, flush=True)
