"""The world of the replica: all posts, and their changes while it is crawled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from random import Random
from threading import RLock
from typing import Any

from crawler.system import clock
from replica.compose import LANGUAGES, compose, compose_imported, compose_legacy
from replica.post import Post

TASHKENT = timezone(timedelta(hours=5))
NEWEST_ID = 909315
# Posts per day and edition, as far as known: about 300, English about 16.
WEIGHTS = {
    "uz": 85, "oz": 80, "ru": 65, "en": 16, "fr": 11, "de": 9, "es": 10, "ar": 14, "cn": 10,
}  # fmt: skip
SECONDS_BETWEEN_POSTS = 86_400 / sum(WEIGHTS.values())


class World:
    """All posts of the replica; may be read and changed from any thread.

    ``posts`` counts those written on the current site, ``imported`` and ``legacy`` the old ones.
    ``now``: present time on the site at the start; if given, the world is deterministic.
    """

    def __init__(
        self,
        seed: int = 1,
        posts: int = 200,
        now: datetime | None = None,
        imported: int = 12,
        legacy: int = 8,
    ) -> None:
        self.seed = seed
        self.now = _in_tashkent(now or clock.now())
        self._lock = RLock()
        self._random = Random(f"{seed}:world")
        self._posts: dict[int, Post] = {}
        self._removed: dict[int, Post] = {}
        self._lists: dict[object, tuple[Post, ...]] = {}
        self._addresses: dict[str, int] = {}
        self._create_native(posts)
        self._create_old(imported, max(1_000, 100 + legacy), (2014, 2020), compose_imported)
        self._create_old(legacy, 100, (2008, 2019), compose_legacy)

    @property
    def posts(self) -> tuple[Post, ...]:
        """All existing posts, newest first."""
        return self._listed("all", lambda post: True)

    @property
    def removed(self) -> tuple[Post, ...]:
        """Posts taken down and not restored."""
        with self._lock:
            return tuple(self._removed.values())

    def listing(
        self, edition: str | None = None, category: str | None = None, *, imported: bool = True
    ) -> tuple[Post, ...]:
        """Posts in a list of the current site, newest first."""

        def shown(post: Post) -> bool:
            return (
                (post.kind == "native" or (imported and post.kind == "imported"))
                and edition in {None, post.edition}
                and category in {None, post.category.slug}
            )

        return self._listed((edition, category, imported), shown)

    def find(self, reference: str) -> Post | None:
        """Find a post by slug, number, or any slug that ends in ``_`` and its number."""
        with self._lock:
            number = self._addresses.get(reference)
            tail = reference.rpartition("_")[2]
            if number is None and tail.isascii() and tail.isdecimal():
                number = int(tail)
            return None if number is None else self._posts.get(number)

    def __getitem__(self, number: int) -> Post:
        with self._lock:
            return self._posts[number]

    def publish(
        self, edition: str | None = None, at: datetime | None = None, **fields: Any
    ) -> Post:
        """Add a post, by default now and in a random edition."""
        with self._lock:
            newest = self.listing()[:1]
            number = max([NEWEST_ID, *self._posts, *self._removed]) + self._random.randrange(1, 4)
            moment = _in_tashkent(at) if at else _after(newest, self.now)
            post = compose(self.seed, number, edition or self._draw_edition(), moment)
            return self._keep(replace(post, **fields))

    def edit(self, number: int, **fields: Any) -> Post:
        """Change fields of a post like an editor: ``updated_at`` changes, too."""
        with self._lock:
            post = self._posts[number]
            changed = {
                "updated_at": max(self.now, post.updated_at + timedelta(minutes=1)),
                **fields,
            }
            return self._keep(replace(post, **changed))

    def remove(self, number: int) -> Post:
        """Take a post down."""
        with self._lock:
            post = self._removed[number] = self._posts.pop(number)
            self._lists.clear()
            return post

    def restore(self, number: int) -> Post:
        """Restore a post that was taken down."""
        with self._lock:
            return self._keep(self._removed.pop(number))

    def _keep(self, post: Post) -> Post:
        self._posts[post.id] = post
        self._addresses[post.slug] = post.id
        self._lists.clear()
        return post

    def _listed(self, key: object, wanted: Callable[[Post], bool]) -> tuple[Post, ...]:
        with self._lock:
            if key not in self._lists:
                posts = filter(wanted, self._posts.values())
                self._lists[key] = tuple(
                    sorted(posts, key=lambda post: (post.published_at, post.id), reverse=True)
                )
            return self._lists[key]

    def _draw_edition(self) -> str:
        return self._random.choices(tuple(WEIGHTS), tuple(WEIGHTS.values()))[0]

    def _create_native(self, count: int) -> None:
        """Create posts backwards in time from now; the newest nine include every edition."""
        first = self._random.sample(tuple(LANGUAGES), len(LANGUAGES))
        number, moment = NEWEST_ID, self.now - timedelta(seconds=self._random.randrange(5, 60))
        for place in range(count):
            edition = first[place] if place < len(first) else self._draw_edition()
            self._keep(compose(self.seed, number, edition, moment))
            number -= self._random.choice((1, 1, 1, 2, 3))
            moment = self._earlier(moment)
        self._link_translations()

    def _earlier(self, moment: datetime) -> datetime:
        """Go back in time; days begin and end with a post within a minute of midnight."""
        gap = 1 + self._random.expovariate(1 / SECONDS_BETWEEN_POSTS)
        before = moment - timedelta(seconds=int(gap) + 1)
        if before.date() == moment.date():
            return before
        first = moment.replace(hour=0, minute=0, second=20)
        return first if first < moment else first - timedelta(seconds=60)

    def _link_translations(self) -> None:
        posts = sorted(self._posts.values(), key=lambda post: post.id)
        for start in range(0, len(posts) - 3, 8):
            group = {post.edition: post for post in posts[start : start + 4]}
            for post in group.values():
                others = tuple(other.id for other in group.values() if other.id != post.id)
                self._posts[post.id] = replace(post, translations=others)

    def _create_old(
        self,
        count: int,
        first: int,
        years: tuple[int, int],
        composed: Callable[[int, int, datetime], Post],
    ) -> None:
        start, end = datetime(years[0], 12, 1), datetime(years[1], 7, 1)
        step = (end - start) / max(count, 1)
        for place in range(count):
            moment = start + step * place + timedelta(seconds=self._random.randrange(80_000))
            post = composed(self.seed, first + place, moment.replace(microsecond=0))
            if post.slug not in self._addresses:
                self._keep(post)


def _in_tashkent(moment: datetime) -> datetime:
    local = moment if moment.tzinfo is None else moment.astimezone(TASHKENT)
    return local.replace(tzinfo=None, microsecond=0)


def _after(newest: tuple[Post, ...], now: datetime) -> datetime:
    if not newest:
        return now
    return max(now, newest[0].published_at + timedelta(seconds=7))
