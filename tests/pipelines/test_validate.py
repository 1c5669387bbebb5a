from collections import Counter
from typing import Any

import msgspec
import pytest

from crawler.model.article import Article, Draft, Extractor, Image, Label, Video
from crawler.model.fields import content_hash
from crawler.model.link import Link
from pages.uza import RULES
from pipelines.reading import Refused, Validate

URL = "https://uza.uz/posts/garden_1"
VALID: dict[str, Any] = {
    "id": "uza:1",
    "agency": "uza",
    "url": URL,
    "title": "Festival of gardens",
    "body": "Apples.",
    "published_at": "2024-05-01T23:44:00+05:00",
    "first_seen_at": "2024-05-02T00:00:00Z",
    "fetched_at": "2024-05-02T00:00:00Z",
}


def draft(**changes: Any) -> Draft:
    return Draft(**(VALID | changes))


def refusal(item: Any) -> tuple[Refused, Counter[str]]:
    counts: Counter[str] = Counter()

    def count(name: str) -> None:
        counts[name] += 1

    with pytest.raises(Refused) as caught:
        Validate(RULES, count).process_item(item)
    return caught.value, counts


def test_a_draft_becomes_an_article_with_its_hash() -> None:
    link = Link(url=URL, source="api", edition="en")
    article = Validate(RULES).process_item(
        draft(link=link, tags=[Label("fruit")], extractor=Extractor("current", "page", "a1"))
    )
    assert type(article) is Article
    assert article.tags == [Label("fruit")]
    assert article.extractor == Extractor("current", "page", "a1")
    assert article.content_hash == content_hash(VALID)


def test_a_dict_becomes_an_article_too() -> None:
    article = Validate(RULES).process_item(VALID | {"tags": [{"name": "fruit"}]})
    assert article.tags == [Label("fruit", None)]
    assert article.schema == "1.5"


def test_a_wrong_hash_that_came_with_the_item_is_replaced() -> None:
    article = Validate(RULES).process_item(draft(content_hash="x"))
    assert article.content_hash == content_hash(VALID)


def test_pictures_or_a_video_are_enough_to_be_an_article() -> None:
    images, videos = [Image("https://cdn.uza.uz/a.jpg")], [Video("https://video.example/1")]
    assert Validate(RULES).process_item(draft(body="", images=images)).images == images
    assert Validate(RULES).process_item(draft(body="", videos=videos)).videos == videos


INVALID: list[tuple[dict[str, Any], str, str]] = [
    ({"title": ""}, "title", "''"),
    ({"title": None}, "title", "None"),
    ({"title": 7}, "title", "7"),
    ({"body": ""}, "body", "no text, pictures or videos"),
    ({"id": "1"}, "id", "'1'"),
    ({"url": "garden"}, "url", "'garden'"),
    ({"published_at": "1 May"}, "published_at", "'1 May'"),
    ({"published_at": "2024-05-01T23:44:00"}, "published_at", "23:44:00'"),
    ({"published_precision": "hour"}, "published_precision", "'hour'"),
    ({"fetched_at": ""}, "fetched_at", "''"),
    ({"change": "made up"}, "change", "'made up'"),
    ({"version": 0}, "version", "0"),
    ({"images": [Image("https://cdn.uza.uz/a.jpg"), Image("a.jpg")]}, "images[1].url", "'a.jpg'"),
    ({"images": [{"caption": "Apples"}]}, "images[0]", "`url`"),
    ({"tags": [{"name": "fruit", "colour": "red"}]}, "tags[0].colour", "'red'"),
    ({"category": {"name": "Life", "id": 3}}, "category.id", "3"),
    ({"tags": [{1: "fruit"}]}, "tags[0]", "1"),
    ({"byline_raw": "half \ud800"}, "byline_raw", "surrogates"),
    ({"credit": object()}, "credit", "object"),
    ({"summary": {1, "a"}}, "summary", "Expected"),
]


@pytest.mark.parametrize(("changes", "field", "shown"), INVALID)
def test_an_invalid_row_is_refused_with_field_value_and_address(
    changes: dict[str, Any], field: str, shown: str
) -> None:
    refused, counts = refusal(VALID | changes)
    assert refused.field == field
    assert shown in str(refused)
    assert changes.get("url", URL) in str(refused)
    assert counts == {f"refused/{refused.reason}": 1}
    assert refused.reason in msgspec.to_builtins(Article())


def test_a_field_that_no_schema_knows_is_refused() -> None:
    refused, counts = refusal(VALID | {"headline": "Festival"})
    assert str(refused) == f"headline 'Festival': the schema has no such field ({URL})"
    assert counts == {"refused/headline": 1}


@pytest.mark.parametrize("missing", ["id", "agency", "url", "title", "body", "fetched_at"])
def test_a_dict_without_a_needed_field_is_refused(missing: str) -> None:
    item = {name: value for name, value in VALID.items() if name != missing}
    assert refusal(item)[0].field == missing


def test_a_long_value_is_shortened() -> None:
    refused, _ = refusal(draft(url="x" * 500))
    assert str(refused).startswith(f"url '{'x' * 79}...: Expected")
