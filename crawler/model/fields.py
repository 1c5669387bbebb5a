"""An article's fields by name, and those of its parts: dataclasses, or an operator's dicts.

For articles, it does what ``itemadapter`` does, without Scrapy and faster: reading an article looks
up sixty fields.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from crawler.model.article import Article


class Fields(MutableMapping[str, Any]):
    """The fields of an article. It always has all of them, and no others."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._names = article.__dataclass_fields__

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field."""
        return getattr(self.article, name, default)

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        return getattr(self.article, name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self._names:
            raise KeyError(name)
        setattr(self.article, name, value)

    def __delitem__(self, name: str) -> None:
        raise KeyError(f"{name}: an article always has every field")

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def adapt(item: Any) -> MutableMapping[str, Any]:
    """Return an item's fields by name, also if an operator's pipeline has replaced the item."""
    if isinstance(item, Article):
        return Fields(item)
    from itemadapter import ItemAdapter  # it imports Scrapy, which reading does without

    return ItemAdapter(item)


def part(whole: Any, name: str) -> Any:
    """Return a field of a part of an article: of a dataclass, of a dict, or of None."""
    return whole.get(name) if isinstance(whole, Mapping) else getattr(whole, name, None)


def set_part(whole: Any, name: str, value: Any) -> None:
    """Set a field of a part of an article."""
    if isinstance(whole, MutableMapping):
        whole[name] = value
    else:
        setattr(whole, name, value)
