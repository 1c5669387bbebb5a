"""Citations of one version of an article: text, BibTeX, RIS and CSL-JSON."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

FORMATS = {
    "txt": ("Text", "text/plain"),
    "bib": ("BibTeX", "application/x-bibtex"),
    "ris": ("RIS", "application/x-research-info-systems"),
    "json": ("CSL-JSON", "application/vnd.citationstyles.csl+json"),
}
_SPECIAL = re.compile(r"[\\{}$&#_%~^]")
_IN_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def cite(
    row: Mapping[str, Any],
    publisher: str,
    form: str,
    notice: str = "",
    last_seen: str | None = None,
) -> str:
    """Return a citation. ``row``: plain JSON values; ``form``: one of ``FORMATS``.

    ``notice``: a sentence for readers, if the article is made up. ``last_seen``: the last visit
    that found the article, if it is gone; without it, the citation has no date of access.
    """
    if form == "json":
        items = msgspec.json.encode([csl_item(row, publisher, notice, last_seen)])
        return msgspec.json.format(items).decode() + "\n"
    cited = _Cited(row, publisher, notice, last_seen)
    return {"txt": _text, "bib": _bibtex, "ris": _ris}[form](cited)


class _Cited:
    """The fields of a citation, each as one line of text."""

    def __init__(
        self, row: Mapping[str, Any], publisher: str, notice: str, last_seen: str | None
    ) -> None:
        self.id, self.version = row["id"], row["version"]
        self.authors = [_line(each["name"]) for each in row["authors"] if each["role"] == "author"]
        self.title, self.publisher = _line(row["title"]), publisher
        self.published = (row["published_at"] or "")[:10]
        self.accessed = (_last_read(row, last_seen) or "")[:10]
        self.url, self.language = row["url"], row["language"] or ""
        self.note = f"{notice} " if notice else ""
        self.note += (
            f"Archived as version {row['version']} of {row['id']}, {_when(row, last_seen)}, "
            f"content hash SHA-256 {row['content_hash']}"
        )
        if "row_hash" in row:  # of a release, which proves the whole row by it
            self.note += f", row hash SHA-256 {row['row_hash']}"


def _last_read(row: Mapping[str, Any], last_seen: str | None) -> str | None:
    """Return when the site had the text: a row of a gone article is of when it had not."""
    return last_seen if row["change"] == "gone" else row["fetched_at"]


def _when(row: Mapping[str, Any], last_seen: str | None) -> str:
    if row["change"] != "gone":
        return f"recorded {row['fetched_at']}"
    told = [f"last seen {last_seen}"] if last_seen else []
    told += [f"missing since {each['at']}" for each in row["evidence"][:1]]
    return ", ".join(["gone from the site", *told])


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(cited: _Cited) -> str:
    authors = f"{', '.join(cited.authors)}: " if cited.authors else ""
    published = cited.published or "no date"
    return f"{authors}“{cited.title}”. {cited.publisher}, {published}. {cited.url}. {cited.note}.\n"


def _bibtex(cited: _Cited) -> str:
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in cited.authors),
        "title": f"{{{_tex(cited.title)}}}",
        "organization": _tex(cited.publisher),
        "date": cited.published,
        "year": cited.published[:4],
        "url": re.sub(r"[{}\\]", "", cited.url),
        "urldate": cited.accessed,
        "note": _tex(cited.note),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    key = re.sub(r"[^A-Za-z0-9-]", "-", cited.id)
    return f"@online{{{key}-v{cited.version},\n{lines}}}\n"


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda sign: _IN_TEX.get(sign[0], "\\" + sign[0]), text)


def _ris(cited: _Cited) -> str:
    fields = [
        ("TY", "NEWS"),
        *(("AU", name) for name in cited.authors),
        ("TI", cited.title),
        ("PB", cited.publisher),
        ("PY", cited.published[:4]),
        ("DA", cited.published.replace("-", "/")),
        ("UR", cited.url),
        ("Y2", cited.accessed.replace("-", "/")),
        ("AN", f"{cited.id} version {cited.version}"),
        ("LA", cited.language),
        ("N1", cited.note),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n"


def csl_item(
    row: Mapping[str, Any], publisher: str, notice: str = "", last_seen: str | None = None
) -> dict[str, Any]:
    """Return a citation as an item of CSL-JSON."""
    cited = _Cited(row, publisher, notice, last_seen)
    item = {
        "id": f"{cited.id}-v{cited.version}",
        "type": "article-newspaper",
        "title": cited.title,
        "author": [{"literal": name} for name in cited.authors],
        "container-title": cited.publisher,
        "issued": _date(cited.published),
        "accessed": _date(cited.accessed),
        "URL": cited.url,
        "language": cited.language,
        "note": cited.note,
    }
    return {name: value for name, value in item.items() if value}


def _date(day: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else {}
