"""Marks an archive that was crawled from a stand-in for the agency's site: all content is made up.

A stand-in is a server on this machine, at a loopback address, such as the replica of the demo. It
is recorded in a file in the archive's folder, in the ledger, and in the report of every run; each
alone is enough. Such an archive never crawls the real site, and an archive of the real site never
crawls a stand-in, because their articles could not be told apart afterwards.
"""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from crawler.errors import UsageError
from crawler.store.archive import Archive, replace_text
from crawler.store.database import note, noted

MARK = "MADE-UP.json"
_KEY = "stand_in"  # in the ledger's meta table
MIRROR = "-s SITE_IS_MIRROR=1"


@dataclass(frozen=True, slots=True)
class StandIn:
    """The stand-in: its address, the settings that named it, and what started it."""

    site: str
    settings: dict[str, str] = field(default_factory=dict)
    started_by: str = ""

    def notice(self, host: str) -> str:
        """Return a sentence that describes such an archive."""
        return (
            f"Everything here is made up. It was read from a stand-in for {host} ({self.site}), "
            f"not from {host}, which published none of it."
        )

    @property
    def remedy(self) -> str:
        """Return what to do with such an archive."""
        port = urlsplit(self.site).port or 0
        command = self.started_by or f"python -m replica --port {port}"
        options = " ".join(f"-s {name}={address}" for name, address in self.settings.items())
        where = options or "its addresses, which it prints, as -s <AGENCY>_SITE_URL and _API_URL"
        return f"start the stand-in: {command}; then crawl with {where}"


def open_archive(folder: Path, asked: StandIn | None, host: str) -> Archive:
    """Open an archive for a run. ``asked``: the stand-in it crawls; ``host``: the real site.

    Raises ``ArchiveError``, also if made-up articles would be mixed with real ones.
    """
    archive = Archive(folder)
    try:
        _settle(archive, asked, host)
    except UsageError:
        archive.close()
        raise
    return archive


def _settle(archive: Archive, asked: StandIn | None, host: str) -> None:
    known = read_stand_in(archive.folder, archive.ledger.database)
    if known and not asked:
        raise UsageError(
            f"{archive.folder}: everything in it is made up, so nothing is requested from {host}; "
            f"{known.remedy}; for {host} itself choose another folder: -s DATA_DIR=PATH"
        )
    if asked and not known and archive.ledger.is_used:
        raise UsageError(
            f"{archive.folder}: contains articles from {host}, and {asked.site} is a stand-in: "
            "its articles are made up; choose another folder for them: -s DATA_DIR=PATH; if it "
            f"is a mirror or a proxy of the site, say {MIRROR}"
        )
    if mark := known or asked:
        note_stand_in(archive.ledger.database, mark)
        archive.commit()
        if not (archive.folder / MARK).exists():
            _write(archive.folder, mark, host)


def _write(folder: Path, mark: StandIn, host: str) -> None:
    told = {"notice": mark.notice(host), **msgspec.to_builtins(mark)}
    replace_text(folder / MARK, msgspec.json.format(msgspec.json.encode(told)).decode() + "\n")


def note_stand_in(database: sqlite3.Connection, mark: StandIn) -> None:
    """Record in the ledger that its articles are made up."""
    note(database, _KEY, msgspec.json.encode(mark).decode())


def read_stand_in(folder: Path, database: sqlite3.Connection | None = None) -> StandIn | None:
    """Return the stand-in that an archive was crawled from, or None.

    Without a ledger the reports of its runs are read, too.
    """
    if database is not None and (told := noted(database, _KEY)):
        return msgspec.json.decode(told, type=StandIn)
    if (folder / MARK).exists():
        with suppress(OSError, ValueError):
            return msgspec.json.decode((folder / MARK).read_bytes(), type=StandIn)
        return StandIn("an unknown address")  # the file is damaged, but it exists
    return None if database is not None else _of_reports(folder / "runs")


def _of_reports(folder: Path) -> StandIn | None:
    for path in sorted(folder.glob("*.json"), reverse=True):
        with suppress(OSError, ValueError, AttributeError):
            if site := msgspec.json.decode(path.read_bytes()).get("stand_in"):
                return StandIn(str(site))
    return None
