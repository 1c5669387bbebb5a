"""Files that a power cut leaves whole, and under their names."""

import errno
import os
from collections.abc import Iterable
from pathlib import Path


def replace_file(path: Path, parts: Iterable[bytes]) -> int:
    """Write a file so that a reader sees all of it or what was there; return how many parts.

    Raises ``OSError``; then what was there stays.
    """
    if not path.name:  # as of "." and of nothing at all
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    temporary = path.with_name(f"{path.name}.tmp")
    number = 0
    try:
        with temporary.open("wb") as file:
            for number, part in enumerate(parts, 1):  # noqa: B007
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)
    return number


def sync_folder(folder: Path) -> None:
    """Make the names of a folder's files durable: a file's own sync does not."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
