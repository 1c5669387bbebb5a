"""The rows that a release is made of, read in order and checked; a crew does what it can."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, tee
from pathlib import Path
from re import Pattern
from typing import TypeAlias

from crawler.errors import StorageError
from crawler.fingerprint import MISFIT, fits
from crawler.journal import line_at
from crawler.newest import Place, lines_at
from crawler.release.rows import Told, read_told
from crawler.release.sketch import Sketch, sketch
from crawler.spreading import Crew

Row: TypeAlias = tuple[Told, bytes, Sketch]  # with its line
ImageSize: TypeAlias = Pattern[str] | None

_CHUNK = 1_000  # rows that are sketched at a time, some 20 ms of work


def read_rows(
    places: Iterable[Place], journal: Path, image_size: ImageSize, crew: Crew | None
) -> Iterator[Row]:
    """Yield the rows that stand at the places; raises ``StorageError``."""
    if crew is None:
        for row, line in read_checked(places, journal, image_size):
            yield row, line, sketch(row.body, row.script)
        return
    here, there = tee(places)
    chunks = iter(lambda: list(islice(there, _CHUNK)), [])
    found = crew.spread(partial(_sketches, journal.resolve(), image_size), chunks)
    sketches = (each for chunk in found for each in chunk)
    for line, sketched in zip(lines_at(here, journal), sketches, strict=True):
        yield read_told(line), line, sketched


def _sketches(journal: Path, image_size: ImageSize, places: Sequence[Place]) -> list[Sketch]:
    rows = read_checked(places, journal, image_size)
    return [sketch(row.body, row.script) for row, _ in rows]


def read_checked(
    places: Iterable[Place], journal: Path, image_size: ImageSize
) -> Iterator[tuple[Told, bytes]]:
    """Yield the rows with their lines; ``StorageError`` for one that is not what was recorded."""
    here, there = tee(places)
    for (name, offset, _, *wanted), line in zip(here, lines_at(there, journal), strict=True):
        try:
            row = read_told(line)
        except ValueError as error:
            raise StorageError(
                f"{line_at(journal / name, offset)}: {wanted[0]} version {wanted[1]} cannot be "
                f"released ({error}); update the project, or go on without damaged lines by: "
                f"scrapy rebuild {journal.parent.name} --skip-damaged"
            ) from error
        problem = "" if fits(row, image_size) else MISFIT
        if [row.id, row.version] != wanted:
            problem = f"there stands {row.id} version {row.version}"
        if problem:
            raise StorageError(
                f"{line_at(journal / name, offset)}: {wanted[0]} version {wanted[1]}: {problem}; "
                f"nothing was released: scrapy verify {journal.parent.name} names all that is wrong"
            )
        yield row, line
