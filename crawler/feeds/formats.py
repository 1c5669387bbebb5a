"""Convert a feed to bytes: Atom (RFC 4287) and JSON Feed 1.1."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from lxml import etree

from crawler.feeds.entry import Entry, clean

ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
JSON_FEED = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with its entries, newest first.

    ``updated``: RFC 3339 time, needed even without entries. ``addresses``: URL of the feed by
    format. ``home``: URL of the site or reading room that the feed is about.
    """

    id: str
    title: str
    author: str
    updated: str
    entries: Sequence[Entry]
    note: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    home: str | None = None


def atom(feed: Feed) -> bytes:
    """Return a feed as Atom."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    root.set(_LANG, "en")
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    if feed.note:
        _add(root, "subtitle", feed.note)
    _add(root, "updated", feed.updated)
    _add(_add(root, "author"), "name", feed.author)
    if here := feed.addresses.get("atom"):
        _add(root, "link", rel="self", type="application/atom+xml", href=here)
    if feed.home:
        _add(root, "link", rel="alternate", href=feed.home)
    for entry in feed.entries:
        _add_entry(root, entry)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_entry(root: Any, entry: Entry) -> None:
    element = _add(root, "entry")
    _add(element, "id", entry.id)
    title = _add(element, "title", entry.title)
    if entry.row.language:
        title.set(_LANG, entry.row.language)
    _add(element, "updated", entry.row.fetched_at)
    if entry.published_at:
        _add(element, "published", entry.published_at)
    for name in entry.authors:
        _add(_add(element, "author"), "name", name)
    _add(element, "link", rel="alternate", href=entry.row.url)
    if entry.page:
        _add(element, "link", rel="related", href=entry.page, title="this version in the archive")
    _add(element, "category", term=entry.row.change)
    summary = _add(element, "summary", entry.text)
    if entry.row.language and entry.row.change == "new":
        summary.set(_LANG, entry.row.language)


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    allowed = {key: clean(value) for key, value in attributes.items()}
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", allowed)
    element.text = clean(text) if text else text
    return element


def json_feed(feed: Feed) -> bytes:
    """Return a feed as JSON Feed."""
    told = {
        "version": JSON_FEED,
        "title": feed.title,
        "description": feed.note,
        "home_page_url": feed.home,
        "feed_url": feed.addresses.get("json"),
        "authors": [{"name": feed.author}],
        "items": [json_item(entry) for entry in feed.entries],
    }
    named = {name: value for name, value in told.items() if value or name == "items"}
    return msgspec.json.format(msgspec.json.encode(named)) + b"\n"


def json_item(entry: Entry) -> dict[str, Any]:
    """Return a change as an item of JSON Feed; webhooks send the same item."""
    row = entry.row
    told = {
        "id": entry.id,
        "url": entry.page or row.url,
        "external_url": row.url if entry.page else None,
        "title": entry.title,
        "content_text": entry.text,
        "language": row.language,
        "date_published": entry.published_at,
        "date_modified": row.fetched_at,
        "authors": [{"name": name} for name in entry.authors],
        "tags": [row.change],
        "_archive": _record(entry),
    }
    return {name: value for name, value in told.items() if value}


def _record(entry: Entry) -> dict[str, Any]:
    """Return the fields for programs, as an extension of JSON Feed (names that begin with "_")."""
    row = entry.row
    told = {
        **{"id": row.id, "version": row.version, "change": row.change},
        **{"agency": row.agency, "edition": row.edition, "changed_fields": row.changed_fields},
        "announced": row.announced,
        "evidence": msgspec.to_builtins(row.evidence),
        "old_title": clean(entry.before.get("title", "")),
        "content_hash": row.content_hash,
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


# By file extension: the function that writes the format, and its media type.
FORMATS: Mapping[str, tuple[Callable[[Feed], bytes], str]] = {
    "atom": (atom, "application/atom+xml"),
    "json": (json_feed, "application/feed+json"),
}
