import pytest

from crawler.extract.document import Document
from crawler.extract.parameters import article_parameters


def parameters(path: str, canonical: str = "") -> tuple[str, ...]:
    link = f"<link rel=canonical href='{canonical}'>" if canonical else ""
    url = f"http://news.example{path}"
    return article_parameters(Document(url, 200, {}, f"<head>{link}</head>".encode()))


@pytest.mark.parametrize(
    ("path", "canonical", "names"),
    [
        ("/view.php?id=77", "http://news.example/view.php?id=77", ("id",)),
        ("/view.php?id=77&utm_id=3", "/view.php?id=77", ("id",)),
        ("/view.php?key=ferry&x=1", "?key=ferry", ("key",)),
        ("/view.php?id=77", "", ("id",)),
        ("/view.php?id=77&fbclid=9&sid=8&utm_source=mail7", "", ("id",)),
        ("/view.php?id=77", "http://news.example/", ("id",)),
        ("/view.php?id=77", "/news/ferry-crews-agree", ("id",)),
        ("/?p=123", "", ("p",)),
        ("/index.html?newsid=5", "", ("newsid",)),
        ("/article/read?article_id=5&lang=en", "", ("article_id",)),
        ("/news/articleView.html?idxno=5", "", ("idxno",)),
        ("/news/view/?idx=5", "", ("idx",)),
        ("/story.aspx?NewsID=5", "", ("NewsID",)),
        ("/cgi-bin/show.cgi?no=5&page=2", "", ("no",)),
        ("/news/ferry-crews-agree-12345?id=5", "", ()),
        ("/news/ferry-crews-agree?ref=5&p=mail", "", ()),
        ("/view.php?utm_source=mail", "", ()),
        ("/view.php?q=ferry", "", ()),
        ("/index.php?option=content&view=article&id=5&print=1", "", ("option", "view", "id")),
        ("/view.php?id=77", "/view.php?id=88", ("id",)),
        ("/view.php?id=77&amp;part=3", "", ("id", "part")),
        ("/view.php?idnews=77", "", ("idnews",)),
        ("/index.php?show=77", "", ("show",)),
        ("/view.asp?id=77&d=2024/05/01", "", ("id",)),
        ("/index.phtml?number=77", "", ("number",)),
        ("/news_view?id=77", "", ("id",)),
        ("/modules.php?name=News&file=article&sid=77", "", ("name", "file", "sid")),
        ("/viewtopic.php?t=77", "", ("t",)),
        ("/view.php?article=ferry-crews-agree", "", ("article",)),
        ("/view.php?name=news", "", ()),
        ("/view.php?sid=9f8e7d6c5b4a39281706f5e4d3c2b1a0", "", ()),
        ("/news/ferry?x=1", "", ()),
        ("/news/ferry-crews-agree/?x=1", "", ()),
        ("/news/ferry-crews-12345.html?id=5", "", ()),
        *(
            (f"/view.php?id=77&{visit}", "", ("id",))
            for visit in (
                *("_openstat=a;b", "_ga=2.1", "mc_cid=1", "igshid=1", "spm=a1", "cmpid=rss2"),
                *("msclkid=1", "xtor=RSS-3", "erid=2V", "ocid=1", "t=1714559400", "rand=12"),
                *("replytocom=5", "tmpl=component", "rss=1", "s=20", "ver=2", "highlight=9"),
            )
        ),
        ("/view.php", "", ()),
        ("/view.php?id=77", "http://[broken", ("id",)),
    ],
)
def test_parameters_that_tell_the_article_are_known(
    path: str, canonical: str, names: tuple[str, ...]
) -> None:
    assert parameters(path, canonical) == names
