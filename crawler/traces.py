"""Where else an archive may still tell of a withdrawn article: reports and copies of databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from crawler.errors import StorageError
from crawler.ledger import Ledger
from crawler.report_files import write_report
from crawler.telltale import Telltale

# All of it is made anew by who needs it, or was put aside when something else was made anew.
_COPIES = (
    "browse*.sqlite*",
    "browse*.db*",
    "ledger.sqlite*.before-rebuild",
    "ledger.sqlite.rebuilt*",
    "articles/*.tmp",
    "journal/*.tmp",
    "warc/*.tmp",
    "warc/*.torn",
)


def remove_copies(folder: Path) -> Iterator[str]:
    """Remove the files that may hold any article's text; yield their names. Raises ``OSError``."""
    for pattern in _COPIES:
        for path in sorted(folder.glob(pattern)):
            path.unlink()
            yield path.relative_to(folder).as_posix()


def clean_reports(ledger: Ledger, folder: Path, telltale: Telltale) -> Iterator[str]:
    """Take an article out of the run reports that name it; yield the runs' ids."""
    reports = ledger.database.execute("SELECT id, ended, report FROM run").fetchall()
    kept = {run: (report, bool(ended)) for run, ended, report in reports}
    files = {path.stem: path.read_text("utf-8", "replace") for path in folder.glob("*.json")}
    for run in sorted(kept.keys() | files.keys()):
        report, ended = kept.get(run, ("", True))
        if telltale.shows(report):
            ledger.keep_report(run, _cleaned(run, report, telltale), ended=ended)
        if telltale.shows(files.get(run, "")):
            write_report(folder, run, _cleaned(run, files[run], telltale))
        if telltale.shows(report + files.get(run, "")):
            yield run


def _cleaned(run: str, report: str, telltale: Telltale) -> bytes:
    try:
        return msgspec.json.encode(_without(msgspec.json.decode(report), telltale))
    except msgspec.DecodeError as error:
        raise StorageError(
            f"runs/{run}.json: names the article, and is no report ({error}); remove it"
        ) from error


def _without(value: Any, telltale: Telltale) -> Any:
    """Return a value without the texts that tell of an article, nor what a list says of them."""
    if isinstance(value, dict):
        return {name: _without(value[name], telltale) for name in value}
    if isinstance(value, list):
        plain = (each for each in value if not _tells(each, telltale))
        return [_without(each, telltale) for each in plain]
    return "withdrawn" if _tells(value, telltale) else value


def _tells(value: Any, telltale: Telltale) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, str) and telltale.shows(first)
