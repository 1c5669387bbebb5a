"""What stands around an article's text and is not text: found and dropped, and nothing else."""

import re

from crawler.byline import read_byline
from crawler.language_index import FREQUENT_WORDS
from crawler.rules import AgencyRules, TextRules, TimestampRules
from crawler.text import fold, normalise, opens_with, says_same, split_paragraphs, tidy

# Code of a frame that an editor pasted as text, its angle brackets perhaps escaped (even twice).
_IFRAME = re.compile(
    r"</?iframe\b[^<>]*(?:>|\Z)"
    r"|&(?:amp;)*lt;/?iframe\b(?:(?!&(?:amp;)*[lg]t;)[\s\S])*(?:&(?:amp;)*gt;|\Z)",
    re.IGNORECASE,
)
_EXTENSION = r"\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic)"
# A name with spaces needs a number (`Image 2024-05-01 at 10.11.jpeg`), or sentences would match.
_PICTURE_NAME = re.compile(
    rf"[^\s/<>]+{_EXTENSION}|(?=\D*\d)[^\s/<>]+(?: [^\s/<>]+){{1,6}}{_EXTENSION}", re.IGNORECASE
)

_LONGEST_NAME = 120
_LONGEST_EXTENSION = 5

# Fewer labels in a row may be a list that the text itself makes.
_SHORTEST_MENU = 6

_NAME_PARTICLES = {
    *("al", "da", "de", "del", "den", "der", "des", "di", "du", "el", "la", "las", "le", "les"),
    *("los", "van", "von", "dal", "degli", "della", "do", "dos", "lo"),
}
_SENTENCE_OPENERS = FREQUENT_WORDS - _NAME_PARTICLES
_OPENING_QUOTES = "“„«\"'‘"
_CLOSING_QUOTES = '”»"'
_SENTENCE_ENDS = ".!?…"


def clean_body(text: str, rules: AgencyRules, title: str = "", lead: str = "") -> list[str]:
    """Return the paragraphs of a raw body without the page's furniture and the repeated title."""
    text = _cut_at_end_mark(_cut_codes(normalise(text), rules.text), rules.text)
    lines = ["" if _is_furniture(line, rules.text) else line for line in text.split("\n")]
    lines = _drop_counter(_drop_menu(lines, rules.text), rules)
    return _drop_title(split_paragraphs("\n".join(lines)), title, lead)


def clean_line(text: str, rules: TextRules) -> str:
    """Return a title or summary as one line, without codes that stand for something else."""
    return " ".join(_cut_codes(normalise(text), rules).split())


def _cut_codes(text: str, rules: TextRules) -> str:
    """Leave out every frame and shortcode of a normalised text."""
    cut = text
    if "<" in cut or "&" in cut:
        cut = _IFRAME.sub(" ", cut)
    for shortcode in rules.shortcodes:
        cut = shortcode.sub(" ", cut)
    return text if cut == text else tidy(cut)


def _cut_at_end_mark(text: str, rules: TextRules) -> str:
    """Cut a text where the first of its end marks stands."""
    marks = (mark.search(text) for mark in rules.ends)
    return text[: min((mark.start() for mark in marks if mark), default=len(text))]


def _is_furniture(line: str, rules: TextRules) -> bool:
    if not line:
        return False
    may_be_name = len(line) <= _LONGEST_NAME and "." in line[-_LONGEST_EXTENSION:]
    if may_be_name and _PICTURE_NAME.fullmatch(line):
        return True
    return any(pattern.fullmatch(line) for pattern in rules.furniture)


def _drop_menu(lines: list[str], rules: TextRules) -> list[str]:
    """Blank every run of menu labels that is too long to be a list of the text."""
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

    A number that may be a year is one only right below the byline, where no text stands.
    """
    filled = [number for number, line in enumerate(lines) if line]
    for place in (-1, -2):
        if len(filled) < -place or not _is_counter(lines[filled[place]], rules.text):
            continue
        before = lines[filled[place - 1]] if len(filled) > -place else ""
        if before.endswith((":", ";")) or _is_counter(before, rules.text):
            break  # the number is what a list counts
        if may_be_year(lines[filled[place]], rules.timestamp) and not (
            place == -1 and read_byline(before, rules.byline)
        ):
            break
        lines[filled[place]] = ""
        break
    return lines


def may_be_year(line: str, rules: TimestampRules) -> bool:
    """Tell whether a line is a number like the years in which the agency can have published."""
    return len(line) == 4 and line.isdecimal() and int(line) in rules.years


def _is_counter(line: str, rules: TextRules) -> bool:
    return rules.counter is not None and bool(rules.counter.fullmatch(line))


def _drop_title(paragraphs: list[str], title: str, lead: str) -> list[str]:
    """Drop the title where it stands alone, and cut it where it is glued to a sentence."""
    if not title:
        return paragraphs
    kept = [_drop_title_lines(paragraph, title) for paragraph in paragraphs]
    return [cut_glued_title(paragraph, title, lead) for paragraph in kept if paragraph]


def _drop_title_lines(paragraph: str, title: str) -> str:
    """Drop lines that are the title; a title of one or two words may be an item of a list."""
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
    """Tell whether a line says the title and no more; a full stop makes it a sentence."""
    if len(line) > len(title):
        return False
    return says_same(line, title) or says_same(line, title.rstrip(_SENTENCE_ENDS))


def cut_glued_title(paragraph: str, title: str, lead: str = "") -> str:
    """Cut the title off a paragraph whose first sentence begins only after it.

    A paragraph whose first sentence merely opens with the words of the title is left whole, and
    so is every doubtful one: a title too many is read over, a sentence without its head is not.
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
    """Tell from what follows a title whether it is a sentence that starts anew.

    A space between them says so only behind a title of the ``shortest`` number of words or more.
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
    """Tell a new sentence from a name that goes on (`...in Samarkand City`, `...Anvar Karimov`)."""
    first = fold(words[0])
    if len(first) > 2:  # not an initial, `A.`
        first = first.rstrip(".,")
    if first in _SENTENCE_OPENERS:
        return True
    is_finished = last_of_title[-1] in _CLOSING_QUOTES or not last_of_title[0].isupper()
    is_quoted = words[0][-1] in _CLOSING_QUOTES  # `...the novel “Oqqayin” appeared`
    return is_finished and not is_quoted and len(words) > 1 and words[1][0].islower()
