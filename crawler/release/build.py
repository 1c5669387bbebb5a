"""Builds a release from an archive: first the rows, then the descriptions, last the final name.

Everything is written into ``<name>.part`` beside it. A release that fails or is interrupted leaves
nothing behind. The leftovers of one that was killed are removed by the next call, which starts from
the beginning. If an article was withdrawn in the meantime, the release fails: it shows the archive
as it was at its beginning.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from re import Pattern
from typing import IO

from crawler.errors import StorageError, UsageError
from crawler.extract.memento import AHEAD
from crawler.model.rules import TimestampRules
from crawler.release.documents.card import write_data_card
from crawler.release.documents.changelog import write_changes
from crawler.release.documents.citation import write_citation
from crawler.release.documents.croissant import write_croissant
from crawler.release.documents.deposit import write_deposit
from crawler.release.documents.maker import Maker
from crawler.release.documents.manifest import (
    SIGNATURE,
    SUMS,
    Release,
    digest_of,
    write_catalogues,
    write_figures,
    write_sums,
)
from crawler.release.documents.plots import write_plots
from crawler.release.figures import Figures
from crawler.release.files import SUPERSEDED, scatter, write_versions
from crawler.release.gone_rules import read_gone_rules
from crawler.release.parquet import write_parquet
from crawler.release.rights import Unreserved, read_site_rights, write_rights
from crawler.release.rows import UNDATED, Row, read_checked, read_rows
from crawler.release.states import write_states
from crawler.release.tables import write_tables
from crawler.release.withdrawn import write_withdrawn
from crawler.release.writing import Places, write_years
from crawler.release.years import FOLDER as YEARS
from crawler.release.years import Years
from crawler.store.archive import lock_folder
from crawler.store.newest_versions import Place, newest_places, places_by_month
from crawler.store.reader import ArchiveReader
from crawler.store.stand_in_site import read_stand_in
from crawler.system.clock import now, rfc3339
from crawler.system.files import replace_file
from crawler.system.processes import WorkerPool

Conditions = dict[str, object]  # SQL conditions on the ledger's articles, with values
_EDITED_WITHIN = timedelta(days=60)  # of publication; few articles are edited later
_ORDER = "article.published_at, article.id"
_UTC = TimestampRules("UTC")


@dataclass(frozen=True, slots=True)
class Order:
    """The options of a release: which articles, with which extra files, written where."""

    agency: str
    site: str
    out: Path
    conditions: Conditions = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)  # the same, as the operator's options
    only: str | None = None  # a use: only articles that do not reserve it
    parquet: bool = False
    plots: bool = True
    previous: Path | None = None
    image_size: Pattern[str] | None = None  # of the agency's rules
    dates: TimestampRules = _UTC  # the same
    sign: Callable[[bytes], bytes] | None = None
    maker: Maker = field(default_factory=Maker)


def last_fetch(reader: ArchiveReader, conditions: Conditions) -> str:
    """Return the time of the last fetch, whose UTC day is the release's.

    Versions dated in the future, by a clock that was ahead, do not count. Raises ``UsageError`` if
    there is nothing to release.
    """
    query = (
        "SELECT count(*), max(iif(version.fetched_at <= ?, version.fetched_at, NULL)) "
        f"FROM {_versions(conditions)}"
    )
    latest = rfc3339(now() + AHEAD)
    number, moment = reader.database.execute(query, (latest, *conditions.values())).fetchone()
    if moment is None and number:
        raise UsageError(
            f"{reader.folder}: all that is to be released is dated after now, {rfc3339(now())}; "
            "set the clock of this machine, and look at scrapy audit"
        )
    if moment is None:
        raise UsageError(
            f"{reader.folder}: there is nothing to release"
            + (" with these options" if conditions else "; crawl first")
        )
    return str(moment)


def _last_visit(reader: ArchiveReader, conditions: Conditions) -> str | None:
    """Return the time of the last visit, also of one without a change. A withdrawal is none."""
    query = (
        "SELECT max(at) FROM ("
        "SELECT max(version.fetched_at, coalesce(article.fetched_at, '')) AS at "
        "FROM version JOIN article ON article.id = article_id "
        f"WHERE change <> 'withdrawn'{_also(conditions)}) WHERE at <= ?"
    )
    values = (*conditions.values(), rfc3339(now() + AHEAD))
    moment: str | None = reader.database.execute(query, values).fetchone()[0]
    return moment


def build(reader: ArchiveReader, order: Order, pool: WorkerPool | None = None) -> Release:
    """Build a release, perhaps by a pool. Raises ``UsageError``, ``StorageError``, ``Locked``."""
    if order.out.exists():
        raise UsageError(f"{order.out}: is there already; choose another folder by --out")
    latest = last_fetch(reader, order.conditions)
    part = order.out.with_name(f"{order.out.name}.part")
    lock, recorded = part.with_suffix(".lock"), part.with_suffix(".years")
    try:
        order.out.parent.mkdir(parents=True, exist_ok=True)
        with locked(lock), nothing_left(lock, part, recorded):
            years = _years(reader, order, part, recorded, latest)
            release = _fill(reader, order, part, latest, pool, years)
            with _kept(years):
                _check_still_there(reader, order.conditions)
            part.rename(order.out)
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise UsageError(f"{order.out}: cannot be written ({error.strerror})") from error
    except (OSError, sqlite3.OperationalError) as error:
        raise StorageError(f"{order.out}: cannot be written ({error}); nothing is left") from error
    return release


def _years(
    reader: ArchiveReader, order: Order, part: Path, recorded: Path, latest: str
) -> Years | None:
    """Return the years of the previous release, or None for a selection, which has other rows."""
    if order.conditions or order.only:
        return None
    return Years(
        reader.folder / YEARS,
        recorded,
        part,
        order.previous,
        months=lambda name: places_by_month(reader.database, _year_named(name)),
        since=f"{date.fromisoformat(latest[:10]) - _EDITED_WITHIN:%Y-%m}",
    )


@contextmanager
def _kept(years: Years | None) -> Iterator[None]:
    """Keep the records of years, but remove them if the block fails: they contain texts."""
    if years is None:
        yield
        return
    years.keep()
    try:
        yield
    except BaseException:
        years.forget()
        raise


def _check_still_there(reader: ArchiveReader, conditions: Conditions) -> None:
    """Raise ``StorageError`` if an article of the release was withdrawn while it was built."""
    with ArchiveReader(reader.folder) as present:
        if _name_of(present) != _name_of(reader):
            raise StorageError(
                f"{reader.folder}: the ledger was made again while the release was made, and "
                "versions may have been left out; nothing is left of the release: make it again"
            )
        withdrawn = _withdrawn(present) - _withdrawn(reader)
    query = f"SELECT 1 FROM article WHERE id = ? AND version IS NOT NULL{_also(conditions)}"
    for article_id in sorted(withdrawn):
        if reader.database.execute(query, (article_id, *conditions.values())).fetchone():
            raise StorageError(
                f"{article_id} was withdrawn while the release was made; nothing is left of the "
                f"release: complete scrapy withdraw {article_id}, then make the release again"
            )


def _name_of(reader: ArchiveReader) -> str:
    (name,) = reader.database.execute("SELECT value FROM meta WHERE key = 'id'").fetchone()
    return str(name)


def _withdrawn(reader: ArchiveReader) -> set[str]:
    found = reader.database.execute("SELECT id FROM article WHERE state = 'withdrawn'")
    return {article_id for (article_id,) in found}


def locked(lock: Path) -> IO[str]:
    """Take the lock. If that fails, as on a full disk, remove a lock file that was not there."""
    was_there = lock.exists()
    try:
        return lock_folder(lock)
    except OSError:
        if not was_there:
            lock.unlink(missing_ok=True)
        raise


@contextmanager
def nothing_left(lock: Path, *parts: Path) -> Iterator[None]:
    """Remove the leftovers of a killed release first, and the folders themselves at the end."""
    for part in filter(Path.exists, parts):
        shutil.rmtree(part)
    try:
        yield
    finally:
        for part in parts:
            shutil.rmtree(part, ignore_errors=True)
        lock.unlink(missing_ok=True)


def _fill(
    reader: ArchiveReader,
    order: Order,
    part: Path,
    latest: str,
    pool: WorkerPool | None,
    years: Years | None,
) -> Release:
    (part / "work").mkdir(parents=True)
    if pool:
        pool.share(reader.journal.folder)
        pool.share(part / "work")
    made_up = read_stand_in(reader.folder, reader.database)
    rights = read_site_rights(reader, made_up.site if made_up else order.site)
    figures = _write_rows(
        reader, order, part, pool, Unreserved(rights, reader) if order.only else None, years
    )
    figures.last_fetch = _last_visit(reader, order.conditions) or figures.first_fetch
    size = order.image_size.pattern if order.image_size else None
    digests = _digests_of_rows(part, years.digests if years else {})
    release = Release(
        agency=order.agency,
        site=order.site,
        zone=order.dates.zone,
        day=latest[:10],
        version=f"{latest[:10]}+{_digest_of(digests)}",
        chosen=order.chosen,
        figures=figures,
        folder=part,
        image_size=size,
        stand_in=made_up,
        maker=order.maker,
        rights=rights,
        gone_rules=read_gone_rules(reader.database),
        digests=digests,
    )
    _describe(release, order, pool)
    return release


def _digests_of_rows(folder: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Return the digest of each file of rows, by path."""
    paths = [
        *(path for kind in ("articles", "versions") for path in sorted(folder.glob(f"{kind}/*/*"))),
        *sorted(folder.glob("*.gz")),
    ]
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: known.get(name) or digest_of(path) for name, path in names.items()}


