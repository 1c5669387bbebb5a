"""The JSON API of the replica: lists with a paginator, single posts."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from replica.markup import content
from replica.options import Options
from replica.post import CDN, Label, Picture, Post
from replica.world import World

LANGUAGE_NUMBERS = {
    "uz": 1, "ru": 2, "en": 3, "oz": 4, "fr": 5, "de": 6, "es": 7, "ar": 8, "cn": 9,
}  # fmt: skip
_DEFAULT_PER_PAGE = 15


def page_of(
    posts: Sequence[Post], query: Mapping[str, str], address: str, options: Options
) -> dict[str, Any]:
    """One page of a list, with the paginator around it."""
    per_page = min(max(number(query, "per_page", _DEFAULT_PER_PAGE), 1), options.per_page_cap)
    page, last = max(number(query, "page", 1), 1), max(1, -(-len(posts) // per_page))
    shown = posts[(page - 1) * per_page : page * per_page]
    return {
        "current_page": page,
        "data": [summary_of(post, options) for post in shown],
        "last_page": last,
        "next_page_url": f"{address}?page={page + 1}" if page < last else None,
        "per_page": str(per_page) if options.per_page_as_text else per_page,
        "prev_page_url": f"{address}?page={page - 1}" if page > 1 else None,
        "total": len(posts),
    }


def number(query: Mapping[str, str], name: str, default: int) -> int:
    """Parse a number in the query; invalid values count as missing."""
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() else default


def summary_of(post: Post, options: Options) -> dict[str, Any]:
    """A post as the lists show it: without its text."""
    return {
        "id": post.id,
        "old_id": post.id * 3 if post.kind == "imported" else None,
        "lang": LANGUAGE_NUMBERS[post.edition],
        "title": post.shown(post.title),
        "slug": post.slug,
        "description": post.shown(post.summary or ""),
        "type": 1,
        "publish_time": f"{post.published_at:%Y-%m-%d %H:%M:%S}",
        "created_at": f"{post.published_at:%Y-%m-%d %H:%M:%S}",
        "updated_at": f"{post.updated_at:%Y-%m-%d %H:%M:%S}",
        "category": _label(post, post.category),
        "theme_id": None,
        "viewed": post.views,
        "files": _files(post, options),
    }


def detail_of(post: Post, world: World, include: str, options: Options) -> dict[str, Any]:
    """A single post, with the parts that ``include`` asks for."""
    detail = summary_of(post, options) | {"content": content(post)}
    if "tags" in include:
        detail["tags"] = [_label(post, tag) for tag in post.tags]
    if "theme" in include:
        detail["theme"] = None
    if "translations" in include:
        found = [world.find(f"_{number}") for number in post.translations]
        detail["translations"] = [_translation(other) for other in found if other]
    return {"data": detail} if options.wrapped_detail else detail


def encoded(answer: object) -> bytes:
    """Encode a response as JSON, with non-ASCII letters escaped like PHP does."""
    return json.dumps(answer).encode()


def _label(post: Post, label: Label) -> dict[str, Any]:
    return {"id": label.id, "title": post.shown(label.name), "slug": label.slug}


def _translation(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "lang": LANGUAGE_NUMBERS[post.edition],
        "title": post.shown(post.title),
        "slug": post.slug,
    }


def _files(post: Post, options: Options) -> Any:
    files = [_file(post, picture) for picture in post.pictures[:1]]
    if options.files_as_list:
        return files
    return files[0] if files else None


def _file(post: Post, picture: Picture) -> dict[str, Any]:
    return {
        "domain": CDN,
        "folder": picture.folder,
        "file": picture.file,
        "description": post.shown(picture.caption) if picture.caption else None,
        "thumbnails": {
            size: {"src": picture.sized(f"_{size}")} for size in ("small", "normal", "front")
        },
    }
