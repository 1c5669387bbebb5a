"""Reservations of a site: for all articles, in robots.txt and tdmrep.json, and for single ones.

For both files the last response in the archive counts. Without a response, nothing is known.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field
from protego import Protego

from crawler.errors import ArchiveError, UsageError
from crawler.extract.document import Document
from crawler.extract.errors import UnreadablePage
from crawler.extract.rights import AI_CRAWLERS, is_reserved, rights_of
from crawler.model.article import Capture
from crawler.release.rows import Told
from crawler.store.reader import ArchiveReader
from crawler.warc.index import CaptureIndex
from crawler.warc.writer import Captures

FILE = "rights.json"
TDM = "usage=tdm"
ROBOTS, TDMREP = "/robots.txt", "/.well-known/tdmrep.json"
_LAST = """
SELECT file, offset, length, digest, status, taken_at FROM capture
WHERE article_id IS NULL AND uri = ? AND kind IN ('response', 'revisit') AND status < 500
ORDER BY taken_at DESC, file DESC, offset DESC LIMIT 1
"""
_LATER = """
SELECT file, offset, length, digest, uri FROM capture
WHERE article_id = ? AND taken_at > ? AND kind IN ('response', 'revisit') AND status = 200
ORDER BY taken_at DESC LIMIT 1
"""
_LINE = re.compile(r"\s*(user-agent|disallow|allow|content-signal)\s*:\s*([^#]*)", re.IGNORECASE)
_NO_TRAINING = re.compile(r"\bai-(?:train|input)\s*=\s*no\b", re.IGNORECASE)
_RESERVED = "reserved"  # stands for all who mine texts, in our own rules


class Statement(Struct, frozen=True):
    """A line of one of the files.

    ``to``: the crawler; ``location``: the addresses; ``says``: the words; ``reserves``: whether it
    reserves.
    """

    to: str
    location: str
    says: str
    reserves: bool


class SiteFile(Struct):
    """One of the files in the archive. ``at``: when it was received, None if never."""

    url: str
    at: str | None = None
    status: int | None = None
    problem: str | None = None
    statements: list[Statement] = field(default_factory=list)
    text: str = ""


class SiteRights(Struct, dict=True):
    """The site's statements about all its articles."""

    files: list[SiteFile]

    @property
    def statements(self) -> Iterator[tuple[SiteFile, Statement]]:
        """All statements, with the file of each."""
        return ((file, each) for file in self.files for each in file.statements)

    def reserves(self, url: str) -> bool:
        """Return whether a statement reserves text and data mining of an address."""
        agents, rules = self._rules
        return any(not rules.can_fetch(url, agent) for agent in agents)

    @cached_property
    def _rules(self) -> tuple[list[str], Any]:
        """The crawlers that are named, and everything forbidden to them, as a robots.txt."""
        own = [f"User-agent: {_RESERVED}", "Disallow:"]  # a group needs a rule
        own += [
            f"Disallow: {each.location}"
            for _, each in self.statements
            if each.reserves and not each.says.startswith("Disallow")
        ]
        texts = [file.text for file in self.files if file.url.endswith(ROBOTS)]
        named = {each.to for _, each in self.statements if each.says.startswith("Disallow")}
        return [_RESERVED, *sorted(named)], Protego.parse("\n\n".join(["\n".join(own), *texts]))


def read_site_rights(reader: ArchiveReader, site: str) -> SiteRights:
    """Return the files of a site that an archive has."""
    return SiteRights([_read(reader, site + ROBOTS), _read(reader, site + TDMREP)])


def _read(reader: ArchiveReader, url: str) -> SiteFile:
    row = reader.database.execute(_LAST, (url,)).fetchone()
    if row is None:
        return SiteFile(url)
    *place, status, taken_at = row
    file = SiteFile(url, taken_at, status)
    if status != 200:
        return file
    try:
        file.text = _document(reader, place, url).text
        file.statements = list(_in_robots(file) if url.endswith(ROBOTS) else _in_tdmrep(file))
    except (ArchiveError, UnreadablePage, OSError, ValueError) as error:
        file.text, file.problem = "", f"cannot be read ({error})"
    return file


