import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Thread
from typing import get_args

import pytest

from replica import World
from replica.compose import LANGUAGES, compose, compose_imported, compose_legacy
from replica.post import Echo, Post

NOW = datetime(2026, 11, 24, 0, 40)


@pytest.fixture(scope="module")
def big() -> World:
    return World(seed=3, posts=700, now=NOW, imported=60, legacy=60)


@pytest.fixture
def world() -> World:
    return World(seed=7, posts=40, now=NOW)


def compose_anew() -> None:
    """Forget all posts."""
    for composed in (compose, compose_imported, compose_legacy):
        composed.cache_clear()


def test_a_post_is_composed_once() -> None:
    assert compose(7, 5, "en", NOW) is compose(7, 5, "en", NOW)


def test_the_same_seed_gives_the_same_world(world: World) -> None:
    compose_anew()
    assert World(seed=7, posts=40, now=NOW).posts == world.posts


def test_another_seed_gives_another_world(world: World) -> None:
    assert World(seed=8, posts=40, now=NOW).posts != world.posts


def test_worlds_of_one_seed_publish_the_same_posts(world: World) -> None:
    published = world.publish()
    compose_anew()
    assert World(seed=7, posts=40, now=NOW).publish() == published


def test_many_legacy_articles_leave_the_imported_posts_alone() -> None:
    kinds = Counter(post.kind for post in World(posts=0, imported=3, legacy=950, now=NOW).posts)
    assert kinds["imported"] == 3


def test_posts_are_listed_newest_first(big: World) -> None:
    times = [post.published_at for post in big.posts]
    assert times == sorted(times, reverse=True)
    assert NOW - timedelta(minutes=1) <= times[0] < NOW


def test_ids_grow_with_time_by_irregular_steps(big: World) -> None:
    numbers = [post.id for post in big.listing(imported=False)]
    steps = {newer - older for newer, older in pairwise(numbers)}
    assert steps == {1, 2, 3}


def test_about_three_hundred_posts_a_day(big: World) -> None:
    posts = big.listing(imported=False)
    days = (posts[0].published_at - posts[-1].published_at) / timedelta(days=1)
    assert 240 < len(posts) / days < 360


def test_english_has_about_one_post_in_twenty(big: World) -> None:
    counts = Counter(post.edition for post in big.listing(imported=False))
    assert 15 < counts["en"] < 65


def test_the_newest_nine_posts_show_every_edition(big: World) -> None:
    assert {post.edition for post in big.posts[:9]} == set(LANGUAGES)


def test_days_begin_and_end_near_midnight(big: World) -> None:
    minutes = {f"{post.published_at:%H:%M}" for post in big.listing(imported=False)}
    assert {"00:00", "23:59"} <= minutes


def test_a_native_post_is_known_by_its_number(big: World) -> None:
    for post in big.listing(imported=False):
        assert post.slug.endswith(f"_{post.id}")
        assert post.article_id == f"uza:{post.id}"
        assert post.canonical_url == f"https://uza.uz/posts/{post.slug}"


def test_an_imported_post_is_known_by_its_slug(big: World) -> None:
    imported = [post for post in big.posts if post.kind == "imported"]
    assert {post.echo for post in imported} == set(get_args(Echo)) - {"none"}
    assert any(not post.slug[-1].isdecimal() for post in imported)
    for post in imported:
        assert post.article_id == f"uza:{post.slug}"
        assert post.published_at < datetime(2020, 11, 1)


def test_a_legacy_article_is_known_by_its_slug_and_stands_in_a_section(big: World) -> None:
    legacy = [post for post in big.posts if post.kind == "legacy"]
    assert {post.date_form for post in legacy} == {"minute", "day", "campaign"}
    for post in legacy:
        assert post.canonical_url == f"https://uza.uz/{post.edition}/{post.section}/{post.slug}"
        assert post.summary is None


def test_the_lead_stands_once_and_first_in_the_body(big: World) -> None:
    for post in big.posts:
        if post.summary and post.echo != "varied":
            assert post.body.startswith(post.summary)
            assert post.body.count(post.summary) == 1


def test_every_language_and_many_kinds_of_byline_occur(big: World) -> None:
    assert {post.language for post in big.posts} == {*LANGUAGES.values(), "kaa-Cyrl"}
    assert any(post.byline is None for post in big.posts)
    assert any(post.byline and not post.authors for post in big.posts)
    assert {role for post in big.posts for _, role in post.authors} == {"author", "photo"}


def test_translations_point_at_each_other_in_other_editions(big: World) -> None:
    linked = [post for post in big.posts if post.translations]
    assert linked
    for post in linked:
        for number in post.translations:
            assert post.id in big[number].translations
            assert big[number].edition != post.edition


def test_publishing_adds_a_newer_post_with_a_higher_number(world: World) -> None:
    before = world.posts[0]
    post = world.publish("en", title="Bridge opened")
    assert world.posts[0] == post
    assert (post.edition, post.title) == ("en", "Bridge opened")
    assert post.id > before.id
    assert post.published_at > before.published_at


def test_an_aware_time_is_taken_as_tashkent_time(world: World) -> None:
    post = world.publish(at=datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    assert post.published_second == "2026-11-24T01:00:00+05:00"


def test_editing_changes_fields_and_the_time_of_change(world: World) -> None:
    before = world.posts[3]
    after = world.edit(before.id, paragraphs=("Rewritten.",))
    assert world[before.id] == after
    assert after.body_paragraphs[-1] == "Rewritten."
    assert after.updated_at > before.updated_at


def test_a_removed_post_is_gone_until_restored(world: World) -> None:
    post = world.remove(world.posts[3].id)
    assert post not in world.posts
    assert world.find(post.slug) is None
    assert world.removed == (post,)
    world.restore(post.id)
    assert world.find(post.slug) == post


def test_posts_are_snapshots(world: World) -> None:
    with pytest.raises(FrozenInstanceError):
        world.posts[0].title = "Other"  # type: ignore[misc]


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Let threads take turns so often that a missing lock shows."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hasty_threads")
def test_publishing_from_many_threads_loses_nothing(world: World) -> None:
    before = len(world.posts)

    def publish_ten() -> None:
        for _ in range(10):
            world.publish()

    threads = [Thread(target=publish_ten) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.posts) == before + 80


@pytest.mark.parametrize("shape", ["{slug}", "{id}", "_{id}", "other-words_{id}"])
def test_a_native_post_is_found_by_any_form_of_its_number(world: World, shape: str) -> None:
    post = world.listing("en", imported=False)[0]
    assert world.find(shape.format(slug=post.slug, id=post.id)) == post


def test_apostrophes_are_shown_as_the_post_types_them(big: World) -> None:
    latin = [post for post in big.posts if post.language == "uz-Latn"]
    assert len({post.apostrophe for post in latin}) == 5
    post: Post = latin[0]
    assert post.shown("oʻzbek maʼno") == f"o{post.apostrophe}zbek ma{post.apostrophe}no"
