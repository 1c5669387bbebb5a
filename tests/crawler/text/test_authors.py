import pytest

from crawler.model.rules import BylineRules
from crawler.text.persons import emails, read_authors

RULES = BylineRules(agency=("AP", "Wire News", "Телеграф"), titles=("staff writer",))


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["By ANA KAYA"], ["ANA KAYA"]),
        (["By Ana Kaya, Bo Demir and Cy O’Nur"], ["Ana Kaya", "Bo Demir", "Cy O’Nur"]),
        (["Автор: Анна Клён и Пётр Дуб"], ["Анна Клён", "Пётр Дуб"]),
        (["作者：记者王木"], ["王木"]),
        (["王木、李果"], ["王木", "李果"]),
        (["Ana Kaya", "Ana Kaya", "Bo Demir"], ["Ana Kaya", "Bo Demir"]),
        (["Ana Kaya ana@wire.example"], ["Ana Kaya"]),
        (["王木 李果"], ["王木", "李果"]),
        (["王　木、李果"], ["王木", "李果"]),
        (["让·木、李果"], ["让·木", "李果"]),
        (["Ana Kaya · Bo Demir"], ["Ana Kaya", "Bo Demir"]),
        (["Di Wood"], ["Di Wood"]),
        (["ANA KAYA Staff Writer"], ["ANA KAYA"]),
        (["Bysshe Wood"], ["Bysshe Wood"]),
        (["Jean-Luc Pré"], ["Jean-Luc Pré"]),
        # nobody
        (["AP Staff", "wire news", "WIRE NEWS", "Телеграф", "Staff Writer"], []),
        (["ИА «Телеграф»", 'АО "ИА "Телеграф""', "Wire-News"], []),
        (["", " ", "-", "desk@wire.example", "https://social.example/wire"], []),
        (["x" * 81], []),
    ],
)
def test_authors_are_persons_and_keep_their_spelling(values: list[str], names: list[str]) -> None:
    assert [person.name for person in read_authors(values, RULES)] == names


def test_a_name_that_only_begins_like_the_agencys_is_a_persons() -> None:
    assert [person.name for person in read_authors(["Apollo Mapes"], RULES)] == ["Apollo Mapes"]


def test_the_addresses_of_a_text_are_found() -> None:
    assert emails("(END) kaya@wire.example") == ["kaya@wire.example"]
