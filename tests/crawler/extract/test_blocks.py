import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.html import one_line, paragraphs, parse_fragment, plain_text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        ("<p>One</p><p>Two</p>", ["One", "Two"]),
        ("<p>One<p>Two", ["One", "Two"]),
        ("<div>One</div><div>Two</div>", ["One", "Two"]),
        ("<div><div><p>One</p></div></div>Two", ["One", "Two"]),
        ("<h4>Lead</h4><p>Text</p>", ["Lead", "Text"]),
        ("Bare<p>One</p>bare again", ["Bare", "One", "bare again"]),
        ("<blockquote>Said <p>once</p>and again</blockquote>", ["Said", "once", "and again"]),
        ("One<br>two", ["One\ntwo"]),
        ("One<br><br>Two", ["One", "Two"]),
        ("One<span class='id br'></span><span class=br></span>Two", ["One", "Two"]),
        ("<span class=br>One</span>, <span class=bread></span>two", ["One, two"]),
        ("One<br> &nbsp; <br/>\n<br>Two", ["One", "Two"]),
        ("<p>One<br></p><p><br>Two</p>", ["One", "Two"]),
        ("<span>One<br><b>two</b></span>", ["One\ntwo"]),
        ("wr<b>it</b>t<i>en</i>", ["written"]),
        ("<b>two </b><i>words</i>", ["two words"]),
        ("<span>two</span>\n\t<span>words</span>", ["two words"]),
        ("  much \r\n\t space  ", ["much space"]),
        ("<p>&nbsp;</p><p> </p><p></p><p>One&nbsp;</p>", ["One"]),
        ("10&nbsp;000", ["10\xa0000"]),
        ("One<hr>Two", ["One", "Two"]),
        ("<pre>one\n  two</pre>three", ["one\ntwo", "three"]),
        ("<address>One</address><center>Two</center>", ["One", "Two"]),
    ],
)
def test_paragraphs_stand_as_a_reader_sees_them(html: str, expected: list[str]) -> None:
    assert paragraphs(parse_fragment(html)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Needed:</p><ul><li>one;</li><li>two.</li></ul>", ["Needed:", "one;\ntwo."]),
        ("<ol><li>one<li>two</ol>end", ["one\ntwo", "end"]),
        ("<ul><li><p>one</p></li><li><div>two</div></li></ul>", ["one\ntwo"]),
        ("<ul><li>one<ul><li>a</li><li>b</li></ul></li><li>two</li></ul>", ["one\na\nb\ntwo"]),
        ("<ul><li>one<br><br>more</li><li>two</li></ul>", ["one\nmore\ntwo"]),
        ("<dl><dt>word</dt><dd>meaning</dd></dl>", ["word\nmeaning"]),
        ("<li>stray</li><li>items</li>", ["stray\nitems"]),
        ("<ul><div>one</div><div>two</div></ul>", ["one\ntwo"]),
        ("<ul><li></li><li> </li></ul>", []),
    ],
)
def test_list_is_one_paragraph_with_a_line_an_item(html: str, expected: list[str]) -> None:
    assert paragraphs(parse_fragment(html)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", ["a | b\n1 | 2"]),
        (
            "<table><caption>Yield</caption><thead><tr><th>a</th></tr></thead>"
            "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
            ["Yield\na\n1 | 2"],
        ),
        ("<table><tr><td><p>1</p></td><td><p>2</p></td></tr></table>", ["1 | 2"]),
        ("<table><tr><td>1<br>one</td><td>2</td></tr></table>", ["1 one | 2"]),
        ("<table><tr><td></td><td>2</td><td></td></tr></table>", ["| 2"]),
        ("<table><tr><td>1</td><td></td><td>3</td></tr></table>", ["1 | | 3"]),
        ("<table><tr><td> </td><td></td></tr></table>", []),
        ("<p>a</p><table><tr><td>1</td></tr></table><p>b</p>", ["a", "1", "b"]),
        ("<figure><table><tr><td>1</td><td>2</td></tr></table></figure>", ["1 | 2"]),
        ("<ul><li><table><tr><td>1</td><td>2</td></tr></table></li></ul>", ["1 | 2"]),
    ],
)
def test_row_of_a_data_table_is_a_line(html: str, expected: list[str]) -> None:
    assert paragraphs(parse_fragment(html)) == expected


@pytest.mark.parametrize(
    "cell",
    ["<p>One</p><p>Two</p>", "One<br><br>Two", "<div>One</div><div>Two</div>"],
)
def test_table_that_lays_out_a_page_has_paragraphs(cell: str) -> None:
    html = f"<table><tr><td>{cell}</td><td>Three</td></tr></table>"
    assert paragraphs(parse_fragment(html)) == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>no()</script>",
        "<style>p { color: red }</style>",
        "<noscript>no script</noscript>",
        "<iframe src=x>no frames</iframe>",
        "<figure><img src=x><figcaption>caption</figcaption></figure>",
        "<figcaption>caption</figcaption>",
        "<template>later</template>",
        "<svg><text>drawn</text></svg>",
        "<video>no video</video>",
        "<select><option>choice</select>",
        "<!-- comment -->",
        "<pre><code>&lt;iframe src='https://v.example/1'&gt;&lt;/iframe&gt;</code></pre>",
    ],
)
def test_what_a_reader_does_not_read_as_text_is_left_out(hidden: str) -> None:
    assert " ".join(paragraphs(parse_fragment(f"<p>One {hidden}</p>two"))) == "One two"


def test_marks_in_the_text_cannot_forge_paragraphs() -> None:
    assert paragraphs(parse_fragment("a\x1cb\x1dc\x1ed\x1fe")) == ["a b c d e"]


