"""Find the saved searches that match a version of an article."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from crawler.feeds.saved_searches import SavedSearch
from crawler.model.article import Article
from crawler.model.versions import version_before
from crawler.store.reader import ArchiveReader
from crawler.text.search_query import (
    All,
    Document,
    Either,
    Filter,
    Query,
    Words,
    document,
    forms,
    matches,
    stems_of,
)

Key = str | tuple[str, str]
_STARTS = (3, 4)  # letters of a word that the index uses


class Matcher:
    """Finds the searches that match a version, without testing each of thousands.

    Each search is indexed under keys, and every version that it matches has at least one of them:
    the first letters of a word, or a label. Only searches under the version's own keys are tested.
    """

    def __init__(self, searches: Iterable[SavedSearch]) -> None:
        self._filed: defaultdict[Key, list[SavedSearch]] = defaultdict(list)
        self._others: list[SavedSearch] = []
        for search in searches:
            for key in _keys(search.query) or ():
                self._filed[key].append(search)
            if not _keys(search.query):
                self._others.append(search)

    def wanting(self, version: Document) -> list[SavedSearch]:
        """Return the searches that match a version, by name."""
        words = version.stems.union(*(text.split() for text in version[:3]))
        keys: set[Key] = {word[:length] for word in words for length in _STARTS}
        keys |= version.labels
        found = {id(each): each for key in keys & self._filed.keys() for each in self._filed[key]}
        asked = [*found.values(), *self._others]
        return sorted(
            (each for each in asked if matches(each.query, version)), key=lambda each: each.name
        )


def _keys(query: Query) -> frozenset[Key]:
    """Return keys of which every matching version has at least one; empty if none are known."""
    match query:
        case Words():
            words = (*(form.words[0] for form in forms(query)), *stems_of(query))
            return frozenset(word[: _STARTS[-1]] for word in words)
        case Filter(name, value):
            return frozenset({(name, value)})
        case All(parts):
            return min(filter(None, map(_keys, parts)), key=_cost, default=frozenset())
        case Either(parts):
            keys = [_keys(part) for part in parts]
            return frozenset().union(*keys) if all(keys) else frozenset()
    return frozenset()


def _cost(keys: frozenset[Key]) -> tuple[bool, int]:
    """Order keys by how few versions have them: words before labels, few keys before many."""
    return any(isinstance(key, tuple) for key in keys), len(keys)


def wanted(
    reader: ArchiveReader, rows: Iterable[Article], matcher: Matcher
) -> Iterator[tuple[Article, SavedSearch]]:
    """Yield each version with each search that matches it."""
    for row in rows:
        for search in searches_for(reader, row, matcher):
            yield row, search


def searches_for(reader: ArchiveReader, row: Article, matcher: Matcher) -> list[SavedSearch]:
    """Return the searches that match a version or, if it is an edit, the text that it replaced."""
    version = document(msgspec.to_builtins(row))
    found = matcher.wanting(version)
    if row.change == "edited" and (before := version_before(reader.versions(row.id), row)):
        replaced = document(before)._replace(labels=version.labels, day=version.day)
        found += [search for search in matcher.wanting(replaced) if search not in found]
    return found
