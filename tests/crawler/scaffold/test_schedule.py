"""What is written for a timer fits the commands, and those who read it."""

import json
import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ExitCode, UsageError
from crawler.scaffold.schedule import KINDS, Files, Plan, cron, kubernetes, scrapyd, systemd
from crawler.settings import BOT_NAME, STOP_SECONDS
from tests.commands import ROOT, Refused, scrapy

AGENCIES = ("ap", "ria", "tass", "unn", "uza")
GIVEN = (
    "CONTACT=https://news.example.com/who%20we%20are",
    "ALERT=ops@news.example.com",
    "PING_URL=https://ping.example/{agency}?a=$(b)",
)


def plan(**other: Any) -> Plan:
    told: dict[str, Any] = {
        "agencies": AGENCIES,
        "given": GIVEN,
        "project": Path("/opt") / BOT_NAME,
        "data": Path("/var/lib") / BOT_NAME,
        "mail_to": "ops@news.example.com",
    }
    return Plan(**told | other)


def value(text: str, name: str) -> str:
    """Return the only value that a unit gives something."""
    (found,) = re.findall(rf"^{name}=(.*)$", text, re.MULTILINE)
    return str(found)


def lines(crontab: str) -> list[tuple[str, str]]:
    """Return when and what."""
    told = [line for line in crontab.splitlines() if re.match(r"[\d*]", line)]
    return [(" ".join(line.split()[:5]), line.split(maxsplit=5)[5]) for line in told]


# Spread.


def test_agencies_are_spread_over_the_half_hour() -> None:
    units = systemd(plan())
    whens = [value(units[f"{BOT_NAME}@{agency}.timer"], "OnCalendar") for agency in AGENCIES]
    assert whens == ["*:00/30", "*:06/30", "*:12/30", "*:18/30", "*:24/30"]
    orders = [when for when, _ in lines(cron(plan())["crontab"])]
    assert orders[:5] == [f"{minute},{minute + 30} * * * *" for minute in range(0, 30, 6)]
    assert [when for when, _ in lines(scrapyd(plan())["crontab"])] == orders
    (told,) = kubernetes(plan()).values()
    jobs = json.loads(told)["items"][1:]
    assert sorted(job["spec"]["schedule"] for job in jobs) == sorted(orders)


def test_more_agencies_than_minutes_are_spread_too() -> None:
    many = plan(agencies=[f"a{number}" for number in range(60)])
    minutes = [many.minute(place) for place in range(60)]
    assert (minutes[0], minutes[-1], len(set(minutes))) == (0, 29, 30)
    assert [many.night(place)[0] for place in (0, 59)] == [1, 4]


