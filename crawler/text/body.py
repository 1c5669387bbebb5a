"""The text of an article: removes boilerplate, and puts the lead first in it, exactly once.

On posts written for the current site, the lead is the first paragraph and is not repeated. Imported
posts repeat it, either literally with more text after it, or with a few words changed.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby, islice, starmap

from crawler.model.rules import AgencyRules, TextRules, TimestampRules
from crawler.text.byline import read_byline
from crawler.text.language import FREQUENT_WORDS
from crawler.text.plain_text import fold, normalise, opens_with, says_same, split_paragraphs, tidy

# HTML of a frame that an editor pasted as text; its brackets may be escaped, even twice.
_IFRAME = re.compile(
    r"</?iframe\b[^<>]*(?:>|\Z)"
    r"|&(?:amp;)*lt;/?iframe\b(?:(?!&(?:amp;)*[lg]t;)[\s\S])*(?:&(?:amp;)*gt;|\Z)",
    re.IGNORECASE,
)
_EXTENSION = r"\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic)"
# A file name with spaces needs a number (`Image 2024-05-01 at 10.11.jpeg`); otherwise sentences
# would match.
_PICTURE_NAME = re.compile(
    rf"[^\s/<>]+{_EXTENSION}|(?=\D*\d)[^\s/<>]+(?: [^\s/<>]+){{1,6}}{_EXTENSION}", re.IGNORECASE
)

_LONGEST_NAME = 120
_LONGEST_EXTENSION = 5

# Fewer labels in a row may be a list in the text itself.
_SHORTEST_MENU = 6

_NAME_PARTICLES = {
    *("al", "da", "de", "del", "den", "der", "des", "di", "du", "el", "la", "las", "le", "les"),
    *("los", "van", "von", "dal", "degli", "della", "do", "dos", "lo"),
    *("ali", "ana", "can", "dan", "kay", "kim", "man", "nur", "per", "san"),  # the names themselves
}
_SENTENCE_OPENERS = FREQUENT_WORDS - _NAME_PARTICLES
_OPENING_QUOTES = "“„«\"'‘"
_CLOSING_QUOTES = '”»"'
_SENTENCE_ENDS = ".!?…"

_WORD = re.compile(r"\w+(?:['-]\w+)*")
_LEAD_ENDS = ".!?…؟"
_LEAD_QUOTES = "”»\"'’"

# An editor's "few words" changed 5 to 20 % of a lead, which leaves at least 0.8; two paragraphs
# about the same event share names and small words in order, which comes to 0.1 to 0.6.
_SAME_WORDS = 0.75
# Of the letters of a name that is spelled in two ways; names of two people share fewer.
_SAME_LETTERS = 0.75
# In a shorter lead, one changed word (a place, a sum) may be the whole difference.
_SHORTEST_VARIED_LEAD = 8
# A lead that ends within a word was cut by a program, at this length or later.
_SHORTEST_CUT_LEAD = 40
_SHARE_OF_COPY = 0.25  # of all letters, in consecutive paragraphs: half or all of the text
_LEAST_COPY = 60  # letters
# Shorter leads may be repeated in the text as a heading.
_SHORTEST_UNIQUE_LEAD = 4


def clean_body(text: str, rules: AgencyRules, title: str = "", lead: str = "") -> list[str]:
    """Return the paragraphs of a raw body without boilerplate and without the repeated title."""
    text = _cut_at_end_mark(_cut_codes(normalise(text), rules.text), rules.text)
    lines = ["" if _is_boilerplate(line, rules.text) else line for line in text.split("\n")]
    lines = _drop_counter(_drop_menu(lines, rules.text), rules)
    return _drop_title(split_paragraphs("\n".join(lines)), title, lead)


def clean_line(text: str, rules: TextRules) -> str:
    """Return a title or summary as one line, without shortcodes."""
    return " ".join(_cut_codes(normalise(text), rules).split())


def _cut_codes(text: str, rules: TextRules) -> str:
    """Remove every frame and shortcode from a normalised text."""
    cut = text
    if "<" in cut or "&" in cut:
        cut = _IFRAME.sub(" ", cut)
    for shortcode in rules.shortcodes:
        cut = shortcode.sub(" ", cut)
    return text if cut == text else tidy(cut)


def _cut_at_end_mark(text: str, rules: TextRules) -> str:
    """Cut a text at the first of its end marks."""
    marks = (mark.search(text) for mark in rules.ends)
    return text[: min((mark.start() for mark in marks if mark), default=len(text))]


def _is_boilerplate(line: str, rules: TextRules) -> bool:
    if not line:
        return False
    may_be_name = len(line) <= _LONGEST_NAME and "." in line[-_LONGEST_EXTENSION:]
    if may_be_name and _PICTURE_NAME.fullmatch(line):
        return True
    return any(pattern.fullmatch(line) for pattern in rules.boilerplate)


def _drop_menu(lines: list[str], rules: TextRules) -> list[str]:
    """Blank every run of menu labels that is too long to be a list in the text."""
    longest = max(map(len, rules.menu), default=0)
    run: list[int] = []
    kept = list(lines)
    for number, line in enumerate([*lines, "end"]):
        if len(line) <= longest and fold(line) in rules.menu:
            run.append(number)
        elif line:
            if len(run) >= _SHORTEST_MENU:
                kept[run[0] : run[-1] + 1] = [""] * (run[-1] + 1 - run[0])
            run = []
    return kept


def _drop_counter(lines: list[str], rules: AgencyRules) -> list[str]:
    """Blank a view counter on the last line or, before a byline, on the last but one.

    A number that may be a year is a counter only directly below the byline.
    """
    filled = [number for number, line in enumerate(lines) if line]
    for place in (-1, -2):
        if len(filled) < -place or not _is_counter(lines[filled[place]], rules.text):
            continue
        before = lines[filled[place - 1]] if len(filled) > -place else ""
        if before.endswith((":", ";")) or _is_counter(before, rules.text):
            break  # the number belongs to a list
        if may_be_year(lines[filled[place]], rules.timestamp) and not (
            place == -1 and read_byline(before, rules.byline)
        ):
            break
        lines[filled[place]] = ""
        break
    return lines


def may_be_year(line: str, rules: TimestampRules) -> bool:
    """Return whether a line is a number like the years in which the agency can have published."""
    return len(line) == 4 and line.isdecimal() and int(line) in rules.years


def _is_counter(line: str, rules: TextRules) -> bool:
    return rules.counter is not None and bool(rules.counter.fullmatch(line))


def _drop_title(paragraphs: list[str], title: str, lead: str) -> list[str]:
    """Remove the title where it stands alone, and cut it off a sentence it is glued to."""
    if not title:
        return paragraphs
    kept = [_drop_title_lines(paragraph, title) for paragraph in paragraphs]
    return [cut_glued_title(paragraph, title, lead) for paragraph in kept if paragraph]


def _drop_title_lines(paragraph: str, title: str) -> str:
    """Remove lines that are the title. A title of one or two words may be an item of a list."""
    if is_title(paragraph, title):
        return ""
    if "\n" not in paragraph:
        return paragraph
    first, *others = paragraph.split("\n")
    if is_title(first, title):
        return "\n".join(others)
    if len(title.split()) < 3:
        return paragraph
    return "\n".join(line for line in (first, *others) if not is_title(line, title))


def is_title(line: str, title: str) -> bool:
    """Return whether a line is the title and nothing else. A full stop makes it a sentence."""
    if len(line) > len(title):
        return False
    return says_same(line, title) or says_same(line, title.rstrip(_SENTENCE_ENDS))


def cut_glued_title(paragraph: str, title: str, lead: str = "") -> str:
    """Cut the title off a paragraph whose first sentence begins only after it.

    A paragraph whose first sentence merely begins with the words of the title is left whole, and so
    is every doubtful one: a repeated title is a smaller error than a lost beginning.
    """
    if not title or not opens_with(paragraph, title):
        return paragraph
    rest = paragraph[len(title) :]
    sentence = rest.lstrip()
    if _opens_with_lead(sentence, title, lead) or is_glued(title, rest):
        return sentence
    return paragraph


def _opens_with_lead(sentence: str, title: str, lead: str) -> bool:
    return (
        len(lead.split()) > 2
        and not opens_with(lead, title)
        and opens_with(sentence, lead.rstrip(_SENTENCE_ENDS))
    )


def is_glued(title: str, rest: str, *, shortest: int = 4) -> bool:
    """Return whether the text after a title is a new sentence.

    A space between them counts only after a title of at least ``shortest`` words.
    """
    opening = rest.lstrip().lstrip(_OPENING_QUOTES)
    if not opening[:1].isupper():
        return False
    words = title.split()
    if not rest[0].isspace():  # `...for the regionMore than`
        return len(words) > 1
    if len(words) < shortest:
        return False
    return title[-1] in _SENTENCE_ENDS or _is_sentence_start(words[-1], opening.split())


def _is_sentence_start(last_of_title: str, words: list[str]) -> bool:
    """Return whether this is a new sentence, not a name (`...in Samarkand City`)."""
    first = fold(words[0])
    if len(first) > 2:  # not an initial, `A.`
        first = first.rstrip(".,")
    if first in _SENTENCE_OPENERS:
        return True
    is_finished = last_of_title[-1] in _CLOSING_QUOTES or not last_of_title[0].isupper()
    is_quoted = words[0][-1] in _CLOSING_QUOTES  # `...the novel “Oqqayin” appeared`
    return is_finished and not is_quoted and len(words) > 1 and words[1][0].islower()


def without_second_copy(paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs without a long repetition, such as a second copy for phones.

    A few repeated ones, such as three stars or a refrain, stay.
    """
    keys = [" ".join(paragraph.split()) for paragraph in paragraphs]
    first: dict[str, int] = {}
    again = [place for place, key in enumerate(keys) if first.setdefault(key, place) != place]
    runs = groupby(enumerate(again), key=lambda numbered: numbered[1] - numbered[0])
    least = max(_LEAST_COPY, _SHARE_OF_COPY * sum(map(len, keys)))
    copied = set[int]()
    for places in ([place for _, place in run] for _, run in runs):
        if sum(len(keys[place]) for place in places) >= least:
            copied.update(places)
    return [text for place, text in enumerate(paragraphs) if place not in copied]


