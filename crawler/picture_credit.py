"""Whom a picture's caption credits: the caption in, its own words and the credit out."""

import re

from crawler.byline import read_byline
from crawler.rules import BylineRules

# Where a credit may begin: at the start, behind a sentence, in brackets or behind a mark.
_START = re.compile(r"^|(?<=[.!?…»”\"])\s+|(?<=。)|(?=[(\[])|\s[/|–—-]\s|(?P<comma>[,،]\s|，)")
_BRACKET_END = re.compile(r"[)\]]\.?$")


def split_credit(caption: str, rules: BylineRules) -> tuple[str, str | None]:
    """Take a credit such as `Photo by N. Surname` or `(Photo: AGENCY)` off a caption's end.

    Only what reads as a byline of photographers, or as the agency's label, from its first word to
    its last is a credit: other names at the end of a caption tell whom the picture shows, and a
    label behind a comma may be the last of several.
    """
    for start in _START.finditer(caption):
        byline = read_byline(_BRACKET_END.sub("", caption[start.end() :].lstrip("([")), rules)
        if byline is None or (start["comma"] and not byline.authors):
            continue
        if all(person.role == "photo" for person in byline.authors):
            credit = [*(person.name for person in byline.authors), byline.credit]
            return caption[: start.start()].rstrip(), ", ".join(filter(None, credit))
    return caption, None
