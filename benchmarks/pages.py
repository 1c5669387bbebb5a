"""Article pages as large as real ones: those of the replica with more boilerplate."""

import gzip
from collections.abc import Iterator
from random import Random

from replica.messages import Request
from replica.options import Options
from replica.post import Post
from replica.site import Site
from replica.world import World

SIZE = 60_000  # bytes of a page, uncompressed


def pages(number: int) -> Iterator[tuple[Post, bytes]]:
    """Yield posts with their pages, each of ``SIZE`` bytes or slightly more, as gzip."""
    for post, page in bare_pages(number):
        yield post, gzip.compress(_furnished(page, post.id), mtime=0)


def bare_pages(number: int) -> Iterator[tuple[Post, bytes]]:
    """Yield posts with the replica's pages: a few KB, uncompressed."""
    world = World(seed=5, posts=number, imported=0, legacy=0)
    site = Site(world, Options())
    for post in world.posts:
        yield post, site.answer(Request("GET", post.path, {}, 0.0)).body


def _furnished(page: bytes, seed: int) -> bytes:
    """Add a block of links before the end of the body, as sites have below an article."""
    random, links = Random(seed), []
    missing = SIZE - len(page)
    while missing > 0:
        name = "".join(random.choices("abcdeghiklmnoprstuvz", k=random.randint(20, 60)))
        links.append(
            f'<li class="small-list__item"><a class="small-list__link" href="/posts/{name}_'
            f'{random.randint(10**5, 10**6)}"><span>{name.title()}</span></a></li>'
        )
        missing -= len(links[-1])
    block = f'<aside class="aside"><ul>{"".join(links)}</ul></aside></body>'
    return page.replace(b"</body>", block.encode())
