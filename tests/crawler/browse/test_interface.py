"""The pages in three languages: each word that they say has its translations, and no other."""

import ast
import re
from importlib.resources import files

import pytest

from crawler.browse.interface import LANGUAGES, WORDS, language_of, translator
from crawler.browse.languages import _NAMES, language_name

_SAID = re.compile(r"\{\{ t\((.*?)\)(?:\|plain)? \}\}", re.DOTALL)
_TEXT = re.compile(r"""(?:'([^']+)'|"([^"]+)")(:?)""")  # with a colon the key of a mapping
_LISTED = re.compile(r', "([^"]+)"\)')  # of the operators, with what each finds
_GAPS = {"{:,}", "?", "Articles over time, by "}  # what a text is put together from
TEMPLATES = {
    path.name: path.read_text("utf-8")
    for path in files("crawler.browse").joinpath("templates").iterdir()
}
ROWS = {"new", "edited", "respelled", "reparsed", "back", "older", "gone", "withdrawn", "author",
        "photo", "video", "translator", "agency", "edition", "year", "category",
        "is", "Archive of {0}", "Archive of {0} news agencies", "Made-up archive, not of {0}",
        "no date", "Articles over time, by agency", "Articles over time, by edition"}  # fmt: skip
FIELDS = {"url", "language", "script", "title", "summary", "body", "published_at", "modified_at",
          "authors", "byline_raw", "credit", "tags", "images", "videos", "translations",
          "rights"}  # fmt: skip
NAMES = {*_NAMES.values(), language_name("uz-Cyrl"), language_name("uz-Latn")}
SOURCES = [
    path.read_text("utf-8")
    for path in (
        *files("crawler.browse").iterdir(),
        files("crawler.text").joinpath("search_query.py"),
    )
    if path.name.endswith(".py")
]
_ERROR = re.compile(r'(?:told = |_INTERNAL = |Missing\(|BadQuery\()("[^"]*")')


def of_errors() -> set[str]:
    """Return what readers are told when there is no such page, or a search makes no sense."""
    return {ast.literal_eval(text) for source in SOURCES for text in _ERROR.findall(source)}


def said() -> set[str]:
    found = {
        single or double
        for page in TEMPLATES.values()
        for part in _SAID.findall(page)
        for single, double, colon in _TEXT.findall(part)
        if not colon
    }
    return (
        found
        | ROWS
        | FIELDS
        | NAMES
        | of_errors()
        | set(_LISTED.findall(TEMPLATES["browse_help.html"]))
    )


def test_every_word_that_pages_say_is_translated_into_every_language() -> None:
    assert said() - _GAPS - WORDS.keys() == set()
    assert not [source for source in SOURCES if re.search(r'(Missing|BadQuery)\(f"', source)]
    others = set(LANGUAGES) - {"en"}
    assert all(set(words) - {"en"} == others for words in WORDS.values())
    assert {text for text, words in WORDS.items() if "en" in words} <= FIELDS


def test_no_translation_is_left_of_what_nothing_says() -> None:
    everything = "\n".join(TEMPLATES.values())
    others = ROWS | FIELDS | NAMES | of_errors()
    assert not [text for text in WORDS if text not in everything and text not in others]


@pytest.mark.parametrize("text", WORDS)
def test_a_translation_has_the_same_gaps(text: str) -> None:
    gaps = sorted(re.findall(r"\{\d\}", text))
    for words in WORDS[text].values():
        assert sorted(re.findall(r"\{\d\}", words)) == gaps


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        (None, "", "en"),
        (None, "ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        (None, "fr,uz;q=0.5", "uz"),
        ("uz", "ru", "uz"),
        ("xx", "de", "en"),
        (None, "q=0.9, ;;,", "en"),
    ],
)
def test_a_reader_gets_the_language_that_was_chosen_or_that_the_browser_names(
    chosen: str | None, accepted: str, language: str
) -> None:
    assert language_of(chosen, accepted) == language


def test_what_is_not_translated_is_said_in_english() -> None:
    assert translator("ru")("unknown {0}", 1) == "unknown 1"
    assert translator("en")("{curly}") == "{curly}"
    assert translator("uz")("Archive of {0}", "uza.uz") == "uza.uz arxivi"
