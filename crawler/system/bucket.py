"""Object storage by obstore: S3 and compatible services, Google Cloud, Azure, a local folder.

Credentials, region and endpoint come from the environment variables that the service's own tools
use. Large objects are transferred in pieces, each with retries, so that no request takes long.
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from crawler.errors import OutOfReach, StorageError, UsageError

PIECE = 8 << 20  # bytes per read request
_ADDRESS = re.compile(r"(?:s3|gs|az|abfss?)://[^/@\s][^@\s]*|file:///.+")
_BEYOND = re.compile(r"status code: 416|Requested range was invalid")  # the object is shorter
# Of a request that was tried as often as it may.
_SILENCE = re.compile(r"Error performing [A-Z]+ (\w+://[^/]+)\S* .* - HTTP error: (.*)")
_SCHEME = re.compile(r"(?:s3|gs|az|abfss?|file):")
_AT_ONCE = 2  # parts sent in parallel, each with 5 MB of memory
_CLIENT = {"timeout": "60s", "connect_timeout": "10s", "allow_http": True}  # as in the endpoint
_PATIENCE = {"max_retries": 5, "retry_timeout": timedelta(minutes=2)}


def is_address(place: str) -> bool:
    """Return whether a place is meant to be a URL, even a misspelled one, not a local folder."""
    return "://" in place or _SCHEME.match(place) is not None


@lru_cache
def bucket_at(address: str) -> "Bucket":
    """Return the bucket at a URL; raise ``UsageError`` if the URL is invalid."""
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"{address}: expected an address such as s3://bucket/folder, gs://bucket/folder, "
            "az://container/folder or file:///folder"
        )
    if not find_spec("obstore"):
        raise UsageError(f"{address}: obstore is not installed; install it by: make bucket")
    return Bucket(address.rstrip("/"))


class Bucket:
    """The objects below a URL.

    All methods raise ``OutOfReach`` if the bucket cannot be reached or denies access, and
    ``StorageError`` for a missing object.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    @cached_property
    def _store(self) -> Any:
        # Few commands need obstore.
        from obstore.store import LocalStore, from_url

        if self.address.startswith("file://"):
            return LocalStore(self._folder, mkdir=True)
        return from_url(self.address, client_options=_CLIENT, retry_config=_PATIENCE)

    def put(self, name: str, path: Path) -> None:
        """Write an object from a file; readers see the complete new object or the previous one."""
        import obstore

        with self._explained(name, "there is no such bucket"):
            obstore.put(self._store, name, path, max_concurrency=_AT_ONCE)

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return a range of an object, shorter at its end and empty beyond."""
        import obstore
        from obstore.exceptions import GenericError

        with self._explained(name, "is missing; restore it in the bucket"):
            try:
                return bytes(obstore.get_range(self._store, name, start=start, length=length))
            except GenericError as error:
                if _BEYOND.search(str(error)):
                    return b""
                raise

    def pieces(self, name: str, length: int) -> Iterator[bytes]:
        """Yield the content of an object of that length."""
        for start in range(0, length, PIECE):
            yield self.read(name, start, min(PIECE, length - start))

    def size(self, name: str) -> int | None:
        """Return the size of an object in bytes; None if it does not exist."""
        import obstore

        with self._explained(name):
            try:
                return int(obstore.head(self._store, name)["size"])
            except FileNotFoundError:
                return None

    def names(self) -> list[str]:
        """Return the names of all objects below the address."""
        import obstore

        with self._explained(""):
            return [each["path"] for some in obstore.list(self._store) for each in some]

    def delete(self, name: str) -> None:
        """Delete an object, if it exists."""
        import obstore

        with self._explained(name), suppress(FileNotFoundError):
            obstore.delete(self._store, name)

    def get(self, name: str) -> tuple[bytes, dict[str, str] | None]:
        """Return a small object and its state for ``put_if``; empty and None if it is missing."""
        import obstore

        with self._explained(name):
            try:
                found = obstore.get(self._store, name)
            except FileNotFoundError:
                return b"", None
            state = {key: found.meta[key] for key in ("e_tag", "version") if found.meta[key]}
            return bytes(found.bytes()), state

    def put_if(self, name: str, data: bytes, state: dict[str, str] | None) -> bool:
        """Write a small object if its state is unchanged; return whether it was written.

        ``state`` is what ``get`` returned: None if the object must not exist yet.
        """
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        with self._explained(name, "there is no such bucket"):
            try:
                obstore.put(self._store, name, data, mode=self._mode(state))
            except (AlreadyExistsError, PreconditionError):
                return False
            return True

    def _mode(self, state: dict[str, str] | None) -> Any:
        if state is None:
            return "create"
        return "overwrite" if self._is_local else state

    @property
    def _folder(self) -> Path:
        return Path(unquote(self.address.removeprefix("file://")))

    @property
    def _is_local(self) -> bool:
        return self.address.startswith("file://")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Lock a local folder between ``get`` and ``put_if``; it has no conditional writes."""
        if not self._is_local:
            yield
            return
        self._store  # noqa: B018, for it makes the folder
        with (self._folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _explained(self, name: str, absent: str = "is not there") -> Iterator[None]:
        """Replace the long messages of the object store by one line."""
        from obstore.exceptions import BaseError

        place = f"{self.address}/{name}".rstrip("/")
        try:
            yield
        except FileNotFoundError as error:
            raise StorageError(f"{place}: {absent}") from error
        except (BaseError, OSError, ValueError, NotImplementedError) as error:
            raise OutOfReach(
                f"{place}: {_in_short(error)}; check address, network, credentials, permissions "
                "and free space, then run the same command again"
            ) from error


def _in_short(error: Exception) -> str:
    """Return the message of an error, without the request and Rust's debug output."""
    said = " ".join(str(error).partition("\n\nDebug source")[0].split())
    if silence := _SILENCE.search(said):
        return f"no response from {silence[1]} ({silence[2]})"
    refusal = re.search(r"status code: (\d{3}[^:]*)(?:.*<Code>(\w+)</Code>)?", said)
    if refusal:
        return f"the service responded {' '.join(filter(None, refusal.groups()))}"
    return said if len(said) <= 300 else f"{said[:300]} ..."
