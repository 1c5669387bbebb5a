"""How a reading is compared with the truth, and what is said where there are no pages."""

from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from benchmarks import languages, quality, uzbek_news
from benchmarks.quality import Page, figures, judge, row
from crawler.extract.document import Document
from crawler.model.article import Article, Person
from crawler.text.folding import fold_spelling
from crawler.text.language import detect

DOCUMENT = Document("https://wire.example/1", 200, {}, b"")


def verdict(truth: dict[str, Any], **read: Any) -> quality.Verdict:
    return judge(Page("one", DOCUMENT, truth), Article(**read))


def test_a_title_may_differ_in_white_space_and_typography() -> None:
    known = {"title": "The mill – “open”"}
    assert verdict(known, title='The  mill - "open"')["title"]
    assert verdict({"title": "The\u00ad mill\u200b"}, title="The mill")["title"]
    assert not verdict(known, title="The mill")["title"]


def test_authors_are_a_set() -> None:
    known = {"authors": ["Ana Kaya", "Ben Lee"]}
    assert verdict(known, authors=[Person("Ben Lee"), Person("Ana  Kaya")])["authors"]
    assert not verdict(known, authors=[Person("Ana Kaya")])["authors"]


def test_organisations_that_the_truth_has_as_authors_may_be_in_the_credit() -> None:
    known, persons = {"authors": ["Ana Kaya", "OPA", "Oak"]}, [Person("Ana Kaya")]
    found = verdict(known, authors=persons, credit="Oak, OPA")
    assert (found["authors"], found["credited"]) == (False, True)
    assert not verdict(known, authors=persons, credit="Oak")["credited"]
    assert verdict({"authors": ["Ana Kaya"]}, authors=persons, credit="Oak")["credited"]
    roles = {"persons": [("Ana Kaya", "photo")]}
    assert verdict(roles, authors=persons)["credited"] is False


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("2024-05-01T08:00:30Z", {"day": True, "minute": True, "wrong": False}),
        ("2024-05-01T08:01:00Z", {"day": True, "minute": False, "wrong": True}),
        ("2024-05-01", {"day": True, "minute": False, "wrong": False}),
        ("2024-05-02", {"day": False, "minute": False, "wrong": True}),
        (None, {"day": False, "minute": False, "wrong": False}),
    ],
)
def test_a_date_is_wrong_if_it_contradicts_the_truth(
    read: str | None, expected: dict[str, bool]
) -> None:
    found = verdict({"published": "2024-05-01 10:00:00+02:00"}, published_at=read)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("known", "raw", "expected"),
    [
        ("2024-05-01 10:00:00", "2024-05-01T10:00:30+02:00", {"minute": True, "wrong": False}),
        ("2024-05-01 10:01:00", "2024-05-01T10:00:30+02:00", {"minute": False, "wrong": True}),
        ("2024-05-01 10:00:00+01:00", "2024-05-01T10:00+02:00", {"minute": False, "wrong": True}),
        ("2024-05-01 00:00:00", "2024-05-01T10:00:30+02:00", {"day": True, "wrong": False}),
    ],
)
def test_a_truth_without_a_zone_is_of_the_clock_of_the_page(
    known: str, raw: str, expected: dict[str, bool]
) -> None:
    read = "2024-05-01T08:00:30Z"
    found = verdict({"published": known}, published_at=read, published_raw=raw)
    assert {name: found[name] for name in expected} == expected


def test_a_body_is_judged_by_words_and_a_chinese_sign_is_one() -> None:
    assert verdict({"body": "one two three four"}, body="one two")["body"] == pytest.approx(4 / 6)
    assert verdict({"body": "磨坊开放"}, body="磨坊")["body"] == pytest.approx(4 / 6)


def test_runs_of_four_words_count_a_refused_page_in_recall_only() -> None:
    known = {"body": "one two three four five"}
    found = [verdict(known, body=known["body"]), judge(Page("two", DOCUMENT, known), None)]
    shown = figures(found)
    assert shown["grams"][0] == pytest.approx(2 * 1 * 0.5 / 1.5)
    assert (shown["exact"][0], shown["refused"][0], shown["body"][0]) == (0.5, 1, 0.5)


def test_goals_stand_beside_the_figures() -> None:
    good = verdict({"body": "a b c d", "title": "A"}, title="A", body="a b c d")
    line, met = row("wcxb", [good], 1.0)
    assert ("1/1 (≥ 1)" in line, "1.000 (≥ 0.945)" in line, met) == (True, True, True)
    assert not row("wcxb", [good, judge(Page("two", DOCUMENT, {"title": "B"}), None)], 1.0)[1]


@pytest.mark.parametrize("name", ["our pages", "our pages, generic"])
def test_what_is_read_of_our_pages_does_not_get_worse(name: str) -> None:
    line, are_goals_met = quality.read_set(name, worst=0)
    assert are_goals_met, line


def test_without_pages_nothing_is_measured_and_it_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(quality, "EVALUATION", tmp_path / "none")
    assert quality.main([]) == 2
    assert f"no pages at {tmp_path / 'none'}" in capsys.readouterr().err


def test_without_texts_the_section_of_languages_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    section = f"{languages.HEAD}\n\nas measured before\n"
    (tmp_path / "quality.md").write_text(f"# Pages\n\n{section}")
    monkeypatch.setattr(languages, "UDHR", tmp_path / "none")
    monkeypatch.setattr(quality, "OUT", tmp_path / "quality.md")
    assert quality.told_languages() == (section, True)


def test_paragraphs_are_read_without_markup_and_short_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = "One that is long enough to be told, in e\u0301l\u00e9gant letters."
    (tmp_path / "xyz.html").write_text(f"<p>Short.</p><p>{long} <b>&amp;</b></p>", "utf-8")
    monkeypatch.setattr(languages, "UDHR", tmp_path)
    assert languages.paragraphs("xyz") == (normalize("NFC", f"{long} &"),)


@pytest.mark.parametrize(("spelling", "least"), [(0, 0.99), (1, 0.99), (2, 0.99)])
def test_invented_uzbek_news_is_called_uzbek_or_nothing(spelling: int, least: float) -> None:
    news = uzbek_news.paragraphs(100)
    assert len(set(news)) == 100
    found = [detect(languages._three(text)[spelling]) for text in news]
    assert {each.tag.partition("-")[0] for each in found if each} == {"uz"}
    assert sum(each is not None for each in found) >= least * len(found)


def test_paragraphs_by_hand_are_called_uzbek_or_nothing() -> None:
    seen, unseen = uzbek_news.handwritten()
    assert len({*seen, *unseen}) == 300
    texts = [spelling for text in seen for spelling in languages._three(text)]
    found = [each.tag.partition("-")[0] for text in texts if (each := detect(text))]
    assert set(found) == {"uz"}
    assert len(found) >= 0.96 * len(texts)


def test_the_words_of_invented_uzbek_news_have_one_key_in_all_spellings() -> None:
    words = languages._words(uzbek_news.paragraphs(100))
    assert [
        word for word in words if len(set(map(fold_spelling, languages._three(word)))) > 1
    ] == []
