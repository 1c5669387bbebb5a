"""What searches find is announced at least once, whatever fails, and can be known to be one."""

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ExitCode, StorageError
from crawler.model.versions import blank_line
from crawler.store.archive import Archive
from crawler.store.changes import Position
from crawler.store.journal import lines_of
from crawler.store.reader import ArchiveReader
from crawler.watch.messages import sender
from crawler.watch.outbox import Outbox, key_of
from crawler.watch.watch import Done, Watch
from tests.crawler.archives import article, store
from tests.crawler.watch.receivers import Receiver, answer, receiving
from tests.crawler.watch.watches import edit, search, watching
from tests.days import pass_time
from tests.sinks import MailServer, WebServer, serving

MINUTE = timedelta(minutes=1)


def sample() -> dict[str, Any]:
    """Return the JSON that the documents show."""
    text = Path(__file__).parents[3].joinpath("docs", "alerts.md").read_text("utf-8")
    told = json.loads(text.partition("```json\n")[2].partition("```")[0])
    assert isinstance(told, dict)
    return told


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


def test_an_edit_that_takes_a_word_out_is_found_by_it(archive: Archive, receiver: Receiver) -> None:
    queries = (
        "title:bridge changed:title",
        "old -bridge",
        "bridge -is:edited",
        "bridge changed:body",
    )
    searches = [search(f"s{n}", each, webhook=receiver.address) for n, each in enumerate(queries)]
    with watching(archive.folder.parent, *searches) as look:
        look()
        edit(archive, 1, "An old road")
        assert look().sent == 2
        edit(archive, 1, "A road")
        assert look().sent == 1
    names = [told["search"]["name"] for *_, told in receiver.asked]
    assert names == ["s1", "s0", "s1"]


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
        assert problem.endswith("(attempt 1): json: the service did not accept it")
        web.status = 200
        pass_time(2 * MINUTE)
        assert look() == Done(sent=1)
    told = json.loads(web.asked[-1][2])
    assert told["title"] == "[s] Edited: A new bridge"
    assert "\nkey " in told["message"]


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
