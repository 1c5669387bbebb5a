import pytest

from replica import Replica
from tests.replica.client import fetch

API = "/api/v1"


def read_list(replica: Replica, edition: str, per_page: int) -> list[int]:
    """Read a list to its end as a client does, page after page."""
    numbers: list[int] = []
    page, last = 1, 1
    while page <= last:
        target = f"{API}/posts?page={page}&per_page={per_page}&_f=json&_l={edition}"
        answer = fetch(replica, target).json
        numbers += [post["id"] for post in answer["data"]]
        page, last = page + 1, answer["last_page"]
    return numbers


def test_the_pages_of_a_list_add_up_to_the_edition(replica: Replica) -> None:
    assert read_list(replica, "uz", 5) == [post.id for post in replica.world.listing("uz")]


def test_a_list_without_edition_has_all_of_them(replica: Replica) -> None:
    answer = fetch(replica, f"{API}/posts?per_page=50").json
    assert answer["total"] == len(replica.world.listing())


def test_a_paginator_tells_where_it_is(replica: Replica) -> None:
    answer = fetch(replica, f"{API}/posts?page=2&per_page=10").json
    assert (answer["current_page"], answer["per_page"], answer["last_page"]) == (2, 10, 8)
    assert answer["next_page_url"] == f"{replica.api_url}/posts?page=3"
    assert answer["prev_page_url"] == f"{replica.api_url}/posts?page=1"


def test_per_page_is_capped_and_may_be_text(replica: Replica) -> None:
    replica.options.per_page_cap = 7
    replica.options.per_page_as_text = True
    answer = fetch(replica, f"{API}/posts?per_page=100").json
    assert (answer["per_page"], len(answer["data"])) == ("7", 7)


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "per_page=", "sort=-publish_time", "page=99"]
)
def test_odd_queries_are_answered_with_a_paginator(replica: Replica, query: str) -> None:
    assert "data" in fetch(replica, f"{API}/posts?{query}&filter%5Bid%5D=1").json


def test_imported_posts_can_be_left_out_of_lists(replica: Replica) -> None:
    replica.options.imported_in_lists = False
    assert read_list(replica, "uz", 50) == [
        post.id for post in replica.world.listing("uz", imported=False)
    ]


def test_the_last_posts_come_as_a_bare_array(replica: Replica) -> None:
    answer = fetch(replica, f"{API}/posts/last?_l=uz").json
    assert [post["id"] for post in answer] == [post.id for post in replica.world.listing("uz")[:20]]


def test_a_category_lists_its_own_posts(replica: Replica) -> None:
    answer = fetch(replica, f"{API}/posts/category/sport?_l=uz&per_page=50").json
    assert {post["category"]["slug"] for post in answer["data"]} == {"sport"}


@pytest.mark.parametrize("path", ["posts/video", "posts/search?q=library", "photo-bank"])
def test_the_other_lists_have_paginators(replica: Replica, path: str) -> None:
    assert "last_page" in fetch(replica, f"{API}/{path}").json


@pytest.mark.parametrize("shape", ["{slug}", "{id}"])
def test_a_post_comes_by_slug_or_number(replica: Replica, shape: str) -> None:
    post = next(post for post in replica.world.posts if post.translations and post.tags)
    target = f"{API}/posts/{shape.format(slug=post.slug, id=post.id)}?include=tags,translations"
    answer = fetch(replica, target).json["data"]
    assert answer["slug"] == post.slug
    assert answer["title"] == post.shown(post.title)
    assert answer["description"] == post.shown(post.summary or "")
    assert answer["publish_time"] == f"{post.published_at:%Y-%m-%d %H:%M:%S}"
    assert isinstance(answer["lang"], int)
    assert [tag["slug"] for tag in answer["tags"]] == [tag.slug for tag in post.tags]
    assert [other["id"] for other in answer["translations"]] == list(post.translations)
    assert post.shown(post.paragraphs[-1]).split("&")[0] in answer["content"]


def test_an_imported_post_comes_by_its_slug(replica: Replica) -> None:
    post = next(post for post in replica.world.posts if post.kind == "imported")
    answer = fetch(replica, f"{API}/posts/{post.slug}").json["data"]
    assert (answer["slug"], answer["old_id"]) == (post.slug, post.id * 3)


def test_tags_and_translations_come_only_when_asked_for(replica: Replica) -> None:
    post = replica.world.posts[0]
    answer = fetch(replica, f"{API}/posts/{post.id}").json["data"]
    assert not {"tags", "translations"} & set(answer)


def test_a_detail_may_come_without_a_wrapper(replica: Replica) -> None:
    replica.options.wrapped_detail = False
    post = replica.world.posts[0]
    assert fetch(replica, f"{API}/posts/{post.id}").json["id"] == post.id


def test_files_may_be_a_list(replica: Replica) -> None:
    post = next(post for post in replica.world.listing() if post.pictures)
    target = f"{API}/posts/{post.slug}"
    one = fetch(replica, target).json["data"]["files"]
    replica.options.files_as_list = True
    assert fetch(replica, target).json["data"]["files"] == [one]
    assert one["thumbnails"]["small"]["src"] == post.pictures[0].sized("_small")


@pytest.mark.parametrize("path", ["posts/none_5", "posts/5", "nothing", "posts/1/2", ""])
def test_what_is_missing_answers_404_in_json(replica: Replica, path: str) -> None:
    reply = fetch(replica, f"{API}/{path}")
    assert (reply.status, reply.json["status"]) == (404, 404)


def test_the_api_can_be_taken_away(replica: Replica) -> None:
    replica.options.api = False
    reply = fetch(replica, f"{API}/posts")
    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_a_list_shifts_while_it_is_read(replica: Replica) -> None:
    before = [post.id for post in replica.world.listing("uz")]
    replica.options.shift = 2
    seen = read_list(replica, "uz", 5)
    assert len(seen) > len(set(seen))
    assert set(before) <= set(seen)
    assert len(replica.world.listing("uz")) > len(before)


def test_html_lists_shift_too(replica: Replica) -> None:
    replica.options.shift = 1
    assert fetch(replica, "/en/").body != fetch(replica, "/en/").body
