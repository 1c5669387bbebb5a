"""What searches find is announced at least once, whatever fails, and can be known to be one."""

import json
import os
import signal
import sqlite3
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ExitCode, StorageError
from crawler.feeds.saved_searches import SavedSearch
from crawler.model.versions import blank_line
from crawler.store.archive import Archive
from crawler.store.changes import Position
from crawler.store.damaged_lines import lines_of
from crawler.store.reader import ArchiveReader
from crawler.system.clock import now, rfc3339
from crawler.text.query import parse
from crawler.watch import outbox as outbox_module
from crawler.watch.messages import Message, sender
from crawler.watch.outbox import Outbox, key_of
from crawler.watch.watch import Done, Watch
from tests.commands import CAN_FORK
from tests.crawler.archives import article, store
from tests.crawler.watch.receivers import Receiver, answer, receiving
from tests.days import pass_time, start_day
from tests.sinks import MailServer, WebServer, serving

MINUTE = timedelta(minutes=1)


def search(name: str, query: str, **channels: str) -> SavedSearch:
    parsed = parse(query)
    assert parsed
    return SavedSearch(name, query, parsed, **channels)


def sample() -> dict[str, Any]:
    """Return the JSON that the documents show."""
    text = Path(__file__).parents[3].joinpath("docs", "alerts.md").read_text("utf-8")
    told = json.loads(text.partition("```json\n")[2].partition("```")[0])
    assert isinstance(told, dict)
    return told


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    yield
    start_day()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, title="An old bridge")
        archive.commit()
        yield archive


def edit(archive: Archive, number: int, title: str) -> None:
    """Record an article, or an edit of its headline."""
    versions = archive.ledger.versions(f"uza:{number}")
    fields = {"change": "edited", "changed_fields": ["title"]} if versions else {}
    store(
        archive, number, version=len(versions) + 1, title=title, fetched_at=rfc3339(now()), **fields
    )
    archive.commit()


@contextmanager
def watching(
    folder: Path, *searches: SavedSearch, send: Callable[[Message], None] | None = None
) -> Iterator[Callable[[], Done]]:
    """Give what looks and announces once."""
    with Outbox(folder / "watch.sqlite") as outbox:
        watch = Watch(folder, outbox, searches, send or sender("smtp://127.0.0.1:1"))
        watch.drop_others()
        yield partial(watch.once, ["uza"])


def test_only_what_comes_after_the_first_look_is_announced(
    archive: Archive, receiver: Receiver
) -> None:
    bridges = search("bridges", "bridge", webhook=f"{receiver.address}/hook")
    with watching(archive.folder.parent, bridges) as look:
        assert look() == Done(begun=["uza"])
        assert look() == Done()
        edit(archive, 1, "A new bridge")
        edit(archive, 2, "A school")
        assert look() == Done(sent=1)
        assert look() == Done()
    ((path, headers, told),) = receiver.asked
    assert (path, headers["idempotency-key"]) == ("/hook", f'"{told["key"]}"')
    assert told.keys() == sample().keys()
    assert told["item"].keys() | {"language"} == sample()["item"].keys()
    assert told["item"]["_archive"].keys() | {"edition"} == sample()["item"]["_archive"].keys()
    assert told["search"] == {"name": "bridges", "query": "bridge"}
    assert told["item"]["title"] == "Edited: A new bridge"
    assert told["item"]["_archive"]["old_title"] == "An old bridge"


def test_each_search_tells_its_own_receiver_with_a_key_of_its_own(
    archive: Archive, receiver: Receiver
) -> None:
    searches = [
        search("a", "changed:title agency:uza", webhook=f"{receiver.address}/a"),
        search("b", "bridge", webhook=f"{receiver.address}/b"),
        search("c", "school", webhook=f"{receiver.address}/c"),
    ]
    with watching(archive.folder.parent, *searches) as look:
        look()
        edit(archive, 1, "A new bridge")
        assert look().sent == 2
    assert sorted(path for path, *_ in receiver.asked) == ["/a", "/b"]
    assert len(set(receiver.keys)) == 2


