"""The findings of a probe: as a table, as JSON, and the responses as saved pages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.extract.document import Document, readable
from crawler.extract.errors import UnreadablePage
from crawler.extract.saved_page import save_document
from crawler.probe.finding import Finding, Verdict

ALL_AS_EXPECTED, NOT_ALL = 0, 3
_STYLES: Mapping[Verdict, str] = {
    "as expected": "green",
    "different": "bold red",
    "could not tell": "yellow",
}
_TO_DO: Mapping[Verdict, str] = {
    "different": "What to do: look at the page, then change",
    "could not tell": "Could not tell; if it differs, change",
}
_WIDE = 160  # columns without a terminal


def exit_code(findings: Iterable[Finding]) -> int:
    """Return 0 if everything is as expected, else 3."""
    fine = all(finding.verdict == "as expected" for finding in findings)
    return ALL_AS_EXPECTED if fine else NOT_ALL


def print_table(findings: Sequence[Finding], requests: int) -> None:
    """Print every fact, and below the table the constant to change for each difference."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_WIDE)
    table = Table("fact", "believed", "found", "verdict", show_lines=True)
    for finding in findings:
        cells = (finding.fact, finding.expected, finding.seen)
        table.add_row(*map(Text, cells), Text(finding.verdict, _STYLES[finding.verdict]))
    console.print(table)
    for line in _conclusion(findings, requests):
        console.print(Text(line), soft_wrap=True)


def _conclusion(findings: Sequence[Finding], requests: int) -> Iterable[str]:
    counts = [
        f"{sum(finding.verdict == verdict for finding in findings)} {verdict}"
        for verdict in _STYLES
    ]
    yield f"{len(findings)} facts, {requests} requests: {', '.join(counts)}"
    for verdict, heading in _TO_DO.items():
        concerned = [finding for finding in findings if finding.verdict == verdict]
        if concerned:
            yield heading
        for finding in concerned:
            yield f"  {finding.fact}: {finding.change or 'no code relies on it'}"


def as_json(
    agency: str, site: str, asked_at: str, requests: int, findings: Iterable[Finding]
) -> dict[str, Any]:
    """Return the findings as plain JSON values."""
    return {
        "agency": agency,
        "site": site,
        "asked_at": asked_at,
        "requests": requests,
        "findings": [asdict(finding) for finding in findings],
    }


def save_answers(folder: Path, documents: Iterable[Document]) -> list[str]:
    """Write each response into a folder of its own. Return why some cannot be saved."""
    problems = []
    for number, document in enumerate(documents, 1):
        try:
            save_document(folder / _name(number, document), readable(document))
        except UnreadablePage as error:
            problems.append(f"{document.url} cannot be kept: {error}")
    return problems


def _name(number: int, document: Document) -> str:
    parts = urlsplit(document.url)
    path = re.sub(r"[^A-Za-z0-9.]+", "-", f"{parts.path} {parts.query}").strip("-.")
    return f"{number:02}-{document.status}-{path[:60] or 'home'}"
