"""Signatures by OpenSSH, and time stamps of an authority (RFC 3161) by OpenSSL: their programs.

Both programs are where a crawler runs anyway, and whoever checks needs nothing of ours.
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
_SECONDS = 30  # that a program may take
_SIGNER = re.compile(r'^Good "[^"]+" signature with \S+ key (\S+)', re.MULTILINE)
_MOMENT = re.compile(r"^Time stamp: (.+)$", re.MULTILINE)
_QUERY = "application/timestamp-query"


class NotSigned(Exception):
    """A key does not sign, or a signature or a time stamp does not hold; the message says why."""


def sign(data: bytes, key: Path) -> bytes:
    """Return the signature of data by an SSH key; raise ``NotSigned``."""
    return _run(["ssh-keygen", "-Y", "sign", "-q", "-n", NAME, "-f", str(key)], data)


def signer_of(data: bytes, signature: bytes) -> str:
    """Return the fingerprint of the key that signed data; raise ``NotSigned`` if none did."""
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
    """Let an authority confirm that data are there now; raise ``OSError``, ``NotSigned``."""
    query = _run(["openssl", "ts", "-query", "-sha256", "-cert", "-digest", _digest(data)])
    return fetch(Request(authority, query, {"Content-Type": _QUERY}))


def stamped_at(data: bytes, stamp: bytes, certificates: Path | None) -> str | None:
    """Return when data were there, by a time stamp of an authority with one of the certificates.

    None without certificates, or if the program that tells is not installed. Raises ``NotSigned``
    if it says nothing of these data.
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
        raise NotSigned("it tells no time")
    return found[1]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _run(command: list[str], data: bytes = b"") -> bytes:
    """Run a program; return what it prints, or raise ``NotSigned`` with the last line it says."""
    try:
        run = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotSigned(f"{command[0]} does not run ({error})") from error
    if run.returncode:
        said = (run.stderr + run.stdout).decode("utf-8", "replace").strip().splitlines()
        raise NotSigned(said[-1] if said else f"{command[0]} ends with {run.returncode}")
    return run.stdout
