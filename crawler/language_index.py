"""The languages of each script, looked up by what a text shows: letters, words, endings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.language_profiles import ARABIC, CYRILLIC, LATIN, Language, Profile

_ENDING_LENGTHS = range(7, 1, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """The languages of a script, and which of them have a letter, a word or an ending.

    There is one of each, so that it may be a key without its words being compared. ``tails`` are
    the last two letters of the endings, by which most words are known to have none.
    """

    languages: tuple[Language, ...]
    letters: Mapping[str, tuple[Language, ...]]
    words: Mapping[str, tuple[Language, ...]]
    endings: Mapping[str, tuple[Language, ...]]
    tails: frozenset[str]

    def languages_of_ending(self, word: str) -> tuple[Language, ...]:
        """Return the languages that the longest known ending of a word speaks for."""
        if word[-2:] not in self.tails:
            return ()
        for length in _ENDING_LENGTHS:
            if languages := self.endings.get(word[-length:]):
                return languages
        return ()


def _index(profiles: Iterable[Profile], field: str) -> dict[str, tuple[Language, ...]]:
    """Turn profiles round: from what they have to the languages that have it."""
    found: defaultdict[str, tuple[Language, ...]] = defaultdict(tuple)
    for profile in profiles:
        for mark in getattr(profile, field):
            found[mark] += (profile.language,)
    return dict(found)


def _script(profiles: Iterable[Profile], letters: str) -> Script:
    """Build a script; ``letters`` are letters that a text may have, but none of its languages."""
    profiles = tuple(profiles)
    others: dict[str, tuple[Language, ...]] = dict.fromkeys(letters, ())
    endings = _index(profiles, "endings")
    return Script(
        languages=tuple(profile.language for profile in profiles),
        letters=others | _index(profiles, "letters"),
        words=_index(profiles, "words"),
        endings=endings,
        tails=frozenset(ending[-2:] for ending in endings),
    )


SCRIPTS = {
    "Cyrl": _script(CYRILLIC, "љњћђјџѓќѕҗ"),
    "Latn": _script(LATIN, "åøæąćęłśźżčěřšůōūőűășțəơưđ"),
    "Arab": _script(ARABIC, "ٹڈڑےۇۆۈې"),
}

FREQUENT_WORDS: frozenset[str] = frozenset().union(*(script.words for script in SCRIPTS.values()))
