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
LEAST_DIGITS = 5  # a shorter number stands in every address
LEAST_TAIL = 6  # letters of an address

# What stands around a key in addresses and in JSON, and not around the same number in a text.
_NUMBER = r"""(?:(?<=[-_/="])|(?<="id":)|(?<="id": )){}(?![^\W_])"""
_SLUG = r"""(?<=[/="]){}(?![^\W_]|-)"""
_TAIL = r"(?<![^\W_]){}(?![^\W_])"

_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\.")  # of JSON
_APOSTROPHES = re.compile("['‘’ʻʼ`´]")
_WORD = re.compile(r"[^\W_]+")


class Telltale:
    """Recognises an article by its key and its addresses, and by its texts however written."""

    def __init__(
        self, article_id: str, addresses: Iterable[str] = (), texts: Iterable[str] = ()
    ) -> None:
        """``addresses``: those known of it; ``texts``: its headlines and paragraphs."""
        self._key = key = article_id.partition(":")[2]
        form = _NUMBER if key.isdecimal() and len(key) >= LEAST_DIGITS else _SLUG
        tails = {tail for address in addresses if (tail := _tail(address, key))}
        forms = [form.format(re.escape(key)), *(_TAIL.format(re.escape(tail)) for tail in tails)]
        self._names = re.compile("|".join(forms)).search
        folded = {_folded(text) for text in texts}
        self._texts = [f" {text} " for text in folded if len(text.encode()) >= LEAST]

    def names(self, text: str) -> bool:
        """Tell whether an address of the article, or its number, stands in a text."""
        plain = text.replace(r"\/", "/")
        forms = (plain, unquote(plain)) if "%" in plain else (plain,)
        # Few texts have the key in them, and to look for it alone takes next to no time.
        return any(self._key in form and self._names(form) for form in forms)

    def shows(self, text: str) -> bool:
        """Tell whether HTML, XML, JSON or plain text names the article, or says what it says."""
        if self.names(text):
            return True
        folded = f" {_folded(text)} "
        return any(each in folded for each in self._texts)


def _tail(address: str, key: str) -> str | None:
    """Return the end of an address that has the key in it: ``slug_594021``, ``posts/7``."""
    parts = unquote(address).split("/")
    tails = ("/".join(parts[-number:]) for number in range(1, len(parts) - 2))  # without the host
    return next((tail for tail in tails if key in tail and len(tail) >= LEAST_TAIL), None)


def _folded(text: str) -> str:
    """Return the words alone: however a text is escaped, quoted and spaced, it is the same."""
    plain = html.unescape(html.unescape(_ESCAPES.sub(_unescaped, text)))
    return " ".join(_WORD.findall(_APOSTROPHES.sub("", normalize("NFC", plain)).casefold()))


def _unescaped(found: Match[str]) -> str:
    return found[0].encode().decode("unicode_escape") if len(found[0]) > 2 else " "
