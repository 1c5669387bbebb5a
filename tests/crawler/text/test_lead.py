import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.body import place_lead

LEAD = "Twelve schools of Oqqayin district received new computers before the year of study began."
CHANGED = [
    LEAD.replace("Twelve", "Fourteen"),
    LEAD.replace("computers", "desks, computers"),
    LEAD.replace("before the year of study began", "before the school year began"),
    f"Today, {LEAD[0].lower()}{LEAD[1:]}",
]
ABOUT_THE_SAME = [
    "The schools of Oqqayin district will also receive computers for their libraries next year.",
    "Pupils of the district said the new computers came before the year of study, as promised.",
    "Twelve teachers of Oqqayin district were taught how to use what the schools received.",
]


NAMED = "The mayor Anvar Oqtepalov of Oqqayin district opened a new school on Monday."
SPELLED_OTHERWISE = [
    NAMED.replace("Oqtepalov", "Oqtepaloff"),
    NAMED.replace("Anvar", "A."),
    NAMED.replace("Anvar Oqtepalov", "Mr Anvar Oqtepalov"),
    NAMED.replace("opened a new school on Monday", "has opened a school in Nurkamar"),
    NAMED.replace("Oqqayin district", "district Oqqayin"),
]
ABOUT_ANOTHER = [
    NAMED.replace("Oqqayin", "Nurkamar"),
    NAMED.replace("Anvar Oqtepalov", "Jasur Karimov"),
    NAMED.replace("Monday", "Tuesday"),
    f"{NAMED.replace('Monday', 'Tuesday')} It is large.",
]


@pytest.mark.parametrize("paragraph", SPELLED_OTHERWISE)
def test_a_name_spelled_in_two_ways_is_a_lead_in_other_words(paragraph: str) -> None:
    assert place_lead(NAMED, [paragraph]) == [paragraph]


@pytest.mark.parametrize("paragraph", ABOUT_ANOTHER)
def test_a_paragraph_that_has_another_name_in_its_place_is_not_the_lead(paragraph: str) -> None:
    assert place_lead(NAMED, [paragraph]) == [NAMED, paragraph]


@pytest.mark.parametrize("paragraph", CHANGED)
def test_a_paragraph_that_changes_a_few_words_of_the_lead_wins(paragraph: str) -> None:
    assert place_lead(LEAD, [paragraph, "End."]) == [paragraph, "End."]
    assert place_lead(LEAD, [LEAD, paragraph, "End."]) == [paragraph, "End."]


@pytest.mark.parametrize("paragraph", ABOUT_THE_SAME)
def test_a_paragraph_about_the_same_event_is_not_the_lead(paragraph: str) -> None:
    assert place_lead(LEAD, [paragraph]) == [LEAD, paragraph]


def test_a_short_lead_may_come_back_as_a_heading() -> None:
    assert place_lead("Water", ["The pipes are laid.", "Water"]) == [
        "Water",
        "The pipes are laid.",
        "Water",
    ]


def test_a_short_lead_that_the_page_repeats_stands_once() -> None:
    assert place_lead("Water", ["Water", "The pipes are laid."]) == ["Water", "The pipes are laid."]


SENTENCES = st.lists(
    st.sampled_from(["apple", "garden", "valley", "Oqqayin", "5", "рус", "боғ", "“x”"]),
    min_size=1,
    max_size=9,
).map(lambda words: f"{' '.join(words)}.")


@given(SENTENCES, st.lists(SENTENCES, max_size=4))
def test_placing_a_lead_twice_changes_nothing(lead: str, paragraphs: list[str]) -> None:
    once = place_lead(lead, paragraphs)
    assert place_lead(lead, once) == once


@given(SENTENCES, st.lists(SENTENCES, max_size=4))
def test_every_paragraph_but_the_lead_is_still_there(lead: str, paragraphs: list[str]) -> None:
    placed = " ".join(place_lead(lead, paragraphs)).lower()
    assert all(paragraph.lower() in placed for paragraph in paragraphs if paragraph != lead)
