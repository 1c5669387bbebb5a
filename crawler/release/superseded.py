"""Versions that were superseded, put behind the newest ones in ``versions/``.

They stand by their own edition and year, which can differ from those of the newest version. What
an article was before it was withdrawn is not released.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from crawler.release.figures import Figures
from crawler.release.gzip_files import RowFile
from crawler.release.rows import Partition, Told, partition_of, released_line

SUPERSEDED = """
SELECT version.file, version.offset, version.length, version.article_id, version.number
FROM version JOIN article ON article.id = version.article_id
JOIN version AS newest ON newest.article_id = article.id AND newest.number = article.version
WHERE version.number <> article.version AND newest.change <> 'withdrawn'{conditions}
ORDER BY version.article_id, version.number
"""
_FULL = 4_000_000  # bytes held before they are written to the partitions' files


def scatter(rows: Iterable[tuple[Told, bytes]], work: Path, figures: Figures) -> dict[str, Path]:
    """Write superseded versions to a file a partition, in their order; return the files."""
    files: dict[str, Path] = {}
    waiting: dict[Partition, list[bytes]] = {}
    held = 0
    for path in work.glob("*.older"):
        path.unlink()
    for row, line in _counted(rows, figures):
        partition = partition_of(row.edition, row.published_at)
        waiting.setdefault(partition, []).append(released_line(line, row, None, None))
        held += len(line)
        if held > _FULL:
            _flush(waiting, work, files)
            held = 0
    _flush(waiting, work, files)
    return files


def _counted(rows: Iterable[tuple[Told, bytes]], figures: Figures) -> Iterator[tuple[Told, bytes]]:
    """Yield the versions, which stand article by article, and count them."""
    for _, of_article in groupby(rows, lambda each: each[0].id):
        number = 1  # the newest
        for row, line in of_article:
            figures.count_superseded(row)
            number += 1
            yield row, line
        figures.versions["1"] -= 1
        figures.versions[str(number)] += 1


def _flush(waiting: dict[Partition, list[bytes]], work: Path, files: dict[str, Path]) -> None:
    for partition, lines in waiting.items():
        path = work / f"{partition.edition}-{partition.year}.older"
        with path.open("ab") as file:
            file.writelines(lines)
        files[partition.path] = path
    waiting.clear()


def write_versions(folder: Path, older: Mapping[str, Path]) -> None:
    """Write ``versions/``: the rows of ``articles/``, then what they superseded."""
    articles = folder / "articles"
    newest = {path.relative_to(articles).as_posix(): path for path in articles.glob("*/*.gz")}
    for path in sorted(newest.keys() | older.keys()):
        file = RowFile(folder / "versions" / path, newest.get(path))
        if path in older:
            with older[path].open("rb") as lines:
                for line in lines:
                    file.write(line)
        file.finish()