def test_a_receiver_that_fails_is_asked_again_later_each_time_after_twice_as_long(
    archive: Archive, receiver: Receiver
) -> None:
    with watching(archive.folder.parent, search("s", "bridge", webhook=receiver.address)) as look:
        look()
        edit(archive, 1, "A new bridge")
        receiver.answer = answer(500)
        failed = look()
        assert (failed.sent, failed.waiting) == (0, 1)
        assert failed.exit_code == ExitCode.SOURCE_FAILED
        (problem,) = failed.problems
        host = receiver.address.removeprefix("http://")
        assert problem == (
            f"[s] uza:1 version 2 is not announced yet (attempt 1): {host}: HTTP 500"
        )
        for pause in (1, 2, 4, 8, 16, 32, 60, 60):
            tried = len(receiver.asked)
            pass_time(pause * MINUTE - timedelta(seconds=30))
            assert look() == Done(waiting=1, exit_code=ExitCode.SOURCE_FAILED)
            assert len(receiver.asked) == tried
            pass_time(timedelta(seconds=31))
            look()
            assert len(receiver.asked) == tried + 1
        receiver.answer = answer(200)
        pass_time(61 * MINUTE)
        assert look() == Done(sent=1)
    assert len(set(receiver.keys)) == 1


def test_a_receiver_that_asks_for_more_time_gets_it(archive: Archive, receiver: Receiver) -> None:
    with watching(archive.folder.parent, search("s", "bridge", webhook=receiver.address)) as look:
        look()
        edit(archive, 1, "A new bridge")
        receiver.answer = answer(503, Retry_After="7200")
        look()
        receiver.answer = answer(200)
        pass_time(119 * MINUTE)
        assert look().sent == 0
        pass_time(2 * MINUTE)
        assert look().sent == 1


def test_one_that_fails_holds_up_nobody_else_and_is_asked_once_a_look(
    archive: Archive, receiver: Receiver
) -> None:
    with receiving() as dead:
        dead.answer = answer(500)
        searches = [
            search("a", "bridge", webhook=dead.address),
            search("b", "bridge", webhook=receiver.address),
        ]
        with watching(archive.folder.parent, *searches) as look:
            look()
            for number in range(2, 7):
                edit(archive, number, "A bridge")
            done = look()
            assert (done.sent, done.waiting, len(done.problems)) == (5, 5, 1)
            assert dead.articles == [("uza:2", 1)]
            look()
            assert dead.articles == [("uza:2", 1), ("uza:3", 1)]
            pass_time(5 * MINUTE)
            look()
            assert dead.articles[2:] == [("uza:4", 1)], "first what has failed least"
    assert receiver.articles == [(f"uza:{number}", 1) for number in range(2, 7)]


