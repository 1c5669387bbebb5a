"""Shared by all commands: checked options, agency and folder, errors in one line."""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.exceptions import UsageError as BadOption
from scrapy.settings import BaseSettings, Settings

from crawler.crawl.agency_loader import spider_loader
from crawler.errors import ArchiveError, ExitCode, Interrupted, UsageError
from crawler.system.clock import ahead
from crawler.system.files import check_writable
from crawler.system.signals import end_at_once, interruptible

if TYPE_CHECKING:
    from crawler.crawl.spider import AgencySpider
    from crawler.feeds.saved_searches import SavedSearch
    from crawler.store.selection import Selection
    from crawler.system.processes import WorkerPool

_OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
_ALIKE = 0.8  # ratio of two names that differ by one letter


class PlainHelp(ScrapyHelpFormatter):
    """Keeps the lines of examples and of an option's help as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text

    def format_part_strings(self, part_strings: list[str]) -> list[str]:
        """Underline headings. The base class takes any line that ends with a colon for one."""
        is_option = part_strings[:1] and part_strings[0].startswith(" ")
        return part_strings if is_option else super().format_part_strings(part_strings)


class PlainCommand(ScrapyCommand):
    """A command whose errors are one line each, with an exit code for each kind."""

    settings: Settings  # set by Scrapy before any method is called
    requires_project = True
    requires_crawler_process = False
    after_interrupt: ClassVar[str] = "nothing was changed"
    # Printed by -h below the options: how it works, examples, exit codes.
    manual: ClassVar[str | None] = None

    @property
    def name(self) -> str:
        """The command's own name."""
        return type(self).__module__.rpartition(".")[2]

    def work(self, args: list[str], opts: Namespace) -> None:
        """Do the work of the command. Raises ``ArchiveError`` if that is not possible."""
        raise NotImplementedError

    def add_options(self, parser: ArgumentParser) -> None:
        """Add Scrapy's options. Wrong options and signals end in one line."""
        end_at_once()
        super().add_options(parser)
        parser.formatter_class = PlainHelp
        parser.epilog = self.manual
        self.parser = parser
        parser.error = self.refuse  # type: ignore[method-assign]  # it prints the usage as well

    def refuse(self, message: str) -> NoReturn:
        """End the process with one line, because the command line is invalid."""
        print(f"scrapy {self.name}: {message}", file=sys.stderr)
        raise SystemExit(ExitCode.USAGE)

    def process_options(self, args: list[str], opts: Namespace) -> None:
        """Read Scrapy's own options, and check them and the settings."""
        known = set(self.settings)
        try:
            check_options(args, self.parser)
            super().process_options(args, opts)
            check_project_settings(self.settings)
            if opts.profile:
                check_writable("--profile", opts.profile)
        except UsageError as error:
            self.refuse(str(error))
        except BadOption as error:
            self.refuse(str(error))
        except OSError as error:
            self.refuse(f"--pidfile {opts.pidfile}: cannot be written ({error.strerror})")
        except (TypeError, ValueError) as error:  # a number for a setting that is a mapping
            self.refuse(f"-s: a value of the wrong kind ({error})")
        names = [each.partition("=")[0] for each in opts.set]
        for hint in likely_names(names, known, self.settings):
            print(f"scrapy {self.name}: warning: {hint}", file=sys.stderr)

    def run(self, args: list[str], opts: Namespace) -> None:
        """Do the work, and turn an error or a signal into one line and an exit code."""
        with interruptible() as asked:
            try:
                self.work(args, opts)
                sys.stdout.flush()
            except BrokenPipeError:
                # The reader has closed the pipe; Python must not write to it again when it exits.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            except (Exception, KeyboardInterrupt) as error:
                self._fail(error, asked)

    def _fail(self, error: BaseException, asked: list[int]) -> None:
        """Print the error. After a signal, later errors are only its consequences."""
        if asked or isinstance(error, KeyboardInterrupt):
            error = Interrupted(asked[0] if asked else 2, self.after_interrupt)
        if not isinstance(error, ArchiveError):
            raise error
        print(f"scrapy {self.name}: {error}", file=sys.stderr)
        self.exitcode = error.exit_code


def check_options(args: list[str], parser: ArgumentParser) -> None:
    """Raise ``UsageError`` for an option that the command does not have."""
    for option in args:
        if option.startswith("-") and option != "-":
            known = _OPTION.findall(parser.format_help())
            near = get_close_matches(option.partition("=")[0], known, 1, _ALIKE)
            hint = f"did you mean {near[0]}?" if near else "see the command with -h"
            raise UsageError(f"unknown option {option}; {hint}")


