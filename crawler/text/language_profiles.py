"""What tells one language from another in the same script: its letters, small words and shapes.

``language_profiles.toml`` has the profiles, in the order in which languages are compared.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Language:
    """A language in a script: BCP 47 tag and ISO 15924 code."""

    tag: str
    script: str


@dataclass(frozen=True, slots=True)
class Profile:
    """How texts of a language look; ``endings`` are endings of words that its neighbours lack."""

    language: Language
    letters: frozenset[str]
    words: frozenset[str]
    endings: frozenset[str]


def _profiles(script: str) -> tuple[Profile, ...]:
    """Return the profiles of the languages that are written in a script."""
    return tuple(
        Profile(
            Language(tag, script),
            letters=frozenset(told["letters"]),
            words=frozenset(told["words"].split()),
            endings=frozenset(told.get("endings", "").split()),
        )
        for tag, told in _TOLD.items()
        if told["script"] == script
    )


_DATA = files("crawler.text").joinpath("language_profiles.toml")
_TOLD = tomllib.loads(_DATA.read_text("utf-8"))
CYRILLIC, LATIN, ARABIC = map(_profiles, ("Cyrl", "Latn", "Arab"))

CHINESE = Language("zh", "Hans")
TRADITIONAL_CHINESE = Language("zh", "Hant")
JAPANESE = Language("ja", "Jpan")

# Frequent characters of which each script has its own form.
SIMPLIFIED = frozenset("这来时国对说为会发们个开关长门问间东车马书见贝学习进过还让乌兹华经济业务")
TRADITIONAL = frozenset("這來時國對說為會發們個開關長門問間東車馬書見貝學習進過還讓烏茲華經濟業務")

# Languages without a profile here, by the scripts they are written in; of the others a hint is
# believed for Latin letters only. Source: CLDR's likely subtags and language data.
_NOT_LATIN = {
    "Cyrl": "ab av ba ce cv kv mhr mk mn os sah sr az bs kaa ku tt tyv udm uz",
    "Arab": "az ckb ku ps sd ug ur",
    "Hang": "ko",
    "": "am as bn bo dv dz el gu he hi hy ka km kn lo ml mr my ne or pa sa si ta te th ti yi",
}
_LATIN_TOO = "az bs kaa ku sr tt uz"


def is_written_in(tag: str, script: str) -> bool:
    """Tell whether a language without a profile may be written in a script."""
    language, *subtags = tag.split("-")
    if named := [subtag for subtag in subtags if len(subtag) == 4]:
        return script in named
    if script == "Latn":
        others = {each for languages in _NOT_LATIN.values() for each in languages.split()}
        return language not in others - set(_LATIN_TOO.split())
    return language in _NOT_LATIN.get(script, "").split()
