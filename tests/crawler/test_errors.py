from signal import SIGINT, SIGTERM

from crawler.errors import (
    PRECEDENCE,
    ArchiveError,
    Blocked,
    ExitCode,
    Interrupted,
    StorageError,
    exit_code_table,
    graver,
)
from tests.commands import ROOT

BLOCKED, STORAGE = Blocked("told to wait"), StorageError("disk full")
INTERRUPTED = Interrupted(SIGINT)


def test_of_several_errors_the_gravest_is_told() -> None:
    assert graver(None, BLOCKED) is BLOCKED
    assert graver(BLOCKED, INTERRUPTED) is INTERRUPTED
    assert graver(INTERRUPTED, STORAGE) is STORAGE
    assert graver(STORAGE, INTERRUPTED) is STORAGE


def test_of_two_errors_alike_the_first_is_told() -> None:
    assert graver(INTERRUPTED, Interrupted(SIGINT)) is INTERRUPTED
    assert graver(INTERRUPTED, Interrupted(SIGTERM)) is INTERRUPTED


def test_four_comes_before_three_as_it_says_more() -> None:
    assert list(PRECEDENCE) == [7, 1, 130, 143, 6, 4, 3, 0]
    assert set(ExitCode) - set(PRECEDENCE) == {ExitCode.USAGE, ExitCode.LOCKED}  # no run begins


def test_every_kind_of_error_ends_in_a_code_that_has_a_name() -> None:
    kinds = [kind for kind in ArchiveError.__subclasses__() if kind is not Interrupted]
    assert {kind.exit_code for kind in kinds} < set(ExitCode)
    assert Interrupted(SIGINT).exit_code is ExitCode.INTERRUPTED
    assert Interrupted(SIGTERM).exit_code is ExitCode.TERMINATED


def test_the_table_of_the_documents_is_fresh() -> None:
    written = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert exit_code_table() in written, (
        "stale; what belongs there: "
        'python -c "from crawler.errors import exit_code_table; print(exit_code_table())"'
    )
