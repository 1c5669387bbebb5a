"""What all our commands share: options that are checked, errors in a line, signals as codes."""

import os
import re
import sys
from argparse import ArgumentParser, Namespace
from difflib import get_close_matches
from importlib.util import find_spec
from typing import ClassVar, NoReturn

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.exceptions import UsageError as BadOption
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from crawler.clock import ahead
from crawler.errors import ArchiveError, ExitCode, Interrupted, UsageError
from crawler.interrupts import interruptible
from crawler.setting_kinds import check_components, defaults
from crawler.writable import check_writable

_OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
_ALIKE = 0.8  # of two names that differ by a letter or a stroke


class PlainHelp(ScrapyHelpFormatter):
    """Leaves the lines of the examples, and of an option's help, as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text

    def format_part_strings(self, part_strings: list[str]) -> list[str]:
        """Underline headings; the base takes any line with a colon at its end for one."""
        is_option = part_strings[:1] and part_strings[0].startswith(" ")
        return part_strings if is_option else super().format_part_strings(part_strings)


class PlainCommand(ScrapyCommand):
    """A command whose errors are one line each, and end in an exit code that says their kind."""

    requires_project = True
    requires_crawler_process = False
    after_interrupt: ClassVar[str] = "nothing was changed"

    @property
    def name(self) -> str:
        """The command's own name."""
        return type(self).__module__.rpartition(".")[2]

    def work(self, args: list[str], opts: Namespace) -> None:
        """Do what the command is for; raise ``ArchiveError`` if it cannot."""
        raise NotImplementedError

    def add_options(self, parser: ArgumentParser) -> None:
        """Add Scrapy's options; what a command line cannot say is one line, too."""
        super().add_options(parser)
        self.parser = parser
        parser.error = self.refuse  # type: ignore[method-assign]  # it prints the usage as well

    def refuse(self, message: str) -> NoReturn:
        """End the process with one line, since the command line makes no sense."""
        print(f"scrapy {self.name}: {message}", file=sys.stderr)
        raise SystemExit(ExitCode.USAGE)

    def process_options(self, args: list[str], opts: Namespace) -> None:
        """Read Scrapy's own options, and check what they and the settings say."""
        assert self.settings is not None
        known = set(self.settings)
        try:
            check_options(args, self.parser)
            super().process_options(args, opts)
            check_project_settings(self.settings)
        except UsageError as error:
            self.refuse(str(error))
        except BadOption as error:
            self.refuse(str(error))
        except OSError as error:
            self.refuse(f"--pidfile {opts.pidfile}: cannot be written ({error.strerror})")
        except (TypeError, ValueError) as error:  # a number where a setting is a mapping
            self.refuse(f"-s: a value of the wrong kind ({error})")
        for name in opts.set:
            if near := likely_name(name.partition("=")[0], known, self.settings):
                print(f"scrapy {self.name}: warning: {near}", file=sys.stderr)

    def run(self, args: list[str], opts: Namespace) -> None:
        """Work, and turn an error or a signal into one line and an exit code."""
        with interruptible() as asked:
            try:
                self.work(args, opts)
                sys.stdout.flush()
            except BrokenPipeError:
                # The reader has enough; Python must not find the pipe closed again when it exits.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            except (Exception, KeyboardInterrupt) as error:
                self._fail(error, asked)

    def _fail(self, error: BaseException, asked: list[int]) -> None:
        """Say what went wrong; what follows from a signal is the signal's."""
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
    """Raise ``UsageError`` for settings, or a clock, that no command can work with."""
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


def likely_name(name: str, known: set[str], settings: BaseSettings) -> str | None:
    """Return what to say of the name of a setting that nobody knows and that looks like another."""
    if name in known or name.startswith("SPIDERMON_"):
        return None
    agencies = [agency.upper() for agency in get_spider_loader(settings).list()]
    names = {f"{agency}_{part}_URL" for agency in agencies for part in ("SITE", "API")}
    if name in names:
        return None
    near = get_close_matches(name.upper(), known | names, 1, _ALIKE)
    return f"no setting has the name {name}; did you mean {near[0]}?" if near else None
