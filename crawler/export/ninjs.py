"""ninjs 3.1, the JSON format of the IPTC for news: one item per line."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from crawler.export.row import Row, Source, filled, terms, uri

_VERSION = "3.1"
_STANDARD = {
    "name": "ninjs",
    "version": _VERSION,
    "schema": f"http://www.iptc.org/std/ninjs/ninjs-schema_{_VERSION}.json#",
}
_STATUS = {"gone": "canceled", "withdrawn": "withheld"}


def write_ninjs(rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield one line per item."""
    return (msgspec.json.encode(_item(row, source)) + b"\n" for row in rows)


def _item(row: Row, source: Source) -> dict[str, Any]:
    return filled(
        {
            "standard": _STANDARD,
            "uri": uri(row["url"]),
            "type": _type(row),
            "version": str(row["version"]),
            "pubStatus": _STATUS.get(row["change"], "usable"),
            "language": row["language"],
            "firstCreated": _moment(row["published_at"]),
            "versionCreated": row["modified_at"],
            "copyrightHolder": source.host,
            "edNote": source.notice,
            "usageTerms": "; ".join(terms(row)),
            "altIds": list(_ids(row)),
            "associations": list(_associations(row)),
            **_content(row),
        }
    )


def _content(row: Row) -> dict[str, Any]:
    people = [{"name": each["name"], "rel": each["role"]} for each in row["authors"]]
    return {
        "headlines": [{"role": "main", "contentType": "text/plain", "value": row["title"]}],
        "descriptions": _texts(row["summary"]),
        "bodies": _texts(row["body"]),
        "by": row["byline_raw"],
        "people": people,
        "infoSources": [{"name": row["credit"], "role": "credit"}] if row["credit"] else [],
        "subjects": list(_subjects(row)),
    }


def _type(row: Row) -> str:
    if row["body"] or not (row["images"] or row["videos"]):
        return "text"
    return "video" if row["videos"] else "picture"


def _moment(at: str | None) -> str | None:
    """Return a time. None for a day without a time, which ninjs cannot hold."""
    return at if at and "T" in at else None


def _texts(text: str | None) -> list[dict[str, str]]:
    return [{"contentType": "text/plain", "value": text}] if text else []


def _ids(row: Row) -> Iterator[dict[str, str]]:
    for role in ("id", "content_hash", "row_hash", "archive_url"):
        if value := row.get(role):
            yield {"role": role, "value": value}


def _subjects(row: Row) -> Iterator[dict[str, str]]:
    category = [row["category"]] if row["category"] else []
    for rel, labels in (("category", category), ("tag", row["tags"])):
        for each in labels:
            yield filled({"name": each["name"], "rel": rel, "literal": each["slug"]})


def _associations(row: Row) -> Iterator[dict[str, Any]]:
    for number, image in enumerate(row["images"], 1):
        yield filled(
            {
                **_media("picture", image["url"], number),
                "descriptions": _texts(image["caption"]),
                "by": image["credit"],
            }
        )
    for number, video in enumerate(row["videos"], 1):
        yield _media("video", video["url"], number)
    for each in row["translations"]:
        yield {"name": each["id"], "rel": "translation", "type": "text", "uri": uri(each["id"])}


def _media(kind: str, address: str, number: int) -> dict[str, str]:
    return {"name": f"{kind} {number}", "rel": kind, "type": kind, "uri": uri(address)}
