"""Schedules for a list of agencies: crawls twice an hour, spread over the half hour.

In addition, each archive is verified once a night, and every ten minutes alerts are sent, and
status page and metrics are written.
"""

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from crawler.errors import UsageError
from crawler.settings import BOT_NAME

USER = "news-archive"
USER_ID = 10_001  # of the user in the container image
SCRAPYD = "http://127.0.0.1:6800/schedule.json"
_PLAIN = re.compile(r"[\w@+=:,./-]+")
EVERY = 30  # minutes between two runs of an agency
LONGEST = 998  # characters; cron's limit for a command

Files = dict[str, str]  # file contents by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to schedule; ``given``: settings for every command, as ``NAME=VALUE``.

    ``project`` and ``data``: folders of project and archives. ``mail_to``: address for cron's
    mails, or "".
    """

    agencies: Sequence[str]
    given: Sequence[str]
    project: Path
    data: Path
    mail_to: str
    image: str = BOT_NAME

    @property
    def settings(self) -> list[str]:
        """The settings as command line options."""
        return [part for each in (f"DATA_DIR={self.data}", *self.given) for part in ("-s", each)]

    @property
    def of_crawl(self) -> list[str]:
        """The settings of a crawl as command line options."""
        return ["-s", f"RUN_EVERY_MINUTES={EVERY}", *self.settings]

    @property
    def status(self) -> list[str]:
        """The command that sends alerts and writes status page and metrics."""
        page, metrics = str(self.data / "status.html"), str(self.data / "metrics.prom")
        told = ["--html", page, "--openmetrics", metrics, *self.settings]
        return ["status", *self.agencies, "--max-age", "6h", "--alert", *told]

    def minute(self, place: int) -> int:
        """Return the minute in each half hour at which an agency's run starts."""
        return place * EVERY // len(self.agencies)

    def hourly(self, place: int) -> str:
        """Return these minutes as cron and Kubernetes read them."""
        minute = self.minute(place)
        return f"{minute},{minute + EVERY} * * * *"

    def night(self, place: int) -> tuple[int, int]:
        """Return hour and minute, between 1:00 and 5:00, at which an archive is verified."""
        return divmod(60 + place * 240 // len(self.agencies), 60)


def systemd(plan: Plan) -> Files:
    """Return the units of three services, and a timer for each agency and service."""
    units = {
        f"{BOT_NAME}@.service": _service("crawl", plan),
        f"{BOT_NAME}-verify@.service": _service("verify", plan),
        f"{BOT_NAME}-status.service": _service("status", plan),
        f"{BOT_NAME}-status.timer": _timer("Report the state of the news archives", "*:0/10"),
    }
    for place, agency in enumerate(plan.agencies):
        hour, minute = plan.night(place)
        when, night = f"*:{plan.minute(place):02}/{EVERY}", f"*-*-* {hour:02}:{minute:02}"
        units[f"{BOT_NAME}@{agency}.timer"] = _timer(f"Crawl {agency} twice an hour", when)
        units[f"{BOT_NAME}-verify@{agency}.timer"] = _timer(f"Verify {agency} each night", night)
    return units


def _service(name: str, plan: Plan) -> str:
    is_usual = plan.data == Path("/var/lib") / BOT_NAME
    return _filled(f"{name}.service", plan) + _filled(
        "sandbox.service",
        plan,
        writable=f"StateDirectory={BOT_NAME}" if is_usual else f"ReadWritePaths={plan.data}",
    )


def _timer(told: str, when: str) -> str:
    return Template(_text("timer")).substitute(told=told, when=when)


def _filled(name: str, plan: Plan, **more: str) -> str:
    """Return a unit file, with commands quoted for systemd."""
    return Template(_text(name)).substitute(
        scrapy=_unit_word(f"{plan.project}/.venv/bin/scrapy"),
        settings=" ".join(map(_unit_word, plan.settings)),
        of_crawl=" ".join(map(_unit_word, plan.of_crawl)),
        status=" ".join(map(_unit_word, plan.status[: -len(plan.settings)])),
        project=plan.project,
        data=plan.data,
        user=USER,
        **more,
    )


def _unit_word(word: str) -> str:
    told = word.replace("%", "%%").replace("$", "$$")
    return told if _PLAIN.fullmatch(word) else json.dumps(told, ensure_ascii=False)


def cron(plan: Plan) -> Files:
    """Return a crontab."""
    crawls = [
        _line(plan.hourly(place), _logged(_command(plan, "crawl", agency, *plan.of_crawl), agency))
        for place, agency in enumerate(plan.agencies)
    ]
    return {"crontab": "".join([_crontab_head(plan), *crawls, *_checks(plan)])}


def _crontab_head(plan: Plan) -> str:
    return Template(_text("crontab")).substitute(user=USER, mail_to=plan.mail_to or '""')


def _checks(plan: Plan) -> list[str]:
    """Return the crontab lines that verify archives and send alerts."""
    lines = []
    for place, agency in enumerate(plan.agencies):
        hour, minute = plan.night(place)
        command = _command(plan, "verify", agency, *plan.settings)
        lines.append(_line(f"{minute} {hour} * * *", _logged(command, agency)))
    status = _command(plan, *plan.status)
    status = f"{status} >/dev/null" if plan.mail_to else _logged(status, "status")
    return [*lines, _line("*/10 * * * *", status)]


def _logged(command: str, name: str) -> str:
    return f"{command} 2>&1 | logger -t {BOT_NAME}@{name}"


def _command(plan: Plan, *words: str) -> str:
    return f"cd {shlex.quote(str(plan.project))} && {shlex.join(['.venv/bin/scrapy', *words])}"


def _line(when: str, command: str) -> str:
    told = command.replace("%", r"\%")
    if len(told) > LONGEST:
        raise UsageError(
            f"a cron command has {len(told)} characters, at most {LONGEST} are possible; give "
            "fewer settings"
        )
    return f"{when} {told}\n"


def scrapyd(plan: Plan) -> Files:
    """Return the files to deploy the project, and a crontab that schedules the runs."""
    orders = []
    for place, agency in enumerate(plan.agencies):
        given = [f"project={BOT_NAME}", f"spider={agency}"]
        given += [f"setting={each}" for each in plan.of_crawl[1::2]]
        words = [part for each in given for part in ("--data-urlencode", each)]
        command = shlex.join(["curl", "--silent", "--show-error", "--fail", SCRAPYD, *words])
        # Its response, too: scrapyd refuses an order with status 200.
        orders.append(_line(plan.hourly(place), _logged(command, agency)))
    crontab = "".join([_crontab_head(plan), *orders, *_checks(plan)])
    return {"scrapyd.cfg": _text("scrapyd.cfg"), "crontab": crontab}


def kubernetes(plan: Plan) -> Files:
    """Return a list of resources: a volume claim, and a cron job for each agency and check."""
    items = [_claim()]
    for place, agency in enumerate(plan.agencies):
        hour, minute = plan.night(place)
        crawl, verify = ["crawl", agency, *plan.of_crawl], ["verify", agency, *plan.settings]
        items.append(_job(plan, agency, plan.hourly(place), crawl))
        items.append(_job(plan, f"verify-{agency}", f"{minute} {hour} * * *", verify))
    items.append(_job(plan, "status", "*/10 * * * *", plan.status))
    told = {"apiVersion": "v1", "kind": "List", "items": items}
    return {"kubernetes.json": json.dumps(told, indent=2, ensure_ascii=False) + "\n"}


def _claim() -> dict[str, Any]:
    """Return a claim for a volume of one machine: SQLite does not work on shared volumes."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": BOT_NAME},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "100Gi"}},
        },
    }


def _job(plan: Plan, name: str, when: str, words: Sequence[str]) -> dict[str, Any]:
    """Return a cron job that never runs twice at a time and is not retried before its next time."""
    job = {
        "backoffLimit": 0,
        "activeDeadlineSeconds": 12 * 3600,
        "template": {"spec": _pod(plan, words)},
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": f"{BOT_NAME}-{name}"},
        "spec": {"schedule": when, "concurrencyPolicy": "Forbid", "jobTemplate": {"spec": job}},
    }


def _pod(plan: Plan, words: Sequence[str]) -> dict[str, Any]:
    container = {
        "name": "scrapy",
        "image": plan.image,
        "args": [word.replace("$(", "$$(") for word in words],
        "volumeMounts": [
            {"name": "data", "mountPath": str(plan.data)},
            {"name": "tmp", "mountPath": "/tmp"},
        ],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    return {
        "restartPolicy": "Never",  # keep the container's exit code
        "terminationGracePeriodSeconds": 60,
        "securityContext": {"runAsNonRoot": True, "runAsUser": USER_ID, "fsGroup": USER_ID},
        "containers": [container],
        "volumes": [
            {"name": "data", "persistentVolumeClaim": {"claimName": BOT_NAME}},
            {"name": "tmp", "emptyDir": {}},
        ],
    }


def _text(name: str) -> str:
    return files("crawler.scaffold").joinpath("schedule_files", name).read_text("utf-8")


KINDS: Mapping[str, Callable[[Plan], Files]] = {
    "systemd": systemd,
    "cron": cron,
    "scrapyd": scrapyd,
    "kubernetes": kubernetes,
}
