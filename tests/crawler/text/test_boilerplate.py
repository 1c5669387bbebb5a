from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.rules import TextRules
from crawler.text.body import clean_body, clean_line, cut_glued_title
from crawler.text.normalize import split_paragraphs
from pages.uza import RULES

TITLE = "Growers of Oqqayin valley opened a festival of gardens"
TEXT = "More than 400 guests came to taste the apples."
END = "The festival ends on Friday."
BYLINE = "Dilnora Zarbuloqova, UzA"
MENU = [
    *("中文", "Türkçe", "Тоҷикӣ", "Кыргызча", "Türkmençe", "日本語", "العربية", "English"),
    *("Français", "Español", "Русский", "Deutsch", "Ўзбекча", "O‘zbekcha", "Қазақша", "English"),
]


def clean(*lines: str, title: str = TITLE, lead: str = "") -> list[str]:
    return clean_body("\n\n".join(lines), RULES, title, lead)


BOILERPLATE = [
    "Размер шрифта: A A A",
    "Размер шрифта: А А А",
    "Цвет сайта: A A A A",
    "UzA English",
    "УзА Русский",
    "ЎзА Ўзбекча",
    "OʻzA O‘zbekcha",
    "[gallery-7163]",
    "[gallery-7163] [gallery-7164]",
    "photo_2024-05-01.jpg",
    "IMG 0012.JPG",
    "WhatsApp Image 2024-05-01 at 10.11.12 (1).jpeg",
    '<iframe width="560" height="315" src="https://video.example/embed/1"></iframe>',
    "&lt;iframe src=&quot;https://video.example/1?a=1&amp;b=2&quot;&gt;&lt;/iframe&gt;",
    "&amp;lt;iframe src=x&amp;gt;&amp;lt;/iframe&amp;gt;",
    '<iframe\n width="560"\n\n src="https://video.example/embed/1">\n</iframe>',
    TITLE,
    TITLE.upper(),
    f"{TITLE}\u00a0",
]


@pytest.mark.parametrize("boilerplate", BOILERPLATE)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_boilerplate_is_dropped_wherever_it_stands(boilerplate: str, place: int) -> None:
    lines = [TEXT, END, BYLINE]
    lines.insert(place, boilerplate)
    assert clean(*lines) == [TEXT, END, BYLINE]


REAL_TEXT = [
    "English",
    "UzA",
    "UzA English service was founded in the autumn.",
    "Размер шрифта: так называется новая книга.",
    "5 153",
    "2024",
    "The programme offers:\n- water;\n- light;\n- roads:",
    "The reference was [12] and [gallery] was empty.",
    "Save your work as a file called report.png",
    "https://cdn.example/apples.jpg and two more",
    "The code begins with iframe src, as pupils learn.",
    "a < b and b > c",
    f"{TITLE}.",
    f"{TITLE}, the ministry says.",
    "English\nРусский\nDeutsch",
]


@pytest.mark.parametrize("line", REAL_TEXT)
def test_text_that_resembles_boilerplate_stays(line: str) -> None:
    assert clean(TEXT, line, END, BYLINE) == [TEXT, line, END, BYLINE]


@pytest.mark.parametrize("joint", ["\n", "\n\n"])
def test_the_language_menu_is_dropped(joint: str) -> None:
    assert clean(joint.join(MENU), TEXT, END) == [TEXT, END]
    assert clean(TEXT, END, joint.join(MENU)) == [TEXT, END]


def test_a_shortcode_within_a_sentence_leaves_the_sentence() -> None:
    assert clean("Apples [gallery-7163] and pears.") == ["Apples and pears."]


def test_a_frame_cut_off_by_the_end_of_the_page_is_dropped() -> None:
    assert clean(TEXT, '<iframe width="560" src="https://video.example/em') == [TEXT]


COUNTERS = ["5 153", "5\u00a0153", "5\u2009153", "1 005 153", "87", "5153"]


@pytest.mark.parametrize("counter", COUNTERS)
def test_a_counter_below_or_above_the_byline_is_dropped(counter: str) -> None:
    assert clean(TEXT, f"{BYLINE}\n{counter}") == [TEXT, BYLINE]
    assert clean(TEXT, counter, BYLINE) == [TEXT, BYLINE]
    assert clean(TEXT, f"{END}\n{counter}\n{BYLINE}") == [TEXT, END, BYLINE]
    assert clean(TEXT, counter) == [TEXT]


def test_a_number_that_a_list_announces_is_no_counter() -> None:
    assert clean(TEXT, "Call us:\n1093", BYLINE) == [TEXT, "Call us:\n1093", BYLINE]
    assert clean(TEXT, "12\n15", BYLINE) == [TEXT, "12\n15", BYLINE]


def test_without_a_known_counter_numbers_stay() -> None:
    rules = replace(RULES, text=TextRules(boilerplate=()))
    assert clean_body("Text\n\n5 153", rules) == ["Text", "5 153"]


