import re

import pytest

from crawler.extract.document import Site
from crawler.model.rules import AddressRules

RULES = AddressRules(
    site="https://wire.example",
    hosts=frozenset({"wire.example", "www.wire.example", "fr.wire.example"}),
    articles=(re.compile(r"/(?P<id>\d+)"),),
    canonical="/{}",
    apart={"fr.wire.example": "fr"},
)
OWN = Site("https://wire.example", RULES)
STAND_IN = Site("http://127.0.0.1:8000", RULES)


@pytest.mark.parametrize(
    ("url", "own", "stand_in"),
    [
        ("http://www.wire.example/7", "https://wire.example/7", "http://127.0.0.1:8000/7"),
        ("https://fr.wire.example/7", "https://fr.wire.example/7", "http://127.0.0.1:8000/7"),
        ("https://other.example/7", "https://other.example/7", "https://other.example/7"),
    ],
)
def test_a_host_with_articles_of_its_own_is_asked_itself_unless_another_stands_in(
    url: str, own: str, stand_in: str
) -> None:
    assert OWN.local(url) == own
    assert STAND_IN.local(url) == stand_in


@pytest.mark.parametrize(
    ("target", "stays"),
    [
        ("https://wire.example/8", True),
        ("https://fr.wire.example/7", True),
        ("https://other.example/7", False),
        ("http://127.0.0.1/7", False),
        ("https://wire.example:8443/7", False),
    ],
)
def test_a_redirect_may_lead_to_a_host_of_the_agency_and_nowhere_else(
    target: str, stays: bool
) -> None:
    assert OWN.stays(target, "https://wire.example/7") is stays
