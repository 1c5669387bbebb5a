"""What a row must say of a post that the replica made up."""

from typing import Any

from replica.post import Picture, Post

SCRIPTS = {"uz-Cyrl": "Cyrl", "uz-Latn": "Latn", "kaa-Cyrl": "Cyrl", "ru": "Cyrl", "ar": "Arab"}
LATIN = ("en", "fr", "de", "es")


def expected(post: Post) -> dict[str, Any]:
    """Return the fields of a post's first row, found by the API's list and read from its page."""
    return {
        "id": post.article_id,
        "url": post.canonical_url,
        "agency": "uza",
        "edition": post.edition,
        "language": post.language,
        "script": "Latn" if post.language in LATIN else SCRIPTS.get(post.language, "Hans"),
        "title": _written(post, post.title),
        "summary": _written(post, post.summary) if post.summary else None,
        "body": _written(post, post.body),
        "authors": [{"name": _written(post, name), "role": role} for name, role in post.authors],
        "byline_raw": post.byline,
        "credit": post.credit,
        "published_at": post.published_second,
        "published_precision": "second",
        "published_source": "api",
        "published_raw": f"{post.published_at:%H:%M / %Y-%m-%d}",
        "modified_at": f"{post.updated_at:%Y-%m-%dT%H:%M:%S}+05:00",
        "category": {"name": _written(post, post.category.name), "slug": post.category.slug},
        "tags": [{"name": _written(post, tag.name), "slug": tag.slug} for tag in post.tags],
        "images": [_image(post, picture) for picture in post.pictures],
        "videos": [{"url": post.video}] if post.video else [],
        "version": 1,
        "change": "new",
        "changed_fields": [],
    }


def _image(post: Post, picture: Picture) -> dict[str, Any]:
    caption = _written(post, picture.caption) if picture.caption else None
    return {"url": picture.url, "caption": caption, "credit": None}


def _written(post: Post, text: str) -> str:
    """Uzbek apostrophes become letters; in another language they stay as they are shown."""
    return text if post.language == "uz-Latn" else post.shown(text)
