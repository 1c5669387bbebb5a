"""Which language and script a text is in, from its own letters and small words."""

import re
from collections import Counter
from collections.abc import Sequence

from crawler.language_profiles import (
    CHINESE,
    JAPANESE,
    PROFILES,
    SIMPLIFIED,
    TRADITIONAL,
    TRADITIONAL_CHINESE,
    Language,
    Profile,
)
from crawler.text import fold

__all__ = ["Language", "detect"]

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
# Letters beyond those that all languages of a script have.
_SPECIAL = re.compile("[щы\u0450\u0452-\u052f\u00df-\u00f6\u00f8-\u024fةىيكأإآؤئپچژگکی]")
_SCRIPTS = {
    "Latn": re.compile("[a-z\u00df-\u00f6\u00f8-\u024f]+"),
    "Cyrl": re.compile("[\u0400-\u052f]+"),
    "Arab": re.compile("[\u0620-\u06ff]+"),
    "Hani": re.compile("[\u3041-\u30ff\u4e00-\u9fff]+"),
    "Hang": re.compile("[\uac00-\ud7a3]+"),
}
# One Han character says as much as three letters.
_WEIGHTS = {"Hani": 3, "Hang": 3}
_KANA = re.compile("[\u3041-\u30ff]")
# Japanese has about half; a Chinese text that quotes a name has fewer.
_LEAST_KANA = 0.05

# Enough for the small words to settle at their usual share; whole speeches need not be read.
_SAMPLE = 3000

_WORD_POINTS = 1.0
_SHAPE_POINTS = 0.5
_LETTER_POINTS = 0.25
_ALIEN_POINTS = -0.5
# One small word, or two shapes, is the least that speaks for a language.
_LEAST_EVIDENCE = 1.0
# Texts of the known languages have 0.2 to 0.8 points a word, others (Italian: 0.02) less.
_LEAST_SHARE = 0.12
_SHORT_TEXT = 20
_SHORT_HAN_TEXT = 12
_TIE = 0.5


def detect(text: str, hint: str | None = None) -> Language | None:
    """Return the text's main language, or None if it tells nothing.

    ``hint``, the tag that its edition is expected in, breaks ties and decides for texts too short
    to tell, in both cases only if its script is the text's.
    """
    sample = fold(_sample(text))
    script = _main_script(sample)
    if script == "Hani":
        return _tell_han(sample, hint)
    if script not in PROFILES:
        return None
    profiles = PROFILES[script]
    words = _WORD.findall(sample)
    return _choose(_score(profiles, words, sample), len(words), hint)


def _sample(text: str) -> str:
    """Take beginning, middle and end, so that a long quotation at one place does not decide."""
    if len(text) <= _SAMPLE:
        return text
    third, middle = _SAMPLE // 3, len(text) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))


def _main_script(sample: str) -> str | None:
    """Return the script that most of the text is in."""
    amounts = {
        script: sum(map(len, pattern.findall(sample))) * _WEIGHTS.get(script, 1)
        for script, pattern in _SCRIPTS.items()
    }
    script = max(amounts, key=lambda name: amounts[name])
    return script if amounts[script] else None


def _tell_han(sample: str, hint: str | None) -> Language:
    """Tell Japanese by its syllables, and the two ways of writing Chinese by their characters."""
    if len(_KANA.findall(sample)) > _LEAST_KANA * len(sample):
        return JAPANESE
    simplified, traditional = (
        sum(character in forms for character in sample) for forms in (SIMPLIFIED, TRADITIONAL)
    )
    if hint == JAPANESE.tag and len(sample) < _SHORT_HAN_TEXT:
        return JAPANESE
    return TRADITIONAL_CHINESE if traditional > simplified else CHINESE


def _score(
    profiles: Sequence[Profile], words: Sequence[str], sample: str
) -> list[tuple[float, Language]]:
    """Return the points of each language, best first."""
    counted = Counter(words).items()
    letters = Counter(_SPECIAL.findall(sample)).items()
    scores = []
    for profile in profiles:
        points = sum(_WORD_POINTS * number for word, number in counted if word in profile.words)
        points += sum(
            number * (_LETTER_POINTS if letter in profile.letters else _ALIEN_POINTS)
            for letter, number in letters
        )
        if profile.shape:
            points += _SHAPE_POINTS * len(profile.shape.findall(sample))
        scores.append((points, profile.language))
    return sorted(scores, key=lambda score: -score[0])


def _choose(
    scores: Sequence[tuple[float, Language]], length: int, hint: str | None
) -> Language | None:
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
