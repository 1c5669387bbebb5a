"""The formats of an export, by name."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from crawler.errors import UsageError
from crawler.export.citations import write_bibtex, write_csl, write_ris
from crawler.export.ninjs import write_ninjs
from crawler.export.row import Row, Source
from crawler.export.schema_org import write_json_ld
from crawler.export.search_engines import write_opensearch
from crawler.export.tables import write_csv, write_parquet, write_sqlite
from crawler.export.tei import write_tei
from crawler.export.xlsx import write_xlsx
from crawler.model.arrow import has_arrow


@dataclass(frozen=True, slots=True)
class Format:
    """How the rows of a site become a file.

    ``is_text``: whether a terminal can show it; ``keeps_withdrawn``: whether it has tombstones,
    too.
    """

    write: Callable[[Iterable[Row], Source], Iterator[bytes]]
    is_text: bool = True
    keeps_withdrawn: bool = False


FORMATS = {
    "csv": Format(write_csv, keeps_withdrawn=True),
    "xlsx": Format(write_xlsx, is_text=False, keeps_withdrawn=True),
    "parquet": Format(write_parquet, is_text=False, keeps_withdrawn=True),
    "sqlite": Format(write_sqlite, is_text=False, keeps_withdrawn=True),
    "ninjs": Format(write_ninjs, keeps_withdrawn=True),
    "opensearch": Format(write_opensearch, keeps_withdrawn=True),
    "jsonld": Format(write_json_ld),
    "tei": Format(write_tei),
    "ris": Format(write_ris),
    "bibtex": Format(write_bibtex),
    "csl": Format(write_csl),
}


def check_format(name: str, *, on_terminal: bool) -> None:
    """Raise ``UsageError`` for an unknown format, or one that cannot be written here."""
    if name not in FORMATS:
        raise UsageError(
            f"--format {name}: expected one of jsonl, {', '.join([*FORMATS, 'structure', 'wacz'])}"
        )
    if name == "parquet" and not has_arrow():
        raise UsageError(f"--format {name}: pyarrow is not installed; install it by: make data")
    if on_terminal and not FORMATS[name].is_text:
        raise UsageError(f"--format {name}: cannot be shown on a terminal; add --out FILE")


def check_none_withdrawn(name: str, withdrawn: Iterable[str]) -> None:
    """Raise ``UsageError`` for articles that a format leaves out. ``withdrawn``: ids."""
    if name in FORMATS and FORMATS[name].keeps_withdrawn:
        return
    if told := ", ".join(withdrawn):
        raise UsageError(f"ids: withdrawn, and left out by --format {name}: {told}")


def write(name: str, rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield the file of a format."""
    form = FORMATS[name]
    kept = (row for row in rows if form.keeps_withdrawn or row["change"] != "withdrawn")
    return form.write(kept, source)
