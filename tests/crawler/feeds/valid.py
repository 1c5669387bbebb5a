"""Whether a feed is valid: Atom by its grammar and the rules beside it, JSON Feed by its text."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

_ATOM = "http://www.w3.org/2005/Atom"
_GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
_ADDRESS = re.compile(r"https?://\S+")
_TEXT = {"id", "title", "content_text", "language"}


def check_atom(data: bytes) -> None:
    """Fail unless it is Atom as RFC 4287 asks."""
    root = etree.fromstring(data)
    _GRAMMAR.assertValid(root)
    ids = [element.text for element in root.iter(f"{{{_ATOM}}}id")]
    assert len(ids) == len(set(ids))
    for entry in root.iter(f"{{{_ATOM}}}entry"):
        links = [link.get("rel") for link in entry.iter(f"{{{_ATOM}}}link")]
        assert links.count("alternate") == 1


def check_json_feed(data: bytes) -> None:
    """Fail unless it is JSON Feed 1.1: its required members, the kinds of all, no unknown ones."""
    feed = json.loads(data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed.keys() <= {
        "version", "title", "description", "home_page_url", "feed_url", "authors", "items",
    }  # fmt: skip
    _check_addresses(feed, "home_page_url", "feed_url")
    _check_authors(feed)
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    for item in feed["items"]:
        _check_item(item)


def _check_item(item: dict[str, Any]) -> None:
    assert item["content_text"]  # or content_html
    own = {name for name in item if name.startswith("_")}
    assert item.keys() - own <= _TEXT | {
        "url", "external_url", "date_published", "date_modified", "authors", "tags",
    }  # fmt: skip
    assert all(isinstance(item[name], str) and item[name] for name in item.keys() & _TEXT)
    assert all(isinstance(item[name], dict) for name in own)
    _check_addresses(item, "url", "external_url")
    for name in item.keys() & {"date_published", "date_modified"}:
        assert datetime.fromisoformat(item[name]).tzinfo
    assert all(isinstance(tag, str) for tag in item.get("tags", []))
    _check_authors(item)


def _check_addresses(told: dict[str, Any], *names: str) -> None:
    assert all(_ADDRESS.fullmatch(told[name]) for name in names if name in told)


def _check_authors(told: dict[str, Any]) -> None:
    assert all(author["name"] for author in told.get("authors", []))
