from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.errors import EmptyPage, OtherPage, UnknownLayout, UnreadablePage
from crawler.model.article import Draft, Image, Label
from tests.pages.uza_markup import HEAD, SENTENCE, current, draft_of, legacy, page_of

# Which layout


@pytest.mark.parametrize(
    ("following", "layout"),
    [
        (SENTENCE, "imported"),
        (f"{SENTENCE} It is large.", "imported"),
        (f"{SENTENCE}It is large.", "imported"),
        (SENTENCE.replace("Builders", "Workers"), "imported"),
        ("The reservoir holds eleven million cubic metres of water.", "current"),
        ("", "current"),
    ],
)
def test_imported_post_is_known_by_its_repeated_lead(following: str, layout: str) -> None:
    assert page_of(current(f"<h4>{SENTENCE}</h4>\n<p>{following}</p>")).layout == layout


def test_imported_post_in_chinese_is_known_by_its_repeated_lead() -> None:
    lead = "库穆什特帕市新建的儿童图书馆今天正式开馆。"
    page = page_of(current(f"<h4>{lead}</h4><p>{lead.replace('今天', '昨天')}欢迎。</p>"))
    assert page.layout == "imported"


@pytest.mark.parametrize(
    ("date", "controls", "layout"),
    [
        ("17.04.2019 19:45:12", [], "legacy-print"),
        ("17.04.2019 19:45:12", ["Размер шрифта: A A A"], "legacy-print"),
        ("17.04.2019 19:45", ["Размер шрифта: A A A", "Цвет сайта: A A A A"], "legacy-desktop"),
        ("17.04.2019 19:45", [], "legacy-mobile"),
        ("17.04.2019 19:45 Twenty-five books", [], "legacy-mobile"),
        ("17.04.2019", [], "legacy-mobile"),
    ],
)
@pytest.mark.parametrize("tag", ["div", "p", "h2", "section"])
def test_form_of_the_legacy_site_is_known_by_its_text(
    date: str, controls: list[str], layout: str, tag: str
) -> None:
    lines = [*controls, "UzA English", date, "A dam is closed", "A dam is closed", SENTENCE]
    page = page_of(legacy(*lines, tag=tag))
    assert (page.layout, page.title, page.published_raw) == (layout, "A dam is closed", date)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (HEAD, EmptyPage),
        (current(""), EmptyPage),
        (current("<p>&nbsp;</p><script>x()</script>"), EmptyPage),
        (current("<!-- text -->"), EmptyPage),
        ("<div id=root></div><script src=/main.js></script>", EmptyPage),
        (f"<header>{SENTENCE}</header><main></main><footer>{SENTENCE}</footer>", EmptyPage),
        ("", EmptyPage),
        ({"data": {"id": 1, "title": "A dam", "content": ""}}, EmptyPage),
        ({"id": 1, "title": "A dam", "slug": "a-dam_1"}, EmptyPage),
        ("<a class=small-news__title href=/posts/a_1>A dam is closed</a>", OtherPage),
        (legacy("17.04.19 19:45 One", "17.04.19 19:40 Two", SENTENCE), OtherPage),
        ({"message": "Not found"}, OtherPage),
        ({"data": None}, OtherPage),
        ({"current_page": 1, "data": [{"id": 1, "title": "A dam"}]}, OtherPage),
        ([], OtherPage),
        (f"<article><h1>A dam is closed</h1><p>{SENTENCE}</p></article>", UnknownLayout),
        (legacy("17.04.2019 19:45", SENTENCE), UnknownLayout),
        (legacy("A fair on 17.04.2019", "A dam is closed", SENTENCE), UnknownLayout),
    ],
)
def test_page_without_an_article_is_told_from_others(
    body: str | dict[str, Any] | list[Any], outcome: type[UnreadablePage]
) -> None:
    with pytest.raises(outcome):
        page_of(body)


# The current site


def test_title_is_what_a_reader_sees() -> None:
    title = "A <b>dam</b> <script>x()</script>\n is &lt;i&gt;closed&lt;/i&gt;"
    head = f"<div class=news-top-head__title>{title}</div>"
    assert page_of(current(SENTENCE, head)).title == "A dam is closed"


@pytest.mark.parametrize(
    "head",
    ['<meta property="og:title" content="A dam &amp; a road">', "<h1>A dam &amp; a road</h1>"],
)
def test_title_is_found_elsewhere_if_its_element_is_missing(head: str) -> None:
    assert page_of(current(SENTENCE, head)).title == "A dam & a road"


