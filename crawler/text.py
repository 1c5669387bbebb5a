"""Plain text: what a reader sees, without the accidents of how it was typed and stored.

A text is paragraphs separated by one blank line. Single newlines inside a paragraph are kept:
they part list items and verses.
"""

import re
import unicodedata
from collections.abc import Iterable

_PARAGRAPH_END = re.compile("\u2029")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
# The joiners shape words in Arabic and later blocks, and emoji; before those they are debris.
_STRAY_JOINER = re.compile("(?<![\u0600-\U0010ffff])[\u200c\u200d]+")
_SPACES = re.compile(r"[^\S\n]+")
_MARGIN = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")

_FOLDED = str.maketrans(
    {
        **dict.fromkeys("‘’ʻʼ`´‛′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "\n": " ",
        "İ": "i",  # the one letter that grows when lowered
        "ё": "е",
        "Ё": "е",
    }
)


def tidy(text: str) -> str:
    """Make every run of white space one space, one newline or one blank line."""
    text = _MARGIN.sub("\n", _SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip()


def normalise(text: str) -> str:
    """Return the text in NFC, without control characters, lone surrogates and odd white space."""
    text = _LINE_END.sub("\n", _PARAGRAPH_END.sub("\n\n", text))
    text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    return tidy(unicodedata.normalize("NFC", text))


def flatten(text: str) -> str:
    """Return the normalised text on a single line, for titles, summaries, names and captions."""
    return " ".join(normalise(text).split())


def split_paragraphs(text: str) -> list[str]:
    """Return the normalised paragraphs of a text; a text of white space has none."""
    return [paragraph for paragraph in normalise(text).split("\n\n") if paragraph]


def join_paragraphs(paragraphs: Iterable[str]) -> str:
    """Put paragraphs together, a blank line between them."""
    return "\n\n".join(paragraphs)


def fold(text: str) -> str:
    """Return the text for comparing: lower case, plain quotes and dashes, of the same length.

    The length is kept so that a place found in the folded text is the place in the text.
    """
    return text.translate(_FOLDED).lower()


def says_same(text: str, other: str) -> bool:
    """Tell whether two texts differ in letter case and typography at most."""
    return len(text) == len(other) and fold(text) == fold(other)


def opens_with(text: str, opening: str) -> bool:
    """Tell whether a text begins with another, letter case and typography aside."""
    return fold(text[: len(opening)]) == fold(opening)
