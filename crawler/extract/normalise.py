"""The steps from the raw fields of a page to a valid row; each makes one decision.

``NORMALISERS`` has those that read, in order; ``validate`` lets only valid rows pass. A step that
reads changes fields in place, by name, using the agency's rules, and counts cases that it cannot
decide. Scrapy's pipelines of the same order are these steps, so that operators can replace one.
"""

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any

import msgspec

from crawler.extract.errors import InvalidArticle
from crawler.extract.html import plain_text
from crawler.model.article import UNKNOWN, Article, Draft
from crawler.model.fields import content_hash, part, set_part
from crawler.model.rules import AgencyRules, BylineRules, TimestampRules
from crawler.text.body import clean_body, clean_line, cut_glued_title, is_title, place_lead
from crawler.text.byline import read_byline, split_credit
from crawler.text.byline_end import split_byline
from crawler.text.dates import Timestamp, UnreadableDate, read_slug_day, read_timestamp
from crawler.text.folding import fold_spelling
from crawler.text.language import detect_all
from crawler.text.orthography import LANGUAGES, normalise_apostrophes, orthography_of
from crawler.text.plain_text import flatten, join_paragraphs, says_same

Fields = MutableMapping[str, Any]
Count = Callable[[str], None]
Normaliser = Callable[[Fields, AgencyRules, Count], None]

# Defaults are added so that a missing field is checked like a wrong one.
_DEFAULTS: dict[str, Any] = msgspec.to_builtins(Article())
_FALLS_AWAY = set(msgspec.to_builtins(Draft())) - set(_DEFAULTS)

_PATH = re.compile(r" - at .*`\$\.?(?P<path>[^`]*)`$")
_STEP = re.compile(r"[^.\[\]]+")
_NO_SUCH_FIELD = "the schema has no such field"
# The hash is made from the checked row, but the check requires a hash.
_NOT_YET_HASHED = "0" * 64


def count_nothing(name: str) -> None:
    """Ignore a count: used where there is no run."""


def clean_texts(fields: Fields, rules: AgencyRules, count: Count) -> None:
    """Make title, summary and body plain text, with the lead first in the body, exactly once.

    The byline stays as the last paragraph, for ``settle_authors``. A missing field is not added.
    """
    title = clean_line(fields.get("title") or "", rules.text)
    summary = clean_line(fields.get("summary") or "", rules.text)
    lead = _lead(title, summary)
    body = clean_body(fields.get("body") or "", rules, title, lead)
    if lead:
        body = place_lead(lead, body)
    texts = {"title": title, "summary": summary or None, "body": join_paragraphs(body)}
    for name, value in texts.items():
        if name in fields or value:
            fields[name] = value
    _flatten_parts(fields)


def _lead(title: str, summary: str) -> str:
    """Return the part of the summary that is not the title. Empty if it only repeats it."""
    if not summary or is_title(summary, title):
        return ""
    return cut_glued_title(summary, title)


def _flatten_parts(fields: Fields) -> None:
    """Make the names of labels, and captions and credits, single lines."""
    labels: Sequence[Any] = [fields.get("category"), *(fields.get("tags") or ())]
    words = [(label, "name") for label in labels if label]
    for image in fields.get("images") or ():
        words += [(image, "caption"), (image, "credit")]
    for holder, name in words:
        if value := part(holder, name):
            set_part(holder, name, flatten(value) or None)


def check_category(fields: Fields, rules: AgencyRules, count: Count) -> None:
    """Count an article whose listing and page have different sections. The page's is used.

    Between the two visits, the site may have changed its alphabet.
    """
    told = plain_text(part(fields.get("link"), "category") or "")
    shown = part(fields.get("category"), "name")
    if (
        told
        and shown
        and not says_same(told, shown)
        and fold_spelling(told) != fold_spelling(shown)
    ):
        count("category/hint_disagrees")


def settle_authors(fields: Fields, rules: AgencyRules, count: Count) -> None:
    """Move the byline out of the body and credits out of captions, and read the persons.

    Values that the page itself has in these fields stay; only empty ones are filled in.
    """
    for image in fields.get("images") or ():
        _credit(image, rules.byline)
    body, found = fields.get("body") or "", None
    if rules.byline.ends_text:
        body, found = split_byline(body, rules.byline)
    given = read_byline(fields.get("byline_raw") or "", rules.byline)
    byline = given or found
    if byline is None:
        if not fields.get("authors"):
            count("byline/none")
        return
    if found:
        fields["body"] = body
    fields["authors"] = fields.get("authors") or list(byline.authors)
    fields["byline_raw"] = fields.get("byline_raw") or byline.raw
    fields["credit"] = fields.get("credit") or byline.credit
    if not fields["authors"]:
        count("byline/agency_only")


def _credit(image: Any, rules: BylineRules) -> None:
    """Move the credit at the end of a picture's caption to ``credit``."""
    said = part(image, "caption")
    if part(image, "credit") or not said:
        return
    caption, credit = split_credit(said, rules)
    if credit:
        set_part(image, "caption", caption or None)
        set_part(image, "credit", credit)


