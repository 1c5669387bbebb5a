import gzip
import http.client
import re
import xml.etree.ElementTree as ElementTree
from html import escape, unescape

import pytest

from replica import Replica
from replica.post import Post
from tests.replica.client import Reply, fetch


def native(replica: Replica, edition: str = "en") -> Post:
    return replica.world.listing(edition, imported=False)[0]


def kind(replica: Replica, name: str) -> list[Post]:
    return [post for post in replica.world.posts if post.kind == name]


@pytest.mark.parametrize("prefix", ["", "/en", "/ar", "/react", "/en/react", "/oz"])
@pytest.mark.parametrize("shape", ["{slug}", "{slug}/", "{id}", "_{id}", "{slug}?q=%2Freact"])
def test_any_prefix_serves_any_post(replica: Replica, prefix: str, shape: str) -> None:
    post = native(replica)
    reply = fetch(replica, f"{prefix}/posts/{shape.format(slug=post.slug, id=post.id)}")
    assert reply.status == 200
    assert f'<div class="news-top-head__title">{escape(post.title)}</div>' in reply.text


def test_an_article_page_shows_the_post_between_boilerplate(replica: Replica) -> None:
    for post in replica.world.listing(imported=False):
        text = unescape(fetch(replica, post.path).text)
        assert 9_000 < len(text) < 30_000
        assert f"{post.published_at:%H:%M / %Y-%m-%d}" in text
        assert f"<h4>{post.shown(post.summary or '')}</h4>" in text
        for paragraph in post.paragraphs:
            assert post.shown(paragraph) in text
        assert (post.byline or "") in text


def test_a_video_stands_as_escaped_iframe_code(replica: Replica) -> None:
    post = replica.world.publish("en", video="https://video.example/embed/1")
    text = fetch(replica, post.path).text
    assert "<pre><code>&lt;iframe" in text
    assert "https://video.example/embed/1" in text


@pytest.mark.parametrize(
    ("echo", "first"),
    [
        ("same", "<p>The lead.</p>\n<p>The rest.</p>"),
        ("continued", "<p>The lead. The rest.</p>"),
        ("glued", "<p>The lead.The rest.</p>"),
        ("varied", "<h4>The lead.</h4><p>The rest.</p>"),
        ("none", "<h4>The lead.</h4><p>The rest.</p>"),
    ],
)
def test_an_imported_post_repeats_its_lead(replica: Replica, echo: str, first: str) -> None:
    post = kind(replica, "imported")[0]
    replica.world.edit(
        post.id,
        summary="The lead.",
        paragraphs=("The rest.",),
        echo=echo,
        noise=frozenset(),
        pictures=(),
    )
    assert first in fetch(replica, post.path).text


def test_noise_stands_in_the_text(replica: Replica) -> None:
    noise = frozenset({"gallery", "filename", "title", "space", "counter"})
    source = next(post for post in replica.world.posts if post.pictures)
    post = replica.world.publish("en", noise=noise, pictures=source.pictures, views=5153)
    text = fetch(replica, post.path).text
    assert "[gallery-" in text
    assert f"<p>{source.pictures[0].file}</p>" in text
    assert f"<p>{escape(post.title, quote=False)}</p>" in text
    assert "&nbsp;</p>" in text
    assert "<p>5 153</p>" in text


@pytest.mark.parametrize(
    ("query", "date"),
    [("", "%d.%m.%Y %H:%M"), ("?m=y", "%d.%m.%Y %H:%M"), ("?print=Y", "%d.%m.%Y %H:%M:%S")],
)
def test_a_legacy_page_is_in_order(replica: Replica, query: str, date: str) -> None:
    for old in kind(replica, "legacy"):
        post = replica.world.edit(old.id, date_form="minute")
        text = fetch(replica, post.path + query).text
        order = [
            f"{post.published_at:{date}}<",
            post.shown(post.title),
            post.shown(post.title),
            *(post.shown(paragraph) for paragraph in post.body_paragraphs),
            *([post.byline] if post.byline else []),
            f"{post.views:,}".replace(",", " "),
        ]
        rest = unescape(text)
        for part in order:
            _, found, rest = rest.partition(part)
            assert found == part


