import pytest
from itemadapter import ItemAdapter

from crawler.model.article import Draft, Image, Label
from pages.uza import RULES
from pipelines.reading import CleanBody

LEAD = "Oqqayin hosted the festival of gardens, where 45 growers of the valley showed their fruit."
MORE = "More than 400 visitors came from the neighbouring districts to taste it."
VARIED = "Oqqayin has hosted the festival of gardens, where 47 growers of the valley showed fruit."
OTHER = "Growers of the valley say that the frost of April left them fewer apples than usual."
BYLINE = "Dilnora Zarbuloqova, UzA"


def clean(body: str, summary: str | None = None, title: str = "Festival in Oqqayin") -> Draft:
    draft = Draft(title=title, summary=summary, body=body)
    cleaned = CleanBody(RULES).process_item(draft)
    assert isinstance(cleaned, Draft)
    return cleaned


LEADS = [
    ("only set apart", f"{OTHER}\n\n{BYLINE}", [LEAD, OTHER, BYLINE]),
    ("set apart, and the page gives it within the body", f"{LEAD}\n\n{OTHER}", [LEAD, OTHER]),
    ("repeated word for word", f"{LEAD}\n\n{LEAD}\n\n{OTHER}", [LEAD, OTHER]),
    ("repeated in other typography", f"{LEAD.upper()}\n\n{OTHER}", [LEAD.upper(), OTHER]),
    ("continued", f"{LEAD}\n\n{LEAD} {MORE}\n\n{OTHER}", [f"{LEAD} {MORE}", OTHER]),
    ("continued in the sentence", f"{LEAD[:-1]}, and cakes.", [f"{LEAD[:-1]}, and cakes."]),
    ("varied", f"{LEAD}\n\n{VARIED}\n\n{OTHER}", [VARIED, OTHER]),
    ("varied and continued", f"{VARIED} {MORE}\n\n{OTHER}", [f"{VARIED} {MORE}", OTHER]),
    ("glued", f"{LEAD}{MORE}\n\n{OTHER}", [f"{LEAD} {MORE}", OTHER]),
    ("glued without its full stop", f"{LEAD[:-1]}{MORE}", [f"{LEAD[:-1]} {MORE}"]),
    ("glued to a quotation", f"{LEAD}“{MORE}”", [f"{LEAD} “{MORE}”"]),
    ("glued to a number", f"{LEAD}247 guests came.", [f"{LEAD} 247 guests came."]),
    ("in a later place", f"{OTHER}\n\n{LEAD}", [LEAD, OTHER]),
    ("over two paragraphs", "\n\n".join(LEAD.split(", ", 1)), LEAD.split(", ", 1)),
    ("the whole text", "", [LEAD]),
    ("alone above the byline", BYLINE, [LEAD, BYLINE]),
]


@pytest.mark.parametrize(("case", "body", "expected"), LEADS, ids=[case for case, *_ in LEADS])
def test_lead_stands_in_the_body_once_and_first(case: str, body: str, expected: list[str]) -> None:
    lead = LEAD.replace(", ", " ") if case == "over two paragraphs" else LEAD
    draft = clean(body, lead)
    assert draft.body.split("\n\n") == expected
    assert draft.summary == lead


def test_lead_that_is_longer_than_the_first_paragraph_takes_its_place() -> None:
    draft = clean(f"{LEAD}\n\n{OTHER}\n\n{BYLINE}", f"{LEAD} {MORE}")
    assert draft.body.split("\n\n") == [f"{LEAD} {MORE}", OTHER, BYLINE]


def test_lead_cut_short_by_the_site_is_continued_by_its_paragraph() -> None:
    draft = clean(f"{LEAD}\n\n{OTHER}", f"{LEAD[:60]}...")
    assert draft.body.split("\n\n") == [LEAD, OTHER]


SIMILAR = [
    ("The mayor of Oqqayin met growers", "The mayor of Oqqayin met bakers on Friday."),
    ("A park opened in Oqqayin.", "A park opened in Nurkamar."),
    ("Oqqayin", "Oqqayinliks won the cup."),
]


@pytest.mark.parametrize(("lead", "first"), SIMILAR)
def test_a_different_first_paragraph_is_never_swallowed(lead: str, first: str) -> None:
    assert clean(first, lead).body.split("\n\n") == [lead, first]


def test_a_decimal_is_not_parted_where_the_lead_ends() -> None:
    lead = "The harvest in the valley of Oqqayin grew this year by 3."
    first = "The harvest in the valley of Oqqayin grew this year by 3.5 per cent."
    assert clean(first, lead).body == first


def test_arabic_sentence_glued_to_the_lead_gets_its_space() -> None:
    lead = "افتتحت حديقة جديدة في المدينة."
    assert clean(f"{lead}وحضر الحفل كثيرون.", lead).body == f"{lead} وحضر الحفل كثيرون."


def test_a_lead_cut_within_a_word_gets_no_space_there() -> None:
    first = "افتتحت في المدينة حديقة جديدة واسعة للأطفال والعائلات."
    assert clean(first, first[:48]).body == first


def test_summary_equal_to_the_title_is_no_lead() -> None:
    draft = clean(f"Festival in Oqqayin\n\n{OTHER}", "FESTIVAL in Oqqayin")
    assert draft.body == OTHER
    assert draft.summary == "FESTIVAL in Oqqayin"


def test_title_and_summary_become_single_lines() -> None:
    draft = clean(OTHER, f"\u200b{LEAD[:20]}\n{LEAD[20:]}\u00a0", " Festival\nin  Oqqayin\x00 ")
    assert draft.title == "Festival in Oqqayin"
    assert draft.summary == f"{LEAD[:20]} {LEAD[20:].lstrip()}".replace("  ", " ")


def test_summary_of_white_space_is_none() -> None:
    assert clean(OTHER, " \u00a0\n").summary is None


@pytest.mark.parametrize("tail", [f"{BYLINE}\n\n5 153", f"9\u00a0941\n{BYLINE}", f"{BYLINE}\n5153"])
def test_byline_is_the_last_paragraph_when_the_counter_is_gone(tail: str) -> None:
    assert clean(f"{OTHER}\n\n{tail}").body.split("\n\n") == [OTHER, BYLINE]


def test_names_and_captions_become_single_lines() -> None:
    draft = Draft(
        title="Festival",
        category=Label("Life\u00a0\n"),
        tags=[Label(" gardens\u200b")],
        images=[Image("https://cdn.uza.uz/a.jpg", caption=" Apples\n", credit=" ")],
    )
    CleanBody(RULES).process_item(draft)
    assert draft.category == Label("Life")
    assert draft.tags == [Label("gardens")]
    assert draft.images == [Image("https://cdn.uza.uz/a.jpg", caption="Apples")]


def test_a_dict_is_cleaned_too_and_gets_no_field_it_lacked() -> None:
    item = {"body": f"{OTHER}\u00a0\n\n\n\n{BYLINE}", "tags": [{"name": " a "}]}
    cleaned = CleanBody(RULES).process_item(item)
    assert ItemAdapter(cleaned).asdict() == {
        "body": f"{OTHER}\n\n{BYLINE}",
        "tags": [{"name": "a"}],
    }


def test_cleaning_twice_changes_nothing() -> None:
    once = clean(f"{LEAD}{MORE}\n\n{OTHER}\n\n5 153\n\n{BYLINE}", LEAD)
    assert clean(once.body, once.summary) == once
