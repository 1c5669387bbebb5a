"""The text is found on pages of any layout: what belongs to it, and what does not."""

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.extract.blocks import letters
from crawler.extract.document import Document
from crawler.extract.html import paragraphs
from crawler.extract.main_text import find_main_text

TITLE = "A mill opens again in Oak Valley"
LEAD = "Sixty years after its last loaf the old mill of Oak Valley is grinding grain again."
TEXT = [
    f"The old mill of Oak Valley ground {tons} tons of grain on its first {day}, which the village "
    "watched with bread of its own and with a brass band from the other side of the river."
    for tons, day in ((3, "Monday"), (5, "Tuesday"), (8, "Friday"), (9, "Sunday"))
]
OTHERS = [
    f"Somewhere else somebody said of {thing} what nobody has asked for, and went home afterwards, "
    "where supper stood on the table and got cold because of all the things to be said."
    for thing in ("boats", "clocks", "shoes", "trains", "pears")
]
HEAD = (
    f'<title>{TITLE} | The Wire</title><meta property="og:title" content="{TITLE}">'
    f'<meta name="description" content="{LEAD}">'
)
MENU = "<ul>" + "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(30)) + "</ul>"


def html(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(body: str, head: str = HEAD) -> tuple[list[str], str | None]:
    tree = LexborHTMLParser(f"<html><head>{head}</head><body>{MENU}{body}</body></html>")
    found = find_main_text(tree)
    return (paragraphs(found.content), found.lead) if found else ([], None)


def text(body: str, head: str = HEAD) -> list[str]:
    return read(body, head)[0]


@pytest.mark.parametrize(
    "body",
    [
        f"<div><h1>{TITLE}</h1>{html(TEXT)}</div>",
        f"<table><tr><td>{MENU}</td><td>{'<br><br>'.join(TEXT)}</td></tr></table>",
        # In several containers, with an advertisement between them.
        f"<main><section>{html(TEXT[:2])}</section><div class='ad-box'>Buy now</div>"
        f"<section>{html(TEXT[2:])}</section></main>",
        # As React streams it: hidden, until a script shows it.
        f'<div hidden id="S:1a"><div>{html(TEXT)}</div></div>',
        # Behind a wall that a script builds.
        f'<div class="paywall" style="display: none">{html(TEXT)}</div>',
    ],
)
def test_the_whole_text_is_found(body: str) -> None:
    assert text(body) == TEXT


@pytest.mark.parametrize(
    "box",
    [
        '<p class="share">Share this story with all the people that you know, on all networks.</p>',
        f'<div class="comments">{html(OTHERS)}</div>',
        f'<section id="relatedStories">{html(OTHERS[:2])}</section>',
        f'<div style="display:none">{html(OTHERS[:1])}</div>',
        "<div><div><img src=/1.jpg></div><p>The mill on a day of May, from the river</p></div>",
        '<p><img src=/1.jpg><br><span class="photo-caption">The mill in May, at noon.</span>',
        '<p class="photoCaption">The mill as the village has known it, seen from the river.</p>',
        "<ul><li><a href='/1'>Another story of mills</a></li><li><a href='/2'>More</a></li></ul>",
        f'<div><a href="/3">What was said of boats</a><p>{OTHERS[0][:90]}.</p></div>',
        f"<p>{TEXT[1]}</p>",  # for phones, once more
        "<script>document.write('nothing')</script>",
        f'<div class="author-box"><p>{OTHERS[0]}</p></div>',
        f'<div class="StoryCTA"><p>{OTHERS[1]}</p></div>',
        f'<blockquote class="pull-quote"><p>{TEXT[0][:80]}</p></blockquote>',
        f'<aside class="PullQuote">{TEXT[0][:80]}.</aside>',
    ],
)
@pytest.mark.parametrize("place", [2, 4])
def test_what_stands_within_the_text_or_behind_it_and_is_none_goes(box: str, place: int) -> None:
    body = f"{html(TEXT[:place])}{box}{html(TEXT[place:])}"
    assert text(f"<article><h1>{TITLE}</h1>{body}</article>") == TEXT


def test_what_stands_above_the_headline_is_no_text() -> None:
    body = f"<div>{html(OTHERS[:1])}<h1>{TITLE}</h1><div>1 May</div>{html(TEXT)}</div>"
    assert text(body) == TEXT


def test_a_heading_like_the_headline_further_down_is_a_part_of_the_text() -> None:
    story = f"{html(TEXT[:2])}<h2>{TITLE}</h2>{html(TEXT[2:])}"
    whole = [*TEXT[:2], TITLE, *TEXT[2:]]
    assert text(f"<article><header><h1>{TITLE}</h1></header><div>{story}</div></article>") == whole


def test_parts_of_a_text_between_long_lists_of_links_are_one_text() -> None:
    parts = "".join(
        f"<section><h2>Part {n}</h2><p>{part}</p></section>{MENU * 2}"
        for n, part in enumerate(TEXT)
    )
    whole = [line for n, part in enumerate(TEXT) for line in (f"Part {n}", part)]
    assert text(f"<main>{parts}</main>") == whole[1:]


def test_small_print_longer_than_the_text_is_none() -> None:
    print_ = f"<footer>{html(OTHERS * 3)}</footer>"
    assert text(f"<div><h1>{TITLE}</h1>{html(TEXT[:2])}</div>{print_}") == TEXT[:2]


def test_subheads_and_short_lines_within_the_text_stay() -> None:
    whole = [*TEXT[:2], "A feast", "Bread for all", *TEXT[2:], "Ana Kaya, with the millers"]
    body = f"{html(TEXT[:2])}<h2>A feast</h2><p>Bread for all</p>{html(TEXT[2:])}"
    signed = f"{body}<p>Ana Kaya, with the millers</p>"
    assert text(f"<div><p>Oak Valley</p>{signed}<div>1 of 5</div></div>") == whole


def test_a_last_sentence_that_but_leads_to_links_is_no_text() -> None:
    follow = (
        "<p>Follow the mill wherever you are, on <a href='/f'>the network of faces</a> and on "
        "<a href='/b'>the network of birds</a>.</p>"
    )
    assert text(f"<div><h1>{TITLE}</h1>{html(TEXT)}{follow}</div>") == TEXT


def test_a_lead_within_the_head_of_the_text_is_found() -> None:
    head = f"<header><h1>{TITLE}</h1><p>{LEAD}</p></header>"
    assert read(f"<article>{head}{html(TEXT)}</article>") == (TEXT, LEAD)


def test_a_box_of_links_among_long_paragraphs_takes_none_of_them_away() -> None:
    long = [f"{part} {part.replace('village', 'valley')}" for part in TEXT]
    links = "".join(
        f"<li><a href='/{n}'>Another story of mills, number {n}</a></li>" for n in "1234"
    )
    parts = f"<div><div>{html(long[:1])}<ul>{links}</ul></div><div>{html(long[1:])}</div></div>"
    assert text(parts) == long


def test_a_name_of_boilerplate_means_nothing_where_most_sentences_stand_in_it() -> None:
    parts = "".join(f'<div class="widget">{html([part])}</div>' for part in TEXT)
    assert text(f'<div><div class="layout-no-sidebar">{parts}</div></div>') == TEXT


def test_what_is_said_twice_for_two_kinds_of_screens_is_read_once() -> None:
    short = [f"The mill ground {number} sacks of grain on its first days." for number in range(7)]
    twice = f'<div class="desktop">{html(short)}</div><div class="mobile">{html(short)}</div>'
    assert text(f"<article>{twice}</article>") == short


def test_the_copy_for_other_screens_may_have_breaks_in_place_of_paragraphs() -> None:
    page = f"{HEAD}<article>{html(TEXT)}<div class=mobile>{'<br><br>'.join(TEXT)}</div></article>"
    found = find_main_text(LexborHTMLParser(page))
    assert found
    assert found.paragraphs == TEXT


def test_hidden_words_within_a_paragraph_stay_hidden() -> None:
    words = '<span style="display: none"> (a note of the desk)</span>'
    shown = html(TEXT).replace(" tons", f"{words} tons")
    assert text(f"<article>{shown}</article>") == TEXT


def test_a_gallery_of_the_story_keeps_its_pictures_but_one_that_leads_elsewhere_does_not() -> None:
    page = f"{HEAD}<div>{html(TEXT[:2])}<ul class=carousel>%s</ul>{html(TEXT[2:])}</div>"
    for words, pictures in (("The mill in May", 2), ("<a href=/goat>A goat wins a prize</a>", 0)):
        boxes = f"<li><img src=/1.jpg><p>{words}</p></li><li><img src=/2.jpg><p>{words}</p></li>"
        found = find_main_text(LexborHTMLParser(page % boxes))
        assert found
        assert len(found.content.css("img")) == pictures
        assert found.paragraphs == TEXT


def test_of_two_copies_the_one_below_the_headline_is_read() -> None:
    body = f"<div class='x1'>{html(TEXT)}</div><div class='none'><h1>{TITLE}</h1>{html(TEXT)}</div>"
    assert text(f"<div>{body}</div>") == TEXT


def test_teasers_in_a_row_are_no_text_however_long() -> None:
    teasers = "".join(
        f"<li><h5><a href='/1'>{other[:50]}</a></h5><div>{other} {other[::-1]}.</div></li>"
        for other in OTHERS[:3]
    )
    whole = [*TEXT, *(f"{part} {part}" for part in TEXT)]
    body = f"<div><div>{html(whole)}</div><div><ul>{teasers}</ul></div></div>"
    assert text(f"<h1>{TITLE}</h1>{body}") == whole


def test_a_list_that_the_last_sentence_announces_belongs_to_the_text() -> None:
    last = "The mill of Oak Valley grinds what the village grows on its fields:"
    grain = "<ul><li>Rye</li><li>Wheat</li></ul>"
    body = f"<div><h1>{TITLE}</h1>{html([*TEXT, last])}{grain}<div>1 of 5</div></div>"
    assert text(body) == [*TEXT, last, "Rye\nWheat"]


def test_a_line_that_introduces_a_quotation_stays_though_most_of_it_is_a_link() -> None:
    source = "<p>The <a href='https://paper.example/1'>Oak Valley Gazette</a>:</p>"
    body = f"<div><h1>{TITLE}</h1>{html(TEXT[:2])}{source}{html(TEXT[2:])}</div>"
    assert text(body) == [*TEXT[:2], "The Oak Valley Gazette:", *TEXT[2:]]


def test_what_stands_under_pictures_is_the_text_if_there_is_hardly_another() -> None:
    short = [f"The mill on its day number {number}, seen from the river." for number in range(9)]
    pictures = "".join(
        f"<div><img src=/{n}.jpg><p>{line}</p></div>" for n, line in enumerate(short)
    )
    assert text(f"<article><h1>{TITLE}</h1><p>{LEAD}</p>{pictures}</article>") == [LEAD, *short]


def articles(href: str) -> str:
    return "".join(
        f"<article><a href='{href}{n}'>Another story, number {n}</a><p>{other}</p></article>"
        for n, other in enumerate(OTHERS)
    )


def test_articles_that_an_article_leads_to_are_no_text_though_they_are_more() -> None:
    own = f"<article><h1>{TITLE}</h1>{html(TEXT[:2])}"
    assert text(f"<main>{own}{articles('/news/')}</article></main>") == TEXT[:2]
    assert set(OTHERS) < set(text(f"<main>{own}{articles('/blog#')}</article></main>"))


def test_all_posts_of_a_live_blog_are_the_text() -> None:
    posts = "".join(f"<article><h3>At {n}</h3>{html([TEXT[n]])}</article>" for n in range(4))
    assert text(f"<div><h1>{TITLE}</h1><div class='posts'>{posts}</div></div>")[::2] == TEXT


def test_the_text_has_the_words_of_the_title_though_others_are_longer() -> None:
    rules = f'<div><div class="x1">{html(OTHERS)}</div></div>'
    assert text(f"{rules}{MENU}<div><div>{html(TEXT)}</div></div>{MENU}") == TEXT


@pytest.mark.parametrize(
    "lead",
    [
        f"<h2>{LEAD}</h2>",
        f'<header><p class="article-standfirst">{LEAD} Ana Kaya was there.</p></header>',
    ],
)
def test_a_lead_outside_the_text_is_found(lead: str) -> None:
    body = f"<h1>{TITLE}</h1>{lead}<figure><img src='a.jpg'></figure><div>{html(TEXT)}</div>"
    found, said = read(body)
    assert found == TEXT
    assert said is not None
    assert said.startswith(LEAD)


def test_a_text_without_a_lead_has_none() -> None:
    body = (
        f"<p>Weather: it rains in the valley until Thursday night.</p><h1>{TITLE}</h1>{html(TEXT)}"
    )
    assert read(f"<div>{body}</div>")[1] is None


def test_a_list_of_teasers_has_next_to_no_text() -> None:
    teasers = "".join(
        f'<div id="{number}"><h3><a href="/">{other[:60]}</a></h3><p>{other[:120]}.</p></div>'
        for number, other in enumerate(OTHERS * 4)
    )
    found = text(f"<main>{teasers}</main>", "<title>News of today | The Wire</title>")
    assert letters("".join(found)) < 250


def test_a_page_of_links_has_no_text() -> None:
    assert text("<a href='/1'>One</a>") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "ชาวหมู่บ้านตกลงกับคณะกรรมการโรงสีเรื่องตารางเวลาใหม่เมื่อวันจันทร์หลังการเจรจานานสองสัปดาห์",
        "ရွာသားများသည် တနင်္လာနေ့တွင် စက်ရုံဘုတ်အဖွဲ့နှင့် အချိန်ဇယားသစ်ကို သဘောတူခဲ့ကြသည်ဟု ပြောသည်။",
        "អ្នកភូមិបានយល់ព្រមជាមួយក្រុមប្រឹក្សារោងម៉ាស៊ីនលើកាលវិភាគថ្មីនៅថ្ងៃចន្ទ បន្ទាប់ពីការចរចា។",
        "የመንደሩ ነዋሪዎች ሰኞ ዕለት ከወፍጮ ቤቱ ቦርድ ጋር በአዲስ የጊዜ ሰሌዳ ላይ ተስማሙ።",
    ],
)
def test_a_sentence_ends_as_in_its_own_script(sentence: str) -> None:
    texts = [f"{number} {sentence}" for number in range(5)]
    assert text(f"<div>{html(texts)}</div>", "") == texts


