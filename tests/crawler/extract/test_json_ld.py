import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extract.json_ld import find_article, persons, read_json_ld, texts

ARTICLE = '{"@type": "NewsArticle", "headline": "A mill opens"}'


def page(*scripts: str) -> LexborHTMLParser:
    marked = (f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return LexborHTMLParser("".join(marked))


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"[{ARTICLE}]",
        f'{{"@graph": [{{"@type": "WebSite"}}, {ARTICLE}]}}',
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"/*<![CDATA[*/{ARTICLE}/*]]>*/",
        f"<!-- {ARTICLE} -->",
        f"{ARTICLE};",
        '{"@type": ["NewsArticle", "Thing"], "headline": "A mill opens",}',
        '{"@type": "NewsArticle",\n"description": "two\nlines", "headline": "A mill opens"}',
        ARTICLE.replace('"', "&quot;"),
        '{"@type": "NewsArticle", "headline": "A mill opens", "description": \'He said "no"\'}',
        f'{{"@type": "WebPage", "mainEntity": {ARTICLE}}}',
    ],
)
def test_the_article_is_found_however_it_is_wrapped_or_broken(script: str) -> None:
    assert find_article(page('{"@type": "Organization"}', script))["headline"] == "A mill opens"


def test_a_news_article_goes_before_other_articles_and_the_first_before_the_next() -> None:
    tree = page('{"@type": "Article", "headline": "A box"}', ARTICLE, ARTICLE.replace("A", "B"))
    assert find_article(tree)["headline"] == "A mill opens"


RELATED = (
    '{"@type": "NewsArticle", "headline": "A goat wins", "url": "https://wire.example/goat-1", '
    '"mainEntityOfPage": {"@id": "https://wire.example/goat-1"}}'
)


@pytest.mark.parametrize(
    ("own", "head", "url"),
    [
        (ARTICLE, "<h1>A mill opens</h1>", ""),
        (ARTICLE, '<meta property="og:title" content="A mill opens | Wire">', ""),
        (ARTICLE.replace("News", ""), "<title>A mill opens - Wire</title>", ""),
        (f'{ARTICLE[:-1]}, "url": "/mill-2/"}}', "", "https://wire.example/mill-2?from=feed"),
        (
            f'{ARTICLE[:-1]}, "@id": "https://wire.example/mill-2#article"}}',
            '<link rel="canonical" href="https://wire.example/mill-2">',
            "https://archive.example/web/2020/https://wire.example/mill-2/amp",
        ),
    ],
)
def test_a_related_story_is_not_taken_for_the_pages_own(own: str, head: str, url: str) -> None:
    tree = LexborHTMLParser(f'{head}<script type="application/ld+json">[{RELATED}, {own}]</script>')
    assert find_article(tree, url)["headline"] == "A mill opens"


def test_a_page_whose_only_data_are_of_a_related_story_has_none() -> None:
    tree = LexborHTMLParser(
        f'<h1>A mill opens</h1><script type="application/ld+json">{RELATED}</script>'
    )
    assert not find_article(tree, "https://wire.example/mill-2")
    assert find_article(tree, "https://wire.example/goat-1")


def test_data_without_an_address_are_anothers_if_their_headline_has_no_word_of_the_pages() -> None:
    goat = '{"@type": "NewsArticle", "headline": "A goat wins again"}'
    script = f'<script type="application/ld+json">{goat}</script>'
    assert not find_article(LexborHTMLParser(f"<h1>The mill opens</h1>{script}"))
    for own in ("<h1>Old goat is champion</h1>", "<h1>ABC</h1>", "<title>The mill</title>"):
        assert find_article(LexborHTMLParser(own + script))


def test_an_author_named_by_reference_is_found_wherever_the_person_stands() -> None:
    script = (
        '{"@graph": [{"@type": "NewsArticle", "author": [{"@id": "#7"}, {"name": "Bo Demir"}, '
        '{"@id": "#8"}], "creator": "#7"}, '
        '{"@type": "WebPage", "about": {"@id": "#7", "name": "Ana Kaya"}}]}'
    )
    assert list(persons(find_article(page(script))["author"])) == ["Ana Kaya", "Bo Demir"]
    assert list(persons(find_article(page(script))["creator"])) == ["Ana Kaya"]


