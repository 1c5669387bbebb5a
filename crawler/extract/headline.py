"""Finds a page's headline among its titles, without what a site adds to it."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.extract.blocks import letters, name_of
from crawler.extract.html import one_line
from crawler.extract.own_story import ancestors
from crawler.text.plain_text import fold

# Separates a headline from the names of section and site.
_SIGNS = re.compile(
    r"\s+[|\-–—·•:»«/\\~⋆<]{1,3}\s+|\s*(?:\||ㅣ|｜|_|--|——|::+|>>|»)\s*|:\s+(?=\S+\Z)"
)
_HYPHEN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef”])[-－—–](?=[A-Z\u3040-\u9fff])")
_QUOTED = re.compile("«[^«»]*»")
_WORD = re.compile(r"[\u3040-\u9fff]|\w+")
_SENTENCE = 80  # letters; a line with as many is text
_SHORTEST = 15  # characters of a headline without its topic
_MOMENT = re.compile(r"\s+\d{1,2}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}:\d\d\Z")
# Search engines want headlines of at most 110 characters, so programs cut them.
_SHORTEST_CUT = 100
_BREADCRUMB, _CLOSE = re.compile("breadcrumb", re.IGNORECASE), 3


def own_headings(root: LexborNode, sites: Sequence[str]) -> list[str]:
    """Return the first-level headings of a page, without those of the masthead."""
    found = ((one_line(node), node) for node in root.css("h1"))
    own = (text for text, node in found if text and not _is_masthead(node, text, sites))
    return [_MOMENT.sub("", text) for text in own]


def _is_masthead(node: LexborNode, text: str, sites: Sequence[str]) -> bool:
    """Return whether a heading names the site, or links to its front page."""
    inner = node.css_first("a[href]")
    outer = node.parent if node.parent and node.parent.tag == "a" else None
    links = [link.attributes.get("href") or "" for link in (inner, outer) if link]
    is_home = any(urlsplit(link).path in ("", "/") and not link.startswith("#") for link in links)
    return is_home or is_site(text, sites)


def is_site(text: str, sites: Iterable[str]) -> bool:
    """Return whether a text is only the name of the site, whatever its spaces and punctuation."""
    return _squeeze(text) in map(_squeeze, sites)


def site_names(url: str) -> list[str]:
    """Return names that a site may have by its address: its host, and parts of it."""
    parts = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    longest = max(parts[:-1], key=len, default="")
    return [".".join(parts[start:]) for start in range(len(parts) - 1)] + [longest]


def _squeeze(text: str) -> str:
    """Return only the letters and digits of a text, to compare names."""
    return re.sub(r"[\W_]+", "", fold(text))


def headline_below_breadcrumb(root: LexborNode, titles: Sequence[str]) -> str:
    """Return the title that a second-level heading shows, if the first level is in a breadcrumb.

    What stands there is for search engines; the second level has the headline. Empty otherwise.
    """
    first = root.css("h1")
    if not (first and all(map(_is_in_breadcrumb, first))):
        return ""
    searched = {fold(one_line(node)) for node in first}
    others = [title for title in titles if fold(title) not in searched]
    shown = _shown_part(others, map(one_line, root.css("h2")))
    return shown or _shown_part(others, heading_parts(root, "h2"))


def _is_in_breadcrumb(node: LexborNode) -> bool:
    """Return whether a heading or an element close to it is a breadcrumb, or it is in a menu."""
    around = [node, *ancestors(node)]
    is_named = any(_BREADCRUMB.search(name_of(one)) for one in around[:_CLOSE])
    return is_named or any(one.tag == "nav" for one in around)


def heading_parts(root: LexborNode, level: str = "h1") -> list[str]:
    """Return the lines within headings of a level: topic, headline, and a second line."""
    parts = (part for node in root.css(level) for part in node.iter(include_text=True))
    texts = (part.text_lexbor() for part in parts)
    return [" ".join(text.split()) for text in texts if not text.isspace()]


def headline_among(
    own: Sequence[str], shared: Sequence[str], headings: Sequence[str], parts: Sequence[str] = ()
) -> str:
    """Return the title, or the part of one, that a heading shows. Empty if none does.

    ``own``: headlines in the article's own data, which are used even if not shown; ``shared``:
    other titles; in both the most credible first. ``parts``: the lines within the headings.
    """
    if own:
        return _shown_part(own, headings) or own[0]
    shown = _shown_part(shared, headings) or _shown_part(shared, parts)
    return shown or _below_kicker(shared, headings)


def _below_kicker(shared: Sequence[str], headings: Sequence[str]) -> str:
    """Return the title that a heading ends with. Before it, the heading may name a topic."""
    ends = {fold(heading) for heading in headings}
    titles = (title for title in shared if len(title) >= _SHORTEST)
    return next((one for one in titles if any(end.endswith(f" {fold(one)}") for end in ends)), "")


def headline_in(lines: Sequence[str], shared: Sequence[str], headings: Sequence[str]) -> str:
    """Return the title that any line shows, otherwise the most similar heading."""
    if line := _shown_part(shared, lines):
        return line
    text = [line for line in lines if letters(line) >= _SENTENCE]
    likest = _likest(headings, shared, 0.3) or _likest(headings, text, 0.5)
    return likest or _without_tail(next(iter((*shared, *headings)), ""))


def _without_tail(title: str) -> str:
    """Cut the last part off a title that the page shows nowhere: it is a site's name."""
    last = next(reversed(_signs(title)), None)
    is_short = last is not None and 2 * letters(title[last.end() :]) <= letters(
        title[: last.start()]
    )
    return title[: last.start()] if last and is_short else title


