"""Which language and script a text is in, from its own letters and small words."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from crawler.language_index import SCRIPTS, Script
from crawler.language_profiles import (
    CHINESE,
    JAPANESE,
    SIMPLIFIED,
    TRADITIONAL,
    TRADITIONAL_CHINESE,
    Language,
)
from crawler.text import fold

__all__ = ["Language", "detect"]

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
_RANGES = {
    "Latn": (("a", "z"), ("\u00df", "\u00f6"), ("\u00f8", "\u024f")),
    "Cyrl": (("\u0400", "\u052f"),),
    "Arab": (("\u0620", "\u06ff"),),
    "Hani": (("\u3041", "\u30ff"), ("\u4e00", "\u9fff")),
    "Hang": (("\uac00", "\ud7a3"),),
}
_KNOWN = {CHINESE.tag, TRADITIONAL_CHINESE.tag, JAPANESE.tag} | {
    language.tag for script in SCRIPTS.values() for language in script.languages
}
# One Han character says as much as three letters.
_WEIGHTS = {"Hani": 3, "Hang": 3}
_FIRST_KANA, _LAST_KANA = "\u3041", "\u30ff"
# Japanese has about half; a Chinese text that quotes a name has fewer.
_LEAST_KANA = 0.05

# Enough for the small words to settle at their usual share; whole speeches need not be read.
_SAMPLE = 1800

_WORD_POINTS = 1.0
_ENDING_POINTS = 0.5
_LETTER_POINTS = 0.25
_ALIEN_POINTS = -0.5
# One small word, or two endings, is the least that speaks for a language.
_LEAST_EVIDENCE = 1.0
# Texts of the known languages have 0.2 to 0.8 points a word, others (Italian: 0.02) less.
_LEAST_SHARE = 0.12
_SHORT_TEXT = 20
_SHORT_HAN_TEXT = 12
_TIE = 0.5

_Score = tuple[float, Language]


def detect(text: str, hint: str | None = None) -> Language | None:
    """Return the text's main language, or None if it tells nothing.

    ``hint``, the tag that its edition is expected in, breaks ties and decides for texts too short
    to tell, in both cases only if its script is the text's. A language we know no words of is
    believed.
    """
    sample = fold(_sample(text))
    letters = Counter(sample)
    script = _main_script(letters)
    if hint and script and hint not in _KNOWN:
        return Language(hint, script)
    if script == "Hani":
        return _tell_han(letters, hint)
    if script not in SCRIPTS:
        return None
    words = _WORD.findall(sample)
    return _choose(_score(SCRIPTS[script], words, letters), len(words), hint)


def _sample(text: str) -> str:
    """Take beginning, middle and end, so that a long quotation at one place does not decide."""
    if len(text) <= _SAMPLE:
        return text
    third, middle = _SAMPLE // 3, len(text) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))


def _main_script(letters: Mapping[str, int]) -> str | None:
    """Return the script that most of the text is in."""
    amounts = dict.fromkeys(_RANGES, 0)
    for letter, number in letters.items():
        if script := _script_of(letter):
            amounts[script] += number * _WEIGHTS.get(script, 1)
    best = max(amounts, key=lambda name: amounts[name])
    return best if amounts[best] else None


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str | None:
    for script, ranges in _RANGES.items():
        if any(first <= letter <= last for first, last in ranges):
            return script
    return None


def _tell_han(letters: Mapping[str, int], hint: str | None) -> Language:
    """Tell Japanese by its syllables, and the two ways of writing Chinese by their characters."""
    length = sum(letters.values())
    kana = sum(n for letter, n in letters.items() if _FIRST_KANA <= letter <= _LAST_KANA)
    if kana > _LEAST_KANA * length or (hint == JAPANESE.tag and length < _SHORT_HAN_TEXT):
        return JAPANESE
    simplified, traditional = (
        sum(letters.get(form, 0) for form in forms) for forms in (SIMPLIFIED, TRADITIONAL)
    )
    return TRADITIONAL_CHINESE if traditional > simplified else CHINESE


def _score(script: Script, words: Sequence[str], letters: Mapping[str, int]) -> list[_Score]:
    """Return the points of each language of a script, best first."""
    points = dict.fromkeys(script.languages, 0.0)
    for word, number in Counter(words).items():
        for language in script.words.get(word, ()):
            points[language] += _WORD_POINTS * number
        for language in script.languages_of_ending(word):
            points[language] += _ENDING_POINTS * number
    for letter in script.letters.keys() & letters.keys():
        number = letters[letter]
        for language in script.languages:
            is_own = language in script.letters[letter]
            points[language] += number * (_LETTER_POINTS if is_own else _ALIEN_POINTS)
    scores = [(score, language) for language, score in points.items()]
    return sorted(scores, key=lambda score: -score[0])


def _choose(scores: Sequence[_Score], length: int, hint: str | None) -> Language | None:
    """Choose the best language, if its evidence is enough, and else the hinted one."""
    best = scores[0][0]
    hinted = next((score for score in scores if score[1].tag == hint), None)
    if best < _LEAST_EVIDENCE:
        return hinted[1] if hinted and length < _SHORT_TEXT else None
    if length >= _SHORT_TEXT and best / length < _LEAST_SHARE:
        return hinted[1] if hinted == scores[0] else None
    if hinted and best - hinted[0] <= _TIE:
        return hinted[1]
    return scores[0][1] if scores[1][0] < best else None
