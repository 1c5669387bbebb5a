import pytest

from crawler.probe.finding import Fact, Finding
from crawler.probe.report import exit_code

FACT = Fact("title", "h1", "TITLE in pages/agency.py")


def test_difference_names_what_to_change() -> None:
    assert FACT.differs("h2") == Finding(
        "title", "h1", "h2", "different", "TITLE in pages/agency.py"
    )
    assert FACT.unclear("no page").change == "TITLE in pages/agency.py"


def test_expected_fact_names_nothing_to_change() -> None:
    assert FACT.holds("h1").change is None
    assert FACT.judged(True, "h1") == FACT.holds("h1")
    assert FACT.judged(False, "h2") == FACT.differs("h2")


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        ("a\x1b[31mred\x07", "a [31mred"),
        ("two\nlines\u202e  and \x00 more", "two lines and more"),
        ("x" * 1000, "x" * 299 + "…"),
    ],
)
def test_foreign_words_are_safe_and_short_on_a_terminal(seen: str, shown: str) -> None:
    assert FACT.holds(seen).seen == shown


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([FACT.holds("h1")], 0),
        ([FACT.holds("h1"), FACT.differs("h2")], 3),
        ([FACT.holds("h1"), FACT.unclear("no page")], 3),
    ],
)
def test_exit_code_is_zero_only_if_all_is_as_expected(findings: list[Finding], code: int) -> None:
    assert exit_code(findings) == code
