"""What can go wrong outside a single article, with the exit code each kind ends in.

ArchiveError                the run cannot go on; ``exit_code`` says why
├── TimeUp                  0  the run was given so many minutes, and they are over
├── UsageError              2  an argument, a setting, a folder that cannot be written
├── Locked                  5  another run holds the data folder
├── Blocked                 6  the site refuses, or asks for a longer wait than a run may take
├── StorageError            7  journal or ledger cannot be trusted or written
└── Interrupted       130, 143  somebody ended the run by SIGINT or SIGTERM
"""

from signal import Signals

EXIT_CODES = {
    0: "fine",
    1: "a fault of ours, or sums that do not balance",
    2: "usage or configuration",
    3: "finished, but a road failed or too many articles did",
    4: "a monitor failed: the site has probably changed",
    5: "another run holds the data folder",
    6: "blocked or refused by the site, or told to wait too long",
    7: "storage failed",
    130: "interrupted by SIGINT",
    143: "interrupted by SIGTERM",
}
# Where several exit codes hold, the run ends in the first of these.
PRECEDENCE = (7, 1, 130, 143, 6, 3, 4, 0)


class ArchiveError(Exception):
    """A run cannot start or go on; the message names the thing, the place and the remedy."""

    exit_code = 1


class TimeUp(ArchiveError):
    """The run worked for as long as it was asked to."""

    exit_code = 0


class UsageError(ArchiveError):
    """What the operator asked for cannot be done as asked."""

    exit_code = 2


class Locked(ArchiveError):
    """Another run works on the same data folder."""

    exit_code = 5


class Blocked(ArchiveError):
    """The site refuses to be crawled now."""

    exit_code = 6


class StorageError(ArchiveError):
    """Journal or ledger cannot be trusted or written."""

    exit_code = 7


class Interrupted(ArchiveError):
    """A signal ended the run; the exit code is the one a shell gives for it."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{Signals(number).name}; what is left is fetched by a later run")
        self.exit_code = 128 + number


def graver(before: ArchiveError | None, error: ArchiveError) -> ArchiveError:
    """Return the error that the exit code tells of; of two alike, the first."""
    known = [before, error] if before else [error]
    return min(known, key=lambda each: PRECEDENCE.index(each.exit_code))
