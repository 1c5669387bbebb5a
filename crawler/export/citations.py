"""Citations for reference managers such as Zotero: RIS, BibTeX and CSL-JSON."""

from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from crawler.export.row import Row, Source
from crawler.model.citation import cite, csl_item


def _write(form: str, rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    for row in rows:
        yield cite(row, source.host, form, source.notice, _last_seen(row, source)).encode()


write_ris = partial(_write, "ris")
write_bibtex = partial(_write, "bib")


def write_csl(rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield one JSON array of items."""
    return json_array(
        csl_item(row, source.host, source.notice, _last_seen(row, source)) for row in rows
    )


def _last_seen(row: Row, source: Source) -> str | None:
    return source.last_seen(row["id"]) if row["change"] == "gone" else None


def json_array(items: Iterable[object]) -> Iterator[bytes]:
    """Yield a JSON array with one item per line."""
    before = b"[\n"
    for item in items:
        yield before + msgspec.json.encode(item)
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"