@pytest.mark.parametrize(
    ("content", "summary"),
    [
        (f"<h4>{SENTENCE}</h4><p>More.</p>", SENTENCE),
        (f"<h4>Builders <b>have</b><br>closed it</h4><p>{SENTENCE}</p>", "Builders have closed it"),
        (f"<p>{SENTENCE}</p><h4>A heading</h4><p>More.</p>", None),
        (f"<h4> </h4><p>{SENTENCE}</p>", None),
        (f"<p>{SENTENCE}</p>", None),
    ],
)
def test_lead_is_a_heading_that_comes_first(content: str, summary: str | None) -> None:
    assert page_of(current(content)).summary == summary


@pytest.mark.parametrize("before", ["A dam is closed", "[gallery-7163]", "photo1.jpg"])
def test_boilerplate_may_stand_before_the_lead(before: str) -> None:
    content = f"<p>{before}</p><h4></h4><h4>{SENTENCE}</h4><p>It is large.</p>"
    assert page_of(current(content)).summary == SENTENCE


def test_tags_within_the_content_are_no_text() -> None:
    tags = '<div class="news-tags"><a class="news-tags__item" href="/t/dam">#dam</a></div>'
    page = page_of(current(f"<p>{SENTENCE}</p><p>Nodira Tolzorova, UzA</p>{tags}"))
    assert page.body.split("\n\n") == [SENTENCE, "Nodira Tolzorova, UzA"]
    assert list(page.tags) == [Label("dam", "dam")]


def test_date_may_stand_behind_the_section() -> None:
    head = (
        "<div class=news-top-head__title>A dam is closed</div>"
        '<div class=news-top-head__meta><a href="/c/economy">Economy</a> | 23:44 / 2024-05-01</div>'
    )
    page = page_of(current(f"<p>{SENTENCE}</p>", head))
    assert page.published_raw == "23:44 / 2024-05-01"
    assert page.category == Label("Economy", "economy")
    plain = head.replace('<a href="/c/economy">Economy</a>', "Economy")
    assert page_of(current(f"<p>{SENTENCE}</p>", plain)).category == Label("Economy")


def test_section_may_stand_in_front_of_the_date() -> None:
    head = HEAD.replace("23:44", "Economy | 23:44")
    assert page_of(current(SENTENCE, head)).category == Label("Economy")
    meta = "<div class=news-top-head__meta>Sport</div>"
    assert page_of(current(SENTENCE, head + meta)).category == Label("Sport")
    assert page_of(current(SENTENCE, HEAD)).category is None


def test_counter_glued_to_the_date_does_not_cost_the_time() -> None:
    head = HEAD.replace("2024-05-01", "2024-05-01<span>1 234</span>")
    assert page_of(current(f"<p>{SENTENCE}</p>", head)).published_raw == "23:44 / 2024-05-01"


def test_text_within_an_unclosed_figure_is_kept_and_its_caption_is_not() -> None:
    figure = "<figure class=image><img src=/a.jpg><figcaption><p>The dam</p></figcaption>"
    page = page_of(current(f"<p>It is large.</p>{figure}<p>{SENTENCE}</p>"))
    assert page.body.split("\n\n") == ["It is large.", SENTENCE]
    assert page_of(current(f"<p>It is large.</p>{figure}</figure>")).body == "It is large."


def test_player_written_as_code_in_a_paragraph_is_a_video() -> None:
    code = "&lt;iframe src=&quot;https://video.example.org/1&quot;&gt;&lt;/iframe&gt;"
    (video,) = page_of(current(f"<p>{code}</p>")).videos
    assert video.url == "https://video.example.org/1"


def test_api_text_without_markup_keeps_its_paragraphs() -> None:
    post = {"id": 7, "title": "A dam is closed", "content": f"{SENTENCE}\r\n\r\nIt is large."}
    assert page_of(post).body.split("\n\n") == [SENTENCE, "It is large."]


def test_body_has_the_lead_and_all_below_it() -> None:
    page = page_of(current("<h4>Lead</h4><p>One</p><ul><li>a;<li>b.</ul><p>N. Name, UzA</p>"))
    assert page.body == "Lead\n\nOne\n\na;\nb.\n\nN. Name, UzA"


def test_post_of_pictures_alone_is_an_article() -> None:
    draft = draft_of(current('<figure class="image"><img src="/a_normal.jpg"></figure>'))
    assert (draft.body, draft.images) == ("", [Image("https://uza.uz/a.jpg")])


