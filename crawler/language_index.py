"""The languages of each script, looked up by what a text shows: letters, words, endings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.language_profiles import ARABIC, CYRILLIC, LATIN, Language, Profile

_ENDING_LENGTHS = range(7, 1, -1)


@dataclass(frozen=True, slots=True)
class Script:
    """The languages of a script, and which of them have a letter, a word or an ending."""

    languages: tuple[Language, ...]
    letters: Mapping[str, tuple[Language, ...]]
    words: Mapping[str, tuple[Language, ...]]
    endings: Mapping[str, tuple[Language, ...]]

    def languages_of_ending(self, word: str) -> tuple[Language, ...]:
        """Return the languages that the longest known ending of a word speaks for."""
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
    return Script(
        languages=tuple(profile.language for profile in profiles),
        letters=others | _index(profiles, "letters"),
        words=_index(profiles, "words"),
        endings=_index(profiles, "endings"),
    )


SCRIPTS = {
    "Cyrl": _script(CYRILLIC, "їєґљњћђ"),
    "Latn": _script(LATIN, "åøæõãąćęłśźżčěřšůōūő"),
    "Arab": _script(ARABIC, "ٹڈڑےۇۆۈې"),
}

FREQUENT_WORDS: frozenset[str] = frozenset().union(*(script.words for script in SCRIPTS.values()))
