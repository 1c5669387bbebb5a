"""Finds where the text of an article ends and its byline begins."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from crawler.model.rules import BylineRules
from crawler.text.byline import LONGEST, Byline, Line, join_lines, read_line
from crawler.text.folding import APOSTROPHES
from crawler.text.plain_text import fold, folded_words

_MOST_LINES = 4
_SENTENCE_SIGNS = tuple('.!?…"»”’)')
_SENTENCE_END = re.compile(
    rf"(?:(?P<word>[^\W\d_](?:[^\W\d_]|[{APOSTROPHES}-])*)|\d|[\"»”’)\]])"
    r"(?P<sign>[.!?…。]+)[\"»”’)\]]*\s*(?=\S)"
)
_SURELY_A_WORD = 5  # letters before a full stop: then it is no initial, no `Dr.`, no `prof.`
_SHORTEST_WORD = 3
_ABBREVIATIONS = frozenset(
    (*("prof", "akad", "dots", "dok", "korr", "проф", "акад", "доц", "док", "корр"),
     *("соб", "спец", "инж", "канд", "тов"))
)  # fmt: skip
# `N. Surname`, `Name SURNAME`, and surnames with the usual endings of the region.
_NAMED = re.compile(
    r"\A[^,]*(?:\b[^\W\d_]{1,2}\.|[A-ZА-ЯЁЎҚҒҲ]{3}|(?:[oe]va?|[ое]ва?|zoda|зода|iy|[иі]й)\b)[^,]*\Z"
)
_CLOSING = '"»”’)'
_NO_POSITION = (". ", "!", "?", ";", ":", "–", "—")  # of a sentence, or of a list


def split_byline(body: str, rules: BylineRules) -> tuple[str, Byline | None]:
    """Cut the byline off the end of a text: its last lines, or a glued last sentence.

    A bare name, or one with a position, is a byline only below a complete sentence. Above the
    agency's label, a bare name is part of the byline if it is in the same paragraph, if a comma
    follows it, or if only a name can stand there.
    """
    text, below = _part_below(body, rules)
    rest, lines = text, list[Line]()
    while rest.strip() and len(lines) < _MOST_LINES:
        above, last = _part_last_line(rest, rules)
        read = _read_ending(last, rules)
        if read is None or not (read.stands_alone or _belongs_below(read, rest, lines)):
            read = _read_signature(last, above, lines, rules)
        if read is None:
            break
        lines.insert(0, read)
        rest = above
    before, glued = _split_glued(rest, rules)
    if not lines or _is_label(lines) or any(line.announced for line in glued):
        rest, lines = before, [*glued, *lines]
    left = f"{rest.rstrip()}{below}".lstrip("\n")
    return (left, join_lines(lines, rules)) if lines else (body, None)


def _part_below(body: str, rules: BylineRules) -> tuple[str, str]:
    """Separate the lines that may stand below a byline from the text."""
    text = body.rstrip()
    while rules.below and rules.below.fullmatch(last := text[text.rfind("\n") + 1 :]):
        if read_line(last, rules):
            break
        text = text[: max(text.rfind("\n"), 0)].rstrip()
    return text, body[len(text) :].rstrip()


def _part_last_line(text: str, rules: BylineRules) -> tuple[str, str]:
    """Separate the last line from the text, with a name and a comma above it."""
    above, _, last = text.rstrip().rpartition("\n")
    head, _, name = above.rstrip().rpartition("\n")
    named = read_line(name, rules) if name.endswith(",") else None
    if named and not named.credit and named.names_in_full:
        return head, f"{name}\n{last}"
    return above, last


def _read_ending(line: str, rules: BylineRules) -> Line | None:
    """Read a line of a byline. Before the agency's label there may be a full stop."""
    if read := read_line(line, rules):
        return read
    names, credit = _part_label(line.strip().rstrip(" ."), rules)
    named = read_line(f"{names}, {credit}", rules) if credit else None
    return replace(named, raw=line.strip()) if named else None


def _is_label(lines: Sequence[Line]) -> bool:
    """Return whether these phrases are only the agency's label."""
    return len(lines) == 1 and not (lines[0].persons or lines[0].announced)


