"""Object storage by obstore: S3 and what is compatible, Google Cloud, Azure, or a local folder.

Credentials, region and endpoint come from the environment, under the names that the store's own
tools use. No request takes long, since large objects go and come in pieces, each tried again.
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

PIECE = 8 << 20  # bytes asked for at once
_ADDRESS = re.compile(r"(?:s3|gs|az|abfss?)://[^/@\s][^@\s]*|file:///.+")
_AT_ONCE = 2  # parts of an object that are sent at once, each of 5 MB in memory
_CLIENT = {"timeout": "60s", "connect_timeout": "10s", "allow_http": True}  # as the endpoint says
_PATIENCE = {"max_retries": 5, "retry_timeout": timedelta(minutes=2)}


def is_address(place: str) -> bool:
    """Tell whether a place is an address, or meant to be one, and no folder of this machine."""
    return "://" in place


@lru_cache
def bucket_at(address: str) -> "Bucket":
    """Return the place in a bucket that an address names; raise ``UsageError`` if it is none."""
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"{address}: expected an address such as s3://bucket/folder, gs://bucket/folder, "
            "az://container/folder or file:///folder"
        )
    if not find_spec("obstore"):
        raise UsageError(f"{address}: obstore is not installed; install it by: make bucket")
    return Bucket(address.rstrip("/"))


class Bucket:
    """Objects below an address.

    All methods raise ``OutOfReach`` if the bucket cannot be reached or refuses, and
    ``StorageError`` for an object that is not there.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    @cached_property
    def _store(self) -> Any:
        # Only these few commands need it.
        from obstore.store import LocalStore, from_url

        if self.address.startswith("file://"):
            return LocalStore(self._folder, mkdir=True)
        return from_url(self.address, client_options=_CLIENT, retry_config=_PATIENCE)

    def put(self, name: str, path: Path) -> None:
        """Write an object from a file; a reader sees all of it or what was there."""
        import obstore

        with self._explained(name, "there is no such bucket"):
            obstore.put(self._store, name, path, max_concurrency=_AT_ONCE)

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return a range of an object; less only at its end."""
        import obstore

        with self._explained(name):
            return bytes(obstore.get_range(self._store, name, start=start, length=length))

    def pieces(self, name: str, length: int) -> Iterator[bytes]:
        """Yield an object of that length from its beginning to its end."""
        for start in range(0, length, PIECE):
            yield self.read(name, start, min(PIECE, length - start))

    def size(self, name: str) -> int | None:
        """Return how many bytes an object has; None if it is not there."""
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
        """Remove an object, if it is there."""
        import obstore

        with self._explained(name), suppress(FileNotFoundError):
            obstore.delete(self._store, name)

    def get(self, name: str) -> tuple[bytes, dict[str, str] | None]:
        """Return a small object, and what tells its state; nothing and None if it is not there."""
        import obstore

        with self._explained(name):
            try:
                found = obstore.get(self._store, name)
            except FileNotFoundError:
                return b"", None
            state = {key: found.meta[key] for key in ("e_tag", "version") if found.meta[key]}
            return bytes(found.bytes()), state

    def put_if(self, name: str, data: bytes, state: dict[str, str] | None) -> bool:
        """Write a small object if its state is still that one; tell whether it was.

        ``state`` is what ``get`` returned: None if there must be none yet.
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
        """Keep others out between ``get`` and ``put_if``, where the place has no conditions."""
        if not self._is_local:
            yield
            return
        self._store  # noqa: B018, for it makes the folder
        with (self._folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _explained(self, name: str, absent: str = "is not there") -> Iterator[None]:
        """Say in one line what an object store says in many."""
        from obstore.exceptions import BaseError

        place = f"{self.address}/{name}".rstrip("/")
        try:
            yield
        except FileNotFoundError as error:
            raise StorageError(f"{place}: {absent}") from error
        except (BaseError, OSError, ValueError, NotImplementedError) as error:
            raise OutOfReach(
                f"{place}: {_in_short(error)}; check address, network, credentials, rights and "
                "room, then run the same command again"
            ) from error


def _in_short(error: Exception) -> str:
    """Return what an error says, without the request and what Rust adds for programmers."""
    said = " ".join(str(error).partition("\n\nDebug source")[0].split())
    refusal = re.search(r"status code: (\d{3}[^:]*)(?:.*<Code>(\w+)</Code>)?", said)
    if refusal:
        return f"the store answered {' '.join(filter(None, refusal.groups()))}"
    return said if len(said) <= 300 else f"{said[:300]} ..."