def test_page_nested_deeper_than_python_calls_is_read() -> None:
    assert paragraphs(parse_fragment("<div>" * 1_900 + "deep")) == ["deep"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("A & B", "A & B"),
        ("A &amp; B", "A & B"),
        ("1 < 2", "1 < 2"),
        ("<b>Bold</b> <script>x()</script>news", "Bold news"),
        ("two\n lines<br>more", "two lines more"),
        ("«Толзор»", "«Толзор»"),
        ("Readers of <Umid> ask", "Readers of <Umid> ask"),
        ("Mills&copies of mills, R&D", "Mills&copies of mills, R&D"),
        ("&lt;b&gt;Bold&lt;/b&gt; news", "Bold news"),
        ("Mill&shy;er&#8217;s <SPAN class=x>day</SPAN><br/>out", "Mill\xader’s day out"),
        ("<p>One</p><p>two</p>", "One two"),
    ],
)
def test_title_with_or_without_markup_is_plain_text(html: str, expected: str) -> None:
    assert plain_text(html) == expected


def test_one_line_joins_lines_and_paragraphs() -> None:
    assert one_line(parse_fragment("<p>a<br>b</p><p>c</p>")) == "a b c"


MARKUP = (
    *("<p>", "</p>", "<div>", "</div>", "<br>", "<ul>", "<li>", "</ul>", "<table>", "<tr>"),
    *("<td>", "</table>", "<b>", "</b>", "<pre>", "<figure>", "<!--", "-->", "<script>"),
    *("</script>", "<h4>", "&", "&lt;", "text", "words", "\u00a0", "\x1c", "\x00", "ў", "文"),
)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(MARKUP), max_size=40).map(" ".join))
def test_any_html_makes_tidy_paragraphs(html: str) -> None:
    for paragraph in paragraphs(parse_fragment(html)):
        assert paragraph == paragraph.strip() != ""
        assert "\n\n" not in paragraph
        assert not {*paragraph} & {*"\t\r\x1c\x1d\x1e\x1f\x00"}


def test_dots_that_were_misread_as_a_control_character_are_no_white_space() -> None:
    assert (
        one_line(parse_fragment("<p>Wait\u0085 and \u0093see\u0094\u0085</p>"))
        == "Wait… and “see”…"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>Not for readers</p>",
        "<p hidden=''>Not for readers</p>",
        "<div style='display:none'><p>Not for readers</p></div>",
        "<p STYLE='color: red; DISPLAY : NONE'>Not for readers</p>",
        "<p style='visibility: hidden'>Not for readers</p>",
        "<p style='position:absolute; left:-9999px'>Not for readers</p>",
        "<p style='text-indent: -5000px'>Not for readers</p>",
        "<p style='clip: rect(0, 0, 0, 0)'>Not for readers</p>",
        "<p style='clip:rect(1px,1px,1px,1px)'>Not for readers</p>",
        "<p style='clip-path: inset(50%)'>Not for readers</p>",
        "<p>A mill is open.<span class=sr-only>Not for readers</span></p>",
        "<p class='note visually-hidden'>Not for readers</p>",
        "<p class=visuallyhidden>Not for readers</p>",
        "<p class='note d-none'>Not for readers</p>",
        "<p class=hidden>Not for readers</p>",
        "<p class=u-visually-hidden>Not for readers</p>",
        "<p class=screen-reader-text>Not for readers</p>",
        "<ul><li>One</li><li hidden>Not for readers</li></ul>",
        "<table><tr><td>1<td hidden>Not for readers</table>",
    ],
)
def test_what_a_page_hides_from_readers_is_no_text(html: str) -> None:
    text = "\n".join(paragraphs(parse_fragment(f"<p>A mill is open, and people come.</p>{html}")))
    assert "A mill is open, and people come." in text
    assert "Not for readers" not in text


@pytest.mark.parametrize(
    "html",
    [
        "<p style='color: red'>For readers</p>",
        "<p style='display: block'>For readers</p>",
        "<p style='left: -5px'>For readers</p>",
        "<p class='news-reader visual'>For readers</p>",
        "<p class='d-none d-md-block'>For readers</p>",
        "<p class='hidden md:block'>For readers</p>",
        "<p class=hidden-gems>For readers</p>",
        "<p hidden=until-found>For readers</p>",
        "<p style='clip: auto'>For readers</p>",
        "<p aria-hidden=true>For readers</p>",
    ],
)
def test_what_only_looks_hidden_is_text(html: str) -> None:
    assert paragraphs(parse_fragment(f"<p>One.</p>{html}")) == ["One.", "For readers"]


def test_a_text_that_is_hidden_for_the_most_part_is_shown_by_a_script() -> None:
    html = f"<p>One.</p><div style='display:none'><p>{'Two and more. ' * 9}</p></div>"
    assert len(paragraphs(parse_fragment(html))) == 2


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("for joy <img class=emoji alt=🎉 src=/1f389.svg> at the pier", "for joy 🎉 at the pier"),
        ("warm <img alt='❤️' src=/a.png>", "warm ❤️"),
        ("yes <img class=wp-smiley alt=':-)' src=/a.gif>", "yes :-)"),
        ("one <img alt='1️⃣' src=/a.gif>", "one 1️⃣"),
        ("flag <img alt='🇺🇿' src=/a.gif>!", "flag 🇺🇿!"),
        ("a pier <img alt='The pier' src=/a.jpg> here", "a pier here"),
        ("a pier <img alt='7' src=/a.jpg> here", "a pier here"),
        ("a pier <img alt='-' src=/a.jpg> here", "a pier here"),
    ],
)
def test_a_picture_that_stands_for_a_sign_is_the_sign(html: str, text: str) -> None:
    assert paragraphs(parse_fragment(f"<p>{html}</p>")) == [text]
