"""Whether an archive was read from a stand-in for its agency's site: then all in it is made up.

A stand-in answers on this machine, at a loopback address, as the replica of the demo does. A file
in the archive's folder says so, the ledger, and the report of every run; each of them is enough.
Such an archive never asks the site itself, and one of the site never asks a stand-in: nobody could
tell the articles apart afterwards.
"""

import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from crawler.errors import UsageError
from crawler.store.archive import Archive, replace_text

MARK = "MADE-UP.json"
_KEY = "stand_in"  # in the ledger's meta
MIRROR = "-s SITE_IS_MIRROR=1"


@dataclass(frozen=True, slots=True)
class StandIn:
    """Where a stand-in answered: its address, the settings that named it, what started it."""

    site: str
    settings: dict[str, str] = field(default_factory=dict)
    started_by: str = ""

    def notice(self, host: str) -> str:
        """Say in plain words what an archive is that was read from it."""
        return (
            f"Everything here is made up. It was read from a stand-in for {host} ({self.site}), "
            f"not from {host}, which published none of it."
        )

    @property
    def remedy(self) -> str:
        """Say how to go on with an archive that was read from it."""
        port = urlsplit(self.site).port or 0
        command = self.started_by or f"python -m replica --port {port}"
        options = " ".join(f"-s {name}={address}" for name, address in self.settings.items())
        where = options or "its addresses, which it prints, as -s <AGENCY>_SITE_URL and _API_URL"
        return f"start the stand-in: {command}; then crawl with {where}"


def open_archive(folder: Path, asked: StandIn | None, host: str) -> Archive:
    """Open an archive for a run; ``asked``: the stand-in that it reads, ``host``: the site.

    Raises ``ArchiveError``, also where made-up articles would be mixed with those of the site.
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
            f"{archive.folder}: all in it is made up, so {host} is not asked for it; "
            f"{known.remedy}; for {host} itself choose another folder: -s DATA_DIR=PATH"
        )
    if asked and not known and archive.ledger.is_used:
        raise UsageError(
            f"{archive.folder}: holds what was read from {host}, and {asked.site} is a stand-in: "
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
    """Let a ledger remember that what it knows is made up."""
    value = msgspec.json.encode(mark).decode()
    database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_KEY, value))


def read_stand_in(folder: Path, database: sqlite3.Connection | None = None) -> StandIn | None:
    """Return the stand-in that an archive was read from, by whatever remembers it; None if none.

    Without a ledger the reports of its runs are read as well.
    """
    if database is not None:
        row = database.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
        if row:
            return msgspec.json.decode(row[0], type=StandIn)
    if (folder / MARK).exists():
        with suppress(OSError, ValueError):
            return msgspec.json.decode((folder / MARK).read_bytes(), type=StandIn)
        return StandIn("an unknown address")  # the file is damaged, but it is there
    return None if database is not None else _of_reports(folder / "runs")


def _of_reports(folder: Path) -> StandIn | None:
    for path in sorted(folder.glob("*.json"), reverse=True):
        with suppress(OSError, ValueError, AttributeError):
            if site := msgspec.json.decode(path.read_bytes()).get("stand_in"):
                return StandIn(str(site))
    return None