def _digest_of(digests: Mapping[str, str]) -> str:
    """Return a digest that differs from that of any other release, also of the same day."""
    told = "".join(f"{digest} {name}\n" for name, digest in digests.items())
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def _write_rows(
    reader: ArchiveReader,
    order: Order,
    part: Path,
    pool: WorkerPool | None,
    unreserved: Unreserved | None,
    years: Years | None,
) -> Figures:
    """Write all rows. Return their counts."""
    journal = reader.journal.folder

    def read(places: Iterable[Place]) -> Iterator[Row]:
        newest = read_rows(places, journal, pool)
        return unreserved.newest(newest) if unreserved else newest

    figures = write_years(_places_by_year(reader, order.conditions), read, part, years)
    left_out = unreserved.left_out if unreserved else frozenset()
    figures.left_out = len(left_out)
    if not figures.articles:
        raise UsageError(f"--only {order.only}: all {figures.left_out:,} articles are reserved")
    query = SUPERSEDED.format(conditions=_also(order.conditions))
    places = reader.database.execute(query, tuple(order.conditions.values()))
    older = read_checked(places, journal)
    superseded = unreserved.superseded(older) if unreserved else older
    write_versions(part, scatter(superseded, part / "work", figures))
    write_withdrawn(reader, part)
    write_states(reader, order.conditions, part, order.dates, left_out)
    return figures


