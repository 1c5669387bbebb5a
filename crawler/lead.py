"""The lead in the body exactly once, whether the page repeats it there, varies it or leaves it out.

On posts written for the current site the lead is the real first paragraph and stands nowhere else;
imported posts say it again, word for word, with more behind it or with a few words changed.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import islice, starmap

from crawler.text import fold, opens_with, says_same

_WORD = re.compile(r"\w+(?:['-]\w+)*")
_SENTENCE_ENDS = ".!?…؟"
_CLOSING_QUOTES = "”»\"'’"

# An editor's "few words" changed 5 to 20 % of a lead, which leaves at least 0.8; two paragraphs
# about the same event share names and small words in order, which comes to 0.1 to 0.6.
_SAME_WORDS = 0.75
# Of the letters of a name that is spelled in two ways; names of two people share fewer.
_SAME_LETTERS = 0.75
# In a shorter lead, one changed word (the place, the sum) may be the whole news.
_SHORTEST_VARIED_LEAD = 8
# A lead that stops within a word was cut by a machine, and not before such a length.
_SHORTEST_CUT_LEAD = 40
# Shorter leads may come back in the text as a heading.
_SHORTEST_UNIQUE_LEAD = 4


def place_lead(lead: str, paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs with the lead as the first one, once.

    Where the first paragraph says the lead itself, even in slightly other words, it stays as it
    is; only the space that a glued second sentence lacks is added.
    """
    others = _without_copies(lead, paragraphs)
    if others and _repeats(lead, " ".join(others)):
        return [_part_sentences(lead, others[0]), *others[1:]]
    if others and _is_varied(lead, others[0]):
        return others
    if others and others[0][-1] in _SENTENCE_ENDS and opens_with(lead, f"{others[0]} "):
        return [lead, *others[1:]]
    if len(others) < len(paragraphs):
        lead = next(paragraph for paragraph in paragraphs if says_same(paragraph, lead))
    return [lead, *others]


def _without_copies(lead: str, paragraphs: Sequence[str]) -> list[str]:
    """Drop every paragraph that is the lead and no more."""
    if len(lead.split()) < _SHORTEST_UNIQUE_LEAD:
        return list(paragraphs)
    return [paragraph for paragraph in paragraphs if not says_same(paragraph, lead)]


def _stem(lead: str) -> str:
    """Take off a lead how it ends: full stop, dots, quotation mark."""
    return lead.rstrip(f"{_SENTENCE_ENDS}{_CLOSING_QUOTES} ")


def _repeats(lead: str, text: str) -> bool:
    """Tell whether a text begins with the lead, and the lead's last word is whole there."""
    stem = _stem(lead)
    if not stem or not opens_with(text, stem):
        return False
    following = text[len(stem) : len(stem) + 1]
    is_within_word = following.islower() or following.isdigit()
    return not is_within_word or len(stem) >= _SHORTEST_CUT_LEAD


def _part_sentences(lead: str, paragraph: str) -> str:
    """Put a space where the lead ends in a paragraph, if the next sentence is glued to it."""
    end = len(lead) if opens_with(paragraph, lead) else len(_stem(lead))
    while paragraph[end : end + 1] in (*_SENTENCE_ENDS, "”", "»"):
        end += 1
    said, rest = paragraph[:end], paragraph[end:]
    return f"{said} {rest}" if _is_glued(said, rest[:1]) else paragraph


def _is_glued(said: str, following: str) -> bool:
    """Tell whether a character starts a sentence right behind the one that was said."""
    if following.isupper() or following in ("“", "„", "«"):
        return True
    is_number = said[-2:-1].isdigit() and following.isdigit()
    starts = following.isalnum() and not following.islower()
    return said[-1] in _SENTENCE_ENDS and starts and not is_number


def _is_varied(lead: str, paragraph: str) -> bool:
    """Tell whether a paragraph opens with the lead in slightly other words."""
    words = _WORD.findall(fold(lead))
    if len(words) < _SHORTEST_VARIED_LEAD:
        return False
    others = _WORD.finditer(fold(paragraph))
    opening = [word[0] for word in islice(others, len(words) + len(words) // 3)]
    if 2 * len(set(words) & set(opening)) < _SAME_WORDS * len(set(words)):
        return False
    blocks = SequenceMatcher(None, words, opening, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks)
    span = max(block.b + block.size for block in blocks if block.size)
    is_like = 2 * shared >= _SAME_WORDS * (len(words) + span)
    return is_like and not _is_about_another(_words(lead), _words(paragraph))


def _words(text: str) -> list[str]:
    """Return the words of a text with their capitals."""
    return [text[slice(*word.span())] for word in _WORD.finditer(fold(text))]


def _is_about_another(lead: Sequence[str], paragraph: Sequence[str]) -> bool:
    """Tell whether nothing differs but names, each in another's place.

    The first word proves no name: it has its capital anyway.
    """
    pairs = list(zip(lead, paragraph, strict=False))
    changed = [pair for pair in pairs if fold(pair[0]) != fold(pair[1])]
    are_names = all(one[0].isupper() and other[0].isupper() for one, other in changed)
    return are_names and not all(starmap(_is_same_name, pairs[1:]))


def _is_same_name(one: str, other: str) -> bool:
    """Tell whether two names are one, spelled in two ways or cut to an initial."""
    short, long = sorted((fold(one), fold(other)), key=len)
    return long.startswith(short) or SequenceMatcher(None, one, other).ratio() >= _SAME_LETTERS