def _read_signature(
    line: str, above: str, below: Sequence[Line], rules: BylineRules
) -> Line | None:
    """Read a line with only the author, perhaps with a position, below a complete sentence.

    Of the other lines of a byline, only the agency's label may stand below a position.
    """
    before = above.rstrip().rpartition("\n")[2]
    if not before.endswith(_SENTENCE_SIGNS) or _read_guest(before, rules):
        return None
    if below:
        return _read_guest(line, rules) if _is_label(below) else None
    return _read_guest(line, rules) or _read_bare_name(line, before, rules)


def _read_bare_name(line: str, before: str, rules: BylineRules) -> Line | None:
    """Read names alone, written as names are, in the text's alphabet.

    A full stop after them makes them a sentence, and a comma the beginning of one.
    """
    read = read_line(line, rules)
    if read is None or read.credit or not read.names_in_full or line.rstrip()[-1] in ".,":
        return None
    alphabets = _alphabets(line)
    is_spelled_so = alphabets and alphabets <= _alphabets(before.upper()) and not line.isupper()
    return read if is_spelled_so else None


def _read_guest(line: str, rules: BylineRules) -> Line | None:
    """Read one name with a position, perhaps followed by the agency's label."""
    name, comma, rest = line.strip().partition(",")
    named = read_line(name, rules) if comma and len(line) <= LONGEST else None
    if named is None or named.credit or named.announced or not named.names_in_full:
        return None
    position, credit = _part_label(rest.rstrip(" ."), rules)
    last = fold(position.rpartition(" ")[2].strip(_CLOSING))
    is_position = last in folded_words((*rules.positions, *rules.titles))
    if not is_position or any(mark in position for mark in _NO_POSITION):
        return None
    return Line(named.persons, credit, False, line.strip())


def _part_label(text: str, rules: BylineRules) -> tuple[str, str | None]:
    """Separate a position from the agency's label after it, if there is one."""
    for mark in (".", ","):
        position, _, last = text.rpartition(mark)
        if position and (label := read_line(last, rules)) and _is_label([label]):
            return position, label.credit
    return text, None


def _belongs_below(names: Line, rest: str, below: Sequence[Line]) -> bool:
    """Return whether bare names, the end of ``rest``, belong to the agency's label below."""
    if not below or below[0].persons or below[0].credit is None or not names.names_in_full:
        return False
    is_in_paragraph = not rest.endswith("\n")
    return is_in_paragraph or _signs(names, rest, below)


def _signs(names: Line, rest: str, below: Sequence[Line]) -> bool:
    """Return whether a paragraph of bare names belongs to the byline, before the agency's label.

    It must stand below a complete sentence, not in a list or a signature, and be written as names
    are, in the label's alphabet.
    """
    text = rest.rstrip().removesuffix(names.raw).rstrip()
    is_below_sentence = not text or text.endswith(_SENTENCE_SIGNS)
    is_label_alone = _is_label(below)
    is_spelled_so = not names.raw.isupper() and _alphabets(names.raw) == _alphabets(below[0].raw)
    return is_below_sentence and is_label_alone and is_spelled_so


def _alphabets(text: str) -> set[str]:
    """Return the alphabets of the capitals in a text."""
    return {unicodedata.name(letter).partition(" ")[0] for letter in text if letter.isupper()}


def _split_glued(body: str, rules: BylineRules) -> tuple[str, list[Line]]:
    """Cut off an unmistakable byline after the last sentence on the same line."""
    text = body.rstrip()
    end = text[text.rfind("\n") + 1 :][-LONGEST:]
    for stop in filter(_ends_sentence, _SENTENCE_END.finditer(end)):
        said, label = end[: stop.end()].rstrip(), end[stop.end() :]
        read = _read_ending(label, rules)
        if read is None or not (read.stands_alone and read.names_in_full):
            bare = _read_bare_name(label, said, rules) if _NAMED.search(label) else None
            read = _read_guest(label, rules) or bare
        if read:
            return text[: len(text) - len(label)].rstrip(), [read]
    return text, []


def _ends_sentence(stop: re.Match[str]) -> bool:
    """Return whether a full stop ends a sentence, not an initial or an abbreviation."""
    word = stop["word"]
    if word is None or stop["sign"] != "." or len(word) >= _SURELY_A_WORD:
        return True
    is_short_word = len(word) >= _SHORTEST_WORD and word.islower()
    return is_short_word and word not in _ABBREVIATIONS