def settle_times(fields: Fields, rules: AgencyRules, count: Count) -> None:
    """Decide when an article was published: by its page, the API's list, or its slug.

    The API's hint also adds the seconds that a page lacks. Hints of other sources and the slug only
    check the date; differences are counted, and the page's date is used. But if the page's layout
    is unknown, any listing is preferred, and unless it is the API's, ``published_source`` stays
    empty. The raw date stays, even if it cannot be read.
    """
    _settle_published(fields, rules.timestamp, count)
    stamp = _read_date(
        fields.get("modified_at") or None, rules.timestamp, count, "timestamp/modified_unreadable"
    )
    if stamp and stamp.precision == "day":
        count("timestamp/modified_without_time")
        stamp = None
    if "modified_at" in fields:
        fields["modified_at"] = stamp.value if stamp else None


def _settle_published(fields: Fields, rules: TimestampRules, count: Count) -> None:
    raw = fields.get("published_raw") or None
    shown = _read_date(raw, rules, count, "timestamp/unreadable")
    hint, hint_raw = _hint(fields, rules, count, shown)
    day = _slug_day(fields, rules, count)
    if hint:
        is_api = part(fields.get("link"), "source") == "api"
        stamp, raw, source = hint, raw or hint_raw, "api" if is_api else None
    elif shown:
        stamp, source = shown, part(fields.get("extractor"), "source") or "page"
    elif day:
        stamp, source = day, "slug"
    else:
        count("timestamp/none")
        return
    if day and not day.agrees(stamp):
        count("timestamp/slug_disagrees")
    fields["published_at"], fields["published_precision"] = stamp.value, stamp.precision
    fields["published_raw"], fields["published_source"] = raw, source


def _hint(
    fields: Fields, rules: TimestampRules, count: Count, shown: Timestamp | None
) -> tuple[Timestamp | None, str | None]:
    """Return the date in the article's listing, read and raw, if it is better than the page's.

    On a page without a known layout, the page's date may be that of another article.
    """
    link = fields.get("link")
    raw = part(link, "published_raw") or None
    hint = _read_date(raw, rules, count, "timestamp/hint_unreadable")
    if shown and hint and not hint.agrees(shown):
        count("timestamp/hint_disagrees")
    is_guess = part(fields.get("extractor"), "layout") == UNKNOWN
    if hint is None or not (is_guess or part(link, "source") == "api"):
        return None, None
    is_other = is_guess and shown is not None and not hint.agrees(shown)
    return (hint, raw) if shown is None or is_other or hint.refines(shown) else (None, None)


def _slug_day(fields: Fields, rules: TimestampRules, count: Count) -> Timestamp | None:
    try:
        return read_slug_day(fields.get("url") or "", rules)
    except UnreadableDate:
        count("timestamp/slug_unreadable")
        return None


def _read_date(
    raw: str | None, rules: TimestampRules, count: Count, unreadable: str
) -> Timestamp | None:
    """Read a date that may be missing. One that cannot be read is counted."""
    if raw is None:
        return None
    try:
        return read_timestamp(raw, rules)
    except UnreadableDate:
        count(unreadable)
        return None


def settle_language(fields: Fields, rules: AgencyRules, count: Count) -> None:
    """Decide languages, script and orthography by the text; the listing's edition is a hint.

    The article's address is not used. Uzbek and Karakalpak apostrophes become letters in the text
    for readers; the source's own spelling (``*_raw``, ``credit``, slugs) stays.
    """
    edition = part(fields.get("link"), "edition") or fields.get("edition")
    expected = rules.editions.get(edition) if edition else None
    text = "\n\n".join(fields.get(name) or "" for name in ("title", "body"))
    language, others = detect_all(text, expected)
    if language is None:
        count("language/unknown")
    elif expected and language.tag != expected:
        count("language/edition_mismatch")
    tag = language.tag if language else None
    fields["language"] = tag
    fields["script"] = language.script if language else None
    fields["orthography"] = orthography_of(text) if tag == "uz-Latn" else None
    fields["other_languages"] = [other.tag for other in others]
    fields["edition"] = edition or _edition_of(tag, rules)
    if tag in LANGUAGES:
        _write_apostrophes(fields, tag)


def _edition_of(tag: str | None, rules: AgencyRules) -> str | None:
    """Return the edition in which texts of a language are expected."""
    return next((code for code, known in rules.editions.items() if known == tag), None)


def _write_apostrophes(fields: Fields, tag: str) -> None:
    """Replace apostrophes by the language's letters, in all fields with words of it."""
    for holder, name in _words(fields):
        if value := part(holder, name):
            set_part(holder, name, normalise_apostrophes(value, tag))


def _words(fields: Fields) -> Iterator[tuple[Any, str]]:
    yield from ((fields, name) for name in ("title", "summary", "body"))
    if category := fields.get("category"):
        yield category, "name"
    for field, name in (("authors", "name"), ("tags", "name"), ("images", "caption")):
        yield from ((holder, name) for holder in fields.get(field) or ())


NORMALISERS: tuple[Normaliser, ...] = (
    clean_texts,
    check_category,
    settle_authors,
    settle_times,
    settle_language,
)


def validate(fields: Fields, rules: AgencyRules) -> Article:
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


def _row(item: Fields) -> dict[str, Any]:
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