def test_legacy_markup_is_drawn_from_the_seed() -> None:
    def broken_lines(seed: int) -> list[bool]:
        with Replica(seed=seed, posts=1) as replica:
            posts = kind(replica, "legacy")
            return ["<br><br>" in fetch(replica, post.path).text for post in posts]

    assert set(broken_lines(7)) == {True, False}
    assert broken_lines(7) != broken_lines(8)


def test_the_date_forms_of_legacy_pages(replica: Replica) -> None:
    post = kind(replica, "legacy")[0]
    replica.world.edit(post.id, date_form="day")
    assert re.search(rf"[>\n]{post.published_at:%d.%m.%Y}<", fetch(replica, post.path).text)
    replica.world.edit(post.id, date_form="campaign")
    assert f"{post.published_at:%d.%m.%Y %H:%M} 25 ta kitob" in fetch(replica, post.path).text


def test_an_imported_post_may_stand_on_the_legacy_site_too() -> None:
    with Replica(seed=7, posts=10) as replica:
        post = kind(replica, "imported")[0]
        replica.world.edit(post.id, section="culture")
        assert "news-top-head" in fetch(replica, post.path).text
        assert "news-top-head" not in fetch(replica, f"/{post.edition}/culture/{post.slug}").text


def test_lists_are_paged_and_reach_every_post(replica: Replica) -> None:
    seen: list[str] = []
    page, more = 1, True
    while more:
        text = fetch(replica, f"/uz/?page={page}").text
        seen += [part.split('"')[0] for part in text.split('small-news__title" href="')[1:]]
        page, more = page + 1, "pager__next" in text
    assert seen == [f"/posts/{post.slug}" for post in replica.world.listing("uz")]


@pytest.mark.parametrize("path", ["/", "/en/", "/en", "/en/posts", "/en/posts/category/sport"])
def test_list_addresses_answer(replica: Replica, path: str) -> None:
    assert 'class="last-news-list"' in fetch(replica, path).text


def feed(replica: Replica, edition: str) -> ElementTree.Element:
    return ElementTree.fromstring(fetch(replica, f"/{edition}/rss").text)


@pytest.mark.parametrize("edition", ["ru", "uz", "oz", "en"])
def test_a_feed_has_the_newest_posts(replica: Replica, edition: str) -> None:
    posts = replica.world.listing(edition, imported=False)[:20]
    items = feed(replica, edition).findall("channel/item")
    assert [item.findtext("title") for item in items] == [post.shown(post.title) for post in posts]
    assert items[0].findtext("pubDate", "").endswith("+0500")
    assert items[0].findtext("link") == f"{replica.site_url}/{edition}/posts/{posts[0].slug}"


def test_enclosures_of_a_feed_are_small_pictures(replica: Replica) -> None:
    enclosures = feed(replica, "oz").findall("channel/item/enclosure")
    assert enclosures
    assert all("_small." in enclosure.get("url", "") for enclosure in enclosures)


@pytest.mark.parametrize("edition", ["fr", "de", "es", "ar", "cn", "tr"])
def test_other_editions_have_no_feed(replica: Replica, edition: str) -> None:
    assert fetch(replica, f"/{edition}/rss").status == 404


def test_robots_can_be_set_and_taken_away(replica: Replica) -> None:
    assert fetch(replica, "/robots.txt").status == 200
    replica.options.robots = "User-agent: *\nCrawl-delay: 2\n"
    assert "Crawl-delay: 2" in fetch(replica, "/robots.txt").text
    replica.options.robots = None
    assert fetch(replica, "/robots.txt").status == 404


