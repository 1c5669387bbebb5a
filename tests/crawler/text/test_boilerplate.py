import pytest

from crawler.text.boilerplate import without_boilerplate


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "REKLAM",
        "Реклама",
        "广告",
        "Read more: A mill opens in Oak Valley",
        "Lire aussi : Un moulin ouvre",
        "Читайте также: Мельница открылась",
        "Related articles:",
        "【相关新闻】",
        "Photo: A. Kaya / The Wire",
        "Image 2 of 5",
        "Share (12)",
        "Share this article:",
        "Rate this story: 1 2 3 4 5",
        "更多内容请扫描下方二维码",
        "Версия для печати",
        "（责任编辑：王明）",
        "欢迎用手机看新闻",
        "【字号 大 中 小】",
        "Follow us on the network of birds",
        "© The Wire 2012",
        "Follow The Wire on Facebook, Telegram and X.",
        "The Wire may earn a commission if you buy grain through links in this article.",
        "If you buy through our links, we may receive a small commission.",
        "Related post: A mill opens in Oak Valley",
        "Related: More bread for all",
        "For more, sign up for our weekly newsletter" + ", and for that of the bakery" * 5,
        "Mühlen-Newsletter: Jetzt kostenlos anmelden!",
        "Inscrivez-vous à notre newsletter",
        "Подписывайтесь на наш канал",
        "Реклама:",
        "Article continues below",
        "The mill in May, as seen from the river (Image: Ana Kaya)",
        "Empfohlener redaktioneller Inhalt",
        "An dieser Stelle finden Sie einen von der Mühle ausgewählten externen Inhalt. " * 3,
        "Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden.",
        "To view this video please enable scripts.",
        "Share on Facebook Share on X",
        "Telegram WhatsApp",
        "Auf Facebook teilen",
        "Partager sur Telegram",
        "Поделиться ВКонтакте",
        "Telegramʼda ulashish",
        "Telegramʼda ulaşiş",
        "Telegramʼda ulașiș",
        "Obuna böling: Telegram",
        "مشاركة على فيسبوك",
        "1,234 views",
        "Kommentare (12)",
        "Просмотров: 12",
        "Koʻrishlar: 12",
        "Körişlar: 12",
        "댓글 3",
        "打印本页 | 关闭窗口",
        "この記事をシェアする",
        "انتهای پیام/",
        "Tags: mill, bread",
        "Теги: мельница, хлеб",
        "原标题：磨坊开张",
        "Page 1 of 3",
        "[Photo/The Wire]",
        "Loading...",
        "Alle Rechte vorbehalten",
        "未经授权不得转载",
        "Нашли ошибку? Выделите её и нажмите Ctrl+Enter",
        "Bültenimize abone olun",
        "Telegram kanalimizga obuna boʻling",
        "Самое важное — в нашем Telegram-канале",
        "تابعونا على تويتر",
        "欢迎关注磨坊微信",
    ],
)
def test_a_line_of_boilerplate_goes_from_its_paragraph(line: str) -> None:
    assert without_boilerplate(line) == ""
    assert without_boilerplate(f"A mill opened.\n{line}") == "A mill opened."


@pytest.mark.parametrize(
    "note",
    [
        " (opens in new tab)",
        ", opens new tab",
        "(öffnet im neuen Fenster)",
        " (Opens in a new window)",
    ],
)
def test_a_note_for_those_who_do_not_see_a_link_goes(note: str) -> None:
    assert without_boilerplate(f"The mill{note} is open.") == "The mill is open."


def test_a_paragraph_of_escaped_code_goes() -> None:
    assert without_boilerplate('<img height="1" src="https://count.example/p?a=1&b=2"> ' * 9) == ""
    assert without_boilerplate("<img> is a tag of HTML.") == "<img> is a tag of HTML."


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement pays for the mill, its owner says.",
        "Read it again, said the miller.",
        "More bread for all",
        "Follow the millers on foot, or on Facebook if it rains, she said.",
        "Whoever sells a mill may receive a commission of 5 percent.",
        "Related to the miller, she knew how to bake.",
        "The mill (photo: page 4) was built in a year.",
        "To see this mill, one must go to Oak Valley.",
        "Readers may sign up for the newsletter of the mill, she said.",
        "A mill that opens new tabs opens a new window on the world (opens in spring).",
        "The photo: a mill in the morning.",
        "Shares of the mill fell by 3 percent.",
        "Комментарии мельника никого не удивили.",
        "分享面包的人很多。",
        "Share this story of a miller with those who bake, he said, and smiled.",
        "Loading",
        "Telegram",
        "They print, share and email.",
        "Print the bread on paper",
        "Join the millers, the channel said.",
        "The mill has 12 comments",
        "页面上的磨坊很多。",
        "Rights: all are reserved for millers.",
        "Follow us, she called, and " + "they went over the hill and down to the river, " * 4,
    ],
)
def test_a_sentence_that_begins_like_boilerplate_stays(line: str) -> None:
    assert without_boilerplate(line) == line
