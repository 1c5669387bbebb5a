import gzip
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import ClassVar

import pytest

from crawler.extract.document import Document
from crawler.extract.errors import BadBody, EmptyPage, UnknownLayout, UnreadablePage
from crawler.extract.page import ArticlePage, read_page
from crawler.extract.version import reading_code
from pages.uza import RULES

URL = "https://uza.uz/posts/a-story_1"


class Marked(ArticlePage):
    """A layout that is known by a word."""

    rules = RULES
    layout = "marked"
    word: ClassVar[str] = "marked"

    def matches(self) -> bool:
        return self.word in self.document.text

    def explain(self) -> UnreadablePage | None:
        return EmptyPage(self.document.url) if "frame" in self.document.text else None

    @property
    def title(self) -> str:
        return self.document.text


class Noted(Marked):
    """A layout that keeps what it found when it was asked whether it matches."""

    @cached_property
    def title(self) -> str:
        return f"read {next(self.counter)} times"

    counter: ClassVar[Iterator[int]]

    def matches(self) -> bool:
        return bool(self.title)


class Other(Marked):
    layout = "other"
    word = "other"


def document(body: bytes, **headers: str) -> Document:
    return Document(URL, 200, {name.replace("_", "-"): headers[name] for name in headers}, body)


def test_body_is_unpacked_and_decoded() -> None:
    body = gzip.compress("<p>Кўприк</p>".encode())
    page = document(body, content_encoding="gzip", content_type="text/html; charset=windows-1251")
    assert page.text == "<p>Кўприк</p>"
    assert page.root.text() == "Кўприк"


def test_text_in_another_encoding_is_parsed_as_what_it_says() -> None:
    page = document("<p>Мост</p>".encode("cp1251"), content_type="text/html; charset=cp1251")
    assert page.root.text() == "Мост"


def test_what_tells_a_layout_is_read_once() -> None:
    Noted.counter = count(1)
    assert read_page(document(b"<p>A mill"), [Noted]).title == "read 1 times"


def test_page_without_a_declaration_is_decoded_as_its_agency_writes() -> None:
    page = read_page(document("marked: Новый мост".encode("cp1251")), [Marked])
    assert page.title == "marked: Новый мост"


@pytest.mark.parametrize("body", [b"", b"\0\0", b"<p>a\0b</p>", b"</html>"])
def test_odd_bytes_make_a_tree(body: bytes) -> None:
    assert "\0" not in document(body).root.text()


def test_lone_surrogate_in_utf8_is_no_character() -> None:
    body = "<p>Мост\ud800</p>".encode("utf-8", "surrogatepass")
    with pytest.raises(BadBody, match="garbled"):
        _ = document(body).text


def test_deep_page_is_refused() -> None:
    with pytest.raises(BadBody, match="too deep"):
        _ = document(b"<div>" * 100_000).tree


def test_bomb_is_refused() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(BadBody, match="too large"):
        _ = document(bomb, content_encoding="gzip").text


def test_json_is_read_from_any_encoding() -> None:
    assert document(b'\xef\xbb\xbf {"title": "\\u041c"}').json == {"title": "М"}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"a\ud800", "a\ufffd"),
        (rb"\uDC00\ud800b", "\ufffd\ufffdb"),
        (rb"\ud83d\ude00\ud83d", "\U0001f600\ufffd"),
        (rb"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (rb"\\ud800\ud800", "\\ud800\ufffd"),
        (rb"\"\ud800\u041c", '"\ufffd\u041c'),
    ],
)
def test_half_a_character_in_json_is_replaced_and_the_rest_is_read(body: bytes, text: str) -> None:
    assert document(b'["' + body + b'", 1]').json == [text, 1]


@pytest.mark.parametrize("body", [b"<html>", b"{", b"[1,]", b"[" * 100_000, b'"\\ud800', b"NaN"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(BadBody) as caught:
        _ = document(body).json
    assert caught.value.reason == "not json"


@pytest.mark.parametrize(
    ("body", "answer"), [(b' {"a": 1}', True), (b"[]", True), (b"<p>{", False), (b"", False)]
)
def test_answer_tells_whether_it_looks_like_json(body: bytes, answer: bool) -> None:
    assert document(body).is_json is answer


def test_page_is_of_the_first_layout_that_matches() -> None:
    assert read_page(document(b"marked other"), [Other, Marked]).layout == "other"
    assert read_page(document(b"marked"), [Other, Marked]).layout == "marked"


def test_page_of_no_layout_is_explained_by_one_that_knows_it() -> None:
    with pytest.raises(EmptyPage, match=URL):
        read_page(document(b"frame"), [Other, Marked])


def test_page_that_nobody_knows_has_an_unknown_layout() -> None:
    with pytest.raises(UnknownLayout, match=URL) as caught:
        read_page(document(b"text"), [Other, Marked])
    assert caught.value.reason == "no layout"


def test_layout_has_a_default_for_every_field() -> None:
    draft = read_page(document(b"marked"), [Marked]).draft()
    assert (draft.title, draft.body, draft.summary, draft.tags) == ("marked", "", None, [])
    assert (draft.published_raw, draft.modified_at, draft.category) == (None, None, None)
    assert (draft.images, draft.videos, draft.translations) == ([], [], [])


def test_draft_says_what_read_it() -> None:
    draft = read_page(document(b"marked"), [Marked]).draft()
    assert draft.agency == RULES.name
    assert draft.extractor is not None
    assert (draft.extractor.layout, draft.extractor.source) == ("marked", "page")
    assert draft.extractor.code == reading_code(RULES.name)


def test_relative_addresses_start_at_the_agencys_own_site() -> None:
    page = Marked(Document("http://127.0.0.1:8000/en/posts/a_1?q=1", 200, {}, b"marked"))
    assert page.base == "https://uza.uz/en/posts/a_1"


def test_layouts_that_look_for_the_same_share_what_is_found() -> None:
    page = document(b"<p>One<p>two")
    assert [node.text() for node in page.css("p")] == ["One", "two"]
    assert page.css("p") is page.css("p")


def test_a_document_of_the_agency_s_charset_is_read_as_it_is() -> None:
    page = replace(document(b"marked"), charset=RULES.charset)
    assert read_page(page, [Marked]).document is page
