"""Real saved pages compared with known correct values; they are outside the project.

There is one folder per agency, each with pages and a ``truth.json``; values that end in ``_fixed``
take precedence.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from itertools import product
from pathlib import Path
from statistics import mean
from typing import Any

from scrapy.utils.project import get_project_settings

from crawler.crawl.normalisers import load_normalisers
from crawler.extract.article import Normaliser
from crawler.extract.document import Document
from crawler.extract.page import ArticlePage, read_page

ROOT = Path(__file__).parents[1]
PAGES = ROOT.parent / "shared" / "pages"
OLD_PAGES = ROOT.parent / "shared" / "evaluation" / "old-pages"
AGENCIES = sorted(path.stem for path in (ROOT / "spiders").glob("[!_]*.py"))

FOLDERS = {"peoplecn": "people"}  # if it differs from the agency's name

_WORD = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]|[^\W_]+")
_OWN_ADDRESS = re.compile(
    r'<(?:link rel="canonical" href|meta property="og:url" content)="(http[^"]+)"'
)
_ARCHIVE = re.compile(r"^https?://web\.archive\.org/web/\d+/")


@dataclass(frozen=True, slots=True)
class Tools:
    """The layouts and pipelines of an agency."""

    layouts: Sequence[type[ArticlePage]]
    normalisers: Sequence[Normaliser]


def tools(agency: str) -> Tools:
    """Return the layouts and pipelines of an agency."""
    pages = import_module(f"pages.{agency}")
    return Tools(pages.LAYOUTS, load_normalisers(get_project_settings(), pages.RULES))


@dataclass(frozen=True)
class RealPage:
    """One page with its known values."""

    agency: str
    path: Path
    truth: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Agency and file."""
        return f"{self.agency}/{self.path.name.partition('.html')[0]}"

    @cached_property
    def source(self) -> str:
        """The page's text; one page is not UTF-8."""
        body = self.path.read_bytes()
        body = gzip.decompress(body) if self.path.suffix == ".gz" else body
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            return body.decode("gb18030", "replace")

    @property
    def url(self) -> str:
        """The page's URL, from the page itself if the list of pages does not have it."""
        found = _OWN_ADDRESS.search(self.source)
        url = self.truth.get("url") or (found[1] if found else "https://example.org/")
        return _ARCHIVE.sub("", url)

    @property
    def document(self) -> Document:
        """The page in the form used in a crawl."""
        headers = {"content-type": "text/html; charset=utf-8"}
        return Document(self.url, 200, headers, self.source.encode())

    def known(self, name: str) -> Any:
        """Return the correct value of a field; None if unknown."""
        return self.truth.get(f"{name}_fixed", self.truth.get(name))

    def read(self) -> dict[str, Any]:
        """Read the page with the agency's layouts, like a crawl."""
        return self.read_by(tools(self.agency))

    def read_by(self, tools: Tools) -> dict[str, Any]:
        """Read the page with these layouts and pipelines."""
        draft: Any = read_page(self.document, tools.layouts).draft()
        draft.id, draft.url = f"{self.agency}:1", self.url
        draft.first_seen_at = draft.fetched_at = "1970-01-01T00:00:00Z"
        for normaliser in tools.normalisers:
            draft = normaliser.process_item(draft)
        return {
            "title": draft.title,
            "summary": draft.summary,
            "body": draft.body,
            "authors": [person.name for person in draft.authors],
            "published": draft.published_at,
            "layout": draft.extractor.layout,
        }


def real_pages(
    folders: Sequence[Path] = (PAGES, OLD_PAGES), agencies: Sequence[str] = AGENCIES
) -> Iterator[RealPage]:
    """Yield the pages of the agencies that have a spider, present and old ones."""
    for agency, folder in product(agencies, folders):
        path = folder / FOLDERS.get(agency, agency) / "truth.json"
        truths = json.loads(path.read_text("utf-8")) if path.exists() else {}
        for name, truth in sorted(truths.items()):
            yield RealPage(agency, path.with_name(name), truth)


def unknown_pages(agency: str) -> Iterator[RealPage]:
    """Yield the agency's old pages without known values."""
    folder = OLD_PAGES / FOLDERS.get(agency, agency)
    known = {page.path for page in real_pages([OLD_PAGES], [agency])}
    for path in sorted({*folder.glob("*.html.gz")} - known):
        yield RealPage(agency, path, {})


@dataclass
class Verdict:
    """Comparison of the result with the correct values; None if unknown."""

    title: bool | None = None
    time: bool | None = None
    authors: bool | None = None
    body: float | None = None
    wrong: Sequence[str] = ()


def share(answers: Iterable[bool | None]) -> str:
    """Return the number of correct results and of known values."""
    known = [answer for answer in answers if answer is not None]
    return f"{sum(known)}/{len(known)}" if known else ""


def f1(verdicts: Sequence[Verdict]) -> str:
    """Return the mean F1 of the bodies that are completely known."""
    known = [verdict.body for verdict in verdicts if verdict.body is not None]
    return f"{mean(known):.3f} ({len(known)})" if known else ""


def judge(page: RealPage, row: Mapping[str, Any]) -> Verdict:
    """Compare the fields read from a page with the known values."""
    return Verdict(
        title=_equal(page.known("title"), row["title"], lambda text: " ".join(text.split())),
        time=_equal(page.known("published"), row["published"], minute_of),
        authors=_equal(page.known("authors"), row["authors"], list),
        body=_overlap(page.known("body"), row),
        wrong=list(_wrong(page, row["body"] or "")),
    )


def _equal(known: Any, read: Any, plain: Any) -> bool | None:
    if known is None:
        return None
    return read is not None and plain(known) == plain(read)


def minute_of(raw: str) -> str:
    """Return a comparable time; a known time without a zone is UTC, a day stays a day."""
    if len(raw) == 10:
        return raw
    moment = datetime.fromisoformat(raw.replace("Z", "+00:00"))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="minutes")


def _overlap(known: str | None, row: Mapping[str, Any]) -> float | None:
    """Return F1 over words. None if the body is not known."""
    body = beside_lead(known or "", row["body"] or "", row.get("summary") or "")
    return words_f1(known, body) if known else None


def beside_lead(known: str, body: str, lead: str) -> str:
    """Return a body that was read, without a lead that the known text leaves out."""
    return body.removeprefix(lead) if lead and lead[:60] not in known else body


def words_f1(known: str, body: str) -> float:
    """Return F1 over the words of two texts; a Chinese sign is a word."""
    ours, theirs = Counter(_WORD.findall(body)), Counter(_WORD.findall(known))
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def _wrong(page: RealPage, body: str) -> Iterator[str]:
    """Return texts in the body that must not be there, and missing texts that must.

    Some ``must_not`` are for the whole agency, and the known text of one page may contain them.
    """
    text, known = " ".join(body.split()), page.known("body") or ""
    for name in ("must_not", "segments_without"):
        parts = (part for part in page.truth.get(name, ()) if part not in known)
        yield from (f"has {part!r}" for part in parts if part in text)
    needed = [*page.truth.get("segments_with", ())]
    needed += [page.truth[name] for name in ("body_start", "body_end") if name in page.truth]
    yield from (f"lacks {part!r}" for part in needed if " ".join(part.split()) not in text)
