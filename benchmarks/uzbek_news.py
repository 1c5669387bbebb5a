"""Invented Uzbek news in Cyrillic, and two converters that write it in both Latin spellings.

Most paragraphs are those of ``newswire``, in our own words; ``uzbek_paragraphs.txt`` has others,
each written for itself. The converters are by different authors.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from benchmarks.newswire import BEGIN, Newswire


def paragraphs(number: int = 500) -> list[str]:
    """Return different paragraphs in Cyrillic, the same ones each time."""
    found: dict[str, None] = {}
    for paragraph in _written():
        found[paragraph] = None
        if len(found) == number:
            break
    return list(found)


def handwritten() -> tuple[list[str], list[str]]:
    """Return paragraphs of one to three sentences on many subjects, in Cyrillic.

    Nobody looked at which of the second list are not recognised: change nothing because of them.
    """
    lines = Path(__file__).with_name("uzbek_paragraphs.txt").read_text("utf-8").splitlines()
    return lines[:200], lines[200:]


def _written() -> Iterator[str]:
    wire, day = Newswire(seed=17), BEGIN
    while True:
        for kind in wire.kinds():
            yield from wire.tell(wire.story(kind, day), "uz", day).body.split("\n\n")
        day += timedelta(days=1)


def converters() -> Mapping[str, Mapping[str, Callable[[str], str]]]:
    """Return how each converter writes Cyrillic in the Latin letters of a year."""
    import alifbe  # here: tests without them read the paragraphs
    import alifbo

    return {
        "alifbo": {
            "1995": lambda text: alifbo.to_old_latin(alifbo.from_cyrillic(text).text).text,
            "2026": lambda text: alifbo.from_cyrillic(text).text,
        },
        "alifbe": {
            "1995": lambda text: alifbe.cyrillic_to_latin(text).text,
            "2026": lambda text: alifbe.cyrillic_to_latin(text, new_orthography=True).text,
        },
    }
