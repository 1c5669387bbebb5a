"""The check after all steps: only valid rows pass."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import msgspec

from crawler.extract.errors import InvalidArticle
from crawler.model.article import Article, Draft
from crawler.model.fields import content_hash
from crawler.model.rules import AgencyRules

# Defaults are added so that a missing field is checked like a wrong one.
_DEFAULTS: dict[str, Any] = msgspec.to_builtins(Article())
_FALLS_AWAY = set(msgspec.to_builtins(Draft())) - set(_DEFAULTS)

_PATH = re.compile(r" - at .*`\$\.?(?P<path>[^`]*)`$")
_STEP = re.compile(r"[^.\[\]]+")
_NO_SUCH_FIELD = "the schema has no such field"
# The hash is made from the checked row, but the check requires a hash.
_NOT_YET_HASHED = "0" * 64


def validate(fields: MutableMapping[str, Any], rules: AgencyRules) -> Article:
    """Return the article with its ``content_hash``. Raises ``InvalidArticle`` if it is not valid.

    ``fields``: those of a draft, or of a dict with the same keys.
    """
    row = _row(fields)
    url = str(row["url"])
    try:
        article = msgspec.convert(row, Article)
    except msgspec.ValidationError as error:
        raise _refusal(error, row, url) from error
    if strange := _strange_key(row, msgspec.to_builtins(article)):
        raise InvalidArticle(strange, _look_up(row, strange), url, _NO_SUCH_FIELD)
    if not (article.body or article.images or article.videos):
        raise InvalidArticle("body", article.body, url, "no text, pictures or videos")
    article.content_hash = content_hash(row, rules.image_size)
    return article


def _row(item: MutableMapping[str, Any]) -> dict[str, Any]:
    """Return every field of the schema in plain types. Raises for unknown and non-Unicode ones."""
    url = str(item.get("url") or "")
    fields = {name: item.get(name) for name in item if name not in _FALLS_AWAY}
    try:
        row: dict[str, Any] = _DEFAULTS | _plain(fields)
    except (TypeError, UnicodeEncodeError):
        _refuse_one(fields, url)
        raise
    if len(row) > len(_DEFAULTS):
        _refuse_one(fields, url)
    row["content_hash"] = _NOT_YET_HASHED
    return row


def _plain(value: Any) -> Any:
    """Return a value in plain types. TypeError or UnicodeEncodeError if JSON cannot hold it."""
    plain = msgspec.to_builtins(value)
    msgspec.json.encode(plain)
    return plain


def _refuse_one(fields: Mapping[str, Any], url: str) -> None:
    """Raise ``InvalidArticle`` for the first field that is not in the schema or not valid JSON."""
    for name, value in fields.items():
        if name not in _DEFAULTS:
            raise InvalidArticle(name, value, url, _NO_SUCH_FIELD)
        try:
            _plain(value)
        except (TypeError, UnicodeEncodeError) as error:
            raise InvalidArticle(name, value, url, str(error)) from error


def _refusal(error: msgspec.ValidationError, row: Mapping[str, Any], url: str) -> InvalidArticle:
    """Return an error that names the invalid field of a row, with its value."""
    found = _PATH.search(str(error))
    path = found["path"] if found else ""
    return InvalidArticle(
        path or "row", _look_up(row, path), url, str(error).partition(" - at ")[0]
    )


def _look_up(row: Any, path: str) -> Any:
    """Follow a path such as ``images[0].url``."""
    for step in _STEP.findall(path):
        row = row[int(step)] if isinstance(row, list) else row.get(step)
    return row


def _strange_key(row: Any, valid: Any, path: str = "") -> str | None:
    """Find a key inside a row that the schema would silently leave out."""
    if row == valid:
        return None
    if isinstance(row, Mapping):
        strange = next((key for key in row if key not in valid), None)
        if strange is not None:
            return f"{path}.{strange}".lstrip(".")
        parts = [(row[key], valid[key], f"{path}.{key}".lstrip(".")) for key in row]
    else:
        pairs = enumerate(zip(row, valid, strict=True))
        parts = [(part, other, f"{path}[{place}]") for place, (part, other) in pairs]
    return next(filter(None, (_strange_key(*part) for part in parts)), None)
