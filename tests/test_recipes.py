"""The recipes of docs/operating.md are run as they are written, in folders of their own."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.settings import BOT_NAME
from tests.commands import ROOT, scrapy
from tests.crawler.offloads import files
from tests.crawler.offloads import finished as finished

pytestmark = pytest.mark.slow
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
ARCHIVES = f"var/lib/{BOT_NAME}"


def recipe(heading: str, contains: str) -> str:
    """Return the only block of commands under a heading that contains a text."""
    section = OPERATING.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", section, re.MULTILINE)
    (found,) = [block for block in blocks if contains in block]
    return re.sub(r"^ {4}", "", found, flags=re.MULTILINE)


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [name for name in programs if not shutil.which(name)]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


@pytest.fixture
def root(folder: Path, tmp_path: Path) -> Path:
    """Return a folder that stands for / and has an archive at its usual place."""
    (tmp_path / ARCHIVES).mkdir(parents=True)
    folder.rename(tmp_path / ARCHIVES / "uza")
    return tmp_path


def run(commands: str, root: Path, **variables: str) -> str:
    """Run commands with that folder instead of /, and return what they print."""
    inner = str(root).removeprefix("/")
    for place in ("var/lib/", "var/backups/"):
        commands = commands.replace(place, f"{inner}/{place}")
    commands = commands.replace("/tmp/drill", f"{root}/drill")
    commands = commands.replace(f"/opt/{BOT_NAME}", str(ROOT))
    commands = commands.replace(".venv/bin/scrapy", f"{sys.executable} -m scrapy")
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", commands.replace("python3", sys.executable)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "HOME": str(root), **variables},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check_drill(root: Path, first_line: str, before: Mapping[str, bytes], **variables: str) -> None:
    """Restore the backup as the drill says; both of its commands must end with 0."""
    _, *rest = recipe("Restore drill", "restic restore").splitlines()
    said = run("\n".join([first_line, *rest]), root, **variables)
    assert "whole captures" in said
    restored = root / "drill" / str(root).removeprefix("/") / ARCHIVES / "uza"
    assert files(restored) == before


def the_copy_of_ledgers() -> str:
    commands = recipe("Backing up", "restic backup")
    return commands[: commands.index("restic backup")]


@needs("restic")
def test_a_backup_by_restic_restores_the_archive(root: Path) -> None:
    before = files(root / ARCHIVES / "uza")
    (root / "password").write_text("a secret")
    kept = {"RESTIC_REPOSITORY": f"{root}/kept", "RESTIC_PASSWORD_FILE": f"{root}/password"}
    run("restic init", root, **kept)
    run(recipe("Backing up", "restic backup"), root, **kept)
    again = run(recipe("Backing up", "restic backup"), root, **kept)
    assert "0 new" in again
    check_drill(root, recipe("Restore drill", "restic restore").splitlines()[0], before, **kept)


@needs("borg")
def test_a_backup_by_borg_restores_the_archive(root: Path) -> None:
    before = files(root / ARCHIVES / "uza")
    kept = {"BORG_REPO": f"{root}/kept", "BORG_PASSCOMMAND": "echo a secret"}
    run("borg init --encryption=repokey-blake2", root, **kept)
    run(the_copy_of_ledgers() + recipe("Backing up", "borg create"), root, **kept)
    (first_line,) = re.findall(r"`(mkdir /tmp/drill && .*borg extract [^`]*)`", OPERATING)
    check_drill(root, first_line, before, **kept)


def test_a_backup_by_tar_restores_the_archive(root: Path) -> None:
    before = files(root / ARCHIVES / "uza")
    (tar,) = re.findall(r"`(tar --create [^`]*)`", OPERATING)
    drill = root / "drill" / str(root).removeprefix("/")
    (drill / ARCHIVES).mkdir(parents=True)
    run(the_copy_of_ledgers() + tar.replace("FOLDER", f"/tmp/drill/{ARCHIVES}"), root)
    shutil.copytree(root / "var" / "backups", drill / "var" / "backups")
    check_drill(root, "cd /tmp/drill", before)


@needs("rsync")
def test_a_moved_archive_is_whole_and_what_was_removed_meanwhile_is_not_there(root: Path) -> None:
    before = files(root / ARCHIVES / "uza")
    first, *_, last = re.findall(r"^rsync .*$", recipe("Moving to another machine", "rsync"), re.M)
    assert first == last
    (root / "new" / "var" / "lib").mkdir(parents=True)
    stray = root / ARCHIVES / "uza" / "ledger.sqlite-journal"
    stray.write_bytes(b"of a run")
    _move(first, root)
    stray.unlink()
    _move(last, root)
    moved = root / "new" / "var" / "lib" / BOT_NAME
    assert files(moved / "uza") == before
    assert not (moved / "uza" / stray.name).exists()
    assert scrapy("verify", "uza", "--captures", DATA_DIR=moved).returncode == 0


def _move(line: str, root: Path) -> None:
    here, there = line.split()[-2:]
    words = line.replace(here, f"{root}{here}").replace(there, f"{root}/new/var/lib")
    subprocess.run(words.split(), check=True, timeout=60)


@contextmanager
def syslog(folder: Path, rules: str) -> Iterator[Path]:
    """Let rsyslog run with these rules; yield its socket."""
    socket, pid = folder / "dev-log", folder / "pid"
    conf = folder / "rsyslog.conf"
    conf.write_text(
        f'module(load="imuxsock" SysSock.Name="{socket}")\n{rules}*.* {folder}/others\n'
    )
    process = subprocess.Popen(["rsyslogd", "-n", "-f", conf, "-i", pid])
    try:
        wait_for(socket)
        yield socket
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end, f"{path} did not appear"
        time.sleep(0.02)


@needs("rsyslogd", "logrotate", "logger")
def test_the_lines_of_runs_go_to_a_file_of_their_own_that_is_rotated(tmp_path: Path) -> None:
    log, rotate = tmp_path / f"{BOT_NAME}.log", tmp_path / "rotate"
    in_tmp = ("/var/log/", f"{tmp_path}/")
    with syslog(tmp_path, recipe("Logs", ":programname").replace(*in_tmp)) as socket:
        for tag in (f"{BOT_NAME}@uza", "another"):
            subprocess.run(["logger", "-u", socket, "-t", tag, f"of {tag}"], check=True)
        wait_for(tmp_path / "others")
        wait_for(log)
    assert [f"of {BOT_NAME}@uza" in line for line in log.read_text().splitlines()] == [True]
    assert BOT_NAME not in (tmp_path / "others").read_text()
    conf = recipe("Logs", "weekly").replace(*in_tmp)
    rotate.write_text(conf.replace("/usr/lib/rsyslog/rsyslog-rotate", "true"))
    rotate.chmod(0o644)
    command = ["logrotate", "--force", "--state", str(tmp_path / "state"), str(rotate)]
    subprocess.run(command, check=True, timeout=60)
    assert not log.exists()
    assert f"of {BOT_NAME}@uza" in (tmp_path / f"{log.name}.1").read_text()
