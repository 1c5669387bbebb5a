"""JSON-LD in the vocabulary of schema.org: one graph of ``NewsArticle``."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from crawler.export.citations import json_array
from crawler.export.row import Row, Source, filled, persons, terms

_HEAD = b'{"@context": "https://schema.org", "@graph": '


def write_json_ld(rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield one document."""
    return chain([_HEAD], json_array(_article(row, source) for row in rows), [b"}\n"])


def _article(row: Row, source: Source) -> dict[str, Any]:
    return filled(
        {
            "@type": "NewsArticle",
            "@id": row["id"],
            "identifier": [row["id"], *_hashes(row)],
            "url": row["url"],
            "version": row["version"],
            "creativeWorkStatus": "gone" if row["change"] == "gone" else None,
            "inLanguage": row["language"],
            "headline": row["title"],
            "description": row["summary"],
            "articleBody": row["body"],
            "datePublished": row["published_at"],
            "dateModified": row["modified_at"],
            "articleSection": row["category"] and row["category"]["name"],
            "keywords": [each["name"] for each in row["tags"]],
            "disambiguatingDescription": source.notice,
            "publisher": {"@type": "Organization", "name": source.host, "url": source.site},
            "creditText": row["byline_raw"],
            "sourceOrganization": row["credit"] and _named("Organization", row["credit"]),
            "usageInfo": [_named("CreativeWork", each) for each in terms(row)],
            "archivedAt": row["archive_url"],
            **_people(row),
            **_related(row),
        }
    )


def _hashes(row: Row) -> Iterator[dict[str, str]]:
    """Yield the row's hashes; only a release has that of the whole row."""
    for name in ("content_hash", "row_hash"):
        if row.get(name):
            yield {"@type": "PropertyValue", "propertyID": name, "value": row[name]}


def _people(row: Row) -> dict[str, Any]:
    return {
        name: [_named("Person", each) for each in persons(row, *roles)]
        for name, roles in {
            "author": ("author",),
            "translator": ("translator",),
            "contributor": ("photo", "video"),
        }.items()
    }


def _related(row: Row) -> dict[str, Any]:
    return {
        "image": [_image(image) for image in row["images"]],
        "video": [{"@type": "VideoObject", "url": video["url"]} for video in row["videos"]],
        "workTranslation": [
            {"@type": "NewsArticle", "@id": each["id"]} for each in row["translations"]
        ],
    }


def _image(image: dict[str, Any]) -> dict[str, Any]:
    told = {"url": image["url"], "caption": image["caption"], "creditText": image["credit"]}
    return filled({"@type": "ImageObject", **told})


def _named(kind: str, name: str) -> dict[str, str]:
    return {"@type": kind, "name": name}