def _places_by_year(reader: ArchiveReader, conditions: Conditions) -> Iterator[tuple[str, Places]]:
    """Yield the name of each year, undated ones first, and where its rows after a month are."""
    query = (
        f"SELECT DISTINCT year FROM article WHERE version IS NOT NULL{_also(conditions)} "
        "ORDER BY year"
    )
    for (year,) in reader.database.execute(query, tuple(conditions.values())).fetchall():
        yield year or UNDATED, partial(_places_after, reader, conditions | {"year IS ?": year})


def _places_after(reader: ArchiveReader, of_year: Conditions, month: str) -> Iterator[Place]:
    later: Conditions = {"published_at > ?": f"{month}~"} if month else {}  # after 2026-11-30T...
    return newest_places(reader.database, of_year | later, _ORDER)


def _year_named(name: str) -> str | None:
    return None if name == UNDATED else name


def _describe(release: Release, order: Order, pool: WorkerPool | None) -> None:
    if order.parquet:
        write_parquet(release, pool, order.previous)
    if order.plots:
        write_plots(release)
    if order.previous:
        write_changes(release, order.previous)
    write_figures(release)
    write_tables(release.figures, release.folder)
    write_rights(release.folder, release.rights)
    write_catalogues(release)
    write_croissant(release)
    write_citation(release)
    write_data_card(release, plots=order.plots)
    write_deposit(release)
    write_sums(release.folder, release.digests)
    if order.sign:
        signature = order.sign((release.folder / SUMS).read_bytes())
        replace_file(release.folder / SIGNATURE, [signature])


def _versions(conditions: Conditions) -> str:
    """Return the versions of the chosen articles, for SQL after FROM."""
    if not conditions:
        return "version"
    return f"version JOIN article ON article.id = article_id WHERE 1{_also(conditions)}"


def _also(conditions: Conditions) -> str:
    return "".join(f" AND article.{each}" for each in conditions)
