"""The other files of a release: descriptions for programs, and checksums."""

import gzip
import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from crawler.audit.gaps import Gap, thin_days
from crawler.errors import UsageError
from crawler.model.schema import row_schema
from crawler.release.authors import FIELDS as AUTHOR_FIELDS
from crawler.release.authors import FILE as AUTHORS
from crawler.release.documents.maker import TEXTS, Maker, license_text
from crawler.release.figures import Figures, as_json, most
from crawler.release.gone_rules import GoneRule
from crawler.release.gone_rules import told as told_of_gone
from crawler.release.rights import SiteRights
from crawler.release.rows import UNKNOWN, ReleasedArticle
from crawler.release.sections import FIELDS as SECTION_FIELDS
from crawler.release.sections import FILE as SECTIONS
from crawler.release.states import FIELDS as STATE_FIELDS
from crawler.release.states import FILE as STATES
from crawler.release.withdrawn import FIELDS as WITHDRAWN_FIELDS
from crawler.release.withdrawn import FILE as WITHDRAWN
from crawler.store.stand_in_site import StandIn
from crawler.system.software import software, told_as

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"  # of the checksums, and so of all files

JsonObject = dict[str, Any]

LINK_FIELDS = {
    "kind": ("string", "`translation` or `near_duplicate`"),
    "id": ("string", "id of the article published later"),
    "earlier": ("string", "id of the article published earlier"),
    "evidence": (
        "array",
        "those of `api`, `text`, `image`, `minute` that apply, the strongest first; or `content`",
    ),
    "likeness": ("number", "share of the text in common, from 0 to 1; null for a translation"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release in progress: its source, its figures, and its folder."""

    agency: str
    site: str  # https://example.org
    zone: str = "UTC"  # of the agency
    day: str  # of the last fetch
    version: str  # the day and a digest of the rows: different for every data set
    chosen: dict[str, str]  # options that select articles, as given by the operator
    figures: Figures
    folder: Path
    image_size: str | None = None  # the part that `content_hash` ignores in addresses of pictures
    stand_in: StandIn | None = None  # the source of all articles, if they are made up
    software: dict[str, str | None] = field(default_factory=software)  # that makes it
    maker: Maker = field(default_factory=Maker)
    rights: SiteRights = field(default_factory=lambda: SiteRights([]))
    gone_rules: list[GoneRule] = field(default_factory=list)  # of the runs
    digests: dict[str, str] = field(default_factory=dict)  # of finished files, by path

    @property
    def name(self) -> str:
        """Name of the data set, without its version."""
        return f"{self.agency}-news-articles"

    @property
    def host(self) -> str:
        """The site's host, as readers know it."""
        return self.site.rpartition("/")[2]

    @property
    def title(self) -> str:
        """Title to cite."""
        chosen = f" (a selection: {self.selection})" if self.chosen else ""
        if self.stand_in:
            return f"Made-up articles from a stand-in for {self.host}{chosen}, {self.version}"
        return f"News articles of {self.host}{chosen}, {self.version}"

    @property
    def selection(self) -> str:
        """The options that selected the articles."""
        return ", ".join(f"{name} {value}" for name, value in sorted(self.chosen.items()))

    @property
    def made_by(self) -> str:
        """The code that makes it: name, version and commit."""
        return told_as(self.software)

    @property
    def description(self) -> str:
        """The data set in three sentences."""
        told = f"Each row tells where and when it was read, and what by. Made by {self.made_by}."
        if self.stand_in:
            return f"{self.figures.articles:,} articles. {self.stand_in.notice(self.host)} {told}"
        chosen = f", chosen by {self.selection}" if self.chosen else ""
        return (
            f"{self.figures.articles:,} articles that {self.host} published{chosen}, with every "
            f"edit and deletion that was seen. {told}"
        )

    @property
    def source(self) -> str:
        """The source of the articles, for readers."""
        return f"a stand-in for {self.host}" if self.stand_in else self.host

    @property
    def read_from(self) -> str:
        """The address from which the articles were fetched."""
        return self.stand_in.site if self.stand_in else self.site

    @property
    def gone_told(self) -> str:
        """When an article counts as gone."""
        return told_of_gone(self.gone_rules, self.figures.confirmed)

    @property
    def has_parquet(self) -> bool:
        """Whether its rows are in Parquet, too."""
        return (self.folder / "parquet").exists()

    @property
    def languages(self) -> list[str]:
        """Languages of its texts, in ISO 639, perhaps with a script, the most frequent first."""
        found: Counter[str] = Counter()
        for key, number in self.figures.languages.items():
            found[key.partition(" ")[2]] += number
        del found[UNKNOWN]
        return [language for language, _ in most(found, len(found))]

    def gaps(self) -> dict[str, list[Gap]]:
        """Return the days with hardly any articles, by edition."""
        days: dict[str, dict[date, int]] = self.figures.by_edition_and_day()
        found = {edition: thin_days(days[edition]) for edition in sorted(days)}
        return {edition: thin for edition, thin in found.items() if thin}

    def paths(self, pattern: str) -> list[str]:
        """Return the files that match a pattern, relative to the release."""
        found = self.folder.glob(pattern)
        return sorted(path.relative_to(self.folder).as_posix() for path in found if path.is_file())


def write_text(release: Release, name: str, text: str) -> None:
    """Write a text file of the release."""
    (release.folder / name).write_text(text, encoding="utf-8", newline="\n")


def write_json(release: Release, name: str, value: object) -> None:
    """Write a JSON file of the release, indented for people to read."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    write_text(release, name, text + "\n")


def write_figures(release: Release) -> None:
    """Write ``figures.json``: the counts, and the days with hardly any articles."""
    figures = msgspec.json.decode(as_json(release.figures))
    write_json(
        release,
        "figures.json",
        {
            "version": release.version,
            "software": release.software,
            **figures,
            "gaps": release.gaps(),
        },
    )


def write_sums(folder: Path, known: Mapping[str, str] | None = None) -> int:
    """Write the checksum of every file, and flush all to the disk. Return their number.

    ``known``: the digests of files that ``digest_of`` has read already.
    """
    shutil.rmtree(folder / "work", ignore_errors=True)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in paths]
    lines = [f"{(known or {}).get(name) or digest_of(folder / name)}  {name}\n" for name in names]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    digest_of(folder / SUMS)
    return len(lines)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, after flushing it to the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_sums(folder: Path) -> dict[str, str]:
    """Return the checksums of a release by path. Raises ``UsageError`` if it is not a release."""
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
        return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: is no whole release ({SUMS}: {error})") from error


def write_catalogues(release: Release) -> None:
    """Write the schema, the licence and the data package, after the rows."""
    write_json(release, "schema.json", row_schema(ReleasedArticle))
    write_text(release, "LICENSE", license_text(release.maker))
    write_json(release, "datapackage.json", datapackage(release))


def known_kind(told: JsonObject) -> JsonObject:
    """Return the rule of JSON Schema for a value that is not null."""
    kinds: list[JsonObject] = told.get("anyOf", [told])
    return next(kind for kind in kinds if kind.get("type") != "null")


def _row_fields() -> Iterator[JsonObject]:
    """Yield each field of a row for Frictionless, with the values that it can have."""
    properties = row_schema(ReleasedArticle)["$defs"]["ReleasedArticle"]["properties"]
    for name, told in properties.items():
        kind = known_kind(told)
        constraints = {rule: kind[rule] for rule in ("pattern", "enum") if rule in kind}
        yield {
            "name": name,
            "type": "object" if "$ref" in kind else kind.get("type", "string"),
            "description": told["description"],
            **({"constraints": constraints} if constraints else {}),
        }


def datapackage(release: Release) -> JsonObject:
    """Return the Frictionless data package."""
    maker = release.maker
    row = list(_row_fields())
    link, taken, state, author, section = (
        [
            {"name": name, "type": kind, "description": description}
            for name, (kind, description) in fields_of.items()
        ]
        for fields_of in (
            LINK_FIELDS,
            WITHDRAWN_FIELDS,
            STATE_FIELDS,
            AUTHOR_FIELDS,
            SECTION_FIELDS,
        )
    )
    resources = [
        _resource(release, "articles", "newest version of each article", row),
        _resource(release, "versions", "versions of articles that newer ones superseded", row),
        _resource(release, "gone", "newest versions of articles that are gone", row, "gone*.gz"),
        _resource(release, "links", "pairs of articles that belong together, with evidence", link),
        _resource(release, "withdrawn", "articles to delete from copies", taken, WITHDRAWN),
        _resource(release, "states", "when each article was last seen on the site", state, STATES),
        _resource(release, "authors", "names of authors, each with a key", author, AUTHORS),
        _resource(release, "sections", "sections of each edition", section, SECTIONS),
    ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": release.name,
        "title": release.title,
        "description": f"{release.description} {maker.rights}",
        "version": release.version,
        **({"id": f"https://doi.org/{maker.doi}"} if maker.doi else {}),
        "licenses": [
            {"path": "LICENSE", "title": TEXTS},
            {"name": maker.license, "path": maker.terms, "title": "The archive's own work"},
        ],
        "contributors": [{"title": maker.name, "roles": ["author"], **maker.reached_by("path")}],
        "created": f"{release.day}T00:00:00Z",
        "software": release.software,
        "image_size": release.image_size,
        "zone": release.zone,
        "gone_rules": release.gone_rules,
        **({"notice": release.stand_in.notice(release.host)} if release.stand_in else {}),
        "sources": [{"title": release.source, "path": release.read_from}],
        "resources": [each for each in resources if each["path"]],
    }


_KEYS = {
    "links": ["kind", "id", "earlier"],
    "withdrawn": ["id"],
    "states": ["id"],
    "authors": ["name"],
    "sections": ["edition", "name", "slug"],
}


def _resource(
    release: Release, name: str, title: str, fields: list[JsonObject], pattern: str = ""
) -> JsonObject:
    return {
        "name": name,
        "title": title,
        "path": [
            path for path in release.paths(pattern or f"{name}/**/*.gz") if has_rows(release, path)
        ],
        "format": "jsonl",
        "mediatype": "application/jsonl",
        "compression": "gz",
        "encoding": "utf-8",
        "schema": {
            "fields": fields,
            "primaryKey": _KEYS.get(name, ["id", "version"]),
        },
    }


def has_rows(release: Release, path: str) -> bool:
    """Return whether a file has any line: validators refuse an empty one."""
    with gzip.open(release.folder / path) as lines:
        return bool(lines.read(1))