def _document(reader: ArchiveReader, place: list[Any], url: str) -> Document:
    captures = Captures(reader.folder / "warc", CaptureIndex(reader.database))
    return Document(url, *captures.read(Capture(*place)).answer)


def _in_robots(file: SiteFile) -> Iterator[Statement]:
    """Yield the rules in robots.txt for crawlers of language models, and its Content-Signals."""
    agents: list[str] = []
    in_head = False
    for name, value in map(_parted, file.text.splitlines()):
        if name == "user-agent":
            agents = [*(agents if in_head else ()), value.lower()]
        in_head = name == "user-agent" or (in_head and not name)
        for agent in agents:
            if name == "disallow" and value and agent in AI_CRAWLERS:
                yield Statement(agent, value, "Disallow", reserves=True)
            elif name == "content-signal":
                yield _signal(agent, value)


def _parted(line: str) -> tuple[str, str]:
    found = _LINE.match(line)
    return (found[1].lower(), found[2].strip()) if found else ("", "")


def _signal(agent: str, value: str) -> Statement:
    location, _, rest = value.partition(" ") if value.startswith("/") else ("/", "", value)
    reserves = bool(_NO_TRAINING.search(rest)) and (agent == "*" or agent in AI_CRAWLERS)
    return Statement(agent, location, f"Content-Signal: {rest}", reserves)


class _Rule(Struct, rename="kebab"):
    location: str
    tdm_reservation: int
    tdm_policy: str | None = None


def _in_tdmrep(file: SiteFile) -> Iterator[Statement]:
    """Yield the rules of tdmrep.json. Raises ``ValueError`` if its format is another."""
    for rule in msgspec.json.decode(file.text, type=list[_Rule], strict=False):
        policy = f", tdm-policy: {rule.tdm_policy}" if rule.tdm_policy else ""
        says = f"tdm-reservation: {rule.tdm_reservation}{policy}"
        location = "".join(rule.location.split())
        location = location if location.startswith(("/", "*")) else f"/{location}"
        yield Statement("*", location, " ".join(says.split()), rule.tdm_reservation == 1)


def write_rights(folder: Path, rights: SiteRights) -> None:
    """Write the file of a release: the site's statements, without the files' texts."""
    told = msgspec.to_builtins(rights)
    for file in told["files"]:
        del file["text"]
    text = msgspec.json.format(msgspec.json.encode(told), indent=2)
    (folder / FILE).write_bytes(text + b"\n")


class Unreserved:
    """Leaves out all versions of articles whose text and data mining is reserved.

    A visit that found the text unchanged leaves no row, but its response counts, too.
    """

    def __init__(self, site: SiteRights, reader: ArchiveReader) -> None:
        """Raises ``UsageError`` if a file of the site cannot be read."""
        self._reader = reader
        for file in site.files:
            if file.problem:
                raise UsageError(f"--only {TDM}: {file.url} of {file.at} {file.problem}")
        self._site = site
        self.left_out: set[str] = set()  # ids of articles

    def newest(self, rows: Iterable[Any]) -> Iterator[Any]:
        """Yield the newest versions that nothing reserves. Each begins with its row."""
        for each in rows:
            row: Told = each[0]
            if self._is_reserved(row) or self._is_reserved_since(row):
                self.left_out.add(row.id)
            else:
                yield each

    def superseded(self, rows: Iterable[Any]) -> Iterator[Any]:
        """Yield the earlier versions of those, unless they were reserved themselves."""
        for each in rows:
            if each[0].id not in self.left_out and not self._is_reserved(each[0]):
                yield each

    def _is_reserved_since(self, row: Told) -> bool:
        """Return whether the last response reserves it, or is unreadable.

        Raises ``StorageError``.
        """
        later = self._reader.database.execute(_LATER, (row.id, row.fetched_at)).fetchone()
        if later is None:
            return False
        *place, url = later
        try:
            return any(map(is_reserved, rights_of(_document(self._reader, place, url))))
        except UnreadablePage:
            return True

    def _is_reserved(self, row: Told) -> bool:
        return any(map(is_reserved, row.rights)) or self._site.reserves(row.url)
