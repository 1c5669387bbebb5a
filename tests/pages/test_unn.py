"""What only UNN has."""

from crawler.model.identity import identify
from pages.unn import RULES


def test_an_article_is_known_by_its_address() -> None:
    url = "https://www.unn.com.ua/ru/news/1900001-vereskovo"
    assert identify(url, RULES.address, "unn").id.startswith("unn:")
