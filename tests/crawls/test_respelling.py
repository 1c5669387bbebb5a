"""A site that writes all it has published in another alphabet, in one night."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tantivy", reason="tantivy is not installed: make data")
from crawler.browse.engine import Engine
from crawler.browse.index import DATABASE, WORDS, bring_up_to_date
from crawler.browse.search import Asked, Library, search
from crawler.store.reader import ArchiveReader
from crawler.text.orthography import in_new_letters
from replica import Replica
from replica.post import Post
from replica.world import World
from tests.crawls.harness import NOW, Crawl

ARTICLES = 300
EDITED = 2
LATIN = ("-a", "editions=oz")
LATIN_LETTERS = "oʻ gʻ sh ch yo yu ya a b d e f g h i j k l m n o p q r s t u v x y z"
CYRILLIC_LETTERS = "ў ғ ш ч ё ю я а б д е ф г ҳ и ж к л м н о п қ р с т у в х й з"


def respelled(text: str | None) -> str | None:
    return in_new_letters(text) if text else text


def in_cyrillic(title: str) -> str:
    for latin, letters in zip(LATIN_LETTERS.split(), CYRILLIC_LETTERS.split(), strict=True):
        title = title.replace(latin, letters).replace(latin.title(), letters.title())
    return title


def in_new_spelling(post: Post) -> dict[str, object]:
    return {
        "title": respelled(post.title),
        "summary": respelled(post.summary),
        "paragraphs": tuple(map(respelled, post.paragraphs)),
        "byline": respelled(post.byline),
        "updated_at": post.updated_at,
    }


@pytest.fixture
def world() -> World:
    world = World(seed=7, posts=0, now=NOW, imported=0, legacy=0)
    for number in range(ARTICLES):
        world.publish("oz", at=NOW - timedelta(minutes=20 * (ARTICLES - number)))
    return world


def test_a_respelled_edition_is_not_edited_but_for_what_was(world: World, crawl: Crawl) -> None:
    with Replica(world) as replica:
        crawl.settings |= {"UZA_SITE_URL": replica.site_url, "UZA_API_URL": replica.api_url}
        since = f"since={(NOW - timedelta(days=9)).date()}"
        assert crawl(*LATIN, "-a", since).outcomes == {"new": ARTICLES}
        assert {row["orthography"] for row in crawl.rows()} == {"1995"}
        edited = [post.article_id for post in world.posts[:EDITED]]
        for post in world.posts:
            new = in_new_spelling(post)
            if post.article_id in edited:
                new["paragraphs"] = (*post.paragraphs, "Yana bir gap qöşildi.")
            world.edit(post.id, **new)
        run = crawl(*LATIN, "-a", "revisit=all")
    assert run.outcomes == {"edited": EDITED, "respelled": ARTICLES - EDITED}
    assert "monitor" not in run.log
    later = [row for row in crawl.rows() if row["version"] == 2]
    assert sorted(row["id"] for row in later if row["change"] == "edited") == sorted(edited)
    assert {row["orthography"] for row in later if row["change"] == "respelled"} == {"2026"}
    first = {row["id"]: row for row in crawl.rows() if row["version"] == 1}
    for row in later:
        assert [person["role"] for person in row["authors"]] == [
            person["role"] for person in first[row["id"]]["authors"]
        ]
    assert f"exit code 0: {EDITED} edited, {ARTICLES - EDITED} respelled" in run.log
    assert _found_in_all_spellings(crawl.data / "uza", first)


def _found_in_all_spellings(archive: Path, rows: dict[str, dict[str, Any]]) -> bool:
    """Tell whether ``scrapy browse`` finds each article by its title in all spellings."""
    with ArchiveReader(archive) as reader:
        bring_up_to_date([reader], archive)
    titles = [
        (name, spell(row["title"]))
        for name, row in rows.items()
        for spell in (str, respelled, in_cyrillic)
    ]
    with closing(sqlite3.connect(archive / DATABASE)) as database:
        library = Library(Engine(archive / WORDS), database)
        return len(titles) == 3 * ARTICLES and all(
            name in {found["id"] for found in search(library, Asked(f'"{title}"')).articles}
            for name, title in titles
        )
