"""What shows that somebody else's answer, such as a list, tells of an article."""

import html
import re
from collections.abc import Iterable
from re import Match
from unicodedata import normalize
from urllib.parse import unquote

# Shorter texts would be found where they mean something else. In bytes, for a Chinese letter says
# as much as three Latin ones.
LEAST = 24

# What stands around a key in addresses and in JSON, and not around the same number in a text.
_BEFORE_NUMBER = r"""(?:(?<=[_/="])|(?<="id":)|(?<="id": ))"""
_BEFORE_SLUG = r"""(?<=[/="])"""
_BEHIND = r"(?![^\W_]|-)"

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")  # of JSON
_APOSTROPHES = re.compile("['‘’ʻʼ`´]")
_WORD = re.compile(r"[^\W_]+")


class Telltale:
    """Recognises an article by the key in its addresses, and by its texts however written."""

    def __init__(self, article_id: str, texts: Iterable[str]) -> None:
        """``texts``: headlines and paragraphs."""
        key = article_id.partition(":")[2]
        before = _BEFORE_NUMBER if key.isdecimal() else _BEFORE_SLUG
        self._key = re.compile(f"{before}{re.escape(key)}{_BEHIND}")
        folded = {_folded(text) for text in texts}
        self._texts = [f" {text} " for text in folded if len(text.encode()) >= LEAST]

    def names(self, text: str) -> bool:
        """Tell whether an address of the article, or its number, stands in a text."""
        return bool(self._key.search(text) or ("%" in text and self._key.search(unquote(text))))

    def shows(self, text: str) -> bool:
        """Tell whether HTML, XML, JSON or plain text names the article, or says what it says."""
        if self.names(text):
            return True
        folded = f" {_folded(text)} "
        return any(each in folded for each in self._texts)


def _folded(text: str) -> str:
    """Return the words alone: however a text is escaped, quoted and spaced, it is the same."""
    plain = html.unescape(html.unescape(_ESCAPE.sub(_unescaped, text)))
    return " ".join(_WORD.findall(_APOSTROPHES.sub("", normalize("NFC", plain)).casefold()))


def _unescaped(found: Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else " "