# systemd.


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for name, text in systemd(plan()).items():
        told = text.replace(f"/opt/{BOT_NAME}/.venv/bin/scrapy", "/bin/true")
        (tmp_path / name.replace("@.", "@uza.")).write_text(told)
    answer = subprocess.run(
        ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    about_ours = [line for line in answer.stderr.splitlines() if BOT_NAME in line]
    assert (answer.returncode, about_ours) == (0, [])


def test_what_is_no_failure_is_what_asks_nothing_of_anybody() -> None:
    codes = value(systemd(plan())[f"{BOT_NAME}@.service"], "SuccessExitStatus").split()
    assert all(ExitCode(int(code)).remedy.startswith("nothing") for code in codes)


def test_a_status_fails_only_if_it_could_not_be_told() -> None:
    codes = value(systemd(plan())[f"{BOT_NAME}-status.service"], "SuccessExitStatus").split()
    assert {0, 2, *map(int, codes)} == set(ExitCode)


def test_a_run_has_more_time_to_stop_than_it_takes() -> None:
    seconds = value(systemd(plan())[f"{BOT_NAME}@.service"], "TimeoutStopSec")
    assert int(seconds) > 2 * STOP_SECONDS


def test_the_status_names_the_agencies_whose_runs_are_started() -> None:
    named = f"status {' '.join(AGENCIES)} --max-age 6h --alert "
    assert named in value(systemd(plan())[f"{BOT_NAME}-status.service"], "ExecStart")
    assert named in lines(cron(plan())["crontab"])[-1][1]


def test_every_failure_starts_the_status_at_once() -> None:
    units = systemd(plan())
    services = [text for name, text in units.items() if name.endswith("@.service")]
    assert len(services) == 2
    assert all(value(text, "OnFailure") in units for text in services)


def test_what_is_special_to_systemd_is_written_so_that_it_reads_it_as_it_is() -> None:
    told = value(systemd(plan())[f"{BOT_NAME}@.service"], "ExecStart")
    assert '"CONTACT=https://news.example.com/who%%20we%%20are"' in told
    assert '"PING_URL=https://ping.example/{agency}?a=$$(b)"' in told


def test_every_service_may_reach_a_bucket_and_a_run_waits_for_its_disk() -> None:
    units = systemd(plan(data=Path("/srv/news")))
    services = [text for name, text in units.items() if name.endswith(".service")]
    assert not [text for text in services if "PrivateNetwork" in text]
    assert {value(text, "EnvironmentFile") for text in services} == {f"-/etc/{BOT_NAME}.env"}
    assert value(units[f"{BOT_NAME}@.service"], "RequiresMountsFor") == "/srv/news"


def test_another_place_for_the_data_is_writable() -> None:
    elsewhere = systemd(plan(data=Path("/srv/news")))[f"{BOT_NAME}@.service"]
    assert value(elsewhere, "ReadWritePaths") == "/srv/news"
    assert "StateDirectory" not in elsewhere


# cron.


@pytest.mark.skipif(not shutil.which("crontab"), reason="no cron on this machine")
@pytest.mark.parametrize("kind", ["cron", "scrapyd"])
def test_cron_finds_nothing_wrong(kind: str, tmp_path: Path) -> None:
    (tmp_path / "crontab").write_text(KINDS[kind](plan())["crontab"])
    command = ["crontab", "-n", str(tmp_path / "crontab")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def run_line(command: str, tools: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a line of a crontab as cron does, where commands note what they were asked."""
    for name in (".venv/bin/scrapy", "logger", "curl"):
        tool = tools / name
        tool.parent.mkdir(parents=True, exist_ok=True)
        keep = f'cat > "{tools}/logged"; ' if name == "logger" else ""
        tool.write_text(
            f'#!/bin/sh\n{keep}for each; do echo "$each"; done >> "{tools}/asked"\n'
            f"echo last line; echo an error >&2; exit {code}\n"
        )
        tool.chmod(0o755)
    return subprocess.run(
        ["/bin/sh", "-c", command.replace(r"\%", "%").replace(f"/opt/{BOT_NAME}", str(tools))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": f"{tools}:/usr/bin:/bin"},
    )


def test_a_run_goes_to_the_log_and_into_no_mail(tmp_path: Path) -> None:
    logger = "last line\n"  # of the program that stands in for it
    command = lines(cron(plan())["crontab"])[4][1]
    done = run_line(command, tmp_path, 3)
    assert (done.stdout, done.stderr) == (logger, "an error\n")
    assert (tmp_path / "logged").read_text() == "last line\nan error\n"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[:2] == ["crawl", "uza"] or asked[-2:] == ["-t", f"{BOT_NAME}@uza"]
    assert {*GIVEN, f"DATA_DIR=/var/lib/{BOT_NAME}"} < set(asked)


def test_what_cannot_be_told_is_mailed_by_cron(tmp_path: Path) -> None:
    text = cron(plan())["crontab"]
    command = lines(text)[-1][1]
    assert (run_line(command, tmp_path, 2).stdout, "MAILTO=ops@news.example.com\n" in text) == (
        "",
        True,
    )
    assert run_line(command, tmp_path, 2).stderr == "an error\n"


def test_without_an_address_for_mails_nothing_is_mailed_and_what_cannot_be_told_is_logged(
    tmp_path: Path,
) -> None:
    text = cron(plan(mail_to=""))["crontab"]
    assert 'MAILTO=""\n' in text
    done = run_line(lines(text)[-1][1], tmp_path, 2)
    assert (tmp_path / "logged").read_text() == "last line\nan error\n"
    assert "an error" in done.stderr  # of the program that stands in for logger


def test_what_scrapyd_answers_or_that_it_does_not_is_logged_and_not_mailed_twice_an_hour(
    tmp_path: Path,
) -> None:
    run_line(lines(scrapyd(plan())["crontab"])[4][1], tmp_path, 7)
    assert (tmp_path / "logged").read_text() == "last line\nan error\n"


def test_an_order_to_scrapyd_has_all_settings(tmp_path: Path) -> None:
    run_line(lines(scrapyd(plan())["crontab"])[4][1], tmp_path)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert {"spider=uza", f"project={BOT_NAME}", *(f"setting={each}" for each in GIVEN)} < {*asked}


def test_a_run_knows_the_interval_of_its_timer_and_no_other_command_does() -> None:
    told = [value(text, "ExecStart") for text in systemd(plan()).values() if "ExecStart" in text]
    told += [line for _, line in lines(cron(plan())["crontab"])]
    told += [" ".join(map(str, _arguments(job))) for job in items(kubernetes(plan()))[1:]]
    told += [line for _, line in lines(scrapyd(plan())["crontab"])]
    runs = [re.search(r"\bcrawl (%i|\w+) |spider=", line) is not None for line in told]
    assert ["RUN_EVERY_MINUTES=30" in line for line in told] == runs
    assert sum(runs) == 1 + 3 * len(AGENCIES)


def _arguments(job: dict[str, Any]) -> list[str]:
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return list(container["args"])


def test_a_command_that_cron_would_cut_is_refused() -> None:
    with pytest.raises(UsageError, match=r"a cron command has .* characters, at most"):
        cron(plan(given=[f"USER_AGENT={'x' * 900}"]))


# scrapyd and Kubernetes.


def test_the_projects_name_and_settings_are_those_of_scrapy_cfg() -> None:
    ours, theirs = ConfigParser(), ConfigParser()
    ours.read(ROOT / "scrapy.cfg")
    theirs.read_string(scrapyd(plan())["scrapyd.cfg"])
    assert dict(theirs["settings"]) == dict(ours["settings"])
    assert theirs["deploy:local"]["project"] == BOT_NAME


def items(files: Files) -> list[dict[str, Any]]:
    (text,) = files.values()
    return list(json.loads(text)["items"])


def test_every_job_has_a_name_of_its_own_and_the_disk_that_is_claimed() -> None:
    claim, *jobs = items(kubernetes(plan()))
    names = [job["metadata"]["name"] for job in jobs]
    assert len(names) == len(set(names)) == 2 * len(AGENCIES) + 1
    assert all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?", name) for name in names)
    for job in jobs:
        pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        volumes = {each["name"] for each in pod["volumes"]}
        assert {each["name"] for each in container["volumeMounts"]} == volumes
        claimed = pod["volumes"][0]["persistentVolumeClaim"]["claimName"]
        assert claimed == claim["metadata"]["name"]


def test_no_job_runs_twice_at_once_or_again_so_that_its_exit_code_stays() -> None:
    _, *jobs = items(kubernetes(plan()))
    for job in jobs:
        spec = job["spec"]["jobTemplate"]["spec"]
        assert job["spec"]["concurrencyPolicy"] == "Forbid"
        assert (spec["backoffLimit"], spec["template"]["spec"]["restartPolicy"]) == (0, "Never")
        assert spec["template"]["spec"]["terminationGracePeriodSeconds"] > 2 * STOP_SECONDS


def test_kubernetes_replaces_nothing_in_the_settings() -> None:
    _, job, *_ = items(kubernetes(plan(image="registry.example/news:1")))
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert container["args"][:2] == ["crawl", "ap"]
    assert "PING_URL=https://ping.example/{agency}?a=$$(b)" in container["args"]
    assert container["image"] == "registry.example/news:1"


# The command.


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_command_writes_the_files_and_names_them(kind: str, tmp_path: Path) -> None:
    given = {name: told for name, _, told in (each.partition("=") for each in GIVEN)}
    data = Path("/var/lib") / BOT_NAME
    where = ("--out", tmp_path / "of" / "units", "--project", f"/opt/{BOT_NAME}")
    done = scrapy("schedule", "--for", kind, *where, "uza", "tass", DATA_DIR=data, **given)
    assert (done.returncode, done.stderr) == (0, "")
    written = {path.name: path.read_text() for path in map(Path, done.stdout.splitlines())}
    assert written == KINDS[kind](plan(agencies=["uza", "tass"]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--for", "launchd", "uza"), "--for launchd: expected one of systemd, cron, scrapyd"),
        (("--for", "cron", "uza", "-s", "CONTACT="), "set CONTACT=ADDRESS"),
        (("--for", "cron", "uza", "-s", "CONTACT=you@example.org"), "is an example"),
        (("--for", "cron", "uza", "-s", "ALERT="), "no receiver"),
        (("--for", "cron", "nobody"), "no agency 'nobody'"),
        (("--for", "cron", "uza", "-s", "DATA_DIR=/srv/my news"), "without spaces"),
        (("--for", "cron", "--out", "/dev/null", "uza"), "--out /dev/null/crontab: cannot be"),
    ],
)
def test_what_cannot_be_scheduled_is_one_line(
    arguments: tuple[str, ...], message: str, refused: Refused
) -> None:
    usual = ("-s", "CONTACT=ops@news.example.com", "-s", "ALERT=ops@news.example.com")
    assert message in refused("schedule", *usual, *arguments)