def _signs(title: str) -> list[re.Match[str]]:
    """Return the signs between the parts of a title, in order. A closing quote is none."""
    found = [*_SIGNS.finditer(title), *_HYPHEN.finditer(title)]
    found.sort(key=re.Match.start)
    quotes = _QUOTED.finditer(title)
    closing = {quote.end() - 1 for quote in quotes}
    return [sign for sign in found if closing.isdisjoint(range(*sign.span()))]


def _likest(headings: Sequence[str], texts: Sequence[str], least: float) -> str:
    """Return the heading with the largest share of words in the texts, at least ``least``."""
    words = {word for text in texts for word in _WORD.findall(fold(text))}
    shares = {heading: _share(heading, words) for heading in reversed(headings)}
    best = max(shares, key=shares.__getitem__, default="")
    return best if shares.get(best, 0) >= least else ""


def _share(heading: str, words: Collection[str]) -> float:
    own = set(_WORD.findall(fold(heading)))
    return len(own & set(words)) / max(1, len(own))


def _shown_part(claims: Sequence[str], lines: Iterable[str]) -> str:
    """Return the longest part of a title that the page shows, spelled as shown.

    The first title with such a part counts.
    """
    shown = {fold(line): line for line in reversed([*lines])}
    for claim in claims:
        found = [shown[part] for part in map(fold, _parts(claim)) if part in shown]
        if found:
            return max(found, key=len)
        if len(claim) >= _SHORTEST_CUT:
            whole = (line for part, line in shown.items() if part.startswith(fold(claim)))
            if line := next(whole, None):
                return line
    return ""


def _parts(claim: str) -> Iterator[str]:
    """Yield a title, and each of its parts that is at least half of it."""
    signs = _signs(claim)
    starts = [0, *(sign.end() for sign in signs)]
    ends = [*(sign.start() for sign in signs), len(claim)]
    least = letters(claim)
    for start in starts:
        yield from (claim[start:end] for end in ends if 2 * letters(claim[start:end]) >= least)


def without_site(claim: str, sites: Sequence[str]) -> str:
    """Cut the site's name off the start or end of a title, and anything after a bar."""
    for sign in reversed(_signs(claim)):
        head, tail = claim[: sign.start()], claim[sign.end() :]
        if is_site(head, sites):
            return without_site(tail, sites)
        if is_site(tail, sites) or ("|" in sign[0] and letters(head) > letters(tail)):
            return without_site(head, sites)
    return claim