def test_a_sign_of_chinese_says_as_much_as_three_letters() -> None:
    assert (letters("mill"), letters("磨坊"), letters("磨坊 mill")) == (4, 6, 11)


@pytest.mark.parametrize("depth", [1, 2])
def test_a_text_that_only_scripts_have_is_read_from_their_data(depth: int) -> None:
    data = f'<div class="x">{html([LEAD, *TEXT[:2]])}<h3>A "feast"</h3>{html(TEXT[2:])}</div>'
    for _ in range(depth):
        data = json.dumps({"story": data}).replace("<", "\\u003c").replace("/", "\\/")
    page = f"<html>{HEAD}<body><nav>{MENU}</nav><script>push([1,{data}])</script></body></html>"
    found = Document("https://wire.example/1", 200, {}, page.encode()).main_text
    assert found is not None
    assert found.paragraphs == [LEAD, *TEXT]


def test_data_of_scripts_that_speak_of_other_things_are_no_text() -> None:
    data = json.dumps(html(OTHERS)).replace("<", "\\u003c")
    page = f"<html>{HEAD}<body>{MENU}<script>push({data})</script></body></html>"
    assert Document("https://wire.example/1", 200, {}, page.encode()).main_text is None


def test_what_is_hidden_and_has_no_text_stays_hidden() -> None:
    page = f'<div>{html(TEXT)}<p style="display:none"><img src="/hit.gif"></p></div>'
    found = find_main_text(LexborHTMLParser(HEAD + page))
    assert found
    assert found.content.css_first("[style] img")


@pytest.mark.parametrize("name", ["comment-list", "responses", "post-replies"])
def test_what_readers_answer_is_no_text(name: str) -> None:
    text, _ = read(f"<h1>{TITLE}</h1>{html(TEXT)}<section class={name}>{html(OTHERS)}</section>")
    assert text == TEXT
