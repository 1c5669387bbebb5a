"""A watch that is killed announces each change at least once, and twice only as the same."""

import os
import signal
import sqlite3
import warnings
from collections import Counter
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from crawler.feeds.saved_searches import SavedSearch
from crawler.store.archive import Archive
from crawler.watch import outbox as outbox_module
from crawler.watch.messages import Message, sender
from crawler.watch.watch import Done
from tests.commands import CAN_FORK
from tests.crawler.watch.receivers import Receiver
from tests.crawler.watch.watches import edit, search, watching
from tests.sinks import MailServer, serving


class Killed(BaseException):
    """Somebody pulled the plug."""


def test_a_mail_that_is_sent_again_is_the_same_mail(archive: Archive) -> None:
    server = MailServer()
    with serving(server):
        send = sender(server.address)

        def killed_after(message: Message) -> None:
            send(message)
            raise Killed

        mails = search("m", "bridge", mail="desk@example.org")
        with watching(archive.folder.parent, mails) as look:
            look()
            edit(archive, 1, "A new bridge")
        with (
            watching(archive.folder.parent, mails, send=killed_after) as look,
            pytest.raises(Killed),
        ):
            look()
        with watching(archive.folder.parent, mails, send=send) as look:
            assert look().sent == 1
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_what_is_under_way_when_a_signal_comes_is_noted_as_sent(
    archive: Archive, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with watching(archive.folder.parent, search("s", "bridge", webhook=receiver.address)) as look:
        look()
        edit(archive, 1, "A new bridge")
        edit(archive, 2, "A bridge")
        with monkeypatch.context() as patch:
            patch.setattr("crawler.watch.announce.wait", interrupted)
            with pytest.raises(KeyboardInterrupt):
                look()
        assert look() == Done(sent=1)
    assert receiver.articles == [("uza:1", 2), ("uza:2", 1)]


class Dying(sqlite3.Connection):
    """Kills the process before a statement, once so many steps were made."""

    left = 0

    @classmethod
    def step(cls) -> None:
        cls.left -= 1
        if cls.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        self.step()
        return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        self.step()
        return super().executemany(*arguments)


def killed_at(step: int, folder: Path, *searches: SavedSearch) -> bool:
    """Look in a process that is killed at a step; tell whether it came so far."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # of threads
        pid = os.fork()
    if not pid:
        Dying.left = step

        def send(message: Message) -> None:
            Dying.step()
            note(folder, message)
            Dying.step()

        outbox_module.sqlite3.connect = partial(sqlite3.connect, factory=Dying)  # type: ignore
        with watching(folder, *searches, send=send) as look:
            look()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def note(folder: Path, message: Message) -> None:
    """Receive a message, for good."""
    with (folder / "received").open("a") as file:
        file.write(f"{message.key}\n")


@pytest.mark.skipif(not CAN_FORK, reason="a process with threads cannot be forked here")
def test_killed_at_any_step_each_change_is_announced_and_twice_only_under_one_key(
    archive: Archive,
) -> None:
    folder = archive.folder.parent
    searches = [search("a", "bridge"), search("b", "changed:title", mail="desk@example.org")]
    told_twice = steps = 0
    with watching(folder, *searches) as look:
        look()
    for step in count(1):
        edit(archive, 1, f"Bridge {step}")
        (folder / "received").write_text("")
        killed = killed_at(step, folder, *searches)
        with watching(folder, *searches, send=partial(note, folder)) as look:
            look()
            assert look() == Done()
        keys = Counter((folder / "received").read_text().split())
        assert len(keys) == 2, step
        assert max(keys.values()) <= 2
        told_twice += max(keys.values()) == 2
        steps = step
        if not killed:
            break
    assert steps > 15
    assert 2 <= told_twice < steps
