"""Datelines and dates as Xinhua writes them elsewhere than on the saved pages."""

import pytest

from crawler.extract.document import Document
from crawler.extract.page import read_page
from crawler.text.dates import read_timestamp
from pages.xinhua import LAYOUTS, RULES


@pytest.mark.parametrize(
    "text",
    [
        "<p>　　新华社柳树村3月8日电（记者 王木 李果）水车转动起来。</p>",
        "<p>　　新华网柳树村3月8日电(记者王木、李果)水车转动起来。</p>",
        "<p>　　新华社柳树村3月8日电 题：水车转动起来</p><p>新华社记者王木、李果</p>",
    ],
)
def test_a_dateline_names_the_reporters(text: str) -> None:
    html = f'<meta charset=utf-8><div class=h-title>水车</div><div id="p-detail">{text}</div>'
    page = read_page(Document("https://www.news.cn/c_1.htm", 200, {}, html.encode()), LAYOUTS)
    assert [person.name for person in page.authors] == ["王木", "李果"]


@pytest.mark.parametrize(
    "raw",
    [
        "202303/0809:20:26",
        "2023 03/08 09:20:26",
        "2023年3月8日 09:20:26",
        "2023-03-08 09:20:26|Editor",
    ],
)
def test_a_date_is_read_however_its_parts_stand_together(raw: str) -> None:
    assert read_timestamp(raw, RULES.timestamp).value == "2023-03-08T09:20:26+08:00"
