"""What can go wrong outside a single article, with the exit code each kind ends in.

ArchiveError                the run cannot go on; ``exit_code`` says why
├── UsageError              2  an argument, a setting, a folder that cannot be written
├── Locked                  5  another run holds the data folder
├── Blocked                 6  the site refuses, or asks for a longer wait than a run may take
└── StorageError            7  journal or ledger cannot be trusted or written
"""


class ArchiveError(Exception):
    """A run cannot start or go on; the message names the thing, the place and the remedy."""

    exit_code = 1


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
