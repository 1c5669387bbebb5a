"""What two texts in different languages have in common if they tell the same: figures and names.

Figures are the same in every language, and a name, once it is in one script, begins with the same
letters in most. Pages of one agency share pictures, minutes and sections far more often than that.
"""

import re
from functools import lru_cache

from crawler.script_folding import fold_for_search

AGREE = 0.5  # share of the marks of the text that has fewer from which both tell the same
LETTERS = 400  # of a body that are looked at
_FIGURE = re.compile(r"\d+(?:[ \u00a0.,]\d+)*")
_WORD = re.compile(r"[^\W\d_][\w‘’'`]{3,}")
_STEM = 5  # letters of a name that its endings leave alone


def agreement(one: str, other: str) -> float:
    """Return the share of marks in common, of those of the text that has fewer; 0 without any."""
    ours, theirs = marks(one), marks(other)
    return len(ours & theirs) / (min(len(ours), len(theirs)) or 1)


@lru_cache(maxsize=1_000)
def marks(text: str) -> frozenset[str]:
    """Return figures of two digits and more, and how words that begin with a capital begin."""
    figures = (re.sub(r"\D", "", each) for each in _FIGURE.findall(text))
    names = (each for each in _WORD.findall(text) if each[0].isupper())
    return frozenset(
        [
            *(each for each in figures if len(each) > 1),
            *(fold_for_search(each)[:_STEM] for each in names),
        ]
    )
