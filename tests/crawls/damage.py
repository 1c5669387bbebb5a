"""Damage done to an archive: each function does one kind, and returns how it is to be named."""

import json
import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from crawler.model.fields import MISFIT


def journal_of(folder: Path) -> Path:
    (journal,) = (folder / "journal").iterdir()
    return journal


def warc_of(folder: Path) -> Path:
    (warc,) = folder.glob("warc/*.warc.gz")
    return warc


def in_ledger(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "ledger.sqlite", isolation_level=None)) as database:
        for statement in statements:
            assert database.execute(statement).rowcount > 0


def change_line(folder: Path, number: int, change: Callable[[str], str]) -> None:
    lines = journal_of(folder).read_text("utf-8").splitlines(keepends=True)
    changed = change(lines[number - 1])
    assert changed != lines[number - 1]
    assert len(changed.encode()) == len(lines[number - 1].encode())
    lines[number - 1] = changed
    journal_of(folder).write_text("".join(lines), "utf-8")


def other_letter(line: str) -> str:
    place = re.search(r'"body":"[^"]*?[a-z](?=[a-z])', line)
    assert place
    letter = "a" if line[place.end()] != "a" else "b"
    return line[: place.end()] + letter + line[place.end() + 1 :]


def latin_line(folder: Path) -> int:
    lines = journal_of(folder).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if '"edition":"en"' in line)


def forge_text(folder: Path) -> str:
    change_line(folder, number := latin_line(folder), other_letter)
    return rf"{journal_of(folder)}: line {number}: uza:\S+ version 1: {MISFIT}"


def swap_lines(folder: Path) -> str:
    lines = journal_of(folder).read_bytes().splitlines(keepends=True)
    lines[2], lines[3] = lines[3], lines[2]
    journal_of(folder).write_bytes(b"".join(lines))
    names = [f"{json.loads(line)['id']} version 1" for line in lines[2:4]]
    return f"{journal_of(folder)}: line 3: {names[0]} is where the ledger has {names[1]}"


def forge_digest(folder: Path) -> str:
    change_line(folder, 2, lambda line: re.sub(r'"sha256:..', '"sha256:zz', line))
    return rf"{journal_of(folder)}: line 2: uza:\S+ version 1: its capture at byte \d+ of \S+ has"


def spoil_line(folder: Path) -> str:
    change_line(folder, 4, lambda line: line.replace('{"schema"', '["schema"'))
    return (
        rf"{journal_of(folder)}: line 4: is not a row of an article .*; "
        r"the ledger has uza:\S+ version 1 here"
    )


def cut_journal(folder: Path) -> str:
    os.truncate(journal_of(folder), size := journal_of(folder).stat().st_size - 5)
    return rf"{journal_of(folder)}: {size} bytes where the ledger has {size + 5}"


def lose_journal(folder: Path) -> str:
    journal_of(folder).rename(folder / "elsewhere")
    return rf"{folder}/journal/\S+\.jsonl: cannot be read \(No such file"


def add_line(folder: Path) -> str:
    with journal_of(folder).open("ab") as file:
        file.write(b"{}\n")
    return (
        f"{journal_of(folder)}: 3 bytes beyond what the ledger covers, and no run left them there"
    )


def forget_version(folder: Path) -> str:
    row = json.loads(journal_of(folder).read_text("utf-8").splitlines()[4])
    in_ledger(folder, f"DELETE FROM version WHERE article_id = '{row['id']}'")
    return f"{journal_of(folder)}: line 5: {row['id']} version 1 is not known to the ledger here"


def move_version(folder: Path) -> str:
    in_ledger(folder, "UPDATE version SET offset = offset + 1 WHERE offset = 0")
    return f"{journal_of(folder)}: the ledger has uza:.* version 1 at byte 1, where no line begins"


def other_hash(folder: Path) -> str:
    in_ledger(folder, "UPDATE version SET content_hash = 'x' WHERE offset = 0")
    return f"{journal_of(folder)}: line 1: uza:.*: content_hash is [0-9a-f]+, in the ledger x"


def place_of(folder: Path, condition: str = "article_id IS NOT NULL") -> tuple[int, int]:
    query = f"SELECT offset, length FROM capture WHERE {condition} ORDER BY offset DESC LIMIT 1"
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as database:
        offset, length = database.execute(query).fetchone()
    return offset, length


def flip(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 0xFF]))


def flip_payload(folder: Path) -> str:
    offset, length = place_of(folder)
    flip(warc_of(folder), offset + length - 20)
    return f"{warc_of(folder)}: the record at byte {offset}: not a complete gzip member"


def flip_head(folder: Path) -> str:
    offset, _ = place_of(folder)
    flip(warc_of(folder), offset + 1)
    return f"{warc_of(folder)}: the record at byte {offset}: not a complete gzip member"


def flip_request(folder: Path) -> str:
    offset, length = place_of(folder)
    flip(warc_of(folder), offset + length + 30)
    return f"{warc_of(folder)}: the record at byte {offset + length}: "


