"""Every address of an article gives one id; every other address is refused with its reason."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from crawler.model.article import Translation, Video
from crawler.model.identity import Identity, NotAnArticle, identify
from pages.uza import ADDRESS

NATIVE = "forty-orchards-were-planted-in-the-valley_594021"
IMPORTED = "the-old-library-opens-its-doors-to-young-readers-again-24-01-2017"
UNDATED = "the-old-library-opens-its-doors"
ODD_ENDING = "harvest-festival-23.10.2009-1020"
CYRILLIC = "боғлар-гуллади-24-01-2017"

NATIVE_ADDRESSES = [
    f"https://uza.uz/posts/{NATIVE}",
    f"https://uza.uz/en/posts/{NATIVE}",
    f"https://uza.uz/oz/posts/{NATIVE}",
    f"https://uza.uz/kaa/posts/{NATIVE}",
    f"https://uza.uz/EN/posts/{NATIVE}",
    f"https://uza.uz/react/posts/{NATIVE}",
    f"https://uza.uz/en/react/posts/{NATIVE}",
    f"https://uza.uz/react/en/posts/{NATIVE}",
    f"https://uza.uz/en/react/posts/{NATIVE}?q=%2Freact%2Fposts%2F{NATIVE}",
    f"http://uza.uz/en/posts/{NATIVE}",
    f"HTTPS://UZA.UZ/en/posts/{NATIVE}",
    f"https://www.uza.uz/en/posts/{NATIVE}",
    f"https://WWW.Uza.Uz/en/posts/{NATIVE}",
    f"https://uza.uz./en/posts/{NATIVE}",
    f"https://uza.uz:443/en/posts/{NATIVE}",
    f"http://uza.uz:80/en/posts/{NATIVE}",
    f"https://uza.uz:/en/posts/{NATIVE}",
    f"uza.uz/en/posts/{NATIVE}",
    f"www.uza.uz/en/posts/{NATIVE}",
    f"uza.uz:443/en/posts/{NATIVE}",
    f"//uza.uz/en/posts/{NATIVE}",
    f"/en/posts/{NATIVE}",
    f"/posts/{NATIVE}",
    f"https://uza.uz/en/posts/{NATIVE}/",
    f"https://uza.uz/en/posts/{NATIVE}///",
    f"https://uza.uz//en//posts/{NATIVE}",
    f"https://uza.uz/en/posts/{NATIVE}?m=y",
    f"https://uza.uz/en/posts/{NATIVE}/?m=y&print=Y",
    f"https://uza.uz/en/posts/{NATIVE}&print=Y",
    f"https://uza.uz/en/posts/{NATIVE}/&amp;print=Y",
    f"https://uza.uz/en/posts/{NATIVE}?utm_source=feed&ELEMENT_CODE=other-24-01-2017",
    f"https://uza.uz/en/posts/{NATIVE}#comments",
    f"https://uza.uz/en/posts/{NATIVE}/?m=y#top",
    f"https://uza.uz/en/posts/{NATIVE.replace('_', '%5F')}",
    f"https://uza.uz/en/posts/{NATIVE.replace('-', '%2d')}",
    f"https://uza.uz/%65n/posts/{NATIVE.replace('o', '%256F')}",
    f"  https://uza.uz/en/posts/{NATIVE}\r\n",
    f"\ufeffhttps://uza.uz/en/posts/{NATIVE}",
    f"\u00a0https://uza.uz/en/posts/{NATIVE}\u200b",
]

LEGACY_ADDRESSES = [
    f"http://uza.uz/en/society/{IMPORTED}",
    f"http://www.uza.uz/en/society/{IMPORTED}/",
    f"https://uza.uz/en/society/{IMPORTED}/?m=y",
    f"https://uza.uz/en/society/{IMPORTED}/?m=y&ELEMENT_CODE={IMPORTED}&SECTION_CODE=society",
    f"https://uza.uz/en/society/{IMPORTED}?SECTION_CODE=society&ELEMENT_CODE={IMPORTED}&print=Y",
    f"https://uza.uz/en/society/{IMPORTED}/&print=Y",
    f"https://uza.uz/en/society/{IMPORTED}&print=Y&SECTION_CODE=society",
    f"https://uza.uz/en/society/{IMPORTED}/?PAGEN_1=2",
    f"https://uza.uz/en/society/?ELEMENT_CODE={IMPORTED}&SECTION_CODE=society",
    f"https://uza.uz/en/society/?m=y&amp;SECTION_CODE=society&amp;ELEMENT_CODE={IMPORTED}#a",
    f"https://uza.uz/en/society/&print=Y&ELEMENT_CODE={IMPORTED}",
    f"uza.uz/en/society/{IMPORTED.replace('-', '%2D')}/",
]

OTHERS = [
    ("https://uza.uz/ar/posts/594021", "594021", "/posts/594021"),
    ("https://uza.uz/posts/_594021/", "594021", "/posts/_594021"),
    ("https://uza.uz/posts/7", "7", "/posts/7"),
    ("https://uza.uz/posts/plan_2030_594021", "594021", "/posts/plan_2030_594021"),
    ("https://uza.uz/posts/fair-24-01-2017_594021", "594021", "/posts/fair-24-01-2017_594021"),
    ("https://uza.uz/posts/боғлар_594021", "594021", f"/posts/{quote('боғлар')}_594021"),
    ("https://uza.uz/posts/a%20b_594021", "594021", "/posts/a%20b_594021"),
    ("https://uza.uz/posts/100%_594021", "594021", "/posts/100%25_594021"),
    (f"https://uza.uz/ru/posts/{IMPORTED}", IMPORTED, f"/posts/{IMPORTED}"),
    (f"https://uza.uz/react/posts/{IMPORTED}/?m=y", IMPORTED, f"/posts/{IMPORTED}"),
    (f"http://www.uza.uz/posts/{UNDATED}", UNDATED, f"/posts/{UNDATED}"),
    (f"https://uza.uz/posts/{ODD_ENDING}", ODD_ENDING, f"/posts/{ODD_ENDING}"),
    (f"http://uza.uz/en/sport/{ODD_ENDING}/", ODD_ENDING, f"/en/sport/{ODD_ENDING}"),
    (f"http://uza.uz/en/programs/12/{IMPORTED}/", IMPORTED, f"/en/programs/12/{IMPORTED}"),
    (f"http://uza.uz/society/{IMPORTED}", IMPORTED, f"/society/{IMPORTED}"),
    (f"https://uza.uz/posts/{CYRILLIC}", CYRILLIC, f"/posts/{quote(CYRILLIC)}"),
    (f"https://uza.uz/posts/{quote(CYRILLIC)}", CYRILLIC, f"/posts/{quote(CYRILLIC)}"),
    (f"https://uza.uz/posts/{quote(quote(CYRILLIC))}", CYRILLIC, f"/posts/{quote(CYRILLIC)}"),
    (
        "https://uza.uz/posts/cafe\u0301-24-01-2017",
        "caf\u00e9-24-01-2017",
        "/posts/caf%C3%A9-24-01-2017",
    ),
]

REFUSED = [
    ("", "not a web address"),
    (" \ufeff\n", "not a web address"),
    ("mailto:desk@uza.uz", "not a web address"),
    ("javascript:void(0)", "not a web address"),
    ("tel:+998712331234", "not a web address"),
    ("data:text/html,posts/x_594021", "not a web address"),
    (f"ftp://uza.uz/posts/{NATIVE}", "not a web address"),
    (f"https:uza.uz/posts/{NATIVE}", "not a web address"),
    (f"https:///posts/{NATIVE}", "not a web address"),
    (f"https:\\\\uza.uz\\posts\\{NATIVE}", "not a web address"),
    (f"https://[uza.uz/posts/{NATIVE}", "not a web address"),
    (f"https://uza.uz:99999/posts/{NATIVE}", "not a web address"),
    (f"https://uza.uz:secret@example.com/posts/{NATIVE}", "not a web address"),
    (f"https://reader@uza.uz/posts/{NATIVE}", "not a web address"),
    (f"https://example.com\\@uza.uz/posts/{NATIVE}", "not a web address"),
    (f"https://example.com/posts/{NATIVE}", "other host"),
    (f"https://uza.uz.example.com/posts/{NATIVE}", "other host"),
    (f"https://notuza.uz/posts/{NATIVE}", "other host"),
    (f"https://uza.uz:8080/posts/{NATIVE}", "other host"),
    (f"https://api.uza.uz/api/v1/posts/{NATIVE}", "other host"),
    ("https://api.uza.uz/api/v1/posts?page=2&_l=en", "other host"),
    ("https://cdn.uza.uz/2024/05/01/23/44/abcdef_small.jpg", "other host"),
    (f"https://web.archive.org/web/2019/http://uza.uz/posts/{NATIVE}", "other host"),
    ("https://uza.uz", "home page"),
    ("https://uza.uz/", "home page"),
    ("https://uza.uz/en/", "home page"),
    ("https://uza.uz/en/react", "home page"),
    ("https://uza.uz/en?page=2", "home page"),
    ("https://uza.uz/?ELEMENT_CODE=society", "home page"),
    ("https://uza.uz/en/rss", "feed"),
    ("https://uza.uz/sitemap.xml", "feed"),
    ("https://uza.uz/en/posts", "listing"),
    ("https://uza.uz/en/posts/?page=3", "listing"),
    ("https://uza.uz/en/posts/last", "listing"),
    ("https://uza.uz/en/posts/category/society", "listing"),
    ("https://uza.uz/en/categories/society", "listing"),
    ("http://uza.uz/en/society/", "listing"),
    ("http://uza.uz/en/programs/12/", "listing"),
    ("http://uza.uz/en/society/?m=y&SECTION_CODE=society&PAGEN_1=32&SIZEN_1=20", "listing"),
    ("http://uza.uz/en/society/?ELEMENT_CODE=&SECTION_CODE=society&PAGEN_1=3", "listing"),
    ("http://uza.uz/en/society/?ELEMENT_CODE=../../etc&PAGEN_1=3", "path in slug"),
    ("https://uza.uz/favicon.ico", "file"),
    ("https://uza.uz/posts/picture.jpg", "file"),
    ("https://uza.uz/posts/0594021", "unknown address"),
    ("https://uza.uz/posts/orchards_0594021", "unknown address"),
    ("https://uza.uz/posts/orchards_1234567890123", "unknown address"),
    ("https://uza.uz/en/tr/react/posts/orchards_594021/comments", "unknown address"),
    ("https://uza.uz/posts/a%2Fb_594021", "path in slug"),
    ("https://uza.uz/posts/a%252Fb_594021", "path in slug"),
    ("https://uza.uz/posts/a%5Cb_594021", "path in slug"),
    ("https://uza.uz/posts/a\\b_594021", "path in slug"),
    ("https://uza.uz/posts/../en/orchards_594021", "path in slug"),
    ("https://uza.uz/posts/%2e%2e/orchards_594021", "path in slug"),
    ("https://uza.uz/posts/..%2f..%2fetc%2fpasswd", "path in slug"),
    ("https://uza.uz/posts/..", "path in slug"),
    ("https://uza.uz/posts/orchards\x00_594021", "control character"),
    ("https://uza.uz/posts/orchards%00_594021", "control character"),
    ("https://uza.uz/posts/orch\nards_594021", "control character"),
    ("https://uza.uz/posts/orchards%0A_594021", "control character"),
    ("https://uza.uz/posts/orchards\ud800_594021", "control character"),
    ("https://uza.uz/posts/orchards%FF_594021", "broken percent-encoding"),
    ("https://uza.uz/posts/orchards%ED%A0%80_594021", "broken percent-encoding"),
    ("https://uza.uz/posts/a%252525252Db_594021", "broken percent-encoding"),
    (f"https://uza.uz/posts/{'a' * 400}_594021", "slug too long"),
    (f"https://uza.uz/posts/{'a' * 290}-24-01-2017", "slug too long"),
    (f"https://uza.uz/posts/{'б' * 150}-24-01-2017", "slug too long"),
    ("https://uza.uz/posts/.hidden-24-01-2017", "unsafe slug"),
    ("https://uza.uz/posts/two words-24-01-2017", "unsafe slug"),
    ("https://uza.uz/posts/what%3F-24-01-2017", "unsafe slug"),
    ("https://uza.uz/posts/zero\u200bwidth-24-01-2017", "unsafe slug"),
    ("https://uza.uz/posts/C:-24-01-2017", "unsafe slug"),
]


@pytest.mark.parametrize("address", NATIVE_ADDRESSES)
def test_every_address_of_a_post_gives_its_number(address: str) -> None:
    expected = Identity("uza:594021", f"https://uza.uz/posts/{NATIVE}")
    assert identify(address, ADDRESS, "uza") == expected


@pytest.mark.parametrize("address", LEGACY_ADDRESSES)
def test_every_address_of_a_legacy_article_gives_its_slug(address: str) -> None:
    expected = Identity(f"uza:{IMPORTED}", f"https://uza.uz/en/society/{IMPORTED}")
    assert identify(address, ADDRESS, "uza") == expected


@pytest.mark.parametrize(("address", "key", "path"), OTHERS)
def test_other_forms_give_their_id_and_canonical_url(address: str, key: str, path: str) -> None:
    assert identify(address, ADDRESS, "uza") == Identity(f"uza:{key}", f"https://uza.uz{path}")


@pytest.mark.parametrize(("address", "reason"), REFUSED)
def test_address_of_no_article_is_refused_with_its_reason(address: str, reason: str) -> None:
    with pytest.raises(NotAnArticle) as refusal:
        identify(address, ADDRESS, "uza")
    assert refusal.value.reason == reason


def test_legacy_story_and_its_import_are_one_article() -> None:
    legacy = identify(f"http://uza.uz/en/society/{IMPORTED}/?m=y", ADDRESS, "uza")
    imported = identify(f"https://uza.uz/react/posts/{IMPORTED}", ADDRESS, "uza")
    assert legacy.id == imported.id


def test_host_with_a_port_is_accepted_where_the_rules_name_it() -> None:
    rules = replace(ADDRESS, hosts=ADDRESS.hosts | {"127.0.0.1:8123"})
    found = identify(f"http://127.0.0.1:8123/en/posts/{NATIVE}", rules, "uza")
    assert found == Identity("uza:594021", f"https://uza.uz/posts/{NATIVE}")


def test_agency_stands_before_the_key() -> None:
    assert identify(f"/posts/{NATIVE}", ADDRESS, "other").id == "other:594021"


WORDS = st.from_regex(r"[a-z0-9]+(?:-[a-z0-9]+){0,8}", fullmatch=True) | st.from_regex(
    r"[а-яғҳқў]{1,8}(?:-[а-яғҳқў]{1,8}){1,5}", fullmatch=True
)
NUMBERS = st.integers(min_value=1, max_value=999_999_999_999)
DATES = st.dates(min_value=date(2008, 1, 1))
SLUGS = st.builds("{}_{}".format, WORDS, NUMBERS) | st.builds("{}-{:%d-%m-%Y}".format, WORDS, DATES)
ORIGINS = st.sampled_from(
    ["", "//uza.uz", "uza.uz", "http://uza.uz", "https://www.uza.uz/", "HTTP://UZA.uz:80"]
)
PREFIXES = st.sampled_from(["", "/en", "/oz", "/kaa", "/react", "/en/react"])
ENCODINGS: st.SearchStrategy[Callable[[str], str]] = st.sampled_from(
    [str, quote, lambda slug: quote(quote(slug))]
)
ENDINGS = st.sampled_from(
    ["", "/", "//", "?m=y", "/?m=y&print=Y", "/&print=Y", "#top", "?SECTION_CODE=a&ELEMENT_CODE=b"]
)
PIECES = st.sampled_from(
    ["https:", "//", "/", "uza.uz", "www.", ":80", ":", "@", "[", "]", "en", "posts", "_1", "#"]
) | st.sampled_from(
    ["..", "%", "%2F", "%25", "%FF", "\\", "\0", "\ud800", "\u202e", "?", "&", "ELEMENT_CODE="]
)
ANYTHING = st.text(st.characters(exclude_categories=())) | st.lists(
    PIECES | st.text(st.characters(exclude_categories=()), max_size=3), max_size=12
).map("".join)
PATHS = ANYTHING.map("https://uza.uz/posts/{}_1".format) | ANYTHING.map(
    "https://uza.uz/en/a/{}-24-01-2017".format
)


@given(SLUGS, ORIGINS, PREFIXES, ENCODINGS, ENDINGS)
def test_id_is_equal_over_all_forms_of_an_address(
    slug: str, origin: str, prefix: str, encode: Callable[[str], str], ending: str
) -> None:
    plain = identify(f"https://uza.uz/posts/{slug}", ADDRESS, "uza")
    assert identify(f"{origin}{prefix}/posts/{encode(slug)}{ending}", ADDRESS, "uza") == plain


def _accepted(text: str) -> Identity | None:
    try:
        return identify(text, ADDRESS, "uza")
    except NotAnArticle:
        return None


@given(ANYTHING | PATHS)
def test_whatever_is_accepted_has_a_sound_id(text: str) -> None:
    if identity := _accepted(text):
        convert({"id": identity.id}, Translation)
        assert identity.id.isprintable()
        assert not set(identity.id.removeprefix("uza:")) & set('/\\:*?"<>|')
        assert len(f"{identity.id}.html".encode()) < 256


@given(ANYTHING | PATHS)
def test_canonicalising_twice_changes_nothing(text: str) -> None:
    if identity := _accepted(text):
        convert({"url": identity.url}, Video)
        assert identity.url.isascii()
        assert identify(identity.url, ADDRESS, "uza") == identity


QUERIED = replace(
    ADDRESS,
    articles=(re.compile(r"(?P<path>/(?P<slug>view\.php))"), re.compile("(?P<slug>)")),
    canonical="{}",
    parameters=("id", "part"),
)


@pytest.mark.parametrize(
    ("url", "key", "path"),
    [
        ("/view.php?id=77", "view.php_77", "/view.php?id=77"),
        ("/view.php?utm_source=x&id=77&ref=mail", "view.php_77", "/view.php?id=77"),
        ("/view.php?id=77&part=a", "view.php_77_a", "/view.php?id=77&part=a"),
        ("/view.php?x=1&amp;id=77", "view.php_77", "/view.php?id=77"),
        ("/?id=77", "77", "/?id=77"),
        ("/view.php", "view.php", "/view.php"),
        ("/view.php?id=77:ferry", "view.php_77-ferry", "/view.php?id=77:ferry"),
        ("/view.php?id=й", "view.php_й", "/view.php?id=%D0%B9"),
    ],
)
def test_an_article_may_be_told_by_its_query(url: str, key: str, path: str) -> None:
    identity = identify(f"https://uza.uz{url}", QUERIED, "uza")
    assert identity == Identity(f"uza:{key}", f"https://uza.uz{path}")
    assert identify(identity.url, QUERIED, "uza") == identity


@pytest.mark.parametrize("value", ["a%2Fb", "%23", "a%20b", "%3F", "x" * 300])
def test_a_query_with_what_no_id_has_is_no_articles(value: str) -> None:
    with pytest.raises(NotAnArticle):
        identify(f"https://uza.uz/view.php?id={value}", QUERIED, "uza")
