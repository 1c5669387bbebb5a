"""A withdrawal that is killed before a commit or after a step, and asked for again."""

import shutil
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from crawler.maintenance.rebuild import Rebuild
from crawler.maintenance.withdraw import Withdrawal
from crawler.store.archive import Archive
from crawler.warc.index import Wanted
from tests.crawler.archives import crash
from tests.crawler.withdrawals import (
    archive_with_it,
    journal,
    tellers,
    told,
    unfinished,
    withdraw,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return archive_with_it(tmp_path / "uza")


class Killed(BaseException):
    """Somebody pulled the plug."""


def killed_at(folder: Path, step: int) -> bool:
    """Kill a withdrawal before a commit, or when it has told of something; False if it ended."""
    archive = Archive(folder)
    commit, left = archive.commit, [step]

    def listen(line: str = "commit") -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed(line)

    def listen_and_commit() -> None:
        listen()
        commit()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "commit", listen_and_commit)
        try:
            Withdrawal(archive, "uza:594021", listen).work("a court")
        except Killed:
            return True
        finally:
            crash(archive)
    return False


@pytest.mark.parametrize("rebuilt", [False, True], ids=["", "rebuilt in between"])
def test_killed_between_steps_it_is_remembered_and_completed(
    folder: Path, tmp_path: Path, rebuilt: bool
) -> None:
    begun = set()
    for step in count(1, 1 + rebuilt):
        killed = Path(shutil.copytree(folder, tmp_path / f"killed {step}" / "uza"))
        if not killed_at(killed, step):
            break
        if rebuilt:
            Rebuild(killed, lambda _: None).make()
        state = told(killed, "SELECT state FROM article WHERE id = 'uza:594021'")
        withdrawn = state == [("withdrawn",)]
        assert unfinished(killed) == ["uza:594021"] or not (withdrawn and tellers(killed)), step
        captures = Wanted(ids=("uza:594021",))
        with closing(Archive(killed)) as again:
            assert bool([*again.ledger.captures.unread("other", captures)]) != withdrawn
        withdraw(killed)
        assert tellers(killed) == [], step
        assert unfinished(killed) == []
        assert [row["reason"] for row in journal(killed) if row["reason"]] == ["a court"]
        begun.add(withdrawn)
    assert step > 15
    assert begun == {True, False}
