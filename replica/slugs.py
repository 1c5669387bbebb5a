"""Slugs of the replica: ASCII titles, in the form that the site uses."""

import re
import unicodedata
from datetime import date
from random import Random

from replica.texts import latin

_ARABIC = str.maketrans(
    dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهويةأإآى", "abttjhkddrzsssdtzagfqklmnhwyaaaaa", strict=True))
)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def ascii_title(title: str) -> str:
    """Return a title in a-z, 0-9 and hyphens; empty for scripts without transliteration."""
    folded = unicodedata.normalize("NFKD", latin(title).translate(_ARABIC))
    letters = folded.encode("ascii", "ignore").decode().lower()
    return _NOT_SLUG.sub("-", letters).strip("-")


def native_slug(title: str, number: int) -> str:
    """Slug of a post written on the current site: ``{title}_{id}``."""
    return f"{ascii_title(title)}_{number}"


def old_slug(title: str, day: date, random: Random, *, dated: bool = True) -> str:
    """Slug of an old post: cut at 60, sometimes with a stray letter, then the date."""
    base = ascii_title(title)[:60].strip("-") or "material"
    if random.random() < 0.2:
        place = random.randrange(1, len(base))
        base = f"{base[:place]}{random.choice('aeiou')}{base[place:]}"
    return f"{base}-{day:%d-%m-%Y}" if dated else base
