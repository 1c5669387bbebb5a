"""The rows that a release is made of, read in order; what each alone tells is found by a crew."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, tee
from pathlib import Path
from typing import TypeAlias

from crawler.newest import lines_at
from crawler.release.rows import Told, read_told
from crawler.release.sketch import Sketch, sketch
from crawler.spreading import Crew

Place: TypeAlias = tuple[str, int, int]  # in the journal: file, offset, length
Row: TypeAlias = tuple[Told, bytes, Sketch]  # with its line

_CHUNK = 1_000  # rows that are sketched at a time, some 20 ms of work


def read_rows(places: Iterable[Place], journal: Path, crew: Crew | None) -> Iterator[Row]:
    """Yield the rows that stand at the places; raises ``StorageError``."""
    if crew is None:
        for line in lines_at(places, journal):
            row = read_told(line)
            yield row, line, sketch(row.body, row.script)
        return
    here, there = tee(places)
    chunks = iter(lambda: list(islice(there, _CHUNK)), [])
    found = crew.spread(partial(_sketches, journal.resolve()), chunks)
    sketches = (each for chunk in found for each in chunk)
    for line, sketched in zip(lines_at(here, journal), sketches, strict=True):
        yield read_told(line), line, sketched


def _sketches(journal: Path, places: Sequence[Place]) -> list[Sketch]:
    return [sketch(row.body, row.script) for row in map(read_told, lines_at(places, journal))]
