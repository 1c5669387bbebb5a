"""Words of the replica: invented places, people and sentences in each of its languages.

They are in ``vocabularies.toml``. Uzbek is there in Cyrillic only; ``latin`` converts it to Latin.
"""

from pathlib import Path

import msgspec


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of one language's texts; ``{place} {person} {number}`` are replaced."""

    headlines: tuple[str, ...]
    sentences: tuple[str, ...]
    places: tuple[str, ...]
    people: tuple[str, ...]
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    caption: str
    joint: str = " "


CATEGORY_SLUGS = ("society", "politics", "sport", "culture", "economy", "technology")
TAG_SLUGS = ("library", "school", "water", "bridge", "festival", "garden")

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ц": "s", "ч": "ch", "ш": "sh", "ъ": "ʼ",
    "ы": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ў": "oʻ", "қ": "q", "ғ": "gʻ", "ҳ": "h",
    "щ": "sh", "ә": "a", "ө": "o", "ү": "u", "ң": "n", "і": "i",
}  # fmt: skip
_LETTERS = str.maketrans(
    _LATIN | {key.upper(): value.capitalize() for key, value in _LATIN.items()}
)


def latin(text: str) -> str:
    """Convert Cyrillic text to Uzbek Latin letters, with U+02BB and U+02BC as apostrophes."""
    words = text.split(" ")
    return " ".join(_soft_start(word).translate(_LETTERS) for word in words)


def _soft_start(word: str) -> str:
    if word[:1] in {"е", "Е"}:
        return ("ye" if word[0] == "е" else "Ye") + word[1:]
    return word


def _in_latin(source: Vocabulary) -> Vocabulary:
    lists = ("headlines", "sentences", "places", "categories", "tags")
    turned = {name: tuple(map(latin, getattr(source, name))) for name in lists}
    return msgspec.structs.replace(
        source, **turned, people=LATIN_PEOPLE, caption=latin(source.caption)
    )


_TEXTS = Path(__file__).with_name("vocabularies.toml")
VOCABULARIES = msgspec.toml.decode(_TEXTS.read_bytes(), type=dict[str, Vocabulary])
UZBEK, LATIN_PEOPLE = VOCABULARIES["uz-Cyrl"], VOCABULARIES["en"].people
VOCABULARIES["uz-Latn"] = _in_latin(UZBEK)
