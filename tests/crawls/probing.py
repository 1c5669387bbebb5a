"""Probes: the real command, in a process of its own, against the replica."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replica import Replica, World
from tests.commands import scrapy
from tests.crawls.harness import NOW, QUICK


@dataclass(frozen=True, slots=True)
class Probed:
    """What a probe left behind."""

    exit_code: int
    out: str
    log: str
    told: dict[str, Any]
    folder: Path

    @property
    def findings(self) -> dict[str, dict[str, Any]]:
        """The findings by the name of their fact."""
        return {finding["fact"]: finding for finding in self.told["findings"]}

    def named(self, verdict: str) -> set[str]:
        """Return the facts that were found so."""
        return {name for name, finding in self.findings.items() if finding["verdict"] == verdict}


def world() -> World:
    """Enough posts that every feed is as long as the site's."""
    return World(seed=7, posts=420, now=NOW)


def probe(replica: Replica, folder: Path, *arguments: str) -> Probed:
    """Probe a replica; whatever it answers, no fault of ours shows and nothing is stored."""
    file = folder / "probe.json"
    done = scrapy(
        "probe",
        "uza",
        "--json",
        str(file),
        *arguments,
        UZA_SITE_URL=replica.site_url,
        UZA_API_URL=replica.api_url,
        DATA_DIR=folder / "data",
        **QUICK,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert not (folder / "data").exists()
    assert file.exists(), done.stderr
    return Probed(done.returncode, done.stdout, done.stderr, json.loads(file.read_text()), folder)
