"""Makes the files of a new agency from the facts of one page."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from crawler.errors import UsageError
from crawler.scaffold.inspect_page import Findings, zones

_TEMPLATES = files("crawler.scaffold").joinpath("agency")


def write_agency(root: Path, name: str, url: str, found: Findings) -> Iterator[Path]:
    """Write spider, page class and test into a project. Yields each file.

    Raises ``UsageError`` if one of them exists.
    """
    values = _values(name, url, found)
    targets = {
        root / "pages" / f"{name}.py": "pages.py.txt",
        root / "spiders" / f"{name}.py": "spider.py.txt",
        root / "tests" / "pages" / f"test_{name}.py": "test.py.txt",
    }
    for path in targets:
        if path.exists():
            raise UsageError(f"{path} is there already; choose another name")
    for path, template in targets.items():
        text = Template(_TEMPLATES.joinpath(template).read_text("utf-8"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.substitute(values), "utf-8")
        subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)
        yield path


def _values(name: str, url: str, found: Findings) -> dict[str, str]:
    parts = urlsplit(url)
    hosts = _hosts(url)
    site = f"{parts.scheme}://{parts.netloc}"
    feed = _own_feed(found, url)
    sitemap = found.sitemaps[0] if found.sitemaps else f"{site}/sitemap.xml"
    return {
        "name": name,
        "title": name.capitalize(),
        "language": found.language,
        "site": site,
        "hosts": ", ".join(f'"{one}"' for one in hosts),
        "pattern": found.pattern,
        "parameters": f"parameters={tuple(found.parameters)!r}," if found.parameters else "",
        "zone": next(iter(zones(url, None)), "UTC"),  # the zone was chosen by country only
        "body": found.body,
        "url": url,
        "source": "RssFeed" if feed else "Sitemap",
        "words": "feed" if feed else "sitemap",
        "address": feed or sitemap,
        "options": ", stale_days=7" if feed else "",
    }


def _hosts(url: str) -> list[str]:
    host = urlsplit(url).netloc.lower()
    return sorted({host, host.removeprefix("www.")})


def _own_feed(found: Findings, url: str) -> str | None:
    """Return the first feed at the agency's own hosts. A crawl reads no others."""
    own = _hosts(url)
    return next((feed for feed in found.feeds if urlsplit(feed).netloc.lower() in own), None)


def tell(found: Findings, name: str, url: str) -> list[str]:
    """Return lines with the facts that were found, and the decisions left to a person."""
    facts = {
        "title": found.title,
        "language": found.language,
        "JSON-LD": ", ".join(found.json_ld) or "no article",
        "dates": ", ".join(found.dates) or "none that machines can read",
        "authors": ", ".join(found.authors) or "none",
        "zones": ", ".join(found.zones) or "none that fit",
        "feeds": ", ".join(found.feeds) or "none in the page",
        "sitemaps": ", ".join(found.sitemaps) or "none in the page or robots.txt",
        "text": found.body,
    }
    width = max(map(len, facts))
    told = [f"  {label.ljust(width)}  {value}" for label, value in facts.items()]
    left = [f"  - {line}" for line in _left(found, name, url)]
    return ["found:", *told, "left to decide:", *left]


def _left(found: Findings, name: str, url: str) -> Iterator[str]:
    if len(found.zones) != 1:
        yield f"the zone in pages/{name}.py: {', '.join(found.zones) or 'nothing tells it'}"
    if not found.dates:
        yield "where the date is: DATE, and its format in TimestampRules"
    if not found.authors:
        yield "where the byline is, if there is one: AUTHORS"
    if _own_feed(found, url) is None:
        yield f"where the newest articles are listed: spiders/{name}.py has a sitemap, unproved"
    if not found.has_number:
        yield "the addresses of articles, in contrast to other pages: AddressRules.articles"
    yield "whether the lead is separate from the text: LEAD; boxes within it: SKIP"
    yield "the names the agency calls itself: BylineRules.agency; end marks and boxes: TextRules"
    yield "the saved page: rewrite it by hand, no sentence of a news site may stay in it"
