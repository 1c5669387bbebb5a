"""SQL on the database: in our frame, with links to our copies, as CSV, and only to read."""

import csv
import io
import re
from html import unescape
from urllib.parse import quote

import pytest

from tests.crawler.browse.conftest import Get


def test_a_query_is_answered_in_our_frame_with_links_to_our_copies(get: Get) -> None:
    page = get("/tables?sql=select+id,+title,+url+from+article+where+id='uza:3'").text
    assert '<a class="home" href="/">' in page
    assert '<a href="/article/uza%3A3">uza:3</a>' in page
    assert "A bridge" in page
    assert "Rows: 1 " in page
    assert '"https://uza.uz' not in page, "an address of the site is no link"


def test_every_table_can_be_looked_at(get: Get) -> None:
    page = get("/tables").text
    addresses = [unescape(each) for each in re.findall(r'href="(/tables\?sql=[^"]+)"', page)]
    assert len(addresses) == 6
    for address in addresses:
        assert get(address).status_code == 200
    assert "place, id, agency" in page


def test_the_answer_is_there_as_csv_with_the_texts_whole(get: Get) -> None:
    sql = "select id, body, 1 - 2 as n, '=1+1' as text from article where id = 'uza:3'"
    page = get(f"/tables?sql={quote(sql)}").text
    (address,) = re.findall(r'href="(/tables\.csv\?[^"]+)"', page)
    answer = get(unescape(address))
    assert answer.content.startswith(b"\xef\xbb\xbfid,body,n,text\r\n")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert row == {"id": "uza:3", "body": "Ten people built the bridge.\n\nIt is old.",
                   "n": "-1", "text": "'=1+1"}  # fmt: skip
    assert 'filename="rows.csv"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("delete from article", "Statement must be a SELECT"),
        ("select 1 from nowhere", "no such table: nowhere"),
        ("pragma journal_mode=wal", "Statement must be a SELECT"),
        ("select 1; select 2", "one statement at a time"),
    ],
)
def test_a_query_that_cannot_be_answered_stays_in_its_field_with_the_reason(
    get: Get, sql: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = get(f"/tables?sql={quote(sql)}", headers={"accept-language": "ru"})
    assert page.status_code == get(f"/tables.csv?sql={quote(sql)}").status_code == 400
    assert "На запрос нельзя ответить: " in page.text
    assert message in page.text
    assert f"{sql}</textarea>" in page.text
    assert capsys.readouterr() == ("", "")


def test_an_answer_has_a_thousand_rows_at_most_and_says_so(get: Get) -> None:
    many = "with recursive n(i) as (select 1 union all select i+1 from n limit {}) select i from n"
    assert "Rows: 1,000 " in get(f"/tables?sql={quote(many.format(1000))}").text
    page = get(f"/tables?sql={quote(many.format(1001))}").text
    assert "The first 1,000 rows; there are more" in page
    assert len(re.findall("<td", page)) == 1000


def test_texts_do_nothing_in_a_table(get: Get) -> None:
    page = get("/tables?sql=select+id,+title,+body+from+article").text
    assert "&lt;script&gt;document.title" in page
    assert "<script" not in page
    assert "\u202e" not in page
