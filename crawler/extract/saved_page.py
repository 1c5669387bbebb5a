"""Saved pages: a response in a folder, with the article that should be read from it.

``page.html`` (``page.json`` for a response of an API) has the bytes as received; ``response.json``
the ``url``, ``status`` and ``headers``; ``article.json`` the fields of the row that do not depend
on a run. If no article should be read from it, ``refused.json`` has the ``reason`` instead.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scrapy.exceptions import DropItem

from crawler.extract.article import Normaliser, read_article
from crawler.extract.document import Document
from crawler.extract.errors import UnreadablePage
from crawler.extract.page import ArticlePage
from crawler.model.article import Article
from crawler.model.identity import NotAnArticle

RESPONSE, ARTICLE, REFUSAL = "response.json", "article.json", "refused.json"
BODIES = ("page.html", "page.json")

# Fields that depend on the run, and the hash, which follows from the other fields.
RUN_FIELDS = frozenset(
    {"schema", "version", "change", "changed_fields", "announced", "evidence", "reason"}
    | {"content_hash", "first_seen_at", "fetched_at", "capture", "archive_url", "run", "edition"}
)


def load_document(folder: Path) -> Document:
    """Read the response in a folder.

    Raises FileNotFoundError if a file is missing, ValueError if ``response.json`` is not valid.
    """
    response = json.loads((folder / RESPONSE).read_text("utf-8"))
    body = next((folder / name for name in BODIES if (folder / name).exists()), folder / BODIES[0])
    try:
        return Document(response["url"], response["status"], response["headers"], body.read_bytes())
    except KeyError as error:
        raise ValueError(f"{folder / RESPONSE}: the field {error} is missing") from error


def save_document(folder: Path, document: Document) -> None:
    """Write a response into a new folder."""
    folder.mkdir(parents=True)
    (folder / BODIES[document.is_json]).write_bytes(document.body)
    response = {"url": document.url, "status": document.status, "headers": dict(document.headers)}
    _write_json(folder / RESPONSE, response)


def expectation(
    document: Document, layouts: Sequence[type[ArticlePage]], normalisers: Sequence[Normaliser]
) -> dict[str, Any]:
    """Return the fields that the present code reads from a document, or only the ``reason``."""
    try:
        return expected_fields(read_article(document, layouts, normalisers))
    except (UnreadablePage, NotAnArticle) as error:
        return {"reason": error.reason}
    except DropItem as error:
        return {"reason": str(error)}


def expected_fields(article: Article) -> dict[str, Any]:
    """Return the fields of an article that do not depend on a run."""
    fields = {name: value for name, value in asdict(article).items() if name not in RUN_FIELDS}
    if fields["extractor"]:
        del fields["extractor"]["code"]
    return fields


def load_expectation(folder: Path) -> dict[str, Any] | None:
    """Read the expected fields of a folder's page. None if there are none yet."""
    for name in (ARTICLE, REFUSAL):
        if (folder / name).exists():
            expected: dict[str, Any] = json.loads((folder / name).read_text("utf-8"))
            return expected
    return None


def save_expectation(folder: Path, expected: dict[str, Any]) -> Path:
    """Write the expected fields of a folder's page, for people to review. Return the file."""
    path = folder / (ARTICLE if "id" in expected else REFUSAL)
    _write_json(path, expected)
    return path


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