@pytest.mark.parametrize("below", [(), (BYLINE,), (END,)])
def test_a_year_that_ends_the_text_is_no_counter(below: tuple[str, ...]) -> None:
    for year in ("1991", "2019"):
        assert clean(TEXT, year, *below) == [TEXT, year, *below]


def test_a_number_like_a_year_is_a_counter_below_the_byline() -> None:
    assert clean(TEXT, f"{BYLINE}\n2019") == [TEXT, BYLINE]
    assert clean(TEXT, "1989") == clean(TEXT, "2 019") == [TEXT]


GLUED = [
    (TITLE, f"{TITLE}{TEXT}", TEXT),
    (TITLE, f"{TITLE} {TEXT}", TEXT),
    (TITLE, f"{TITLE.upper()} {TEXT}", TEXT),
    (TITLE, f"{TITLE}“{TEXT}”", f"“{TEXT}”"),
    (TITLE, f"{TITLE} Oqqayin hosted it.", "Oqqayin hosted it."),
    (TITLE, f"{TITLE} In Oqqayin, apples are ripe.", "In Oqqayin, apples are ripe."),
    ("Prizes of the fair “Oqqayin”", "Prizes of the fair “Oqqayin” Guests came.", "Guests came."),
    ("Who won the apple cup?", f"Who won the apple cup? {TEXT}", TEXT),
    ("Боғда янги ҳосил байрами", "Боғда янги ҳосил байрамиБугун боғ очилди.", "Бугун боғ очилди."),
]


@pytest.mark.parametrize(("title", "paragraph", "expected"), GLUED)
def test_a_title_glued_to_the_first_sentence_is_cut(
    title: str, paragraph: str, expected: str
) -> None:
    assert cut_glued_title(paragraph, title) == expected


WHOLE = [
    ("Samarkand", "Samarkand hosted the festival."),
    ("Samarkand", "Samarkand State University opened a garden."),
    ("Samarkand", "SamarkandTour won the prize."),
    ("Meeting of the head of the district", "Meeting of the head of the district Jasur Oqtepalov"),
    ("Meeting of the head of the district", "Meeting of the head of the district Jasur."),
    ("Meeting of growers from", "Meeting of growers from A. Karimov gardens"),
    ("Readers discuss a new novel", "Readers discuss a new novel “Oqqayin” as its author asked."),
    ("A new park for families in Oqqayin", "A new park for families in Oqqayin City was opened."),
    ("Treffen der Gärtner mit dem Dichter Karl", "Treffen der Gärtner mit dem Dichter Karl von Au"),
    (TITLE, f"{TITLE} and of flowers."),
    (TITLE, f"{TITLE}, said the mayor."),
    (TITLE, f"{TITLE}: More than 400 came."),
    (TITLE, f"{TITLE}. More than 400 came."),
    (TITLE, f"{TITLE} 400 guests came."),
    ("", "Any text."),
]


@pytest.mark.parametrize(("title", "paragraph"), WHOLE)
def test_a_sentence_that_opens_with_the_title_stays_whole(title: str, paragraph: str) -> None:
    assert cut_glued_title(paragraph, title) == paragraph


def test_the_lead_behind_a_title_proves_that_it_is_glued() -> None:
    title, lead = "الاحتفال في المدينة", "بدأ الاحتفال في المدينة صباح اليوم."
    assert cut_glued_title(f"{title} {lead}", title, lead) == lead
    assert cut_glued_title(f"{title} {lead}", title) == f"{title} {lead}"


def test_a_one_word_title_is_kept_as_an_item_of_a_list() -> None:
    cities = "Three cities took part:\nSamarkand\nOqqayin"
    assert clean("Samarkand", cities, title="Samarkand") == [cities]


def test_a_long_title_is_dropped_between_the_lines_of_a_paragraph() -> None:
    assert clean(f"{TEXT}\n{TITLE}\n{END}") == [f"{TEXT}\n{END}"]


def test_a_title_line_is_one_line_without_codes() -> None:
    assert clean_line("Festival\n[gallery-12] of\u00a0gardens<iframe src=x>", RULES.text) == (
        "Festival of gardens"
    )


WORDS = st.sampled_from(["apple", "Garden", "valley", "5", "and", "UzA", "Oqqayin", "a;", "b:"])
LINES = st.lists(WORDS, min_size=3, max_size=6).map(lambda words: f"{' '.join(words)} ripens.")


@given(st.lists(LINES, min_size=1, max_size=5), st.lists(WORDS, max_size=3).map(" ".join))
def test_sentences_are_never_lost(lines: list[str], title: str) -> None:
    assert clean(*lines, title=title) == lines


@given(st.text(max_size=80), st.text(max_size=20))
def test_cleaning_any_text_gives_paragraphs(text: str, title: str) -> None:
    cleaned = clean_body(text, RULES, title)
    assert split_paragraphs("\n\n".join(cleaned)) == cleaned