def test_a_sitemap_is_there_only_when_switched_on(replica: Replica) -> None:
    assert fetch(replica, "/sitemap.xml").status == 404
    replica.options.sitemap = True
    text = fetch(replica, "/sitemap.xml").text
    assert text.count("<url>") == len(replica.world.listing())


def missing(replica: Replica) -> Reply:
    return fetch(replica, "/en/posts/never-written_123")


def test_a_missing_post_answers_as_switched(replica: Replica) -> None:
    assert missing(replica).status == 404
    replica.options.missing = "shell"
    assert (missing(replica).status, "content-block" in missing(replica).text) == (200, False)
    replica.options.missing = "front"
    assert (missing(replica).status, missing(replica).headers["location"]) == (302, "/")


def test_a_removed_post_is_missing(replica: Replica) -> None:
    post = replica.world.remove(native(replica).id)
    assert fetch(replica, post.path).status == 404
    replica.world.restore(post.id)
    assert fetch(replica, post.path).status == 200


def test_an_edit_shows_at_once(replica: Replica) -> None:
    post = native(replica)
    fetch(replica, post.path)
    replica.world.edit(post.id, title="Rewritten headline")
    assert "Rewritten headline" in fetch(replica, post.path).text


@pytest.mark.parametrize(
    ("validator", "header"), [("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")]
)
def test_validators_spare_an_unchanged_page(replica: Replica, validator: str, header: str) -> None:
    post = native(replica)
    told = {header: fetch(replica, post.path).headers[validator]}
    spared = fetch(replica, post.path, **told)
    assert (spared.status, spared.body) == (304, b"")
    replica.world.edit(post.id, title="Rewritten headline")
    assert fetch(replica, post.path, **told).status == 200


def test_validators_can_be_switched_off(replica: Replica) -> None:
    replica.options.validators = False
    assert "etag" not in fetch(replica, native(replica).path, If_None_Match="*").headers


def test_a_restless_site_changes_its_counters_only(replica: Replica) -> None:
    post = replica.world.edit(native(replica).id, noise=frozenset({"counter"}))
    assert fetch(replica, post.path).body == fetch(replica, post.path).body
    replica.options.restless = True
    assert fetch(replica, post.path).body != fetch(replica, post.path).body


def test_changed_markup_has_other_classes_and_another_date(replica: Replica) -> None:
    replica.options.changed = True
    post = native(replica)
    text = fetch(replica, post.path).text
    assert "content-block" not in text
    assert "news-top-head" not in text
    assert f"{post.published_at:%H:%M / %Y}" not in text.split("cards")[0]
    assert post.paragraphs[0] in unescape(text)
    assert "small-news__title" not in fetch(replica, "/en/").text


def test_gzip_is_used_when_the_client_takes_it(replica: Replica) -> None:
    path = native(replica).path
    plain, packed = fetch(replica, path), fetch(replica, path, Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    replica.options.gzip = False
    assert fetch(replica, path, Accept_Encoding="gzip").body == plain.body


def test_a_head_request_gets_no_body(replica: Replica) -> None:
    reply = fetch(replica, native(replica).path, "HEAD")
    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["content-length"]) > 1_000


def test_other_methods_are_refused(replica: Replica) -> None:
    assert fetch(replica, "/", "POST").status == 405


def test_a_connection_serves_many_requests(replica: Replica) -> None:
    connection = http.client.HTTPConnection(replica.site_url.removeprefix("http://"), timeout=10)
    for post in replica.world.listing()[:5]:
        connection.request("GET", post.path)
        assert post.shown(post.title).encode()[:10] in connection.getresponse().read()
    connection.close()


@pytest.mark.parametrize(
    "path", ["/xx/", "/favicon.ico", "/en/society/none-01-01-2015", "/a/b/c/d"]
)
def test_unknown_addresses_answer_404(replica: Replica, path: str) -> None:
    assert fetch(replica, path).status == 404