def check_project_settings(settings: BaseSettings) -> None:
    """Raise ``UsageError`` for settings, or a clock, with which no command can work."""
    from crawler.crawl.check_settings import check_components, defaults

    ahead()
    if not str(settings["DATA_DIR"]).strip():
        raise UsageError("DATA_DIR is empty; expected a folder")
    for module in settings.getlist("SPIDER_MODULES"):
        if not _is_there(module):
            raise UsageError(f"SPIDER_MODULES={module}: there is no such module")
    check_components(settings, "SPIDER_LOADER_CLASS", defaults()["SPIDER_LOADER_CLASS"])
    if settings["LOG_FILE"]:
        check_writable("LOG_FILE", settings["LOG_FILE"])


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def likely_names(names: Iterable[str], known: set[str], settings: BaseSettings) -> Iterator[str]:
    """Yield a hint for each name of an unknown setting that resembles a known one."""
    unknown = [name for name in names if name not in known]
    agencies = spider_loader(settings).list() if unknown else []
    known = known | {f"{each.upper()}_{part}_URL" for each in agencies for part in ("SITE", "API")}
    for name in unknown:
        if name not in known and (near := get_close_matches(name.upper(), known, 1, _ALIKE)):
            yield f"no setting has the name {name}; did you mean {near[0]}?"


def agency_named(settings: BaseSettings, args: list[str]) -> str:
    """Return the agency named in the arguments. Raises ``UsageError`` if it is unknown."""
    agencies = sorted(spider_loader(settings).list())
    if len(args) != 1:
        raise UsageError(f"expected one agency; there are: {', '.join(agencies)}")
    if args[0] not in agencies:
        raise UsageError(f"no agency {args[0]!r}; there are: {', '.join(agencies)}")
    return args[0]


def archives_named(settings: BaseSettings, args: list[str]) -> list[str]:
    """Return the agencies named in the arguments, else all that have a folder in ``DATA_DIR``.

    Raises ``UsageError`` for an unknown agency, and if there is no archive.
    """
    if args:
        return [agency_named(settings, [agency]) for agency in dict.fromkeys(args)]
    agencies = sorted(spider_loader(settings).list())
    found = [agency for agency in agencies if (Path(settings["DATA_DIR"]) / agency).is_dir()]
    if not found:
        raise UsageError(
            f"there is no archive in {settings['DATA_DIR']}; crawl first, or set its "
            f"folder with -s DATA_DIR=PATH; agencies: {', '.join(agencies)}"
        )
    return found


def archives_there(settings: BaseSettings, args: list[str]) -> list[str]:
    """Return the same; without names, folders without an archive only if there are no others."""
    from crawler.store.reader import is_archive

    names, folder = archives_named(settings, args), Path(settings["DATA_DIR"])
    there = [name for name in names if is_archive(folder / name)]
    return names if args else there or names


def signer(settings: BaseSettings) -> Callable[[bytes], bytes] | None:
    """Return a function that signs with the key in the settings; None without a key.

    Both raise ``UsageError``: if the key's file does not exist, and if signing fails.
    """
    key = settings["PROOF_KEY"]
    if not key:
        return None
    if not Path(key).is_file():
        raise UsageError(f"PROOF_KEY={key}: there is no such file; expected an SSH key")

    def signed(data: bytes) -> bytes:
        from crawler.system.signing import NotSigned, sign

        try:
            return sign(data, Path(key))
        except NotSigned as error:
            raise UsageError(f"PROOF_KEY={key}: does not sign ({error})") from error

    return signed


def certificates(settings: BaseSettings) -> Path | None:
    """Return the certificates' file for time stamps; raise ``UsageError`` if it does not exist."""
    path = settings["PROOF_AUTHORITY_CA"]
    if path and not Path(path).is_file():
        raise UsageError(
            f"PROOF_AUTHORITY_CA={path}: there is no such file; expected the certificates of the "
            "time stamp authority (PEM)"
        )
    return Path(path) if path else None


def spider_named(settings: BaseSettings, args: list[str]) -> type[AgencySpider]:
    """Return the spider of the agency named in the arguments, with checked addresses.

    Raises ``UsageError`` for an unknown agency, or if ``<AGENCY>_SITE_URL`` or ``<AGENCY>_API_URL``
    is not a web address.
    """
    from crawler.crawl.arguments import check_web_address
    from crawler.crawl.spider import AgencySpider

    agency = agency_named(settings, args)
    for name in (f"{agency.upper()}_SITE_URL", f"{agency.upper()}_API_URL"):
        if name in settings:
            check_web_address(settings[name], name)
    spider_class = spider_loader(settings).load(agency)
    assert issubclass(spider_class, AgencySpider)
    return spider_class


