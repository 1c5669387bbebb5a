"""The errors outside a single article, with the exit code of each kind.

ArchiveError                the run cannot continue, or has failed; see ``exit_code``
├── TimeUp                  0  the time limit of the run was reached
├── UsageError              2  an argument, a setting, or a folder that cannot be written
│   └── NoArchive              a folder has no archive yet
├── SourceFailed            3  a feed, a list or an API failed, or too many articles did
├── AskedInVain             3  an article requested by name was not found
├── SiteChanged             4  the site's data differ from the usual ones
├── Locked                  5  another run holds the data folder
├── Blocked                 6  the site refuses, or demands too long a wait
├── StorageError            7  journal or ledger are damaged or cannot be written
│   ├── OutOfReach             a bucket cannot be reached or denies access
│   ├── EarlierLedger          made by an earlier release; the next run updates it
│   └── DamagedVersion         one version's line is damaged; the others are readable
├── DiskLow                 7  the disk is nearly full, with space to end in order
└── Interrupted       130, 143  SIGINT or SIGTERM ended the run
"""

from enum import IntEnum
from signal import Signals

# If more than this share of the articles failed, the run counts as failed.
FAILED_SHARE = 0.1


class ExitCode(IntEnum):
    """The exit code of a command."""

    FINE = 0
    INTERNAL_ERROR = 1
    USAGE = 2
    SOURCE_FAILED = 3
    SITE_CHANGED = 4
    LOCKED = 5
    BLOCKED = 6
    STORAGE_FAILED = 7
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """The code in words, for the help and the documents."""
        return _TOLD[self][0]

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return _TOLD[self][1]


_TOLD = {
    ExitCode.FINE: ("fine", "nothing"),
    ExitCode.INTERNAL_ERROR: (
        "an internal error, or figures of the run that do not add up",
        "the archive is undamaged; please send us the log and the report of the run",
    ),
    ExitCode.USAGE: (
        "usage or configuration",
        "read the line: it says what the command expects",
    ),
    ExitCode.SOURCE_FAILED: (
        f"finished, but a source failed, or more than {FAILED_SHARE:.0%} of the articles and more "
        "than one, or one that was requested by name",
        "nothing if the next run ends with 0; otherwise see `sources_failed`, `reasons` and "
        "`asked_in_vain` in the report",
    ),
    ExitCode.SITE_CHANGED: (
        "a monitor failed: the site has probably changed",
        "open the addresses that the log names, then run `scrapy probe AGENCY`: it shows "
        'which source, layout or selector changed; for a new design, see "After a redesign"; '
        'for missing articles, "Many articles missing at once"',
    ),
    ExitCode.LOCKED: (
        "another run holds the data folder",
        "nothing; if it lasts for a day, check the process that the line names",
    ),
    ExitCode.BLOCKED: (
        "blocked or refused by the site, or told to wait too long",
        "wait, and crawl less often; if it lasts, write to the site",
    ),
    ExitCode.STORAGE_FAILED: (
        "storage failed: a file cannot be written, or cannot be trusted",
        'free disk space, or see "When ledger and journal disagree"',
    ),
    ExitCode.INTERRUPTED: ("interrupted by SIGINT (Ctrl-C)", "nothing"),
    ExitCode.TERMINATED: ("interrupted by SIGTERM", "nothing"),
}
# If several exit codes apply, the first of these is used.
PRECEDENCE = (
    ExitCode.STORAGE_FAILED,
    ExitCode.INTERNAL_ERROR,
    ExitCode.INTERRUPTED,
    ExitCode.TERMINATED,
    ExitCode.BLOCKED,
    ExitCode.SITE_CHANGED,
    ExitCode.SOURCE_FAILED,
    ExitCode.FINE,
)


class ArchiveError(Exception):
    """A run cannot start or continue. The message names what happened, where, and the remedy."""

    exit_code: ExitCode = ExitCode.INTERNAL_ERROR


class WithGaps(Exception):
    """An error whose ``args`` are a message with numbered gaps and their values, to translate."""

    def __str__(self) -> str:
        text, *values = self.args
        return str(text).format(*values)


class TimeUp(ArchiveError):
    """The run reached its time limit."""

    exit_code = ExitCode.FINE


class UsageError(ArchiveError):
    """The command cannot be run as given."""

    exit_code = ExitCode.USAGE


class NoArchive(UsageError):
    """A folder has no archive yet."""


class SourceFailed(ArchiveError):
    """A feed, a list or an API failed, or too many articles did."""

    exit_code = ExitCode.SOURCE_FAILED


class AskedInVain(ArchiveError):
    """An article requested by name was not found."""

    exit_code = ExitCode.SOURCE_FAILED


class SiteChanged(ArchiveError):
    """The site's data differ from the usual ones."""

    exit_code = ExitCode.SITE_CHANGED


class Locked(ArchiveError):
    """Another run works on the same data folder."""

    exit_code = ExitCode.LOCKED


class Blocked(ArchiveError):
    """The site refuses to be crawled now."""

    exit_code = ExitCode.BLOCKED


class StorageError(ArchiveError):
    """Journal or ledger are damaged or cannot be written."""

    exit_code = ExitCode.STORAGE_FAILED


class OutOfReach(StorageError):
    """A bucket cannot be reached or denies access; its content may be undamaged."""


class EarlierLedger(StorageError):
    """A ledger was made by an earlier release; the next run brings it up to date."""


class DamagedVersion(StorageError):
    """The journal's line of a version is unreadable, or is another row."""


class DiskLow(ArchiveError):
    """The disk is nearly full, with space to end in order."""

    exit_code = ExitCode.STORAGE_FAILED


class Interrupted(ArchiveError):
    """A signal ended the run. The exit code is the one that a shell uses for it."""

    def __init__(self, number: int, remedy: str = "the next run fetches what is pending") -> None:
        super().__init__(f"interrupted by {Signals(number).name}; {remedy}")
        self.exit_code = ExitCode(128 + number)


def graver(before: ArchiveError | None, error: ArchiveError) -> ArchiveError:
    """Return the error whose exit code counts. Of two equal ones, the first."""
    known = [before, error] if before else [error]
    return min(known, key=lambda each: PRECEDENCE.index(each.exit_code))


def exit_code_table() -> str:
    """Return the exit codes as a Markdown table, for ``docs/operating.md``."""
    rows = [f"| {code:d} | {code.meaning} | {code.remedy} |" for code in ExitCode]
    return "\n".join(["| code | what it means | what to do |", "|---|---|---|", *rows, ""])