def place_lead(lead: str, paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs with the lead as the first one, once.

    If the first paragraph already contains the lead, even in slightly different words, it stays as
    it is; only a missing space after the lead is added.
    """
    others = _without_copies(lead, paragraphs)
    if others and _repeats(lead, " ".join(others)):
        return [_part_sentences(lead, others[0]), *others[1:]]
    if others and _is_varied(lead, others[0]):
        return others
    if others and others[0][-1] in _LEAD_ENDS and opens_with(lead, f"{others[0]} "):
        return [lead, *others[1:]]
    if len(others) < len(paragraphs):
        lead = next(paragraph for paragraph in paragraphs if says_same(paragraph, lead))
    return [lead, *others]


def _without_copies(lead: str, paragraphs: Sequence[str]) -> list[str]:
    """Remove every paragraph that is the lead and nothing else."""
    if len(lead.split()) < _SHORTEST_UNIQUE_LEAD:
        return list(paragraphs)
    return [paragraph for paragraph in paragraphs if not says_same(paragraph, lead)]


def _stem(lead: str) -> str:
    """Remove the end of a lead: full stop, dots, quotation mark."""
    return lead.rstrip(f"{_LEAD_ENDS}{_LEAD_QUOTES} ")


def _repeats(lead: str, text: str) -> bool:
    """Return whether a text begins with the lead, with its last word complete."""
    stem = _stem(lead)
    if not stem or not opens_with(text, stem):
        return False
    following = text[len(stem) : len(stem) + 1]
    is_within_word = following.islower() or following.isdigit()
    return not is_within_word or len(stem) >= _SHORTEST_CUT_LEAD


def _part_sentences(lead: str, paragraph: str) -> str:
    """Insert a space after the lead in a paragraph, if the next sentence is glued to it."""
    end = len(lead) if opens_with(paragraph, lead) else len(_stem(lead))
    while paragraph[end : end + 1] in (*_LEAD_ENDS, "”", "»"):
        end += 1
    said, rest = paragraph[:end], paragraph[end:]
    return f"{said} {rest}" if _is_glued(said, rest[:1]) else paragraph


def _is_glued(said: str, following: str) -> bool:
    """Return whether a character starts a sentence directly after the previous one."""
    if following.isupper() or following in ("“", "„", "«"):
        return True
    is_number = said[-2:-1].isdigit() and following.isdigit()
    starts = following.isalnum() and not following.islower()
    return said[-1] in _LEAD_ENDS and starts and not is_number


def _is_varied(lead: str, paragraph: str) -> bool:
    """Return whether a paragraph begins with the lead in slightly different words."""
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
    """Return whether the texts differ only in names, at the same places.

    The first word does not count as a name, because it has a capital anyway.
    """
    pairs = list(zip(lead, paragraph, strict=False))
    changed = [pair for pair in pairs if fold(pair[0]) != fold(pair[1])]
    are_names = all(one[0].isupper() and other[0].isupper() for one, other in changed)
    return are_names and not all(starmap(_is_same_name, pairs[1:]))


def _is_same_name(one: str, other: str) -> bool:
    """Return whether two names are one, spelled in two ways or cut to an initial."""
    short, long = sorted((fold(one), fold(other)), key=len)
    return long.startswith(short) or SequenceMatcher(None, one, other).ratio() >= _SAME_LETTERS
