"""Other extractors, each run in its own environment: ``python peer_readers.py NAME``.

Reads pages as JSON from standard input, and prints the fields of each, with the extractor's version
and the CPU milliseconds per page. It imports nothing of this project, which is not installed there.
"""

import json
import logging
import re
import sys
import time
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from typing import Any

Read = Callable[[str, str], dict[str, Any]]
ROUNDS = 2


def trafilatura() -> Read:
    """Return a reader for a page's URL and text."""
    import trafilatura as library

    def read(url: str, source: str) -> dict[str, Any]:
        found = library.bare_extraction(
            source, url=url, fast=True, include_comments=False, with_metadata=True
        )
        told = found.as_dict() if found else {}
        authors = [name.strip() for name in (told.get("author") or "").split(";")]
        return _row(told.get("title"), told.get("text"), authors, told.get("date"))

    return read


def newspaper4k() -> Read:
    """Return a reader for a page's URL and text."""
    from newspaper import Article

    def read(url: str, source: str) -> dict[str, Any]:
        article = Article(url, fetch_images=False)
        article.download(input_html=source)
        article.parse()
        return _row(article.title, article.text, article.authors, article.publish_date)

    return read


def news_please() -> Read:
    """Return a reader for a page's URL and text."""
    from newsplease import NewsPlease

    def read(url: str, source: str) -> dict[str, Any]:
        found = NewsPlease.from_html(source, url=url, fetch_images=False)
        return _row(found.title, found.maintext, found.authors, found.date_publish)

    return read


def fundus() -> Read:
    """Return a reader with a class for UzA's current layout; fundus needs one for each site."""
    from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
    from fundus.parser.utility import extract_article_body_with_selector, generic_nodes_to_text
    from lxml.etree import XPath

    def has(name: str) -> str:
        return f"contains(concat(' ', @class, ' '), ' {name} ')"

    class UzaParser(ParserProxy):  # type: ignore[misc]
        class V1(BaseParser):  # type: ignore[misc]
            _body = f"//div[{has('content-block')}]"
            _paragraphs = XPath(f"{_body}//p[not(position() = last())]")
            _lead = XPath(f"{_body}/h4[1]")
            _headings = XPath(f"{_body}/h2 | {_body}/h3")
            _last = XPath(f"{_body}//p[last()]")
            _title = XPath(f"//div[{has('news-top-head__title')}]")
            _date = XPath(f"//div[{has('news-top-head__date')}]")

            @attribute  # type: ignore[untyped-decorator]
            def body(self) -> ArticleBody:
                return extract_article_body_with_selector(
                    self.precomputed.doc,
                    paragraph_selector=self._paragraphs,
                    summary_selector=self._lead,
                    subheadline_selector=self._headings,
                )

            @attribute  # type: ignore[untyped-decorator]
            def title(self) -> str | None:
                return self._text(self._title)

            @attribute  # type: ignore[untyped-decorator]
            def authors(self) -> list[str]:
                names, comma, _ = (self._text(self._last) or "").rpartition(",")
                return [name.strip() for name in names.split(",")] if comma else []

            @attribute  # type: ignore[untyped-decorator]
            def publishing_date(self) -> datetime | None:
                stamp = re.search(r"(\d\d:\d\d) / (\d{4}-\d\d-\d\d)", self._text(self._date) or "")
                if stamp is None:
                    return None
                moment = datetime.strptime(f"{stamp[2]} {stamp[1]}", "%Y-%m-%d %H:%M")
                return moment.replace(tzinfo=timezone(timedelta(hours=5)))

            def _text(self, selector: XPath) -> str | None:
                texts = generic_nodes_to_text(selector(self.precomputed.doc), normalize=True)
                return texts[0] if texts else None

    parser = UzaParser()

    def read(url: str, source: str) -> dict[str, Any]:
        told = parser().parse(source, "suppress")
        body = str(told["body"] or "")
        return _row(told["title"], body, told["authors"], told["publishing_date"])

    return read


READERS = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
    "fundus": fundus,
}


def _row(title: str | None, body: str | None, authors: list[str], published: Any) -> dict[str, Any]:
    moment = published.isoformat() if isinstance(published, datetime) else published or None
    authors = [name for name in authors if name]
    return {"title": title, "body": body or "", "authors": authors, "published": moment}


def main() -> None:
    """Read all pages, and print the results."""
    logging.disable()
    warnings.simplefilter("ignore")
    pages = json.load(sys.stdin)
    read = READERS[sys.argv[1]]()
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        rows = [_attempt(read, page["url"], page["source"]) for page in pages]
        spent.append((time.process_time() - began) / len(pages) * 1000)
    told = {"version": version(sys.argv[1]), "rows": rows, "ms": min(spent)}
    json.dump(told, sys.stdout)


def _attempt(read: Read, url: str, source: str) -> dict[str, Any]:
    """Read a page; if the extractor fails, return the failure and no fields."""
    try:
        return read(url, source)
    except Exception as error:
        return {**_row(None, None, [], None), "failure": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main()