def test_post_of_a_video_alone_is_an_article() -> None:
    content = "<pre><code>&lt;iframe src='https://video.example/1'&gt;&lt;/iframe&gt;</code></pre>"
    draft = draft_of(current(content))
    assert (draft.body, [video.url for video in draft.videos]) == ("", ["https://video.example/1"])


def test_video_above_the_text_is_found() -> None:
    head = f"{HEAD}<div class=news-top-head__content><iframe src=//video.example/1></iframe></div>"
    assert [video.url for video in page_of(current(SENTENCE, head)).videos] == [
        "https://video.example/1"
    ]


def test_lead_picture_comes_first_and_once() -> None:
    head = f"{HEAD}<img class=news-top-head__img src=/lead_front.jpg>"
    page = page_of(current("text<img src=/other.jpg><img src=/lead.jpg>", head))
    assert [image.url for image in page.images] == [
        "https://uza.uz/lead.jpg",
        "https://uza.uz/other.jpg",
    ]


@pytest.mark.parametrize(
    ("markup", "label"),
    [
        ("<a href='/posts/category/society?x=1'>Society</a>", Label("Society", "society")),
        ("<span>Society</span>", Label("Society")),
        (" ", None),
    ],
)
def test_section_has_the_name_and_slug_of_its_link(markup: str, label: Label | None) -> None:
    head = f"{HEAD}<div class=news-top-head__meta>{markup}</div>"
    assert page_of(current(SENTENCE, head)).category == label


def test_tags_lose_their_sign() -> None:
    tags = (
        "<div class=news-tags><a class=news-tags__item href=/tag/water/># water</a>"
        "<a class=news-tags__item href=/tag/empty></a></div>"
    )
    assert draft_of(current(SENTENCE, HEAD + tags)).tags == [Label("water", "water")]


# The legacy site


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        ("Title here|One.|Two.", "One.|Two."),
        ("Title here One.|Two.", "One.|Two."),
        ("Title hereOne.|Two.", "One.|Two."),
        ("Title here is only how it begins.|Two.", "Title here is only how it begins.|Two."),
        ("Title here|Title here One.", "Title here One."),
        ("Title here|One.|N. Name, UzA|5 153|Copyright", "One.|N. Name, UzA|5 153"),
        ("Title here|One.|9 941|UzA|Copyright", "One.|9 941|UzA"),
        ("Title here|One.|N. Name, UzA|Top", "One.|N. Name, UzA"),
        (f"Title here|This, says UzA|{SENTENCE}", f"This, says UzA|{SENTENCE}"),
    ],
)
def test_legacy_text_runs_from_the_title_to_byline_and_counter(lines: str, body: str) -> None:
    page = page_of(legacy("UzA English", "17.04.2019 19:45", "Title here", *lines.split("|")))
    assert page.body.split("\n\n") == body.split("|")


@pytest.mark.parametrize("separator", ["<br>", "<br><br>", "<br>\n<br>\n"])
def test_legacy_lines_are_paragraphs_however_they_are_broken(separator: str) -> None:
    lines = ["UzA English", "17.04.2019 19:45", "Title here", "Title here", "One.", "Two."]
    assert page_of(separator.join(lines)).body == "One.\n\nTwo."


def test_legacy_pictures_are_those_within_the_text() -> None:
    html = legacy(
        "<img src=/logo.gif>UzA", "17.04.2019 19:45", "Title", "<img src=/a.jpg>", "Title",
        "One.", "N. Name, UzA", "12", "<img src=/banner.gif>",
    )  # fmt: skip
    assert [image.url for image in page_of(html).images] == ["https://uza.uz/a.jpg"]


# Any page

PIECES = (
    *("<div class='content-block'>", "</div>", HEAD, "<h4>", "<p>", "<br>", "<img src=/a.jpg>"),
    *("17.04.2019 19:45", "17.04.19 10:00", "<div>", "UzA", "N. Name, UzA", "5 153", SENTENCE),
    *("A dam is closed", "<table><tr><td>", "<script>", "<!--", "{", "[", '"data":', "\0"),
    *("\ud7ff", "&#xd800;"),
)


@settings(max_examples=120)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_page_is_read_or_refused(html: str) -> None:
    try:
        draft = draft_of(html)
    except UnreadablePage as refusal:
        draft = Draft(title=refusal.reason)
    draft.title.encode()
    draft.body.encode()
