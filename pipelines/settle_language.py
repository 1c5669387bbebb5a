"""Which language and script an article is in, and which edition it belongs to."""

from collections.abc import Iterator
from typing import Any

from crawler.model.adapter import ArticleAdapter
from crawler.text.language import detect
from crawler.text.orthography import LANGUAGES, normalise_apostrophes
from pipelines.base import ArticlePipeline, part, set_part


class SettleLanguage(ArticlePipeline):
    """Settle language and script by the text, with the edition of its listing as a hint.

    The article's address says nothing of either. Uzbek and Karakalpak apostrophes become letters
    in what readers read; what the source wrote (``*_raw``, ``credit``, slugs) stays.
    """

    def process_item(self, item: Any) -> Any:
        """Set ``language``, ``script`` and ``edition``; count what is unknown or disagrees."""
        adapter = ArticleAdapter(item)
        edition = part(adapter.get("found"), "edition") or adapter.get("edition")
        expected = self.rules.editions.get(edition) if edition else None
        language = detect(_text(adapter), expected)
        if language is None:
            self.count("language/unknown")
        elif expected and language.tag != expected:
            self.count("language/edition_mismatch")
        tag = language.tag if language else None
        adapter["language"] = tag
        adapter["script"] = language.script if language else None
        adapter["edition"] = edition or self._edition_of(tag)
        if tag in LANGUAGES:
            _normalise(adapter, tag)
        return item

    def _edition_of(self, tag: str | None) -> str | None:
        """Return the edition whose texts are expected in a language."""
        return next((code for code, known in self.rules.editions.items() if known == tag), None)


def _text(adapter: ArticleAdapter) -> str:
    return "\n\n".join(adapter.get(name) or "" for name in ("title", "body")) or ""


def _normalise(adapter: ArticleAdapter, tag: str | None) -> None:
    """Write apostrophes of the language as letters, wherever the item has words of it."""
    for holder, name in _words(adapter):
        if value := part(holder, name):
            set_part(holder, name, normalise_apostrophes(value, tag))


def _words(adapter: ArticleAdapter) -> Iterator[tuple[Any, str]]:
    yield from ((adapter.item, name) for name in ("title", "summary", "body"))
    if category := adapter.get("category"):
        yield category, "name"
    for field, name in (("authors", "name"), ("tags", "name"), ("images", "caption")):
        yield from ((holder, name) for holder in adapter.get(field) or ())
