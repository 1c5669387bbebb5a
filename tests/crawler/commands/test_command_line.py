"""What holds for every command of ours: one line for what makes no sense, one for a signal."""

import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from signal import SIGINT, SIGTERM, Signals

import pytest
from scrapy.utils.project import get_project_settings

from crawler.cli import likely_names
from crawler.errors import ExitCode
from crawler.store.archive import Archive
from crawler.system.signals import Ended, in_one_piece, interruptible
from crawler.verify.context import SHARE
from tests.commands import LONGEST, ROOT, Refused, scrapy
from tests.crawler.archives import store

COMMANDS = sorted(
    path.stem for path in (ROOT / "crawler" / "commands").glob("*.py") if path.stem != "__init__"
)
SCRAPYS_OWN = {"bench", "check", "fetch", "genspider", "parse", "runspider", "shell", "view"}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_misspelled_option_is_told_as_that(name: str, refused: Refused) -> None:
    assert "unknown option --bogus; " in refused(name, "uza", "--bogus")
    assert "unknown option --profle=x; did you mean --profile?" in refused(name, "--profle=x")


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - SCRAPYS_OWN))
def test_the_help_has_examples_and_exit_codes_as_they_are(name: str) -> None:
    told = scrapy(name, "-h").stdout
    assert f"  scrapy {name}" in told.partition("\nexamples:\n")[2]
    codes = told.partition("\nexit codes:")[2].partition("\nsignals:")[0].split("where several")[0]
    found = {int(code) for code in re.findall(r"(?:^|;)\s*(\d+)\s", codes, re.MULTILINE)}
    assert found
    assert found <= set(ExitCode)


def test_the_help_of_verify_says_how_many_captures_it_reads() -> None:
    assert f"one capture in {SHARE} completely" in " ".join(scrapy("verify", "-h").stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-s", "DATA_DIR"], "Invalid -s value, use -s NAME=VALUE"),
        (["-s", "DATA_DIR="], "DATA_DIR is empty"),
        (["-s", "SPIDER_MODULES=x"], "SPIDER_MODULES=x: there is no such module"),
        (["--logfile", "nosuch/log"], "LOG_FILE nosuch/log: cannot be written"),
    ],
)
def test_a_setting_that_no_command_can_work_with_is_refused(
    name: str, arguments: list[str], message: str, refused: Refused
) -> None:
    assert message in refused(name, "uza", *arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "uza", "--out", "."], "--out .: cannot be written (Is a directory)"),
        (["export", "uza", "--out", ""], "--out : cannot be written (Is a directory)"),
        (["audit", "uza", "--png", "."], "--png .: cannot be written (Is a directory)"),
        (["release", "uza", "--out", ""], "--out is empty; expected a folder to make"),
        (["reparse", "uza", "--ids", "uza:1,uza:nosuch"], "--ids: uza:nosuch is not known"),
        (["browse", "uza", "--port", "x"], "argument --port: invalid int value: 'x'"),
        (["crawl", "page", "-a", "url=http://a.example/b", "-O", "x.csv"], "page prints one row"),
        (["fields", "uza"], "expected no argument, not 'uza'"),
    ],
)
def test_a_place_or_an_id_that_cannot_be_is_one_line(
    arguments: list[str], message: str, refused: Refused, tmp_path: Path
) -> None:
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, edition="en", published_at="2026-11-22T12:00:00+05:00")
    assert message in refused(*arguments, "-s", f"DATA_DIR={tmp_path}")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("DOWNLOD_DELAY", "DOWNLOAD_DELAY"),
        ("download_delay", "DOWNLOAD_DELAY"),
        ("CONTAKT", "CONTACT"),
        ("UZA_SITEURL", "UZA_SITE_URL"),
        ("UZA_API_URL", None),
        ("ANYTHING_OF_MINE", None),
    ],
)
def test_a_name_that_looks_like_a_setting_is_told_with_the_likely_one(
    name: str, near: str | None
) -> None:
    settings = get_project_settings()
    told = list(likely_names([name], set(settings), settings))
    assert told == ([f"no setting has the name {name}; did you mean {near}?"] if near else [])


