"""The articles of a release, for the formats of other programs: who has one needs no archive."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from crawler.errors import StorageError, UsageError
from crawler.export.formats import write
from crawler.export.row import Source
from crawler.model.article import Article
from crawler.release.documents.manifest import read_sums
from crawler.release.files import open_rows
from crawler.store.selection import Selection

LINES = "jsonl"  # the release's own, byte for byte
_PACKAGE = "datapackage.json"
_decode = msgspec.json.Decoder(Article).decode


def write_released(form: str, folder: Path, selection: Selection) -> Iterator[bytes]:
    """Yield the file of a format, or the lines, by edition and year.

    The checksums are not checked: ``scrapy verify-release`` does that. Raises ``UsageError`` if the
    folder is no release, or lacks an edition.
    """
    read_sums(folder)
    editions = {path.name for path in folder.glob("articles/*")}
    for code in sorted(set(selection.editions) - editions):
        known = ", ".join(sorted(editions))
        raise UsageError(f"editions: no edition {code!r} in {folder}; there are: {known}")
    chosen = _chosen(folder, selection)
    if form == LINES:
        return (line for _, line in chosen)
    return write(form, (msgspec.to_builtins(row) for row, _ in chosen), _source(folder))


def _chosen(folder: Path, selection: Selection) -> Iterator[tuple[Article, bytes]]:
    for path in sorted(folder.glob("articles/*/*.jsonl.gz")):
        if selection.editions and path.parent.name not in selection.editions:
            continue
        try:
            with open_rows(path) as lines:
                for line in lines:
                    if _is_within(row := _decode(line), selection):
                        yield row, line
        except (OSError, EOFError, msgspec.DecodeError) as error:
            raise StorageError(f"{path}: cannot be read ({error}); take another copy") from error


def _is_within(row: Article, selection: Selection) -> bool:
    """Return whether an article is of the chosen days; one without a day is not."""
    if not (selection.since or selection.until):
        return True
    day = (row.published_at or "")[:10]
    first, last = (each and each.isoformat() for each in (selection.since, selection.until))
    return bool(day) and (first or day) <= day <= (last or day)


def _source(folder: Path) -> Source:
    try:
        package = msgspec.json.decode((folder / _PACKAGE).read_bytes())
        return Source(package["sources"][0]["path"], package.get("notice", ""))
    except (OSError, LookupError, TypeError, msgspec.DecodeError) as error:
        raise StorageError(
            f"{folder / _PACKAGE}: does not name the site ({error}); take another copy"
        ) from error
