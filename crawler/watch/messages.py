"""The message about a version that matches a search: webhook, mail, service or printed line."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from crawler.feeds.entry import Entry
from crawler.feeds.formats import json_item
from crawler.feeds.saved_searches import SavedSearch
from crawler.store.database import one_line
from crawler.system import notices
from crawler.watch.webhook import post


@dataclass(frozen=True, slots=True)
class Message:
    """An announcement with its content; ``key``: its identifier, the same at each attempt."""

    key: str
    search: SavedSearch
    channel: str
    entry: Entry

    @property
    def to(self) -> str:
        """The address of the receiver."""
        return self.search.channels[self.channel]


def sender(mail_server: str) -> Callable[[Message], None]:
    """Return the function that sends a message; it raises ``OSError`` on failure."""

    def send(message: Message) -> None:
        if message.channel == "webhook":
            _post(message)
        elif message.channel in ("mail", "service"):
            subject = f"[{message.search.name}] {one_line(message.entry.title)}"
            notices.send(message.to, subject, _text(message), mail_server, message.key)
        else:
            print(line_of(message.search, message.entry), flush=True)

    return send


def _post(message: Message) -> None:
    told = {
        "key": message.key,
        "search": {"name": message.search.name, "query": message.search.text},
        "item": json_item(message.entry),
    }
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": f'"{message.key}"',
        "User-Agent": "agency-news-archive",
    }
    post(message.to, msgspec.json.encode(told), headers)


def _text(message: Message) -> str:
    entry = message.entry
    lines = [entry.text, "", entry.row.url]
    if entry.page:
        lines.append(f"in the archive: {entry.page}")
    seen = f"seen {entry.row.fetched_at}, {entry.row.id} version {entry.row.version}"
    found = f"found by {message.search.name}: {message.search.text}"
    return "\n".join([*lines, seen, "", found, f"key {message.key}"])


def line_of(search: SavedSearch, entry: Entry) -> str:
    """Return a match as one line of text."""
    row = entry.row
    found = f"{search.name}: {row.id} version {row.version}, seen {row.fetched_at}"
    return f"{found}: {one_line(entry.title)} {entry.page or row.url}"
