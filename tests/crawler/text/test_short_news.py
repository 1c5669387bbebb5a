"""Uzbek as news has it, without a hint: long words with endings, and hardly a small one."""

import pytest

from crawler.text.folding import APOSTROPHES
from crawler.text.language import Language, detect
from crawler.text.orthography import in_karakalpak_latin, latin_spellings
from replica.texts import latin

NEWS = (
    "Festival kuni qishloq stadionida o'tkazildi: tomoshabinlar kurash, uloq, arqon tortish "
    "bellashuvlarini olqishlab turdi. G'oliblarga traktor, televizor topshirildi. Avtobus "
    "haydovchisi Tolmas Qorabekov oxirgi bekatgacha bepul qatnadi."
)
NEWS_IN_CYRILLIC = (
    "Фестиваль куни қишлоқ стадионида ўтказилди: томошабинлар кураш, улоқ, арқон тортиш "
    "беллашувларини олқишлаб турди. Ғолибларга трактор, телевизор топширилди. Автобус "
    "ҳайдовчиси Толмас Қорабеков охирги бекатгача бепул қатнади."
)


@pytest.mark.parametrize(
    ("tag", "text"),
    [*(("uz-Latn", text) for text in latin_spellings(NEWS)), ("uz-Cyrl", NEWS_IN_CYRILLIC)],
)
@pytest.mark.parametrize("hint", [None, "ru", "en", "ar"])
def test_uzbek_with_few_small_words_is_told(tag: str, text: str, hint: str | None) -> None:
    language = detect(text, hint)
    assert language is not None
    assert language.tag == tag


SHORT_NEWS = "Боғбон кўчат экди, тўйхона қўшнисига қўнғироқ."


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_short_uzbek_news_is_told_in_all_spellings_with_any_apostrophe(mark: str) -> None:
    old = latin(SHORT_NEWS).replace("ʻ", mark)
    assert mark in old
    for text in (SHORT_NEWS, *latin_spellings(old)):
        assert (language := detect(text))
        assert language.tag.startswith("uz-")


def test_an_apostrophe_before_s_is_no_evidence_for_uzbek() -> None:
    english = detect("Beijing's plans and Jinping's: Chicago's answer to Tokyo's")
    assert english == Language("en", "Latn")


def test_endings_that_uzbek_shares_with_neighbours_decide_nothing() -> None:
    karakalpak = "Шеп егилди, терек кесилди, нан жеткерилди, тас жиберилди."
    for text in (karakalpak, *in_karakalpak_latin(karakalpak.lower())):
        assert detect(text) is None
