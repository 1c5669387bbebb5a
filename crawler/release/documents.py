"""What stands in a release beside its rows: descriptions, checksums, and what others load it by."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from crawler.errors import UsageError
from crawler.gaps import Gap, thin_days
from crawler.release.figures import Figures, as_json
from crawler.stand_in import StandIn

SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Release:
    """A release that is being made: what it is of, its figures, and where it is written."""

    agency: str
    site: str  # https://example.org
    version: str  # day of the last fetch
    chosen: dict[str, str]  # options that choose articles, as the operator gave them
    figures: Figures
    folder: Path
    image_size: str | None = None  # what `content_hash` cuts out of addresses of pictures
    stand_in: StandIn | None = None  # from which all of it was read, if that is made up

    @property
    def name(self) -> str:
        """Name of the data set, without its version."""
        return f"{self.agency}-news-articles"

    @property
    def host(self) -> str:
        """The site, as a reader names it."""
        return self.site.rpartition("/")[2]

    @property
    def title(self) -> str:
        """Title to cite."""
        if self.stand_in:
            return f"Made-up articles from a stand-in for {self.host}, {self.version}"
        return f"News articles of {self.host}, {self.version}"

    @property
    def description(self) -> str:
        """The data set in two sentences."""
        told = "Each row tells where and when it was read, and what by."
        if self.stand_in:
            return f"{self.figures.articles:,} articles. {self.stand_in.notice(self.host)} {told}"
        return (
            f"{self.figures.articles:,} articles that {self.host} published, with every edit and "
            f"deletion that was seen. {told}"
        )

    @property
    def source(self) -> str:
        """What was asked for the articles, as a reader names it."""
        return f"a stand-in for {self.host}" if self.stand_in else self.host

    @property
    def read_from(self) -> str:
        """The address that was asked for the articles."""
        return self.stand_in.site if self.stand_in else self.site

    def gaps(self) -> dict[str, list[Gap]]:
        """Return the days with hardly any articles, by edition."""
        days: dict[str, dict[date, int]] = self.figures.by_edition_and_day()
        found = {edition: thin_days(days[edition]) for edition in sorted(days)}
        return {edition: thin for edition, thin in found.items() if thin}

    def paths(self, pattern: str) -> list[str]:
        """Return the files that match, by path within the release."""
        found = self.folder.glob(pattern)
        return sorted(path.relative_to(self.folder).as_posix() for path in found if path.is_file())


def write_text(release: Release, name: str, text: str) -> None:
    """Write a text file of the release."""
    (release.folder / name).write_text(text, encoding="utf-8", newline="\n")


def write_json(release: Release, name: str, value: object) -> None:
    """Write a JSON file of the release, for people to read, too."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    write_text(release, name, text + "\n")


def write_figures(release: Release) -> None:
    """Write ``figures.json``: the counts, and the days with hardly any articles."""
    figures = msgspec.json.decode(as_json(release.figures))
    write_json(
        release, "figures.json", {"version": release.version, **figures, "gaps": release.gaps()}
    )


def write_sums(folder: Path) -> int:
    """Write the checksum of every file, and see all of them on the disk; return how many."""
    (folder / "work" / "progress").unlink(missing_ok=True)  # first: without the rest it is wrong
    shutil.rmtree(folder / "work", ignore_errors=True)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{digest_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    digest_of(folder / SUMS)
    return len(lines)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, once it is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_sums(folder: Path) -> dict[str, str]:
    """Return the checksums of a release by path; ``UsageError`` if the folder is none."""
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
        return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: is no whole release ({SUMS}: {error})") from error
