"""Small tables that are made from the figures of a release, and the code that makes their keys."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from shutil import copyfile

from crawler.release import authors, sections
from crawler.release.figures import Figures
from crawler.release.files import open_rows, write_rows
from crawler.text import folding

TABLES = {authors.FILE: authors.author_lines, sections.FILE: sections.section_lines}


def write_tables(figures: Figures, folder: Path) -> None:
    """Write the tables, and a copy of the code that makes their keys."""
    for name, lines in TABLES.items():
        write_rows(folder / name, lines(figures))
    copyfile(folding.__file__, folder / "fold.py")


def check_table(folder: Path, name: str, figures: Figures) -> Iterator[str]:
    """Yield a problem for the first line that differs from the figures."""
    with open_rows(folder / name) as lines:
        for number, (line, expected) in enumerate(zip_longest(lines, TABLES[name](figures)), 1):
            if line != expected:
                yield f"{name}: line {number} differs from figures.json"
                return
