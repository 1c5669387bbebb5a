from signal import SIGINT, SIGTERM

from crawler.errors import Blocked, Interrupted, StorageError, graver

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
