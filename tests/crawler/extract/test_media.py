import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.html import parse_fragment
from crawler.extract.media import PICTURES, absolute, pictures, videos
from crawler.model.article import Image

BASE = "https://agency.example/en/posts/a-story_1"
SIZE = re.compile(r"_(?:small|normal)(?=\.\w+$)")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("/a.jpg", "https://agency.example/a.jpg"),
        ("a.jpg", "https://agency.example/en/posts/a.jpg"),
        (" /a b.jpg\n", "https://agency.example/a%20b.jpg"),
        ("data:image/gif;base64,R0lGOD", None),
        ("javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("http://[broken/a.jpg", None),
        ("https://", None),
        ("", None),
        (None, None),
    ],
)
def test_address_is_made_absolute_or_is_none(address: str | None, expected: str | None) -> None:
    assert absolute(address, BASE) == expected


@given(st.text())
def test_any_address_is_one_of_the_web_or_none(address: str) -> None:
    found = absolute(address, BASE)
    assert found is None or re.fullmatch(r"https?://\S+", found, re.IGNORECASE)


def images(html: str) -> list[Image]:
    return pictures(parse_fragment(html).css(PICTURES), BASE, SIZE)


def test_picture_has_its_largest_size_and_the_caption_of_its_figure() -> None:
    html = (
        "<figure class=image><a href=/x><img src=/2024/a_small.jpg></a>"
        "<figcaption>The <b>old</b>\n bridge</figcaption></figure>"
    )
    assert images(html) == [Image("https://agency.example/2024/a.jpg", "The old bridge")]


def test_picture_shown_twice_is_one_with_whichever_caption_there_is() -> None:
    html = "<img src=/a_small.jpg><figure><img src=/a.jpg><figcaption>Words</figcaption></figure>"
    assert images(html) == [Image("https://agency.example/a.jpg", "Words")]


def test_picture_outside_a_figure_has_no_caption() -> None:
    assert images("<p><img src=/a.jpg></p><figcaption>stray</figcaption>")[0].caption is None


def test_picture_loaded_late_is_found() -> None:
    html = '<img src="data:image/gif;base64,AA" data-src="/late.jpg">'
    assert [image.url for image in images(html)] == ["https://agency.example/late.jpg"]


BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
LARGE = "https://agency.example/p/pier-1200.jpg"


@pytest.mark.parametrize(
    "html",
    [
        '<img srcset="/p/pier-320.jpg 320w, /p/pier-1200.jpg 1200w">',
        '<img srcset="/p/pier-1200.jpg 2x,/p/pier-320.jpg">',
        f'<img src="{BLANK}" srcset="/p/pier-1200.jpg">',
        '<img data-srcset="/p/pier-320.jpg 320w, /p/pier-1200.jpg 1200w">',
        f'<img src="{BLANK}" data-lazy-srcset="/p/pier-1200.jpg 1200w, /p/pier-320.jpg 320w">',
        '<img data-original="/p/pier-1200.jpg" src="/static/blank.gif">',
        '<img data-lazy-src="/p/pier-1200.jpg" src="/img/lazy_placeholder.png?v=2">',
        '<img data-lazy="/p/pier-1200.jpg" src="/1x1-pixel.gif">',
        '<img lazy-src="/p/pier-1200.jpg">',
        '<img data-original-src="/p/pier-1200.jpg" src="/p/tiny.jpg">',
        '<img data-lazy="true" src="/p/pier-1200.jpg">',
        '<img data-src="17" src="/p/pier-1200.jpg">',
        '<img data-large-file="/p/pier-1200.jpg" src="/img/loading.svg">',
        '<img src="/p/pier-1200.jpg" data-share-url="https://agency.example/en/pier">',
        """<img src="/p/pier-1200.jpg" data-image='{"id": "/7.jpg"}'>""",
        f'<picture><source srcset="/p/pier-1200.jpg 1200w"><img src="{BLANK}"></picture>',
        "<picture><source data-srcset=/p/pier-1200.jpg><img alt=Pier></picture>",
        "<img src='/resize?p=pier.jpg&w=20' data-lazy-src=/p/pier-1200.jpg>",
        '<img src="/p/x.jpg?w=20&q=1" srcset="/p/pier-1200.jpg 1200w">',
        "<picture><source srcset=/p/pier.webp><img src=/p/pier-1200.jpg></picture>",
        "<img src=/spacer.gif><noscript><img src=/p/pier-1200.jpg></noscript>",
        "<img src=/x.gif data-src=/p/pier-1200.jpg> <noscript><img src=/p/pier.jpg></noscript>",
        "<amp-img src=/p/pier-1200.jpg width=1200 height=800></amp-img>",
        "<amp-anim src=/p/pier-1200.jpg></amp-anim>",
        '<amp-img srcset="/p/pier-320.jpg 320w, /p/pier-1200.jpg 1200w"></amp-img>',
        "<amp-carousel><amp-img src=/p/pier-1200.jpg></amp-img></amp-carousel>",
    ],
)
def test_a_picture_is_found_however_late_it_is_loaded(html: str) -> None:
    assert [image.url for image in images(html)] == [LARGE]


