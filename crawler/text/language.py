"""Identifies the language and script of a text, from its letters and small words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import inf

from crawler.text.language_profiles import (
    CHINESE,
    JAPANESE,
    PROFILES,
    SIMPLIFIED,
    SOLE_LANGUAGES,
    TRADITIONAL,
    TRADITIONAL_CHINESE,
    Language,
    Profile,
    is_written_in,
)
from crawler.text.plain_text import fold

__all__ = ["Language", "detect", "detect_all"]

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
# The first bytes of a script's letters in UTF-8, in lower case, to count them without a loop in
# Python.
_FIRST_BYTES = {
    "Latn": (*b"abcdefghijklmnopqrstuvwxyz", *range(0xC3, 0xCA)),
    "Grek": range(0xCD, 0xD0),
    "Cyrl": range(0xD0, 0xD5),
    "Armn": range(0xD5, 0xD7),
    "Hebr": range(0xD7, 0xD8),
    "Arab": range(0xD8, 0xDC),
    "Hani": range(0xE3, 0xEA),
    "Zzzz": range(0xE0, 0xE2),  # of India and its neighbours, and Georgian
    "Hang": range(0xEA, 0xEE),
}
_TO_NUMBER = bytes(
    next((n for n, first in enumerate(_FIRST_BYTES.values()) if byte in first), 0)
    for byte in range(0x100)
)
_NO_FIRST = bytes(set(range(0x100)).difference(*_FIRST_BYTES.values()))
# The last two, if they are scripts of news.
_GEORGIAN, _HANGUL = re.compile("[\u10d0-\u10ff]"), re.compile("[\uac00-\ud7a3]")
# One Han character counts as three letters.
_WEIGHTS = {"Hani": 3, "Hang": 3}
_FIRST_KANA, _LAST_KANA = "\u3041", "\u30ff"
# Japanese has about half; a Chinese text that quotes a name has far fewer.
_LEAST_KANA = 0.05

# Enough for the small words to settle at their usual share; whole speeches need not be read.
_SAMPLE = 1800
_PASSAGE = 600

_WORD_POINTS = 1.0
_ENDING_POINTS = 0.5
_LETTER_POINTS = 0.25
_APOSTROPHE_POINTS = 0.5
_ALIEN_POINTS = -0.5
# From the second on, and less than foreign letters: foreign names have them in any language.
_LACKED_POINTS = -0.25
# At least one small word, or two endings, must belong to this language and to no other.
_LEAST_EVIDENCE = 1.0
# Of points per word: closely related languages need more than one word.
_LEAST_LEAD = 0.02
# Relatives of known languages have equally many words of several; known languages have this many
# more of their own.
_CLEAR_EVIDENCE = 2.0
_CLEAR_SHARE = 0.2
_CLEAR_LEAD = 0.15
# Lists and tables in an expected language still have this (the lowest of 86: 0.09).
_EXPECTED_SHARE = 0.08
# A paragraph in the language of the text has more of its words (all of 927 German paragraphs of
# news); others are checked for another language.
_OWN_SHARE = 0.08
_LONG_PARAGRAPH = 200  # letters; shorter ones may be a quotation or a list of names
_SHORT_TEXT = 16  # words; longer ones without a word of the hinted language are in another
_SHORT_HAN_TEXT = 12
_TIE = 0.5
_MOST_TOKENS = 8192  # that are cached, per script

_Score = tuple[float, Language]
_Mark = tuple[str, float]  # the tag of a language, and its points
_Token = tuple[int, tuple[_Mark, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """The languages of a script, and the points of a letter, word or ending for each, by tag.

    There is only one object per script, so it can be a key without comparing words. Foreign
    languages, which are never returned, have no least share. ``tails``: the last two letters of the
    endings, with the lengths of those endings, longest first. ``apostrophes``: by pattern.
    """

    languages: tuple[Language, ...]
    least_shares: Mapping[str, float]
    letters: Mapping[str, tuple[_Mark, ...]]
    lacking: Mapping[str, tuple[_Mark, ...]]
    words: Mapping[str, tuple[_Mark, ...]]
    endings: Mapping[str, tuple[_Mark, ...]]
    tails: Mapping[str, Sequence[int]]
    apostrophes: Mapping[str, tuple[_Mark, ...]]

    def marks(self, word: str) -> tuple[_Mark, ...]:
        """Return the languages of a word, of its apostrophe and of its longest known ending."""
        marks = self.words.get(word, ())
        if "'" in word:
            for pattern, owners in self.apostrophes.items():
                marks += owners if re.search(pattern, word) else ()
        for length in self.tails.get(word[-2:], ()):
            if more := self.endings.get(word[-length:]):
                return marks + more
        return marks


def _index(profiles: Iterable[Profile], field: str, points: float) -> dict[str, tuple[_Mark, ...]]:
    """Invert profiles: from their words to the languages that have them."""
    found: defaultdict[str, tuple[_Mark, ...]] = defaultdict(tuple)
    for profile in profiles:
        for each in getattr(profile, field):
            found[each] += ((profile.language.tag, points),)
    return dict(found)


def _tails(endings: Iterable[str]) -> dict[str, list[int]]:
    lengths = defaultdict[str, set[int]](set)
    for ending in endings:
        lengths[ending[-2:]].add(len(ending))
    return {tail: sorted(found, reverse=True) for tail, found in lengths.items()}


def _script(name: str) -> Script:
    """Build a script from the profiles of its languages."""
    profiles = [profile for profile in PROFILES if profile.language.script == name]
    others: dict[str, tuple[_Mark, ...]] = dict.fromkeys(_OTHER_LETTERS.get(name, ""), ())
    endings = _index(profiles, "endings", _ENDING_POINTS)
    return Script(
        languages=tuple(profile.language for profile in profiles),
        least_shares={each.language.tag: each.least_share for each in profiles if not each.foreign},
        letters=others | _index(profiles, "letters", _LETTER_POINTS - _ALIEN_POINTS),
        lacking=_index(profiles, "lacks", _LACKED_POINTS),
        words=_index(profiles, "words", _WORD_POINTS),
        endings=endings,
        tails=_tails(endings),
        apostrophes=_index(profiles, "apostrophes", _APOSTROPHE_POINTS),
    )


# Letters of languages without a profile.
_OTHER_LETTERS = {
    "Cyrl": "ҝҹѕҕҥӄӆӈӊӎӐӑӗӝӟӡӣӥӧӱӳӵӷӹӻӽӿԓԕԝѣҟҩҭҵҽҿӕӏ",
    "Latn": "āēīōūǎěǐǒǔɛɔŋɖƒɣʋǝƌǥǧǩǫǯʒŧđḍḥṣṭẓṛḷńḿĩũẽỹǹḱǿǽ",
    "Arab": "ۅۉٿٺڀٻڃڄڇڊڌڍڏڙڦڪڱڳڻ",
}
SCRIPTS = {name: _script(name) for name in sorted({each.language.script for each in PROFILES})}

FREQUENT_WORDS: frozenset[str] = frozenset().union(
    *(profile.words for profile in PROFILES if not profile.foreign)
)

_WORDS = {profile.language.tag: profile.words for profile in PROFILES}
_SCRIPTS_OF_HAN = {"Hans": "Hani", "Hant": "Hani", "Jpan": "Hani"}
_KNOWN = {
    language.tag
    for languages in (
        (CHINESE, TRADITIONAL_CHINESE, JAPANESE),
        SOLE_LANGUAGES.values(),
        (profile.language for profile in PROFILES if not profile.foreign),
    )
    for language in languages
}


def detect(text: str, hint: str | None = None) -> Language | None:
    """Return the text's main language. None if it is unknown.

    ``hint``: the tag that its edition should have. It breaks ties, and decides for texts that are
    too short, in both cases only if its script is the text's. A language without a profile is
    believed if it is written in that script and the text is clearly in no other language.
    """
    sample = fold(_sample(text))
    script = _main_script(sample)
    if script == "Hani":
        return _tell_han(sample, hint)
    if script in SOLE_LANGUAGES:
        return _sole(SOLE_LANGUAGES[script], hint)
    if script not in SCRIPTS:
        return _believed(hint, script)
    scores, length = _score(SCRIPTS[script], sample)
    if hint and (known := _profiled(hint, script)):
        found = _choose(scores, length, SCRIPTS[script], known.tag)
        return Language(hint, script) if found is known else found
    if believed := _believed(hint, script):
        rivals = [each for each in scores if each[1].tag in _KNOWN or each[1].tag == hint]
        return _contradiction(rivals, length) or believed
    return _choose(scores, length, SCRIPTS[script], None)


def detect_all(text: str, hint: str | None = None) -> tuple[Language | None, list[Language]]:
    """Return the language of most of a text, and those of long paragraphs in other languages."""
    main = detect(text, hint)
    amounts: Counter[Language | None] = Counter({main: 0})
    for paragraph in text.split("\n\n"):
        amounts[_language_within(main, paragraph)] += len(paragraph)
    (first, _), *others = amounts.most_common()
    return first, [language for language, _ in others if language]


def _language_within(main: Language | None, paragraph: str) -> Language | None:
    """Return the language of a paragraph: the main one, unless it is certainly another."""
    if len(paragraph) < _LONG_PARAGRAPH or (main and _seems(main, paragraph)):
        return main
    found = detect(paragraph)
    return found if found and found == detect(paragraph, main.tag if main else None) else main


def _seems(main: Language, paragraph: str) -> bool:
    """Return, at little cost, whether a paragraph has enough small words of a language."""
    script = _SCRIPTS_OF_HAN.get(main.script, main.script)
    known = _profiled(main.tag, script) if script in SCRIPTS else None
    if known is None:
        return _main_script(fold(paragraph)) == script
    words = fold(paragraph).split()
    return len(_WORDS[known.tag].intersection(words)) >= _OWN_SHARE * len(words)


@lru_cache
def _profiled(hint: str, script: str) -> Language | None:
    """Return the language of a script that a hint names, more or less exactly (``en-GB``)."""
    for language in SCRIPTS[script].languages:
        shorter, longer = sorted((f"{hint}-", f"{language.tag}-"), key=len)
        if longer.startswith(shorter):
            return language if language.tag in _KNOWN else None
    return None


def _sole(language: Language, hint: str | None) -> Language:
    """Return the only language of a script, by the tag of a hint that names it."""
    fits = hint is not None and hint.partition("-")[0] == language.tag
    return Language(hint, language.script) if hint and fits else language


def _believed(hint: str | None, script: str | None) -> Language | None:
    """Return a hinted language without a profile, if it may be written in a script."""
    if hint is None or script is None or hint in _KNOWN or not is_written_in(hint, script):
        return None
    return Language(hint, script)


def _sample(text: str) -> str:
    """Return beginning, middle and end, so that one long quotation does not decide."""
    if len(text) <= _SAMPLE:
        return text
    third, middle = _SAMPLE // 3, len(text) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))


def _main_script(sample: str) -> str | None:
    """Return the script of most of the text."""
    letters = sample.encode("utf-8", "replace").translate(_TO_NUMBER, _NO_FIRST)
    if not letters:
        return None
    amounts = {
        name: letters.count(number) * _WEIGHTS.get(name, 1)
        for number, name in enumerate(_FIRST_BYTES)
    }
    main = max(amounts, key=amounts.__getitem__)
    if main == "Zzzz":
        return "Geor" if _GEORGIAN.search(sample) else None
    return main if main != "Hang" or _HANGUL.search(sample) else None


def _tell_han(sample: str, hint: str | None) -> Language:
    """Tell Japanese by its syllables, and the two scripts of Chinese by their characters."""
    length, letters = len(sample), Counter(sample)
    kana = sum(n for letter, n in letters.items() if _FIRST_KANA <= letter <= _LAST_KANA)
    if kana > _LEAST_KANA * length or (hint == JAPANESE.tag and length < _SHORT_HAN_TEXT):
        return JAPANESE
    simplified, traditional = (
        sum(letters.get(form, 0) for form in forms) for forms in (SIMPLIFIED, TRADITIONAL)
    )
    return TRADITIONAL_CHINESE if traditional > simplified else CHINESE


def _score(script: Script, sample: str) -> tuple[list[_Score], int]:
    """Return the points of each language of a script, best first, and the number of words."""
    points, length = _points_of_letters(script, sample), 0
    for token in _distinct_tokens(sample):
        words, marks = _TOKENS[script][token]
        length += words
        for tag, worth in marks:
            points[tag] += worth
    scores = [(points[language.tag], language) for language in script.languages]
    return sorted(scores, key=lambda score: -score[0]), length


def _distinct_tokens(sample: str) -> Iterator[str]:
    """Yield the words between spaces, each once per passage.

    A language without a profile may share one frequent word with a known one.
    """
    for start in range(0, len(sample), _PASSAGE):
        yield from set(sample[start : start + _PASSAGE].split())


def _points_of_letters(script: Script, sample: str) -> dict[str, float]:
    """Return each language's points, by tag, for letters that only some languages have."""
    numbers = {letter: sample.count(letter) for letter in script.letters if letter in sample}
    alien = _ALIEN_POINTS * sum(numbers.values())
    points = {language.tag: alien for language in script.languages}
    for letter, number in numbers.items():
        for tag, worth in script.letters[letter]:
            points[tag] += worth * number
    for letter, marks in script.lacking.items():
        if (number := sample.count(letter)) > 1:
            for tag, worth in marks:
                points[tag] += worth * (number - 1)
    return points