def test_the_warning_of_a_name_stands_before_what_the_command_says(tmp_path: Path) -> None:
    told = scrapy("fields", DOWNLOD_DELAY=1)
    assert told.returncode == 0
    assert told.stderr.count("\n") == 1
    assert "scrapy fields: warning: no setting has the name DOWNLOD_DELAY" in told.stderr


WORK = {
    "agencies": "crawler.scaffold.agencies.table",
    "audit": "crawler.audit.report.read_audit",
    "browse": "crawler.browse.index.bring_up_to_date",
    "capture": "crawler.commands.capture._wanted",
    "confirm-gone": "crawler.commands.confirm-gone._preview",
    "diff": "crawler.store.reader.ArchiveReader.versions",
    "evidence": "crawler.evidence.wacz.write_evidence",
    "export": "crawler.store.reader.ArchiveReader.lines",
    "fields": "crawler.model.schema.field_reference",
    "newagency": "crawler.scaffold.fetch.load_page",
    "preview": "crawler.scaffold.fetch.look",
    "probe": "crawler.commands.probe._own_questions",
    "prove": "crawler.store.proofs.Proofs.make",
    "rebuild": "crawler.maintenance.rebuild.Rebuild.make",
    "release": "crawler.release.build.build",
    "reparse": "crawler.maintenance.reparse.Reparse.work",
    "savepage": "crawler.scaffold.fetch.load_page",
    "status": "crawler.report.status.read_status",
    "verify": "crawler.verify.context.sizes_in",
    "verify-release": "crawler.release.verify.Verifier.problems",
    "wire-copies": "crawler.release.documents.manifest.read_sums",
    "withdraw": "crawler.maintenance.withdraw.Withdrawal.work",
}
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "agencies": (),
    "fields": (),
    "browse": ("uza", "--only-build"),
    "capture": ("uza:1",),
    "diff": ("uza:1",),
    "evidence": ("uza:1", "--out", "uza-1.wacz"),
    "newagency": ("wire", "page.html", "--url", "https://wire.example/1"),
    "preview": ("https://wire.example/1",),
    "savepage": ("page.html", "--url", "https://uza.uz/posts/a_1"),
    "verify-release": ("release",),
    "wire-copies": ("release", "other"),
    "withdraw": ("uza:1", "--reason", "a court", "--yes"),
}


@pytest.mark.parametrize("number", [SIGINT, SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("name", WORK)
def test_a_signal_is_one_line_and_its_exit_code(
    name: str,
    number: Signals,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    if name == "browse":
        pytest.importorskip("tantivy", reason="tantivy is not installed: make data")
    from scrapy.cmdline import execute

    def interrupted(*_: object, **__: object) -> None:
        os.kill(os.getpid(), number)

    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1)
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(WORK[name], interrupted)
    with pytest.raises(SystemExit) as end:
        execute(["scrapy", name, *ARGUMENTS.get(name, ("uza",)), "-s", f"DATA_DIR={tmp_path}"])
    assert end.value.code == 128 + number
    told = capsys.readouterr().err
    assert told.startswith(f"scrapy {name}: interrupted by {number.name}; ")
    assert told.count("\n") == 1
    Archive(tmp_path / "uza").close()


@pytest.mark.slow
@pytest.mark.parametrize("number", [SIGINT, SIGTERM], ids=lambda number: number.name)
def test_a_signal_before_a_command_begins_is_one_line_too(number: Signals) -> None:
    early = (
        "import os; from scrapy.cmdline import execute; from crawler import cli; "
        f"cli.check_options = lambda *_: os.kill(os.getpid(), {number:d}); "
        "execute(['scrapy', 'status', 'uza'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", early], cwd=ROOT, capture_output=True, text=True, timeout=LONGEST
    )
    assert (done.returncode, done.stdout) == (128 + number, "")
    assert done.stderr == (
        f"exit code {128 + number}: interrupted by {number.name}; "
        "it ended at once; what was committed stays\n"
    )


@pytest.mark.parametrize("number", [SIGINT, SIGTERM], ids=lambda number: number.name)
def test_what_is_written_together_is_written_before_a_signal_is_heard(number: Signals) -> None:
    written = []

    def write() -> None:
        with in_one_piece():
            os.kill(os.getpid(), number)
            written.append(1)

    with interruptible() as asked, pytest.raises(Ended):
        write()
    assert (written, asked) == ([1], [number])
