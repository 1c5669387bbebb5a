import pytest

from crawler.model.rules import BylineRules
from crawler.text.persons import emails, read_authors, read_organisations

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
        (["Ana Kaya <ana@wire.example>"], ["Ana Kaya"]),
        (["Par Ana Kaya et Bo Demir"], ["Ana Kaya", "Bo Demir"]),
        (["王木 李果"], ["王木", "李果"]),
        (["王　木、李果"], ["王木", "李果"]),
        (["木村 美咲、大木 拓"], ["木村 美咲", "大木 拓"]),
        (["让·木、李果"], ["让·木", "李果"]),
        (["Ana Kaya · Bo Demir"], ["Ana Kaya", "Bo Demir"]),
        (["Ana Kaya, wire.example"], ["Ana Kaya"]),
        (["wire.example, Oak Valley, Utopia"], []),
        (["Oak Wave (www.wire.example)"], []),
        (["Di Wood"], ["Di Wood"]),
        (["ANA KAYA Staff Writer"], ["ANA KAYA"]),
        (["Bysshe Wood"], ["Bysshe Wood"]),
        # what stands behind a name
        (["Ana Kaya, Jr."], ["Ana Kaya, Jr."]),
        (
            ["Ana Kaya, M.D., Bo Demir, PhD and Cy Nur"],
            ["Ana Kaya, M.D.", "Bo Demir, PhD", "Cy Nur"],
        ),
        (["Ana Kaya III, MD"], ["Ana Kaya III, MD"]),
        (["Ana Kaya (aka), Bo Demir (bde)"], ["Ana Kaya", "Bo Demir"]),
        (
            ["Ana Kaya, Senior Reporter", "Bo Demir Chief Political Correspondent"],
            ["Ana Kaya", "Bo Demir"],
        ),
        (["Ana Kaya Science Editor in Oak Valley"], ["Ana Kaya"]),
        (["Staff Writer Ana Kaya", "Спецкор Анна Клён"], ["Ana Kaya", "Анна Клён"]),
        (["김나무 기자", "本报记者 王木"], ["김나무", "王木"]),
        (["Ana Kaya, Writer at Large"], ["Ana Kaya"]),
        (["Ana Kaya @anakaya"], ["Ana Kaya"]),
        (["Ana Kaya | Oak Valley Times", "Bo Demir - Oak Tribune"], ["Ana Kaya", "Bo Demir"]),
        (["Ana Kaya Jr.", "Bo Demir, RN, MSN"], ["Ana Kaya Jr.", "Bo Demir, RN, MSN"]),
        (["View all posts by Ana Kaya"], ["Ana Kaya"]),
        (["Подготовила Анна Клён", "Muallif: Ona Doʻlana"], ["Анна Клён", "Ona Doʻlana"]),
        (["김나무·이가지 기자"], ["김나무", "이가지"]),
        (
            ["Ana Kaya with Bo Demir", "Cy Nur + Di Wood"],
            ["Ana Kaya", "Bo Demir", "Cy Nur", "Di Wood"],
        ),
        # joined in other languages, if both are names in full
        (["Ana Kaya y Bo Demir"], ["Ana Kaya", "Bo Demir"]),
        (["ANA KAYA UND BO DEMIR"], ["ANA KAYA", "BO DEMIR"]),
        (["Ana Kaya, Bo Demir et Cy Nur"], ["Ana Kaya", "Bo Demir", "Cy Nur"]),
        (["José Roble y Olmo"], ["José Roble y Olmo"]),
        (["Ana Roble y Olmo e Bo Demir"], ["Ana Roble y Olmo", "Bo Demir"]),
        (["ana kaya"], ["ana kaya"]),
        (["Mary A Wood Hill"], ["Mary A Wood Hill"]),
        (
            ["Christopher Guest", "Joy Press", "J.Wood"],
            ["Christopher Guest", "Joy Press", "J.Wood"],
        ),
        (["Jean-Luc Pré"], ["Jean-Luc Pré"]),
        # nobody
        (["AP Staff", "wire news", "WIRE NEWS", "Телеграф", "Staff Writer"], []),
        (["ИА «Телеграф»", 'АО "ИА "Телеграф""', "Wire-News"], []),
        (["", " ", "-", "desk@wire.example", "https://social.example/wire"], []),
        (["x" * 81], []),
        (["wire.example", "www.wire.example", "Wire.example"], []),
        (["{{author}}", "[[author]]", "${name}", "%author%", "AUTHOR_NAME", "@wire", "12345"], []),
        (
            [
                "admin",
                "Guest Author",
                "Unknown",
                "Author Name",
                "Editorial Team",
                "Redaktion Kultur",
                "AFP",
            ],
            [],
        ),
        (["木社", "橡谷日报", "木网", "나무뉴스", "ДУБ", "The Oak", "Ана 7", "وكالة البلوط"], []),
        (["Press Release", "Super User", "wpadmin", "By", "Tahririyat", "Oak Daily"], []),
        (["Reporter", "Senior Correspondent", "Журналист", "Photo: Ana Kaya", "本报记者"], []),
        (["a teacher of history", "Professor of many things in Oak Valley"], []),
    ],
)
def test_authors_are_persons_and_keep_their_spelling(values: list[str], names: list[str]) -> None:
    assert [person.name for person in read_authors(values, RULES)] == names


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["Ana Kaya, AP", "AP"], ["AP"]),
        (["Wire News et OPA"], ["Wire News et OPA"]),
        (["The Oak Press; OV-Redaktion"], ["The Oak Press", "OV-Redaktion"]),
        (["Oak Press-Agentur"], ["Oak Press-Agentur"]),
        (["AP correspondent"], ["AP correspondent"]),
        (["橡谷通信", "橡谷日报记者"], ["橡谷通信"]),
        (["Ana Kaya", "Ana.kaya", "The Editor", "News Desk", "Staff", "admin", "7 AP #1"], []),
        (["wire.example, Oak Valley, Utopia"], []),
    ],
)
def test_organisations_among_authors_have_a_name_of_their_own(
    values: list[str], names: list[str]
) -> None:
    assert read_organisations(values, RULES) == names


def test_a_name_that_only_begins_like_the_agencys_is_a_persons() -> None:
    assert [person.name for person in read_authors(["Apollo Mapes"], RULES)] == ["Apollo Mapes"]


def test_the_addresses_of_a_text_are_found() -> None:
    assert emails("(END) kaya@wire.example") == ["kaya@wire.example"]