def other_digest(folder: Path) -> str:
    offset, _ = place_of(folder)
    in_ledger(folder, f"UPDATE capture SET digest = 'sha256:0' WHERE offset = {offset}")
    return f"{warc_of(folder)}: the record at byte {offset}: its digest is sha256:.*, in the ledger"


def forget_capture(folder: Path) -> str:
    offset, _ = place_of(folder)
    in_ledger(folder, f"DELETE FROM capture WHERE offset = {offset}")
    return f"{warc_of(folder)}: the record at byte {offset}: is a response, which the ledger does"


def cut_warc(folder: Path) -> str:
    os.truncate(warc_of(folder), size := warc_of(folder).stat().st_size - 7)
    return rf"{warc_of(folder)}: {size} bytes where the ledger has {size + 7}"


def lose_warc(folder: Path) -> str:
    (path := warc_of(folder)).unlink()
    return f"{path}: is missing, though its index is here"


def lose_original(folder: Path) -> str:
    offset, _ = place_of(folder)
    in_ledger(
        folder,
        f"UPDATE capture SET kind = 'revisit', digest = 'sha256:1' WHERE offset = {offset}",
    )
    return f"{warc_of(folder)}: the record at byte {offset}: refers to a payload that is not in"


def year_of(folder: Path) -> Path:
    return sorted(folder.glob("articles/*.jsonl"))[-1]


def drop_year_line(folder: Path) -> str:
    lines = (path := year_of(folder)).read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:1] + lines[2:]))
    return f"{path}: line 2 is not the newest version in the journal"


def double_year_line(folder: Path) -> str:
    lines = (path := year_of(folder)).read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines, lines[-1]]))
    return f"{path}: line {len(lines) + 1} and the following lines should not be there"


def lose_year(folder: Path) -> str:
    (path := year_of(folder)).unlink()
    return f"{path}: cannot be compared"


def stale_index(folder: Path) -> str:
    (path,) = folder.glob("warc/*.cdxj")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    return rf"{path}: line \d+ is not what the captures say"


def count_one_more(folder: Path) -> str:
    in_ledger(folder, "UPDATE version_count SET number = number + 1 WHERE change = 'new'")
    return f"{folder / 'ledger.sqlite'}: version_count new: says [0-9]+, and there are [0-9]+"


def count_articles(folder: Path) -> str:
    in_ledger(
        folder,
        "UPDATE article_count SET number = number - 1 WHERE state = 'stored' AND edition = 'en'",
    )
    return f"{folder / 'ledger.sqlite'}: article_count stored en [0-9]+: says"


def count_days(folder: Path) -> str:
    in_ledger(folder, "DELETE FROM day_count WHERE edition = 'en'")
    return f"{folder / 'ledger.sqlite'}: day_count en [0-9-]+: says 0, and there are"


def other_newest(folder: Path) -> str:
    in_ledger(folder, "UPDATE article SET version = 2 WHERE edition = 'en'")
    return rf"{folder / 'ledger.sqlite'}: uza:\S+ has version 2 as its newest, which is not there"


def other_title(folder: Path) -> str:
    in_ledger(folder, "UPDATE article SET title = 'x', published_at = NULL WHERE edition = 'en'")
    return rf"{journal_of(folder)}: line \d+: uza:\S+ version 1: title is .+, in the ledger x$"


def never_gone(folder: Path) -> str:
    in_ledger(folder, "UPDATE article SET state = 'gone' WHERE edition = 'en'")
    return rf"{folder / 'ledger.sqlite'}: uza:\S+ is gone, but has no version with that change"


def other_order(folder: Path) -> str:
    in_ledger(folder, "UPDATE version SET number = 2 WHERE offset = 0")
    return rf"{folder / 'ledger.sqlite'}: uza:\S+ version 2 is new, though it is not the first"


def orphan(folder: Path) -> str:
    in_ledger(folder, "DELETE FROM article WHERE id = (SELECT article_id FROM version LIMIT 1)")
    return rf"{folder / 'ledger.sqlite'}: uza:\S+ has a version, but is not an article"


def other_ledger(folder: Path) -> str:
    (folder / "ledger.id").write_text("0123 7\n")
    return f"{folder / 'ledger.sqlite'}: is not the ledger that wrote the journal last"


def spoil_report(folder: Path) -> str:
    (path,) = folder.glob("runs/*.json")
    path.write_text(path.read_text()[:-10])
    return f"{path}: is not a run report"


DAMAGE = [
    forge_text, swap_lines, forge_digest, spoil_line, cut_journal, lose_journal, add_line,
    forget_version, move_version, other_hash, flip_payload, flip_head, flip_request, other_digest,
    forget_capture, cut_warc, lose_warc, lose_original, drop_year_line, double_year_line, lose_year,
    stale_index, count_one_more, count_articles, count_days, other_newest, other_title, never_gone,
    other_order, orphan, other_ledger, spoil_report,
]  # fmt: skip