def test_a_search_may_mail_or_print(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    searches = [search("m", "bridge", mail="desk@example.org"), search("p", "bridge")]
    server = MailServer()
    with serving(server):
        send = sender(server.address)
        with watching(archive.folder.parent, *searches, send=send) as look:
            look()
            edit(archive, 1, "A new\u202e bridge")
            assert look().sent == 2
    (mail,) = server.mails
    assert mail["To"] == "desk@example.org"
    assert mail["Message-ID"].endswith("@example.org>")
    text = mail.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert b"The headline was: An old bridge" in text
    assert b"https://uza.uz/posts/1" in text
    line = capsys.readouterr().out
    assert line.startswith("p: uza:1 version 2, seen ")
    assert line.endswith("Edited: A new bridge https://uza.uz/posts/1\n")


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_a_service_that_apprise_knows_may_be_told(archive: Archive) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: make notify")
    web = WebServer()
    to = web.address.replace("http://", "json://") + "/secret"
    with serving(web), watching(archive.folder.parent, search("s", "bridge", service=to)) as look:
        look()
        edit(archive, 1, "A new bridge")
        web.status = 500
        (problem,) = look().problems
        assert problem.endswith("(attempt 1): json: the service did not take it")
        web.status = 200
        pass_time(2 * MINUTE)
        assert look() == Done(sent=1)
    told = json.loads(web.asked[-1][2])
    assert told["title"] == "[s] Edited: A new bridge"
    assert "\nkey " in told["message"]


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


class Killed(BaseException):
    """Somebody pulled the plug."""


def withdraw(archive: Archive, number: int) -> None:
    """Leave a tombstone of an article's first line, as a withdrawal does."""
    (journal,) = archive.journal.folder.glob("*.jsonl")
    with ArchiveReader(archive.folder) as reader:
        row = reader.versions(f"uza:{number}")[-1]
    for line in lines_of(journal):
        if json.loads(line.data)["id"] == row["id"]:
            archive.journal.overwrite(
                journal.name, {line.offset: blank_line(json.loads(line.data), line.length)}
            )


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


def test_what_was_withdrawn_before_it_was_sent_is_not_sent(
    archive: Archive, receiver: Receiver
) -> None:
    with watching(archive.folder.parent, search("s", "bridge", webhook=receiver.address)) as look:
        look()
        edit(archive, 2, "A new bridge")
        receiver.answer = answer(500)
        look()
        assert b"bridge" not in (archive.folder.parent / "watch.sqlite").read_bytes()
        withdraw(archive, 2)
        receiver.answer = answer(200)
        pass_time(2 * MINUTE)
        assert look() == Done()
    assert len(receiver.asked) == 1


def test_what_waits_for_a_search_that_is_no_more_is_dropped(
    archive: Archive, receiver: Receiver
) -> None:
    folder = archive.folder.parent
    receiver.answer = answer(500)
    with watching(folder, search("s", "bridge", webhook=receiver.address)) as look:
        look()
        edit(archive, 1, "A new bridge")
        assert look().waiting == 1
    with watching(folder, search("s", "bridge", webhook=f"{receiver.address}/b")) as look:
        assert look().waiting == 1, "another address of the same search"
    with watching(folder, search("t", "bridge", webhook=receiver.address)) as look:
        assert look() == Done()


def test_a_damaged_archive_holds_up_no_other(archive: Archive, receiver: Receiver) -> None:
    folder = archive.folder.parent
    with closing(Archive(folder / "ria")) as other:
        store(other, 1)
        other.commit()
    with Outbox(folder / "watch.sqlite") as outbox:
        watch = Watch(folder, outbox, [search("s", "bridge", webhook=receiver.address)], sender(""))
        assert watch.once(["ria", "uza", "xinhua"]).begun == ["ria", "uza"]
        edit(archive, 1, "A new bridge")
        with closing(Archive(folder / "ria")) as other:
            store(other, 2, title="A school")
        (journal,) = (folder / "ria" / "journal").glob("*.jsonl")
        journal.write_bytes(journal.read_bytes().replace(b"A school", b"A stool!"))
        done = watch.once(["ria", "uza"])
        assert (done.sent, done.exit_code) == (1, ExitCode.STORAGE_FAILED)
        assert "ria/journal" in done.problems[0]
        journal.write_bytes(journal.read_bytes().replace(b"A stool!", b"A school"))
        assert watch.once(["ria", "uza"]) == Done()


def test_what_waits_is_noted_once_and_another_content_has_another_key(tmp_path: Path) -> None:
    """A backup that was restored brings back what was read, or other content in its place."""
    row = article(1)
    with Outbox(tmp_path / "watch.sqlite") as outbox:
        for _ in range(2):
            outbox.take("uza", Position({}), [("s", "mail", row), ("s", "webhook", row)])
        mail, webhook = outbox.due(0)
        assert mail.key == webhook.key == key_of("s", row)
    assert key_of("s", article(1, title="Another")) != mail.key
    assert key_of("t", row) != mail.key


def test_an_outbox_that_is_damaged_is_named(tmp_path: Path) -> None:
    path = tmp_path / "watch.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StorageError, match=r"watch\.sqlite: cannot be used .* remove it"):
        Outbox(path)


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
