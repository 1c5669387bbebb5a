"""``scrapy probe``: check assumptions about a live site by a few polite requests."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.crawler import AsyncCrawlerProcess

from crawler.cli import PlainCommand, spider_named
from crawler.errors import ArchiveError, Blocked, UsageError
from crawler.system.clock import now, rfc3339
from crawler.system.files import check_writable
from crawler.system.signals import run_crawl

if TYPE_CHECKING:
    from crawler.crawl.spider import AgencySpider
    from crawler.probe.spider import Part, ProbeSpider

_MANUAL = """\
Checks what the project expects of an agency's site, with at most 30 requests. It is as
polite as a crawl (robots.txt, delays, user agent, no cookies), and does not touch the data folder.

It checks each source (entries, times, order, second page), listed articles (layout, fields,
selectors that find nothing), the API, conditional requests, an address without an article,
robots.txt, and the questions of probes/AGENCY.py. The table shows what was expected, what was
found, and whether it is as expected, different, or not known. Below it stands what to change for
each difference. Progress goes to standard error.

examples:
  scrapy probe AGENCY -s CONTACT=https://example.org/our-archive
  scrapy probe AGENCY --json probe.json --save probed/
  scrapy probe AGENCY --legacy http://agency.example/en/society/an-old-story-24-01-2017
  scrapy savepage probed/09-200-posts-a-story    makes a saved response a test case

exit codes: 0 all as expected; 1 internal error; 2 usage; 3 something differs or is not known;
6 the site wants no crawler"""
# Lines that the probe reports better itself, or that matter only for a crawl.
_SILENT = ("scrapy.downloadermiddlewares.robotstxt", "scrapy.downloadermiddlewares.retry")


class Command(PlainCommand):
    """Probes a site."""

    manual = _MANUAL

    after_interrupt = "the findings so far are lost"

    def syntax(self) -> str:
        """Return the arguments for the help text."""
        return "[options] AGENCY"

    def short_desc(self) -> str:
        """Return the text for the list of commands."""
        return "Check an agency's live site against what the project expects of it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the options for output."""
        super().add_options(parser)
        parser.add_argument("--json", metavar="FILE", help="also write the findings as JSON")
        parser.add_argument("--save", metavar="DIR", help="save every response as a page")
        parser.add_argument(
            "--legacy", metavar="URL", help="also try this address of the agency's earlier site"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Log warnings only: the table contains everything else."""
        self.settings.set("LOG_LEVEL", "WARNING", priority="project")
        super().process_options(args, opts)

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Probe, print the findings, and set the exit code."""
        from crawler.crawl.arguments import check_web_address

        agency = spider_named(self.settings, args)
        own = _own_questions(agency.name)
        if opts.legacy is not None:
            check_web_address(opts.legacy, "--legacy")
        if opts.json is not None:
            check_writable("--json", opts.json)
        _check_folder(opts.save)
        if agency.refusal:
            raise Blocked(f"{agency.name} is not probed: {agency.refusal}")
        spider = self._probe(agency, own, opts.legacy)
        self.exitcode = _report(spider, opts)

    def _probe(
        self, agency: type[AgencySpider], own: Part | None, legacy: str | None
    ) -> ProbeSpider:
        from crawler.crawl.check_settings import name_contact
        from crawler.crawl.normalisers import load_normalisers
        from crawler.probe.spider import ProbeSpider

        process = AsyncCrawlerProcess(self.settings)
        name_contact(self.settings)
        for name in _SILENT:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        crawler = process.create_crawler(ProbeSpider)
        parts = {
            "normalisers": load_normalisers(self.settings, agency.rules),
            "own": own,
            "legacy": legacy,
        }
        process.crawl(crawler, agency=agency, progress=_progress, **parts)
        run_crawl(process)
        if not isinstance(crawler.spider, ProbeSpider):
            raise ArchiveError("the probe did not start; the log says why")
        return crawler.spider


def _own_questions(name: str) -> Part | None:
    """Return the agency's own checks: the async generator ``questions`` of its probe."""
    module = f"probes.{name}"
    if find_spec(module) is None:
        return None
    questions: Part = import_module(module).questions
    return questions


def _check_folder(name: str | None) -> None:
    if name is None:
        return
    path = Path(name)
    try:
        path.mkdir(parents=True, exist_ok=True)
        is_empty = not any(path.iterdir())
    except OSError as error:
        raise UsageError(f"--save {name}: cannot be written ({error.strerror})") from None
    if not is_empty:
        raise UsageError(f"--save {name}: is not empty; expected a new folder")


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _report(spider: ProbeSpider, opts: argparse.Namespace) -> int:
    """Write the findings so far to a file; return the exit code."""
    from crawler.probe.report import NOT_ALL, as_json, exit_code, print_table, save_answers

    visit, findings = spider.visit, spider.findings
    if opts.json:
        site = spider.agency.site.root
        asked_at = rfc3339(now())
        content = as_json(spider.agency.name, site, asked_at, visit.requests, findings)
        text = json.dumps(content, ensure_ascii=False, indent=2)
        Path(opts.json).write_text(f"{text}\n", "utf-8")
    if opts.save:
        for problem in save_answers(Path(opts.save), visit.exchanges):
            _progress(problem)
    if findings:
        print_table(findings, visit.requests)
    if spider.problem:
        raise spider.problem
    if not spider.finished:
        raise ArchiveError("the probe ended before it was done; the log says why")
    return exit_code(findings) if findings else NOT_ALL
