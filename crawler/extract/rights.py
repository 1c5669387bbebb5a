"""Reads a response's terms of use: reservations in headers and page, and whether it is free.

Silence is no permission: nothing is recorded if there is no signal; otherwise its own words are.
"""

import re
from collections.abc import Iterator
from typing import Literal

from crawler.extract.document import Document
from crawler.model.article import RightsSignal

_HEADERS = ("tdm-reservation", "tdm-policy", "x-robots-tag")
# Crawlers that collect texts for language models, by their names in robots.txt.
AI_CRAWLERS = frozenset(
    {
        "ai2bot", "amazonbot", "anthropic-ai", "applebot-extended", "bytespider", "ccbot",
        "chatgpt-user", "claude-web", "claudebot", "cohere-ai", "cohere-training-data-crawler",
        "diffbot", "duckassistbot", "facebookbot", "google-cloudvertexbot", "google-extended",
        "gptbot", "imagesiftbot", "img2dataset", "kangaroo bot", "meta-externalagent",
        "mistralai-user", "oai-searchbot", "omgili", "omgilibot", "panscient.com",
        "perplexity-user", "perplexitybot", "timpibot", "webzio-extended", "youbot",
    }
)  # fmt: skip
_ROBOTS = AI_CRAWLERS | {"robots", "x-robots-tag"}
_METAS = AI_CRAWLERS | {"tdm-reservation", "tdm-policy", "robots", "article:content_tier"}
# Directives that forbid a use, not those on how to show the page or follow its links.
_FORBIDS = re.compile(
    r"\b(?:noai|noimageai|noarchive|nocache|nosnippet|noindex|none)\b", re.IGNORECASE
)
_RESERVES = re.compile(r"\bno(?:image)?ai\b", re.IGNORECASE)
_FREE = "isAccessibleForFree"
_LONGEST = 300


def rights_of(document: Document) -> list[RightsSignal]:
    """Return the signals of a response about its use, each once, in the order of their sources."""
    found = list(_in_headers(document))
    if not document.is_json:
        found += [*_in_metas(document), *_in_data(document)]
    unique = {(each.source, each.name, each.value): each for each in found if _is_one(each)}
    return list(unique.values())


def _in_headers(document: Document) -> Iterator[RightsSignal]:
    for name in _HEADERS:
        yield _signal("header", name, document.headers.get(name))


def _in_metas(document: Document) -> Iterator[RightsSignal]:
    head = document.tree.head
    for node in head.css("meta[content]") if head else ():
        name = (node.attributes.get("name") or node.attributes.get("property") or "").lower()
        if name in _METAS:
            yield _signal("meta", name, node.attributes["content"])


def _in_data(document: Document) -> Iterator[RightsSignal]:
    if _FREE not in document.text:
        return
    told = document.article.get(_FREE)
    if told is None:
        node = document.tree.css_first(f'[itemprop~="{_FREE}"]')
        told = (node.attributes.get("content") or node.text()) if node else None
    yield _signal("schema.org", _FREE, str(told).lower() if isinstance(told, str | bool) else None)


def _signal(
    source: Literal["header", "meta", "schema.org"], name: str, value: str | None
) -> RightsSignal:
    return RightsSignal(source, name, " ".join((value or "").split())[:_LONGEST])


def _is_one(signal: RightsSignal) -> bool:
    """Return whether a signal is about the use."""
    forbids = signal.name not in _ROBOTS or _FORBIDS.search(signal.value)
    return bool(signal.value and forbids)


def is_reserved(signal: RightsSignal) -> bool:
    """Return whether a signal reserves text and data mining."""
    if signal.name == "tdm-reservation":
        return signal.value == "1"
    if signal.name not in _ROBOTS:
        return False
    names = {signal.name, *re.findall(r"([^\s,]+)\s*:", signal.value.lower())}
    return bool(_RESERVES.search(signal.value)) or not names.isdisjoint(AI_CRAWLERS)
