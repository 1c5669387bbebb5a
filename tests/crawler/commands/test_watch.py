"""``scrapy watch`` as an operator and a timer use it."""

import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.store.archive import Archive, lock_folder
from crawler.system.clock import now, rfc3339
from tests.commands import Refused, command, scrapy, start
from tests.crawler.archives import store
from tests.crawler.watch.receivers import Receiver, answer, receiving

DAY = timedelta(days=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with closing(Archive(tmp_path / "uza")) as archive:
        store(archive, 1, title="A bridge", fetched_at=rfc3339(now()))
    return tmp_path


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def searches(data: Path, *channels: str) -> Path:
    path = data / "searches.toml"
    path.write_text("\n".join(['[bridges]\nquery = "bridge"', *channels]))
    return path


def edit(data: Path, title: str) -> None:
    with closing(Archive(data / "uza")) as archive:
        number = len(archive.ledger.versions("uza:1")) + 1
        store(archive, 1, version=number, title=title, change="edited", changed_fields=["title"],
              fetched_at=rfc3339(now()))  # fmt: skip


def test_a_timer_is_told_what_was_announced_and_what_waits(data: Path, receiver: Receiver) -> None:
    file = searches(data, f'webhook = "{receiver.address}"')
    first = scrapy("watch", "--searches", file, DATA_DIR=data)
    assert (first.returncode, first.stdout) == (0, "uza: watched from now on\n")
    again = scrapy("watch", "--searches", file, DATA_DIR=data)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    edit(data, "Another bridge")
    told = scrapy("watch", "--searches", file, "uza", DATA_DIR=data)
    assert (told.returncode, told.stdout) == (0, "1 announced, 0 waiting\n")
    edit(data, "A third bridge")
    receiver.answer = answer(302, Location="/elsewhere")
    failed = scrapy("watch", "--searches", file, "uza", DATA_DIR=data)
    assert (failed.returncode, failed.stdout) == (3, "0 announced, 1 waiting\n")
    assert "HTTP 302 to /elsewhere; redirects are not followed" in failed.stderr
    assert receiver.articles == [("uza:1", 2), ("uza:1", 3)]


def test_without_a_receiver_it_prints_and_links_to_the_reading_room(data: Path) -> None:
    file = searches(data)
    room = "https://room.example.org"
    scrapy("watch", "--searches", file, DATA_DIR=data)
    edit(data, "Another bridge")
    told = scrapy("watch", "--searches", file, "--browse-url", room, DATA_DIR=data)
    line, last = told.stdout.splitlines()
    assert line.startswith("bridges: uza:1 version 2, seen ")
    assert line.endswith(f": Edited: Another bridge {room}/article/uza%3A1?version=2")
    assert last == "1 announced, 0 waiting"


def test_searches_can_be_tried_without_telling_anybody(data: Path, receiver: Receiver) -> None:
    with closing(Archive(data / "uza")) as archive:
        store(archive, 2, title="A bridge of last month", fetched_at=rfc3339(now() - 8 * DAY))
    file = searches(data, f'webhook = "{receiver.address}"', '[schools]\nquery = "school"')
    tried = scrapy("watch", "--searches", file, "--try", "7", DATA_DIR=data)
    line, *counts = tried.stdout.splitlines()
    assert line.startswith("bridges: uza:1 version 1, seen ")
    assert counts == ["bridges: found 1 in 7 days", "schools: found 0 in 7 days"]
    assert not receiver.asked
    assert not list(data.glob("watch-*"))


def test_searches_can_be_tried_beside_a_damaged_archive(data: Path) -> None:
    with closing(Archive(data / "ria")) as archive:
        store(archive, 1, agency="ria", id="ria:1")
    (data / "ria" / "ledger.sqlite").unlink()
    tried = scrapy("watch", "--searches", searches(data), "--try", "7", DATA_DIR=data)
    assert tried.stdout.endswith("bridges: found 1 in 7 days\n")
    assert tried.stderr.startswith(f"scrapy watch: {data}/ria/ledger.sqlite: damaged")
    assert (tried.returncode, tried.stderr.count("\n")) == (7, 1)


@pytest.mark.slow
def test_it_looks_again_and_again_until_it_is_ended(data: Path, receiver: Receiver) -> None:
    file = searches(data, f'webhook = "{receiver.address}"')
    watch = command("watch", "--searches", file, "--every", "1", DATA_DIR=data)
    with start(watch) as process:
        assert process.stdout
        assert process.stdout.readline() == "uza: watched from now on\n"
        edit(data, "Another bridge")
        assert process.stdout.readline() == "1 announced, 0 waiting\n"
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "interrupted by SIGTERM; the next call announces the rest" in said
    assert receiver.articles == [("uza:1", 2)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "expected --searches FILE; see scrapy watch -h for an example"),
        (("--searches", "nosuch.toml"), "nosuch.toml: cannot be read (No such file or directory)"),
        (("--searches", "FILE", "--every", "0"), "--every 0: expected a whole number"),
        (("--searches", "FILE", "--try", "x"), "--try x: expected a whole number"),
        (("--searches", "FILE", "uzza"), "no agency 'uzza'; there are: "),
        (("--searches", "FILE", "--browse-url", "x"), "--browse-url x: expected a web address"),
        (("--searches", "MAIL", "-s", "ALERT_SERVER=x"), "ALERT_SERVER=x: expected smtp://HOST"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_line(
    data: Path, refused: Refused, arguments: tuple[str, ...], message: str
) -> None:
    mail = data / "mail.toml"
    mail.write_text('[a]\nquery = "bridge"\nmail = "desk@example.org"')
    files = {"FILE": str(searches(data)), "MAIL": str(mail)}
    named = [files.get(each, each) for each in arguments]
    assert message in refused("watch", *named, "-s", f"DATA_DIR={data}")


def test_a_second_watch_of_the_same_searches_is_refused(data: Path, refused: Refused) -> None:
    file = searches(data)
    with lock_folder(data / "watch-searches.lock"):
        said = refused("watch", "--searches", str(file), "-s", f"DATA_DIR={data}", exit_code=5)
    assert "holds it (pid " in said


def test_a_folder_without_an_archive_is_no_archive(data: Path) -> None:
    (data / "ria").mkdir()
    first = scrapy("watch", "--searches", searches(data), DATA_DIR=data)
    assert (first.returncode, first.stdout) == (0, "uza: watched from now on\n")
