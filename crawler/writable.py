"""Places that a command is told to write to, checked before it does anything."""

from pathlib import Path
from tempfile import TemporaryFile

from crawler.errors import UsageError


def check_writable(name: str, path: str | Path, *, makes_folders: bool = False) -> None:
    """Raise ``UsageError`` unless a file can be written there; ``name`` says what for.

    ``makes_folders``: folders that are missing are made by whoever writes.
    """
    file = Path(path)
    if not str(path).strip() or file.is_dir():
        raise UsageError(f"{name} {str(path)!r}: expected the name of a file")
    place = file if file.exists() else file.parent
    while makes_folders and not place.exists():
        place = place.parent
    try:
        with file.open("ab") if file.exists() else TemporaryFile(dir=place):
            pass
    except OSError as error:
        raise UsageError(f"{name} {path}: cannot be written ({error.strerror})") from error