def test_a_reference_to_an_author_may_have_the_address_of_the_page() -> None:
    for one, other in (
        ("#7", "https://wire.example/mill#7"),
        ("https://wire.example/mill#7", "#7"),
    ):
        script = (
            f'[{{"@type": "NewsArticle", "author": {{"@id": "{one}"}}}}, '
            f'{{"@type": "Person", "@id": "{other}", "name": "Ana Kaya"}}]'
        )
        found = find_article(page(script), "https://wire.example/mill#top")
        assert list(persons(found["author"])) == ["Ana Kaya"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@type": "Role", "author": {"@type": "Person", "name": "Ana Kaya"}}, ["Ana Kaya"]),
        ({"name": {"@value": "Ana Kaya", "@language": "en"}}, ["Ana Kaya"]),
        ({"name": "<a href='/a'>Ana Kaya</a><a href='/b'>Bo Demir</a>"}, ["Ana Kaya, Bo Demir"]),
        ({"name": "<b>Ana</b> <b>Kaya</b>"}, ["Ana Kaya"]),
    ],
)
def test_the_name_of_an_author_may_be_wrapped(author: object, names: list[str]) -> None:
    assert list(persons(author)) == names


@pytest.mark.parametrize(
    "script", ["", "nothing", "[1, 2]", '{"@type": "Organization"}', "[" * 9999]
)
def test_a_page_without_an_article_has_none(script: str) -> None:
    assert not find_article(page(script))


def test_what_is_no_json_is_salvaged_value_by_value() -> None:
    broken = (
        '{"@type": "Person", "x": \'y\', "@type": "NewsArticle", "author": {"@type": "Person", '
        '"name": "Ana Kaya"}, "datePublished": "2020-01-20T09:49:32+0000", "headline": "A \\"b\\""}'
    )
    (node,) = read_json_ld(broken)
    assert node["@type"] == "NewsArticle"
    assert node["datePublished"] == "2020-01-20T09:49:32+0000"
    assert list(persons(node["author"])) == ["Ana Kaya"]


def test_a_value_that_is_broken_itself_is_not_salvaged_in_part() -> None:
    broken = (
        '{"@type": "NewsArticle", "headline": "A "mill" opens", "articleSection": "Home", '
        '"author": [{"@type": "Person", "name": "Ana Kaya"}, {"name": "Bo Demir"}]}'
    )
    (node,) = read_json_ld(broken)
    assert "headline" not in node
    assert node["articleSection"] == "Home"
    assert list(persons(node["author"])) == ["Ana Kaya", "Bo Demir"]


def test_a_script_may_name_its_charset() -> None:
    script = f'<script type="application/LD+json; charset=utf-8">{ARTICLE}</script>'
    assert find_article(LexborHTMLParser(script))["headline"] == "A mill opens"


def test_texts_are_flat_and_have_no_entities() -> None:
    assert list(texts("The &quot;mill&quot;\n opens")) == ['The "mill" opens']
    assert list(texts([{"name": "Economy"}, "", None, 7, "Water"])) == ["Economy", "Water"]
    link = 'By <a href="/p/ana">Ana Kaya</a><script>x("y")</script>'
    assert list(texts({"name": link})) == ["By Ana Kaya"]


def test_an_organisation_is_no_person() -> None:
    authors = [{"@type": "Organization", "name": "Agency"}, {"@type": "Person", "name": "A. Kaya"}]
    assert list(persons(authors)) == ["A. Kaya"]
    assert list(persons(["B. Demir"])) == ["B. Demir"]
    assert list(persons({"@type": "Person", "byline": "C. Nur"})) == ["C. Nur"]
    assert list(persons({"givenName": "Di", "familyName": "Wood"})) == ["Di Wood"]
    assert list(persons("<li>A. Kaya</li><li>B. Demir</li>")) == ["A. Kaya, B. Demir"]
