"""A file of saved searches is read, or what is wrong with it is said with its line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.errors import UsageError
from crawler.feeds import saved_searches
from crawler.feeds.matching import Matcher
from crawler.feeds.saved_searches import SavedSearch, read_searches
from crawler.text.search_query import Document, document, matches, parse

AGENCIES = ["apnews", "uza"]
GOOD = """\
# what the desk wants to know
[headlines]
query = "headline changed AND agency:apnews"
webhook = "https://desk.example.org/hook"

[minister]
query = 'title:minister "text changed"'
mail = "desk@example.org"
"""


def read(folder: Path, text: str) -> list[SavedSearch]:
    path = folder / "searches.toml"
    path.write_text(text, "utf-8")
    return read_searches(path, AGENCIES)


def test_searches_are_read_with_whom_they_tell(tmp_path: Path) -> None:
    headlines, minister = read(tmp_path, GOOD)
    assert headlines.query == parse("changed:title agency:apnews")
    assert headlines.text == "headline changed AND agency:apnews"
    assert headlines.channels == {"webhook": "https://desk.example.org/hook"}
    assert minister.query == parse('title:minister "text changed"'), "a phrase is no filter"
    assert minister.channels == {"mail": "desk@example.org"}
    (printed,) = read(tmp_path, '\ufeff[a]\r\nquery = "bridge"')
    assert list(printed.channels) == ["print"]


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("text changed", "changed:body"),
        ("byline changed OR date changed", "changed:byline_raw OR changed:published_at"),
        ("-(pictures changed)", "-(changed:images)"),
        ("subheadline changed", "subheadline changed"),
    ],
)
def test_what_changed_may_be_said_in_words(tmp_path: Path, spoken: str, written: str) -> None:
    (search,) = read(tmp_path, f'[a]\nquery = "{spoken}"')
    assert search.query == parse(written)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "contains no searches; see scrapy watch -h"),
        ("[a\nquery = 1", r"not TOML \(.*line 1"),
        ("query = 'x'", r"line 1: \[query\] is not a table; write \[NAME\]"),
        ("[a]\n\n[b]\nquery = 'x'", r"line 1: \[a\] query: has no words and no filters"),
        ("[b]\nquery = 'x'\n\n[a]\nquery = '...'", r"line 5: \[a\] query: has no words"),
        ("[a]\nquery = 'after:soon x'", r"line 2: \[a\] after:soon is not a day; write 2024"),
        ("[a]\nquery = 'agency:apnew'", r"line 2: .*agency:apnew is not known; there are apnews"),
        ("[a]\nquery = 'x OR -changed:titel'", "line 2: .*changed:titel is not known; there are t"),
        ("[a]\nquery = 3", r"line 2: \[a\] query: expected a text between double quotes"),
        ("[a]\nquery='x'\nwebhok='x'", "line 3: .*webhok is not known; did you mean webhook"),
        ("[a]\nquery='x'\nwebhook='desk'", "line 3: .*webhook: 'desk' is not a URL with"),
        ("[a]\nquery='x'\nwebhook='http://h:x/'", "line 3: .*'http://h:x/' is not a URL with"),
        ("[a]\nquery='x'\nwebhook='http://a b/'", "line 3: .*is not a URL with"),
        ("[a]\nquery='x'\nwebhook='http://u:p@h/'", "line 3: .*is not a URL with"),
        ("[a]\nquery='x'\nmail='desk'", "line 3: .*mail: 'desk' is not an e-mail address"),
        (
            "[a]\nquery='x'\n['b c']\nquery='x'",
            r"line 3: \[b c\] the name may only have English letters",
        ),
        ("[a]\nquery='x'\n[a.b]\nquery='x'", r"line 1: \[a\] b is not known"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        read(tmp_path, text)
    assert "\n" not in str(raised.value)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_a_service_is_one_that_apprise_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed: make notify")
    text = "[a]\nquery='x'\nservice="
    (told,) = read(tmp_path, f"{text}'json://127.0.0.1/topic'")
    assert told.channels == {"service": "json://127.0.0.1/topic"}
    with pytest.raises(
        UsageError, match=r"line 3: \[a\] service: Apprise does not support this URL"
    ):
        read(tmp_path, f"{text}'nobody://knows/this'")
    monkeypatch.setattr(saved_searches, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"line 3: .*install it by: make notify"):
        read(tmp_path, f"{text}'json://127.0.0.1/topic'")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"searches.toml: cannot be read"):
        read_searches(tmp_path / "searches.toml", AGENCIES)
    (tmp_path / "searches.toml").write_bytes(b"[a]\nquery = '\xff'")
    with pytest.raises(UsageError, match="not TOML"):
        read_searches(tmp_path / "searches.toml", AGENCIES)


WORDS = [
    "bridge",
    "bridges",
    "a",
    "new",
    "Олий",
    "oliy",
    "мост",
    "新",
    "library",
    "lib",
    "كتبون",
    "كتب",
]
PARTS = [
    *WORDS, "title:bridge", "author:oliy", "agency:uza", "changed:title", "is:gone", '"a new"',
    "after:2024", "before:2024", "(bridge OR", "OR", "library OR -new", ")", "-", "-(",
]  # fmt: skip


@st.composite
def versions(draw: st.DrawFn) -> Document:
    title, body, author = (" ".join(draw(st.lists(st.sampled_from(WORDS)))) for _ in range(3))
    row: dict[str, Any] = {
        "agency": draw(st.sampled_from(AGENCIES)), "edition": None, "category": None,
        "language": draw(st.sampled_from(["en", "uz-Cyrl", "ru", None])),
        "published_at": draw(st.sampled_from([None, "2023-05-01", "2024-05-01"])),
        "change": draw(st.sampled_from(["edited", "gone"])),
        "changed_fields": draw(st.lists(st.sampled_from(["title", "body"]))),
        "title": title, "body": body, "authors": [{"name": author}],
    }  # fmt: skip
    return document(row)


@example([["كتبون"]], Document(" كتبون ", " ", " ", frozenset(), ""))
@given(st.lists(st.lists(st.sampled_from(PARTS), max_size=6), max_size=8), versions())
def test_a_matcher_finds_what_each_search_would_find_by_itself(
    queries: list[list[str]], version: Document
) -> None:
    parsed = [query for parts in queries if (query := parse(" ".join(parts)))]
    searches = [SavedSearch(f"{n}", "", query) for n, query in enumerate(parsed)]
    expected = [each for each in searches if matches(each.query, version)]
    assert Matcher(searches).wanting(version) == expected
