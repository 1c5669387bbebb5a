import hashlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from itemadapter import ItemAdapter

from crawler.model.article import Article, Image
from crawler.model.fields import content_hash, fits
from crawler.model.versions import tombstone
from pages.uza import RULES

CDN = "https://cdn.uza.uz/2024/05/01/10/11/apples"
ARTICLE: dict[str, Any] = {
    "title": "Festival of gardens",
    "body": "Apples.\n\nPears.",
    "byline_raw": "Dilnora Zarbuloqova, UzA",
    "published_at": "2024-05-01T23:44:00+05:00",
    "images": [{"url": f"{CDN}.jpg", "caption": "Apples"}],
}


def hash_with(**changes: object) -> str:
    return content_hash(ARTICLE | changes, RULES.image_size)


SAME: list[dict[str, Any]] = [
    {"published_at": "2024-05-01T23:44:31+05:00"},
    {"published_at": "2024-05-01T23:44+05:00"},
    {"images": [{"url": f"{CDN}_small.jpg"}]},
    {"images": [Image(f"{CDN}_front.jpg", caption="Pears", credit="UzA")]},
    {"summary": "Fruit.", "tags": ["fruit"], "fetched_at": "2026-01-01T00:00:00Z", "version": 3},
]


@pytest.mark.parametrize("changes", SAME)
def test_what_depends_on_the_source_does_not_count(changes: dict[str, Any]) -> None:
    assert hash_with(**changes) == hash_with()


OTHER: list[dict[str, Any]] = [
    {"title": "Festival of garden"},
    {"body": "Apples. Pears."},
    {"byline_raw": None},
    {"published_at": "2024-05-01T23:45:00+05:00"},
    {"published_at": "2024-05-01T23:44:00Z"},
    {"published_at": "2024-05-01"},
    {"published_at": None},
    {"images": []},
    {"images": [{"url": f"{CDN}2.jpg"}]},
    {"title": "Festival", "body": " of gardens\n\nApples.\n\nPears."},
]


@pytest.mark.parametrize("changes", OTHER)
def test_every_change_of_content_counts(changes: dict[str, Any]) -> None:
    assert hash_with(**changes) != hash_with()


def test_dataclass_and_dict_of_the_same_content_hash_alike() -> None:
    images = [Image(f"{CDN}.jpg")]
    article = Article(**(ARTICLE | {"images": images}))
    assert content_hash(ItemAdapter(article), RULES.image_size) == hash_with()


def test_without_a_known_size_addresses_count_as_they_are() -> None:
    small = ARTICLE | {"images": [{"url": f"{CDN}_small.jpg"}]}
    assert content_hash(small) != content_hash(ARTICLE)


def test_the_hash_of_a_content_never_changes() -> None:
    # Rows of years are compared by it: a new value here means a new major schema version.
    assert hash_with() == "279bdda95caba28b5c8bb4b532c3fcef699bca3e873b5b510c30687851f69748"


@given(st.text(st.characters()), st.text(st.characters()))
def test_texts_cannot_trade_places(title: str, body: str) -> None:
    swapped = hash_with(title=body, body=title)
    assert (hash_with(title=title, body=body) == swapped) == (title == body)


def row_with(content_hash: str, **changes: Any) -> Article:
    changes = {"images": [Image(f"{CDN}.jpg")]} | changes
    return Article(**(ARTICLE | changes | {"content_hash": content_hash}))


@pytest.mark.parametrize("change", ["new", "edited", "reparsed", "older", "gone", "back"])
def test_hash_of_a_row_fits_whatever_its_change(change: str) -> None:
    assert fits(row_with(hash_with(), change=change), RULES.image_size)


def test_hash_of_a_tombstone_fits() -> None:
    row = row_with(hash_with(), id="uza:1", agency="uza", url="https://uza.uz/posts/1")
    row.first_seen_at = row.fetched_at = "2026-11-23T00:00:00Z"
    assert fits(tombstone(msgspec.to_builtins(row)), RULES.image_size)


FALSE: list[dict[str, Any]] = [
    {"title": "Festival of gardenz"},
    {"body": "Apples.\n\nPearz."},
    {"byline_raw": "Dilnora Zarbulogova, UzA"},
    {"published_at": "2024-05-01T23:45:00+05:00"},
    {"images": [Image(f"{CDN}2.jpg")]},
    {"images": []},
]


@pytest.mark.parametrize("changes", FALSE)
def test_hash_of_a_falsified_row_does_not_fit(changes: dict[str, Any]) -> None:
    assert not fits(row_with(hash_with(), **changes), RULES.image_size)


def test_hash_fits_a_picture_that_still_has_a_size_in_its_address() -> None:
    twice = [Image(f"{CDN}_small_small.jpg")]
    row = row_with(hash_with(images=twice), images=twice)
    assert fits(row, RULES.image_size)
    assert not fits(row)


def test_hash_that_was_made_by_another_rule_for_sizes_fits_addresses_as_they_stand() -> None:
    images = [Image(f"{CDN}_small.jpg")]
    row = row_with(content_hash(ARTICLE | {"images": images}), images=images)
    assert fits(row, RULES.image_size)


@given(st.text(st.characters()), st.lists(st.text(st.characters())))
def test_what_is_hashed_is_a_list_as_json_writes_it(text: str, urls: list[str]) -> None:
    content = json.dumps([text, text[::-1], "", "2024-05-01T23:44+05:00", urls]).encode()
    article = {"title": text, "body": text[::-1], "published_at": "2024-05-01T23:44:07+05:00"}
    images = [{"url": url} for url in urls]
    assert content_hash(article | {"images": images}) == hashlib.sha256(content).hexdigest()
