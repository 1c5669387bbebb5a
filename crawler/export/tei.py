"""TEI P5: a corpus with a header, and a text with a header for each article."""

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from crawler.export.row import RIGHTS, Row, Source, in_xml, persons, terms

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
_XML = "{http://www.w3.org/XML/1998/namespace}"


def write_tei(rows: Iterable[Row], source: Source) -> Iterator[bytes]:
    """Yield one document."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<teiCorpus xmlns="{_NAMESPACE}">\n'.encode()
    yield _bytes(_corpus_header(source))
    for row in rows:
        yield _bytes(_article(row, source))
    yield b"</teiCorpus>\n"


def _bytes(element: Any) -> bytes:
    return etree.tostring(element, encoding="utf-8") + b"\n"


def _tei(tag: str, *content: Any, **attributes: str | None) -> Any:
    """Return an element with texts and elements in it, and the attributes that have a value."""
    element = etree.Element(f"{{{_NAMESPACE}}}{tag}", nsmap={None: _NAMESPACE})  # type: ignore[dict-item]
    for name, value in attributes.items():
        if value:
            element.set(name, in_xml(value))
    for each in content:
        if isinstance(each, str):
            element.text = in_xml(each)
        else:
            element.append(each)
    return element


def _known(tag: str, text: str | None, **attributes: str | None) -> list[Any]:
    """Return a list with an element for a text. Empty if there is no text."""
    return [_tei(tag, text, **attributes)] if text else []


def _corpus_header(source: Source) -> Any:
    host = source.host
    file = _tei(
        "fileDesc",
        _tei("titleStmt", _tei("title", f"News articles of {host}")),
        _tei("publicationStmt", _tei("publisher", host), _availability()),
        *_notes(source),
        _tei("sourceDesc", _tei("p", f"The pages of {host} as they were archived")),
    )
    schemes = [_taxonomy("category", f"Sections of {host}"), _taxonomy("tag", f"Tags of {host}")]
    return _tei("teiHeader", file, _tei("encodingDesc", _tei("classDecl", *schemes)))


def _taxonomy(name: str, title: str) -> Any:
    taxonomy = _tei("taxonomy", _tei("bibl", title))
    taxonomy.set(f"{_XML}id", name)
    return taxonomy


def _availability(*stated: str) -> Any:
    return _tei(
        "availability", *(_tei("p", each) for each in (RIGHTS, *stated)), status="restricted"
    )


def _article(row: Row, source: Source) -> Any:
    header = _tei("teiHeader", _file(row, source), _profile(row), _revision(row))
    article = _tei("TEI", header, _tei("text", _body(row)))
    if row["language"]:
        article.set(f"{_XML}lang", row["language"])
    return article


def _file(row: Row, source: Source) -> Any:
    host = source.host
    return _tei(
        "fileDesc",
        _titles(row),
        _publication(row, host),
        *_notes(source),
        _source(row, host),
    )


def _notes(source: Source) -> list[Any]:
    return [_tei("notesStmt", _tei("note", source.notice))] if source.notice else []


def _titles(row: Row) -> Any:
    """Return title, authors, and the others named in the byline."""
    told = _tei("titleStmt", _tei("title", row["title"]))
    for name in persons(row, "author"):
        told.extend(_known("author", name))
    for role in ("translator", "photo", "video"):
        for name in persons(row, role):
            told.append(_tei("respStmt", _tei("resp", role), *_known("name", name)))
    return told


def _publication(row: Row, host: str) -> Any:
    return _tei(
        "publicationStmt",
        _tei("publisher", host),
        *_known("idno", row["id"], type="archive"),
        *_known("idno", row["content_hash"], type="content_hash"),
        *_known("idno", row.get("row_hash"), type="row_hash"),
        _availability(*terms(row)),
    )


def _source(row: Row, host: str) -> Any:
    return _tei(
        "sourceDesc",
        _tei(
            "bibl",
            _tei("title", row["title"]),
            *_known("author", row["byline_raw"]),
            _tei("publisher", host),
            *_known("date", row["published_at"], type="published", when=row["published_at"]),
            *_known("date", row["modified_at"], type="modified", when=row["modified_at"]),
            _tei("ref", target=row["url"]),
            *_known("ref", row["archive_url"], type="archive", target=row["archive_url"]),
        ),
    )


def _profile(row: Row) -> Any:
    languages = [row["language"], *row["other_languages"]]
    used = [_tei("language", ident=each) for each in languages if each]
    profile = _tei("profileDesc", *([_tei("langUsage", *used)] if used else []))
    if row["summary"]:
        profile.append(_tei("abstract", *_known("p", row["summary"])))
    labels = [*_keywords("category", [row["category"]] if row["category"] else [])]
    labels += _keywords("tag", row["tags"])
    if labels:
        profile.append(_tei("textClass", *labels))
    return profile


def _keywords(scheme: str, labels: list[dict[str, Any]]) -> list[Any]:
    terms = [each for label in labels for each in _known("term", label["name"], n=label["slug"])]
    return [_tei("keywords", *terms, scheme=f"#{scheme}")] if terms else []


def _revision(row: Row) -> Any:
    """Return the version: its number, when it was fetched, and why it was recorded."""
    change = _tei("change", row["change"], n=str(row["version"]), when=row["fetched_at"])
    return _tei("revisionDesc", change)


def _body(row: Row) -> Any:
    paragraphs = [_tei("p", each) for each in row["body"].split("\n\n")]
    figures = [_figure(image) for image in row["images"]]
    return _tei("body", *_known("head", row["title"]), *paragraphs, *figures)


def _figure(image: dict[str, Any]) -> Any:
    return _tei(
        "figure",
        _tei("graphic", url=image["url"]),
        *_known("head", image["caption"]),
        *_known("note", image["credit"], type="credit"),
    )
