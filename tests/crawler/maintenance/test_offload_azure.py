"""Files in a container of Azure: Azurite, Microsoft's own stand-in, on this machine."""

import base64
import hashlib
import hmac
import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from email.utils import formatdate
from pathlib import Path
from threading import Thread

import obstore
import pytest

from crawler.errors import StorageError, UsageError
from crawler.maintenance.rebuild import Rebuild
from crawler.system.bucket import Bucket, bucket_at
from tests.commands import ROOT
from tests.crawler.offloads import files, moving, offload, problems, quiet
from tests.crawler.offloads import finished as finished
from tests.crawler.withdrawals import PHRASE, withdraw
from tests.ports import free_port

PROGRAM = ROOT / ".venv/azurite/node_modules/.bin/azurite-blob"
TO = "az://news/all"
# The account that every Azurite has, as Microsoft publishes it.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
STARTS_IN = 60  # seconds at most, on a busy machine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM.exists(), reason="no Azurite: see CONTRIBUTING.md"),
]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve an account in memory, with a container."""
    port = free_port()
    chosen = ("--inMemoryPersistence", "--disableTelemetry", "--silent", "--skipApiVersionCheck")
    process = subprocess.Popen(
        [PROGRAM, "--blobPort", str(port), *chosen],
        cwd=tmp_path_factory.mktemp("azurite"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _make_container(port)
        yield port
    finally:
        process.kill()
        process.wait()


def _make_container(port: int) -> None:
    end = time.monotonic() + STARTS_IN
    while time.monotonic() < end:
        with suppress(OSError):
            assert _answer(port) == 201
            return
        time.sleep(0.05)
    raise AssertionError("Azurite did not start")


def _answer(port: int) -> int:
    """Ask for a container: a signed request, for obstore makes none."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
    named = "".join(f"{name}:{value}\n" for name, value in headers.items())
    asked = "PUT" + "\n" * 12 + f"{named}/{ACCOUNT}/{ACCOUNT}/news\nrestype:container"
    signed = hmac.digest(base64.b64decode(KEY), asked.encode(), hashlib.sha256)
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(signed).decode()}"
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("PUT", f"/{ACCOUNT}/news?restype=container", headers=headers)
        return connection.getresponse().status


@pytest.fixture
def azure(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """Return an empty container, which this process and the commands that it starts use."""
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", KEY)
    monkeypatch.setenv("AZURE_STORAGE_USE_EMULATOR", "true")
    monkeypatch.setenv("AZURITE_BLOB_STORAGE_URL", f"http://127.0.0.1:{port}")
    bucket_at.cache_clear()
    whole = Bucket("az://news")
    for name in whole.names():
        whole.delete(name)
    yield whole
    bucket_at.cache_clear()


def stored(azure: Bucket) -> dict[str, bytes]:
    """Return what is there by its name in the archive."""
    objects = {name: azure.get(name)[0] for name in azure.names() if "manifest" not in name}
    return {f"{name.split('/')[2]}/{name.split('/')[4]}": objects[name] for name in objects}


def test_files_are_read_there_and_come_back(azure: Bucket, folder: Path) -> None:
    before = files(folder)
    assert offload(folder, TO).moved == len(before) == 5
    assert (files(folder), stored(azure)) == ({}, before)
    Rebuild(folder, quiet).make()
    assert problems(folder) == []
    withdraw(folder)
    offload(folder, TO)
    assert PHRASE.encode() not in b"".join(stored(azure).values())
    moving(folder, TO).bring_all_back()
    assert (stored(azure), problems(folder)) == ({}, [])
    assert {*before} <= {*files(folder)}


def test_a_small_object_is_written_only_if_nobody_changed_it_meanwhile(azure: Bucket) -> None:
    assert azure.put_if("x", b"1", None)
    assert not azure.put_if("x", b"2", None)
    _, state = azure.get("x")
    assert azure.put_if("x", b"3", state)
    assert not azure.put_if("x", b"4", state)
    assert azure.get("x")[0] == b"3"


def test_two_hosts_at_once_move_each_file_once(azure: Bucket, folder: Path, tmp_path: Path) -> None:
    before = files(folder)
    other = tmp_path / "other" / "uza"
    shutil.copytree(folder, other)
    hosts = [Thread(target=offload, args=(each, TO)) for each in (folder, other)]
    for host in hosts:
        host.start()
    for host in hosts:
        host.join()
    assert stored(azure) == before
    shared = json.loads(azure.get("all/uza/manifest.json")[0])["files"]
    assert sorted(shared) == sorted(before)  # neither has written over what the other had added
    assert problems(folder) == problems(other) == []


def test_a_changed_object_and_another_archive_are_named(azure: Bucket, folder: Path) -> None:
    offload(folder, TO)
    name = next(name for name in azure.names() if name.endswith("2026.jsonl"))
    obstore.put(azure._store, name, b"{}")
    with pytest.raises(StorageError, match=r"2026\.jsonl: was changed since it was moved there"):
        moving(folder, TO).bring_all_back()
    azure.put_if("all/uza/manifest.json", b"no manifest", azure.get("all/uza/manifest.json")[1])
    with pytest.raises(StorageError, match="is not a manifest"):
        offload(folder, TO)


def test_a_container_that_is_not_there_is_named(azure: Bucket, folder: Path) -> None:
    with pytest.raises(StorageError, match="there is no such bucket"):
        offload(folder, "az://nwes/all")
    with pytest.raises(UsageError, match="expected an address such as"):
        offload(folder, "azure://news/all")
    assert offload(folder, TO).moved == 5
