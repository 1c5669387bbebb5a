"""SSH signatures (by OpenSSH) and time stamps of an authority (RFC 3161, by OpenSSL).

Both programs are usually installed where a crawler runs, and signatures can be checked without this
project.
"""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request

from crawler.system.notices import fetch
from crawler.system.software import NAME

UNREAD = "a key that was not checked: ssh-keygen is not installed"
_SECONDS = 30  # limit for each call of a program
_SIGNER = re.compile(r'^Good "[^"]+" signature with \S+ key (\S+)', re.MULTILINE)
_MOMENT = re.compile(r"^Time stamp: (.+)$", re.MULTILINE)
_QUERY = "application/timestamp-query"


class NotSigned(Exception):
    """Signing failed, or a signature or time stamp is invalid; the message contains the reason."""


def sign(data: bytes, key: Path) -> bytes:
    """Return a signature of the data made with an SSH key; raise ``NotSigned``."""
    return _run(["ssh-keygen", "-Y", "sign", "-q", "-n", NAME, "-f", str(key)], data)


def signer_of(data: bytes, signature: bytes) -> str:
    """Return the fingerprint of the key that signed the data.

    Raises ``NotSigned`` if the signature is invalid. Without ssh-keygen it is not checked:
    ``UNREAD`` is returned.
    """
    if not shutil.which("ssh-keygen"):
        return UNREAD
    with TemporaryDirectory() as folder:
        path = Path(folder, "signature")
        path.write_bytes(signature)
        command = ["ssh-keygen", "-Y", "check-novalidate", "-n", NAME, "-s", str(path)]
        said = _run(command, data).decode()
    found = _SIGNER.search(said)
    if not found:
        raise NotSigned(said.strip())
    return found[1]


def stamp(data: bytes, authority: str) -> bytes:
    """Request a time stamp for the data from an authority; raise ``OSError``, ``NotSigned``."""
    query = _run(["openssl", "ts", "-query", "-sha256", "-cert", "-digest", _digest(data)])
    return fetch(Request(authority, query, {"Content-Type": _QUERY}))


def stamped_at(data: bytes, stamp: bytes, certificates: Path | None) -> str | None:
    """Return the time in a time stamp of the data, if its authority has one of the certificates.

    None without certificates, or if openssl is not installed. Raises ``NotSigned`` if the time
    stamp is invalid for the data.
    """
    if not certificates or not shutil.which("openssl"):
        return None
    with TemporaryDirectory() as folder:
        path = Path(folder, "stamp")
        path.write_bytes(stamp)
        verify = ["-verify", "-digest", _digest(data), "-CAfile", str(certificates)]
        for what in (verify, ["-reply", "-text"]):
            said = _run(["openssl", "ts", *what, "-in", str(path)])
    found = _MOMENT.search(said.decode("utf-8", "replace"))
    if not found:
        raise NotSigned("it contains no time")
    return found[1]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _run(command: list[str], data: bytes = b"") -> bytes:
    """Run a program and return its output; raise ``NotSigned`` with its last line if it fails."""
    try:
        run = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotSigned(f"{command[0]} cannot be run ({error})") from error
    if run.returncode:
        said = (run.stderr + run.stdout).decode("utf-8", "replace").strip().splitlines()
        raise NotSigned(
            said[-1] if said else f"{command[0]} failed with exit code {run.returncode}"
        )
    return run.stdout
