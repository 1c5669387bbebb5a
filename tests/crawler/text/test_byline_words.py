import pytest

from crawler.model.rules import BylineRules
from crawler.text.byline import read_phrases

RULES = BylineRules(
    agency=("Press Bureau", "PB", "pb.example"),
    photo=("photo", "photo by"),
    translator=("translated by",),
    lead=("by", "von"),
    titles=("sp. corr.",),
    joiners=("and", "i"),
    particles=("von",),
)


@pytest.mark.parametrize(
    ("line", "phrases"),
    [
        ("Press Bureau", [("agency", "Press Bureau")]),
        ("pb.example.", [("agency", "pb.example")]),
        ("PHOTO BY Ann Bell", [("photo", "PHOTO BY"), ("name", "Ann Bell")]),
        ("Photo:A.Bell", [("photo", "Photo"), ("name", "A. Bell")]),
        ("By Ann Bell", [("lead", "By"), ("name", "Ann Bell")]),
        ("Ann von Bell", [("name", "Ann von Bell")]),
        ("von Ann Bell", [("lead", "von"), ("name", "Ann Bell")]),
        ("sp. corr. PB", [("title", "sp. corr."), ("agency", "PB")]),
        ("sp. corr PB", [("title", "sp. corr"), ("agency", "PB")]),
        ("Bell A. i Cole I.", [("name", "Bell A."), ("joiner", "i"), ("name", "Cole I.")]),
        ("Bell(photo)", [("name", "Bell"), ("opening", "("), ("photo", "photo"), ("closing", ")")]),
        ("Bell - PB", [("name", "Bell"), ("separator", "-"), ("agency", "PB")]),
    ],
)
def test_line_is_read_phrase_by_phrase(line: str, phrases: list[tuple[str, str]]) -> None:
    assert [(phrase.kind, phrase.text) for phrase in read_phrases(line, RULES)] == phrases


@pytest.mark.parametrize("line", ["", " ", "A day ended", "Bell: PB", ": PB"])
def test_line_with_a_word_of_no_byline_has_no_phrases(line: str) -> None:
    assert read_phrases(line, RULES) == []