class _Tokens(dict[str, _Token]):
    """Counts of words between spaces, and the points of their words and endings.

    Texts repeat themselves: a few thousand words are most of any text, so results are cached.
    """

    def __init__(self, script: Script) -> None:
        super().__init__()
        self._script = script
        self._known: dict[_Token, _Token] = {}

    def __missing__(self, token: str) -> _Token:
        if len(self) >= _MOST_TOKENS:
            self.clear()
        words, marks = _WORD.findall(token), self._script.marks
        found = len(words), tuple(chain.from_iterable(map(marks, words)))
        self[token] = self._known.setdefault(found, found) if len(words) == 1 else found
        return self[token]


_TOKENS = {script: _Tokens(script) for script in SCRIPTS.values()}


def _contradiction(scores: Sequence[_Score], length: int) -> Language | None:
    """Return the language that a text is clearly in, whatever was expected."""
    (best, language), (second, _) = scores[:2]
    least = max(_CLEAR_EVIDENCE, _CLEAR_SHARE * length, second + _CLEAR_LEAD * length)
    return language if best >= least and language.tag in _KNOWN else None


def _choose(
    scores: Sequence[_Score], length: int, script: Script, hint: str | None
) -> Language | None:
    """Return the best language if its evidence is enough, otherwise the hinted one."""
    (best, language), *others = scores
    second = next(points for points, other in others if other.tag in script.least_shares)
    hinted = next((score for score in scores if score[1].tag == hint), None)
    lead = _LEAST_LEAD * length
    says_nothing = best < _LEAST_EVIDENCE or best == _LEAST_EVIDENCE <= second + _TIE
    if says_nothing:
        return hinted[1] if hinted and length < _SHORT_TEXT else None
    tied = hinted if hinted and best - hinted[0] <= max(_TIE, lead) else None
    likely = tied[1] if tied else language
    if best < script.least_shares.get(likely.tag, inf) * length:
        expected = hinted == scores[0] and best >= _EXPECTED_SHARE * length
        return language if expected else None
    return likely if tied or best - second > lead else None
