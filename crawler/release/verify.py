"""Checks that a release is consistent: its checksums, each row, its counts, and its references."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from itertools import zip_longest
from operator import attrgetter
from pathlib import Path
from re import Pattern
from typing import Any, get_type_hints

import msgspec

from crawler.model.arrow import has_arrow
from crawler.model.fields import MISFIT, fits
from crawler.model.schema import row_schema, without_words
from crawler.release.documents.manifest import SIGNATURE, SUMS, digest_of, read_sums
from crawler.release.figures import Figures
from crawler.release.files import BROKEN, open_rows
from crawler.release.parquet import place_in_parquet, tables_in, tables_of_lines
from crawler.release.rows import GONE, ROW_MISFIT, ReleasedArticle, partition_of, row_hash
from crawler.release.similarity.stories import Link
from crawler.release.states import EDITS, State, read_states
from crawler.release.states import FILE as STATES
from crawler.release.tables import TABLES, check_table
from crawler.release.withdrawn import FILE as WITHDRAWN
from crawler.release.withdrawn import Withdrawn, read_withdrawn
from crawler.system.disk_set import DiskSet
from crawler.system.signing import NotSigned, signer_of
from crawler.system.software import software, told_as

# The dataclass has defaults for missing fields; in a release no field may be missing.
_HINTS = get_type_hints(ReleasedArticle, include_extras=True)
Row = msgspec.defstruct(
    "Row", [(each.name, _HINTS[each.name]) for each in fields(ReleasedArticle)],
    forbid_unknown_fields=True,
)  # fmt: skip
_row = msgspec.json.Decoder(Row).decode
_link = msgspec.json.Decoder(Link).decode
_MOST = 20  # problems of one kind in a file that are reported one by one
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_COUNTED = (
    "days", "hours", "filled", "authors", "languages", "sections", "precisions", "announced",
    "evidence", "near_duplicates", "rights", "gone", "first_fetch",
)  # fmt: skip
_TIMES = attrgetter("published_at", "modified_at", "first_seen_at", "fetched_at")


class _Made(msgspec.Struct):
    software: dict[str, str | None] = {}


class Verifier:
    """Checks a release. Each problem is one line.

    ``rows``: number of rows read. ``image_sizes``: by agency, needed for its hashes. ``unchecked``:
    number of rows with pictures whose hash could not be checked without it. ``skipped_parquet``:
    whether Parquet could not be read. ``signer``: the key that signed the release, if it is signed.
    ``made_by``: which other program made it, whose small tables may differ. Empty if this one did.
    """

    def __init__(
        self, folder: Path, image_sizes: Mapping[str, Pattern[str] | None] | None = None
    ) -> None:
        self.folder = folder
        self.rows = self.unchecked = 0
        self.skipped_parquet = False
        self.signer = self.made_by = ""
        self._image_sizes = image_sizes or {}
        self._ids, self._versions, self._named = DiskSet(), DiskSet(), DiskSet()
        self._gone, self._untold = DiskSet(), DiskSet()  # untold: edits that lists may tell of
        self._last = "", ""  # file, and place in the order of its rows
        self._articles: Counter[tuple[str, str]] = Counter()
        self._figures = Figures()
        self._withdrawn: dict[str, Withdrawn] = {}

    def problems(self) -> Iterator[str]:
        """Yield all problems. Raises ``UsageError`` if the folder is not a release."""
        sums = read_sums(self.folder)
        yield from self._check_sums(sums)
        yield from self._check_signature()
        yield from self._check_schema()
        for path in sorted(self.folder.glob("articles/*/*.jsonl.gz")):
            yield from self._guarded(path, self._check_rows(path, self._check_article))
        for path in sorted(self.folder.glob("versions/*/*.jsonl.gz")):
            yield from self._guarded(path, self._check_rows(path, self._check_version))
        yield from self._guarded(self.folder / STATES, self._check_states())
        yield from self._guarded(self.folder / "gone.jsonl.gz", self._check_gone())
        for path in sorted(self.folder.glob("links/*.jsonl.gz")):
            yield from self._guarded(path, self._check_links(path))
        yield from self._guarded(self.folder / WITHDRAWN, self._check_withdrawn())
        yield from self._check_counts()
        yield from self._check_named()
        yield from self._check_parquet()

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _check_sums(self, sums: dict[str, str]) -> Iterator[str]:
        present = {self._name(path) for path in self.folder.rglob("*") if path.is_file()}
        for path in sorted(sums.keys() - present):
            yield f"{path}: is missing"
        for path in sorted(present - sums.keys() - {SUMS, SIGNATURE}):
            made_by_python = (
                "; Python made it: delete it" if path.startswith("__pycache__/") else ""
            )
            yield f"{path}: is not in {SUMS}{made_by_python}"
        for path in sorted(sums.keys() & present):
            if digest_of(self.folder / path) != sums[path]:
                yield f"{path}: was changed: its checksum differs"

    def _check_signature(self) -> Iterator[str]:
        path = self.folder / SIGNATURE
        if path.exists():
            try:
                self.signer = signer_of((self.folder / SUMS).read_bytes(), path.read_bytes())
            except NotSigned as error:
                yield f"{SIGNATURE}: is not a valid signature of {SUMS} ({error})"

    def _check_schema(self) -> Iterator[str]:
        try:
            schema = msgspec.json.decode((self.folder / "schema.json").read_bytes())
        except (OSError, msgspec.DecodeError) as error:
            yield f"schema.json: cannot be read ({error})"
            return
        if without_words(schema) != without_words(row_schema(ReleasedArticle)):
            yield (
                "schema.json: its rules differ from this program's, by which the rows are checked; "
                "verify it with the program that made it"
            )

    def _guarded(self, path: Path, problems: Iterator[str]) -> Iterator[str]:
        """Yield the first problems of a file, and one if it cannot be read."""
        number = 0
        try:
            for number, problem in enumerate(problems, 1):
                if number <= _MOST:
                    yield problem
        except BROKEN as error:
            yield f"{self._name(path)}: cannot be read to its end ({error})"
        if number > _MOST:
            yield f"{self._name(path)}: {number - _MOST} more like these"

    def _read(self, path: Path, number: int, line: bytes) -> tuple[Any, str]:
        """Return the row of a line, None if there is none, and the problem with it."""
        self.rows += 1
        here = f"{self._name(path)}: line {number}"
        try:
            row: Any = _row(line)
        except msgspec.DecodeError as error:
            return None, f"{here}: {error}"
        if problem := _impossible(row):
            return row, f"{here}: {row.id} {problem}"
        if problem := self._misfit(row, line):
            return row, f"{here}: {row.id} version {row.version}: {problem}"
        return row, ""

    def _misfit(self, row: Any, line: bytes) -> str:
        """Return which of its hashes does not match a row. Empty if both match."""
        if not fits(row, self._image_sizes.get(row.agency)):
            if row.agency in self._image_sizes or not row.images:
                return MISFIT
            self.unchecked += 1
        return "" if row.row_hash == row_hash(msgspec.json.decode(line)) else ROW_MISFIT

    def _check_rows(self, path: Path, check: Callable[[str, Any], Iterable[str]]) -> Iterator[str]:
        """Yield what is wrong with each row of a file, by itself and by ``check``."""
        here = self._name(path)
        with open_rows(path) as lines:
            for number, line in enumerate(lines, 1):
                row, problem = self._read(path, number, line)
                if problem:
                    yield problem
                if row is not None:
                    yield from (f"{here}: line {number}: {each}" for each in check(here, row))

    def _check_article(self, here: str, row: Any) -> Iterator[str]:
        place = here, f"{row.published_at or ''} {row.id}"
        if self._last[0] == here and place <= self._last:
            yield f"{row.id} is out of order, or twice"
        self._last = place
        yield from (f"{row.id} {problem}" for problem in self._take(here, row))

    def _take(self, here: str, row: Any) -> list[str]:
        """Record an article. Return the problems with its place."""
        problems = []
        partition = partition_of(row.edition, row.published_at)
        if f"articles/{partition.path}" != here:
            problems.append(f"belongs in {partition.path}")
        if row.id in self._ids:
            problems.append("is in two files")
        self._ids.add(row.id)
        self._versions.add(f"{row.id} {row.version}")
        for name in {row.story, row.near_duplicate_of} - {row.id, None}:
            self._named.add(name)
        self._articles[partition] += 1
        self._figures.count(row)
        self._figures.near_duplicates += row.near_duplicate_of is not None
        if row.change in GONE:
            self._gone.add(row.id)
        if row.change in EDITS and row.announced is None:
            self._untold.add(row.id)
        if row.change == "withdrawn":
            self._withdrawn[row.id] = Withdrawn(row.id, row.fetched_at, row.reason)
        return problems

    def _check_version(self, _: str, row: Any) -> Iterator[str]:
        self._figures.count_superseded(row)
        if row.id not in self._ids:
            yield f"{row.id} is not in articles/"
        if self._stands_twice(row):
            yield f"{row.id} version {row.version} is there twice"

    def _stands_twice(self, row: Any) -> bool:
        version = f"{row.id} {row.version}"
        known = version in self._versions
        self._versions.add(version)
        return known

    def _check_gone(self) -> Iterator[str]:
        path = self.folder / "gone.jsonl.gz"
        with open_rows(path) as lines:
            for number, line in enumerate(lines, 1):
                row, problem = self._read(path, number, line)
                if problem:
                    yield problem
                if row is None:
                    continue
                if row.id not in self._gone:
                    here = f"gone.jsonl.gz: line {number}"
                    yield f"{here}: {row.id} is not gone in articles/, or twice"
                self._gone.discard(row.id)
        for name in self._gone:
            yield f"gone.jsonl.gz: {name} is gone in articles/, but not listed"

    def _check_withdrawn(self) -> Iterator[str]:
        """Check that the list of withdrawn articles agrees with the rows."""
        left = dict(self._withdrawn)
        try:
            for told in read_withdrawn(self.folder):
                if told != left.pop(told.id, told) or (
                    told.id in self._ids and told.id not in self._withdrawn
                ):
                    yield f"{WITHDRAWN}: {told.id} differs from articles/"
        except msgspec.DecodeError as error:
            yield f"{WITHDRAWN}: {error}"
            return
        for name in sorted(left):
            yield f"{WITHDRAWN}: {name} is withdrawn in articles/, but not listed"

    def _check_states(self) -> Iterator[str]:
        """Check that each article has one state, which is possible."""
        last, number = "", 0
        try:
            for number, state in enumerate(read_states(self.folder), 1):
                here = f"{STATES}: line {number}: {state.id}"
                if state.id not in self._ids:
                    yield f"{here} is not in articles/"
                if state.id <= last:
                    yield f"{here} is out of order, or twice"
                if problem := self._contradiction(state):
                    yield f"{here} {problem}"
                last = state.id
        except msgspec.DecodeError as error:
            yield f"{STATES}: line {number + 1}: {error}"
            return
        if number < len(self._ids):
            yield f"{STATES}: {len(self._ids) - number} articles have no state"

    def _contradiction(self, state: State) -> str:
        """Return what is impossible in a state. Empty if nothing is."""
        if (state.state == "withdrawn") != (state.id in self._withdrawn):
            return "is withdrawn here but not in articles/, or vice versa"
        if state.state == "gone" and state.id not in self._gone:
            return "is gone here but not in articles/"
        if state.announced is not None and state.id not in self._untold:
            return "has `announced`, but is no edit of which articles/ does not tell it"
        if state.missing_since and state.state not in ("missing", "gone"):
            return f"is {state.state}, and missing since {state.missing_since}"
        return _no_time(state.last_seen_at, state.missing_since)

    def _check_links(self, path: Path) -> Iterator[str]:
        with open_rows(path) as lines:
            for number, line in enumerate(lines, 1):
                try:
                    link = _link(line)
                except msgspec.DecodeError as error:
                    yield f"{self._name(path)}: line {number}: {error}"
                    continue
                self._figures.count_link(link)
                for name in (link.id, link.earlier):
                    if name not in self._ids:
                        yield f"{self._name(path)}: line {number}: {name} is not in articles/"

    def _check_counts(self) -> Iterator[str]:
        try:
            content = (self.folder / "figures.json").read_bytes()
            told = msgspec.json.decode(content, type=Figures)
            made = msgspec.json.decode(content, type=_Made).software
        except (OSError, msgspec.DecodeError) as error:
            yield f"figures.json: cannot be read ({error})"
            return
        if made and made != software():
            self.made_by = told_as(made)
        for name in TABLES:
            yield from self._guarded(self.folder / name, check_table(self.folder, name, told))
        counted = told.by_edition_and_year()
        for edition, year in sorted(counted.keys() | self._articles.keys()):
            here, there = self._articles[edition, year], counted[edition, year]
            if here != there:
                yield f"articles/{edition}/{year}: {here} rows, but {there} in figures.json"
        if (here := self._articles.total()) != told.articles:
            yield f"articles/: {here} rows, but {told.articles} in figures.json"
        changes = self._figures.changes
        for change in sorted(changes.keys() | told.changes.keys()):
            here, there = changes[change], told.changes.get(change, 0)
            if here != there:
                yield f"versions/: {here} are {change}, but {there} in figures.json"
        for name in _COUNTED:
            if getattr(self._figures, name) != getattr(told, name):
                yield f"figures.json: {name!r} differs from the rows"

    def _check_named(self) -> Iterator[str]:
        if lacking := sum(name not in self._ids for name in self._named):
            yield f"articles/: {lacking} stories or near-duplicates refer to missing articles"

    def _check_parquet(self) -> Iterator[str]:
        """Compare each row in Parquet with that of the lines. Skipped without pyarrow."""
        paths = sorted(self.folder.glob("parquet/**/*.parquet"))
        self.skipped_parquet = bool(paths) and not has_arrow()
        if not paths or self.skipped_parquet:
            return
        lines = {
            place_in_parquet(self._name(path)): path
            for kind in ("articles", "versions")
            for path in self.folder.glob(f"{kind}/*/*.jsonl.gz")
        }
        for path in paths:
            place = path.relative_to(self.folder / "parquet")
            if place in lines:
                yield from self._guarded(path, self._compare(path, lines.pop(place)))
            else:
                yield f"{self._name(path)}: has no lines with the same rows"
        for path in sorted(lines.values()):
            yield f"{self._name(path)}: is missing in Parquet, unlike others"

    def _compare(self, path: Path, lines: Path) -> Iterator[str]:
        here, there = self._name(path), self._name(lines)
        number = 0
        try:
            for found, expected in zip_longest(tables_in(path), tables_of_lines(lines)):
                if found is None or expected is None or not found.equals(expected):
                    number += _first_difference(found, expected)
                    yield f"{here}: row {number} differs from line {number} of {there}"
                    return
                number += len(found)
        except (ValueError, KeyError) as error:  # Arrow's errors are of these kinds
            yield f"{here}: cannot be read ({error})"


def _first_difference(found: Any, expected: Any) -> int:
    """Return the number, from 1, of the first row that differs between two tables."""
    pairs = zip_longest(*(table.to_pylist() if table else () for table in (found, expected)))
    return next((number for number, (one, other) in enumerate(pairs, 1) if one != other), 1)


def _impossible(row: Any) -> str:
    """Return what is impossible in a row of valid form. Empty if nothing is."""
    if problem := _no_time(*_TIMES(row), *(seen.at for seen in row.evidence)):
        return problem
    if row.language and not _LANGUAGE.fullmatch(row.language):
        return f"has the language {row.language!r}, which is not a language tag"
    return ""


def _no_time(*moments: str | None) -> str:
    """Return the first time that does not exist, though its form is valid. Empty if all do."""
    for moment in filter(None, moments):
        try:
            datetime.fromisoformat(moment)
        except ValueError:
            return f"has the time {moment}, which does not exist"
    return ""
