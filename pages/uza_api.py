"""A post from UzA's JSON API, read when its page has no text."""

import html
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborNode

from crawler.extract.errors import EmptyPage, OtherPage, UnreadablePage
from crawler.extract.html import paragraphs, parse_fragment, plain_text
from crawler.extract.media import PICTURES, absolute, largest, pictures, videos
from crawler.extract.page import ArticlePage
from crawler.model.article import Image, Label, Translation, Video
from crawler.model.identity import Identity, NotAnArticle, identify
from pages.uza_rules import RULES


class UzaApiPost(ArticlePage):
    """A post of ``/posts/{slug or id}``, perhaps wrapped in ``data``.

    The names of its fields are probable, not confirmed.
    """

    rules = RULES
    layout = "api"
    source = "api"

    CONTENT = ("content", "body")
    SIZES = ("front", "normal", "small")

    def matches(self) -> bool:
        """Return whether it is a single post with text, pictures or videos."""
        if not self.document.is_json or self._post.keys().isdisjoint(self.CONTENT):
            return False
        return bool(self.title and (self.body or self.images or self.videos))

    def explain(self) -> UnreadablePage | None:
        """Distinguish a post without text from a response that is not a post."""
        if not self.document.is_json:
            return None
        if self._post.get("title"):
            return EmptyPage(f"{self.document.url}: the post has no text")
        return OtherPage(f"{self.document.url}: the response is not a post")

    @cached_property
    def _post(self) -> dict[str, Any]:
        answer = self.document.json
        if isinstance(answer, dict) and isinstance(answer.get("data"), dict):
            answer = answer["data"]
        return answer if isinstance(answer, dict) else {}

    @cached_property
    def _content(self) -> LexborNode:
        """The text as HTML. If an editor's mistake escaped it twice, it is unescaped once."""
        source = next((text for name in self.CONTENT if (text := _text(self._post, name))), "")
        source = source if "<" in source else html.unescape(source)
        return parse_fragment(source if "<" in source else "<br>".join(source.splitlines()))

    @property
    def ids(self) -> frozenset[str]:
        """The id by the post's number, and that by its slug if it may be an imported post."""
        number, slug = str(self._post.get("id")), _text(self._post, "slug")
        stem, _, tail = slug.rpartition("_")
        own = number if number.isdecimal() else slug
        names = (own, stem if tail.isdecimal() else slug)
        return frozenset(identity.id for name in names if name and (identity := _identify(name)))

    @cached_property
    def title(self) -> str:
        """The headline."""
        return plain_text(_text(self._post, "title"))

    @cached_property
    def summary(self) -> str | None:
        """The lead, which pages show above the text."""
        return plain_text(_text(self._post, "description")) or None

    @cached_property
    def body(self) -> str:
        """The lead and the text, as pages show them."""
        lead = [self.summary] if self.summary else []
        return "\n\n".join(lead + paragraphs(self._content))

    @property
    def published_raw(self) -> str | None:
        """The time of publication, with seconds."""
        return _text(self._post, "publish_time") or None

    @property
    def modified_raw(self) -> str | None:
        """The time of the last change."""
        return _text(self._post, "updated_at") or None

    @property
    def category(self) -> Label | None:
        """The section."""
        return _label(self._post.get("category"))

    @property
    def tags(self) -> list[Label]:
        """The tags."""
        labels = (_label(tag) for tag in _list(self._post, "tags"))
        return [label for label in labels if label]

    @cached_property
    def images(self) -> list[Image]:
        """The lead image, then those of the text."""
        leads = (self._image(file) for file in _list(self._post, "files"))
        found = {image.url: image for image in leads if image}
        for image in pictures(self._content.css(PICTURES), self.base, RULES.image_size):
            found.setdefault(image.url, image)
        return list(found.values())

    def _image(self, file: dict[str, Any]) -> Image | None:
        """Read a file: its own address if it is complete, otherwise that of the largest copy."""
        parts = [_text(file, name).strip("/") for name in ("domain", "folder", "file")]
        thumbnails = _table(file, "thumbnails")
        copies = [_text(_table(thumbnails, size), "src") for size in self.SIZES]
        written = "/".join(parts) if all(parts) else next(filter(None, copies), "")
        if parts[0] and "://" not in parts[0] and all(parts):
            written = f"//{written}"
        address = absolute(written, self.base)
        caption = plain_text(_text(file, "description")) or None
        return Image(largest(address, RULES.image_size), caption) if address else None

    @cached_property
    def videos(self) -> list[Video]:
        """The players in the text."""
        return videos(self._content, self.base)

    @property
    def translations(self) -> list[Translation]:
        """The posts that the API links as the same story."""
        found = (_translation(other) for other in _list(self._post, "translations"))
        return [translation for translation in found if translation]


def _text(table: dict[str, Any], name: str) -> str:
    """Return a text. Empty for a value of another type."""
    value = table.get(name)
    return value if isinstance(value, str) else ""


def _table(table: dict[str, Any], name: str) -> dict[str, Any]:
    value = table.get(name)
    return value if isinstance(value, dict) else {}


def _list(table: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a list of objects. A single object, as ``files`` may be, becomes a list of one."""
    value = table.get(name)
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]


def _label(entry: Any) -> Label | None:
    if not isinstance(entry, dict):
        return None
    name = plain_text(_text(entry, "title"))
    return Label(name, _text(entry, "slug") or None) if name else None


def _translation(other: dict[str, Any]) -> Translation | None:
    """Identify a translation by its slug, as its page is identified."""
    identity = _identify(_text(other, "slug") or str(other.get("id") or ""))
    return Translation(identity.id, _text(other, "lang") or None) if identity else None


def _identify(name: str) -> Identity | None:
    """Return the article with a slug or number. None if it is not an article's."""
    try:
        return identify(f"{RULES.address.site}/posts/{name}", RULES.address, RULES.name)
    except NotAnArticle:
        return None