class AgencyCommand(PlainCommand):
    """A command that works on an archive without crawling, and logs nothing.

    ``usage``: what may follow its name. ``summary``: its line in the list of commands.
    """

    usage: ClassVar[str] = ""
    summary: ClassVar[str]
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Return what may follow the command's name."""
        return self.usage

    def short_desc(self) -> str:
        """Return the line shown in the list of commands."""
        return self.summary

    def folder(self, agency: str) -> Path:
        """Return the folder of an agency's archive."""
        return Path(self.settings["DATA_DIR"]) / agency


def searches_in(settings: BaseSettings, file: str) -> list[SavedSearch]:
    """Return the saved searches in a file; raise ``UsageError``."""
    from crawler.feeds.saved_searches import read_searches

    return read_searches(Path(file), sorted(spider_loader(settings).list()))


def whole_number(option: str, text: str, digits: int = 5) -> int:
    """Return the value of an option, at least 1; raise ``UsageError``."""
    if not re.fullmatch(r"[1-9]\d*", text, re.ASCII) or len(text) > digits:
        raise UsageError(f"{option} {text}: expected a whole number such as 30")
    return int(text)


def web_address(option: str, url: str | None) -> str | None:
    """Return the URL in an option, if any, without ``/`` at its end.

    Raises ``UsageError`` if it is not a web address.
    """
    from crawler.crawl.arguments import check_web_address

    if url is None:
        return None
    check_web_address(url, option)
    return url.rstrip("/")


class LookCommand(PlainCommand):
    """One of Scrapy's commands that fetch a page, with the politeness of a crawl."""

    requires_crawler_process = True

    def process_options(self, args: list[str], opts: Namespace) -> None:
        """Allow pages of agencies, and follow redirects anywhere."""
        from crawler.crawl.check_settings import name_contact

        super().process_options(args, opts)
        if self.settings["CONTACT"]:
            name_contact(self.settings)
        middlewares = self.settings.getdict("DOWNLOADER_MIDDLEWARES") | {
            "crawler.middlewares.redirect.StayOnSite": None,
            "crawler.middlewares.redirect.FollowRedirects": 600,
        }
        self.settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority="cmdline")
        self.settings.set(
            "SPIDER_LOADER_CLASS", "crawler.scaffold.scrapy_commands.Looks", priority="cmdline"
        )

    def work(self, args: list[str], opts: Namespace) -> None:
        """Run Scrapy's command, the base class after this one."""
        super(PlainCommand, self).run(args, opts)  # type: ignore[safe-super]  # never the last one


def add_selection(parser: ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--since", metavar="DAY", help="first day of publication: 2024-05-01")
    parser.add_argument("--until", metavar="DAY", help="last day of publication")
    parser.add_argument("--editions", metavar="CODES", help="only these: en,ru")


def read_selection(since: str | None, until: str | None, editions: str | None) -> Selection:
    """Read the options. Raises ``UsageError`` for invalid values."""
    from crawler.store.selection import choose

    codes = _codes(editions) if editions is not None else ()
    return choose(since, until, codes, dashes="--")


def _codes(editions: str) -> tuple[str, ...]:
    codes = tuple(editions.split(","))
    if not all(code.isascii() and code.isalpha() for code in codes):
        raise UsageError(f"--editions {editions}: expected codes such as en,ru")
    return codes


def add_pool(parser: ArgumentParser) -> None:
    """Add the options for workers."""
    who = parser.add_mutually_exclusive_group()
    who.add_argument(
        "--jobs",
        metavar="N",
        default=str(os.cpu_count() or 1),
        help="processes that work (default: one a core, here %(default)s)",
    )
    who.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="a Dask scheduler (tcp://10.0.0.1:8786) whose workers work instead; they need this "
        "project and the data at the same path (docs/many-machines.md)",
    )


@contextmanager
def pool_of(cluster: str | None, jobs: str) -> Iterator[WorkerPool | None]:
    """Yield a worker pool as the options require; None if this process works alone.

    Raises ``UsageError`` for wrong values, and for a cluster that does not respond.
    """
    pool = _pool(cluster, jobs)
    try:
        yield pool
    finally:
        if pool:
            pool.close()


def _pool(cluster: str | None, jobs: str) -> WorkerPool | None:
    from crawler.system.processes import Processes

    if cluster is not None:
        return _cluster(cluster)
    if not re.fullmatch(r"[1-9]\d{0,2}", jobs):
        raise UsageError(f"--jobs {jobs}: expected a number of processes such as 2")
    return Processes(int(jobs) - 1) if jobs != "1" else None


def _cluster(address: str) -> WorkerPool:
    if find_spec("distributed") is None:
        raise UsageError("--cluster: Dask is not installed; install it by: make data")
    # Few commands need it, and its imports take most of a second.
    from crawler.system.dask import Cluster

    return Cluster(address)
