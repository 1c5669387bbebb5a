import pytest

from crawler.text.reporters import find_reporters, read_announced, read_names, read_signature


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ana Kaya", ["Ana Kaya"]),
        ("by Ana Kaya and Bo Demir", ["Ana Kaya", "Bo Demir"]),
        ("BY ANA KAYA, BO DEMIR", ["ANA KAYA", "BO DEMIR"]),
        ("By Ana Kaya, Wire Staff Writer", ["Ana Kaya"]),
        ("Von Ana Kaya, Oak", ["Ana Kaya"]),
        ("By BO DEMIR, Oak Valley Mill", ["BO DEMIR"]),
        ("Von: Bo DEMIR, Cy NUR, AFP Wire", ["Bo DEMIR", "Cy NUR"]),
        ("Par Ana de la Roche", ["Ana de la Roche"]),
        ("Автор: Анна Клён", ["Анна Клён"]),
        ("Подготовила Анна Клён", ["Анна Клён"]),
        ("作者：王木", ["王木"]),
        ("木报记者 王木 李果", ["王木", "李果"]),
        ("By Ana Kaya in Oak Valley", ["Ana Kaya"]),
        ("By Ana Kaya in Oak and Bo Demir in Elm", ["Ana Kaya", "Bo Demir"]),
        ("By Ana Kaya (Oak News)", ["Ana Kaya"]),
        ("By Ana Kaya on", ["Ana Kaya"]),  # the date behind it is cut off before
        ("Posted by Ana Kaya at 10:30 AM", ["Ana Kaya"]),
        ("By Ana Kaya 3 Comments", ["Ana Kaya"]),
        ("By Ana Kaya, Oak Valley Daily", ["Ana Kaya"]),
        ("Por Ana Kaya, de Valle Roble", ["Ana Kaya"]),
        ("Ein Bericht von Ana Kaya", ["Ana Kaya"]),
        ("Propos recueillis par Ana Kaya", ["Ana Kaya"]),
        ("Dal nostro inviato Ana Kaya", ["Ana Kaya"]),
        ("Корреспондент Анна Клён", ["Анна Клён"]),
        ("Muhabir: Ana Kaya", ["Ana Kaya"]),
        ("گزارش از: آنا کایا", ["آنا کایا"]),
        ("Ana Kaya reports", ["Ana Kaya"]),
        ("Ona Doʻlana tayyorladi.", ["Ona Doʻlana"]),
        ("Анна Клён, корреспондент", ["Анна Клён"]),
        ("文/王木", ["王木"]),
        ("来源：橡谷日报 作者：王木", ["王木"]),
        ("（记者王木 李果）", ["王木", "李果"]),
        ("（完）（记者王木）", ["王木"]),
        ("김나무 기자 kim@wire.example", ["김나무"]),
        ("[오크=김나무·이가지 기자]", ["김나무", "이가지"]),
        ("The mill in Oak reports", []),
        ("She met the reporter", []),
        ("기자", []),
        ("By the river", []),
        ("By Monday Morning the mill had burned", []),
        ("By staff", []),
        ("By Oak", []),
        ("Bysshe Wood", []),
        ("Par la suite", []),
    ],
)
def test_a_line_announces_who_wrote_the_story(line: str, names: list[str]) -> None:
    assert read_announced(line) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ana Kaya", ["Ana Kaya"]),
        ("Ana Kaya/Bo Demir", ["Ana Kaya", "Bo Demir"]),
        ("— А. Клён", ["А. Клён"]),
        ("Lê Phương", ["Lê Phương"]),
        ("王木", ["王木"]),
        ("木木木", []),  # no surname
        *(
            (line, [])
            for line in (
                "Ana",
                "Read More",
                "Breaking News",
                "Ana Kaya says",
                "2024",
                "Mill Corn River Oak",
                "Von AFP",
            )
        ),
    ],
)
def test_a_line_consists_of_names_in_full(line: str, names: list[str]) -> None:
    assert read_names(line) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ana Kaya, OaK", ["Ana Kaya"]),
        ("J.Oakov, OʻaK.", ["J.Oakov"]),
        ("Анна КЛЁН (фото), ДуБ", ["Анна КЛЁН"]),
        ("Ana Kaya, Bo DEMIR(photo),OAK", ["Ana Kaya", "Bo DEMIR"]),
        ("-- Ana Kaya, OAK", ["Ana Kaya"]),
        ("Ana Kaya/oak", ["Ana Kaya"]),
        ("Ana Kaya (with OAK)", ["Ana Kaya"]),
        ("Анна Клён, «Дуб»", ["Анна Клён"]),
        ("Ana Kaya, Oak", []),  # a place
        ("Ana Kaya/village", []),
        ("Ana Kaya (the mill)", []),
        ("They met in Oak, AFP", []),
        ("OAK", []),
    ],
)
def test_a_signature_has_the_letters_of_the_agency(line: str, names: list[str]) -> None:
    assert read_signature(line) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("木社橡谷1月12日电（记者王木 李果）磨坊重新开门。", ["王木", "李果"]),
        ("木社橡谷１月１２日电（记者 王木 通讯员 李果）磨坊重新开门。", ["王木"]),
        ("木社橡谷1月12日電 （木社記者王木、李果）磨坊重新開門。", ["王木", "李果"]),
        ("木社橡谷1月12日电 (王木 李果)磨坊重新开门。", ["王木", "李果"]),
        ("橡报讯 记者王木报道：磨坊重新开门。", ["王木"]),
        ("木网实习记者王木1月12日报道 磨坊重新开门。", ["王木"]),
        ("木社橡谷1月12日电 题：磨坊\n\n木社记者 王木\n\n磨坊重新开门。", ["王木"]),
        ("磨坊重新开门。（木网 王木）", ["王木"]),
        ("磨坊重新开门。（评论员 王木 李果）", ["王木", "李果"]),
        ("磨坊重新开门。记者王木", ["王木"]),
        ("(오크=나무뉴스) 김나무 기자 = 방앗간이 문을 열었다.", ["김나무"]),
        ("OAK (Wire, Ana Kaya) - The mill opened.", ["Ana Kaya"]),
        ("OAK (Wire, by Ana Kaya and Bo Demir) — The mill opened.", ["Ana Kaya", "Bo Demir"]),
        ("Дуб, Январь 06 (Новый Телеграф, Анна Клён) – Мельница открылась.", ["Анна Клён"]),
        ("ДУБ, 5 янв - Новый Телеграф, Анна Клён. Мельница открылась.", ["Анна Клён"]),
        ("The mill opened.\n\nReporting by Ana Kaya in Oak; additional reporting by Cy Nur",
         ["Ana Kaya"]),
        ("The mill opened.\n\n(Reporting by Ana Kaya and Bo Demir in Oak; Editing by Cy Nur)",
         ["Ana Kaya", "Bo Demir"]),
        ("The mill opened.\n\n(Writing by Ana Kaya; Editing by Cy Nur)", ["Ana Kaya"]),
        ("DUB, 5-yanvar. /Yangi Telegraf, Ona Doʻlana/. Tegirmon ochildi.", ["Ona Doʻlana"]),
        ("[나무뉴스 김나무 기자] 방앗간이 문을 열었다.", ["김나무"]),
        ("【橡谷＝木村美咲、大木拓】水車小屋が開いた。", ["木村美咲", "大木拓"]),
        # nobody
        ("OAK (Wire) - The mill opened.", []),
        ("OAK (Wire, May 5) - The mill opened.", []),
        ("The mill (a mill, an old one) - it opened.", []),
        ("OAK, 5 May - The Wire, which opened. It is new.", []),
        ("磨坊重新开门。(完)", []),
        ("记者日前从磨坊获悉，磨坊重新开门。", []),
        ("磨坊的木先生向记者解释，磨坊重新开门。", []),
        ("The mill opened. (Editing by Cy Nur)", []),
    ],
)  # fmt: skip
def test_a_text_names_its_reporters_at_its_start_or_its_end(text: str, names: list[str]) -> None:
    assert next(filter(None, find_reporters(text)), []) == names
