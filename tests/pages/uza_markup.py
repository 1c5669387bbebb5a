"""Made-up pages and posts of the agency, and what is read from them."""

import json
from typing import Any

from crawler.extract.document import Document
from crawler.extract.page import ArticlePage, read_page
from crawler.model.article import Draft
from pages.uza import LAYOUTS

SENTENCE = "Builders have closed the dam above the town, and water has reached the reservoir."
HEAD = (
    "<div class=news-top-head__title>A dam is closed</div>"
    "<div class=news-top-head__date>23:44 / 2024-05-01</div>"
)


def page_of(body: str | dict[str, Any] | list[Any]) -> ArticlePage:
    text = body if isinstance(body, str) else json.dumps(body)
    return read_page(Document("https://uza.uz/posts/a_1", 200, {}, text.encode()), LAYOUTS)


def draft_of(body: str | dict[str, Any]) -> Draft:
    return page_of(body).draft()


def current(content: str, head: str = HEAD) -> str:
    return f"<html><body>{head}<div class='content-block'>{content}</div></body></html>"


def legacy(*lines: str, tag: str = "div") -> str:
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines)
