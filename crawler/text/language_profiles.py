"""The differences between languages of one script: letters, small words and endings.

``language_profiles.toml`` has the profiles, in the order in which languages are compared.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from crawler.text.orthography import in_karakalpak_latin, latin_spellings


@dataclass(frozen=True, slots=True)
class Language:
    """A language in a script: BCP 47 tag and ISO 15924 code."""

    tag: str
    script: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The features of texts in a language. ``endings``: of words that related languages lack.

    ``lacks``: common letters of its script that its own words do not use. ``apostrophes``: patterns
    of an apostrophe that is part of a letter. ``least_share``: the points per word that its texts
    have at least, by the rules of ``language``; texts in languages without a profile have fewer. A
    ``foreign`` language is never returned; it is there so that its texts are not taken for another
    language.
    """

    language: Language
    letters: frozenset[str]
    lacks: frozenset[str]
    words: frozenset[str]
    endings: frozenset[str]
    apostrophes: frozenset[str]
    least_share: float

    @property
    def foreign(self) -> bool:
        """Whether this language is never returned."""
        return math.isinf(self.least_share)


_DATA = files("crawler.text").joinpath("language_profiles.toml")
_TOLD: Mapping[str, Mapping[str, Any]] = tomllib.loads(_DATA.read_text("utf-8"))


def _profile(tag: str) -> Profile:
    """Build a profile."""
    told = _TOLD[tag]
    return Profile(
        Language(tag, told["script"]),
        letters=frozenset(told["letters"].strip()),
        lacks=frozenset(told.get("lacks", "")),
        words=_spellings(tag, "words"),
        endings=_spellings(tag, "endings"),
        apostrophes=frozenset(told.get("apostrophes", "").split()),
        least_share=told.get("least_share", math.inf),
    )


def _spellings(tag: str, field: str) -> frozenset[str]:
    """Return words of a language in all Latin alphabets of Uzbek and Karakalpak."""
    words: str = _TOLD["kaa-Cyrl" if tag == "kaa-Latn" else tag].get(field, "")
    if tag == "kaa-Latn":
        words = " ".join(in_karakalpak_latin(words))
    elif tag == "uz-Latn":
        words = " ".join(latin_spellings(words))
    return frozenset(words.split())


PROFILES = tuple(map(_profile, _TOLD))

CHINESE = Language("zh", "Hans")
TRADITIONAL_CHINESE = Language("zh", "Hant")
JAPANESE = Language("ja", "Jpan")

# Scripts that are used by only one language in news.
SOLE_LANGUAGES = {
    "Armn": Language("hy", "Armn"),
    "Geor": Language("ka", "Geor"),
    "Grek": Language("el", "Grek"),
    "Hang": Language("ko", "Hang"),
}

# Frequent characters with a different form in each script.
SIMPLIFIED = frozenset("这来时国对说为会发们个开关长门问间东车马书见贝学习进过还让乌兹华经济业务")
TRADITIONAL = frozenset("這來時國對說為會發們個開關長門問間東車馬書見貝學習進過還讓烏茲華經濟業務")

# Languages without a profile, by script. For all others, a hint is believed for Latin letters only.
# Source: CLDR's likely subtags and language data.
_NOT_LATIN = {
    "Cyrl": "ab av az bs ce crh cv kaa ku kv mhr os sah tk tyv udm uz",
    "Arab": "az ku sd ug uz",
    "": "am as bn bo dv dz gu hi km kn lo ml mr my ne or pa sa si ta te th ti",
}
_LATIN_TOO = "az bs crh kaa ku tk uz"


def is_written_in(tag: str, script: str) -> bool:
    """Return whether a language without a profile may be written in a script."""
    language, *subtags = tag.split("-")
    if named := [subtag for subtag in subtags if len(subtag) == 4]:
        return script in named
    if script == "Latn":
        others = {each for languages in _NOT_LATIN.values() for each in languages.split()}
        return language not in others - set(_LATIN_TOO.split())
    return language in _NOT_LATIN.get(script, "").split()