@pytest.mark.parametrize(
    "html",
    [
        "<img src=https://t.example/p.gif width=1 height=1>",
        "<img src=https://t.example/hit width=0>",
        "<img src=https://t.example/hit height='1px'>",
        "<img src=https://t.example/p.gif style='display: none'>",
        "<img src=https://t.example/p.gif hidden>",
        "<img src=https://t.example/p.gif style='height:1px;width:1px'>",
        "<div style='position:absolute; left:-9999px'><img src=https://mc.yandex.ru/watch/7></div>",
        "<img src=https://counter.agency.example/hit;news?r>",
        "<img src='https://www.facebook.com/tr?id=7&ev=PageView'>",
        "<img class=emoji alt=🎉 src=https://s.example/72x72/1f389.svg>",
        "<img src=/smileys/smile.gif class=smiley alt=':-)'>",
        "<img alt='👩‍🚒' src=/a.png><img alt='1️⃣' src=/b.png><img alt='🇺🇿' src=/c.png>",
        "<img src=/static/blank.gif><img src=/img/no-photo-placeholder.png>",
        "<img src='/resize?p=pier.jpg&w=20'>",
        "<img src=/icons/print.png width=24 height=24>",
    ],
)
def test_what_counts_visits_or_stands_for_a_sign_is_no_picture(html: str) -> None:
    assert images(f"<p>One.</p>{html}<p>Two.</p>") == []


@pytest.mark.parametrize(
    "html",
    [
        "<img src=/loading-dock-of-the-port.jpg>",
        "<img src=/clear-skies.jpg width=640 height=480>",
        "<img src=/empty-shelves-2024.jpg alt='–'>",
        "<img src=/pixel-telephone.jpg alt='The © sign on a wall of the port'>",
        "<div hidden><p>A long text that a script shows.</p><img src=/a.jpg></div>",
        "<img src=/track-and-field.jpg width=100%>",
        "<img src=/mill.jpg style='border-width: 1px; max-height: 0; width: 1em'>",
        "<img src=/mill.jpg style='width:0;height:0;min-width:100%;min-height:100%'>",
        f"<img src='/{'2024' * 40}-pier-blank.jpg'>",  # found in no time
    ],
)
def test_a_picture_stays_one_whatever_its_name(html: str) -> None:
    assert len(images(html)) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube-nocookie.com/embed/abc",
        "https://www.youtube.com/embed/7ad600f0ff8",
        "https://youtu.be/abc",
        "https://player.vimeo.com/video/7",
        "https://rutube.ru/play/embed/7",
        "https://vk.com/video_ext.php?oid=1&id=2",
        "https://ok.ru/videoembed/7",
        "https://www.facebook.com/plugins/video.php?href=x",
        "https://players.brightcove.net/1/default/index.html?videoId=7",
        "https://agency.example/en/video/7/embed",
        "https://mover.uz/video/embed/7",
        "https://player.v.agency.example/api?id=7",
    ],
)
@pytest.mark.parametrize(
    "html",
    [
        "<iframe src='{}'></iframe>",
        "<iframe src='about:blank' data-src='{}'></iframe>",
        "<iframe data-lazy-src='{}'></iframe>",
        "<iframe src='' data-original='{}'></iframe>",
        "<amp-iframe src='{}'></amp-iframe>",
    ],
)
def test_a_frame_of_a_player_is_a_video(html: str, address: str) -> None:
    found = videos(parse_fragment(html.format(address)), BASE)
    assert [video.url for video in found] == [address]


@pytest.mark.parametrize(
    "address",
    [
        *("https://maps.example/embed?pb=1", "https://www.google.com/maps/embed?pb=1"),
        *("https://forms.example/newsletter", "https://docs.google.com/forms/d/e/1/viewform"),
        *("https://ads.example/video-banner?7", "https://www.googletagmanager.com/ns.html?id=1"),
        *("https://www.facebook.com/plugins/like.php", "https://w.soundcloud.com/player/?url=x"),
        *("https://open.spotify.com/embed/7", "https://agency.example/podcast/player/7"),
        *("https://data.example/chart/7", "https://telegram.example/post/7?embed=1"),
        *("https://agency.example/poll/7/video", "https://agency.example/comments?video=7"),
    ],
)
def test_a_frame_of_anything_else_is_no_video(address: str) -> None:
    assert videos(parse_fragment(f"<iframe src='{address}'></iframe>"), BASE) == []


@pytest.mark.parametrize("name", ["amp-youtube data-videoid", "lite-youtube videoid"])
def test_a_video_may_be_named_by_its_number(name: str) -> None:
    (video,) = videos(parse_fragment(f"<{name}=abcdefghijk></{name.split()[0]}>"), BASE)
    assert video.url == "https://www.youtube.com/embed/abcdefghijk"


def test_picture_without_a_web_address_is_none() -> None:
    assert images("<img><img src=''><img src='data:x'><img src='javascript:1'>") == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<iframe src="https://video.example/1"></iframe>', ["https://video.example/1"]),
        ('<iframe data-src="//video.example/1"></iframe>', ["https://video.example/1"]),
        ('<video src="/v/1.mp4"></video>', ["https://agency.example/v/1.mp4"]),
        ('<video><source src="/v/1.mp4"></video>', ["https://agency.example/v/1.mp4"]),
        ('<oembed url="https://video.example/1"></oembed>', ["https://video.example/1"]),
        (
            "<pre><code>&lt;iframe src='https://video.example/1?a&amp;amp;b'&gt;</code></pre>",
            ["https://video.example/1?a&b"],
        ),
        (
            "<pre><code>&lt;iframe src='//video.example/1'&gt;</code></pre>"
            "<iframe src='//video.example/2'></iframe><iframe src='//video.example/1'></iframe>",
            ["https://video.example/1", "https://video.example/2"],
        ),
        ("<pre><code>&lt;iframe src='javascript:x'&gt;</code></pre>", []),
        ("<pre><code>https://v.example/1</code></pre>", []),
        ("<iframe></iframe><iframe src='about:blank'></iframe>", []),
    ],
)
def test_players_are_found_each_once(html: str, expected: list[str]) -> None:
    assert [video.url for video in videos(parse_fragment(html), BASE)] == expected
