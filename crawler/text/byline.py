"""Reads who wrote an article: the last lines of its text in, persons with roles out.

A line is a byline only if every word of it is understood: a name, one of the agency's labels, or
one of the few words that bylines are made of. So a sentence that ends with a name is not a byline.
``spell_name`` decides which words are a name, and how it is spelled.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, islice, pairwise
from typing import Literal
from unicodedata import category, normalize

from crawler.model.article import Person, Role
from crawler.model.rules import BylineRules
from crawler.text.plain_text import fold, folded_words, in_one_script

Kind = Literal[
    "agency",
    "photo",
    "video",
    "translator",
    "lead",
    "title",
    "joiner",
    "separator",
    "opening",
    "closing",
    "colon",
    "name",
]
# By first word: the words of each phrase, the longest phrase first, and its meaning.
_Phrasebook = Mapping[str, Sequence[tuple[list[str], Kind]]]

_LONGEST_BARE = 3  # `И.` is an initial, never the word `и`; `корр.` is `корр`
_MARKS: Mapping[str, Kind] = {
    **dict.fromkeys(",;،；，、/|–—-", "separator"),
    **dict.fromkeys("([（", "opening"),
    **dict.fromkeys(")]）", "closing"),
    **dict.fromkeys(":：", "colon"),
}
_PIECE = re.compile(r"[,;،；，、/|–—()\[\]（）:：]|[^\s,;،；，、/|–—()\[\]（）:：]+")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # direction marks
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{3})[.…。]+$")  # but `Sattorov N.` ends with its initial

_MOST_PERSONS = 8
LONGEST = 200  # characters of a line
# A person with two roles (`photo, video`) gets the first of these.
_ROLES: Mapping[Kind, Role] = {"photo": "photo", "video": "video", "translator": "translator"}
_ANNOUNCING = frozenset[Kind]({*_ROLES, "lead"})
_BEFORE_COLON = _ANNOUNCING | {"title", "agency"}
_PARTING = frozenset[Kind]({"separator", "joiner"})

# A credit may begin at the start, after a sentence, in brackets or after a mark.
_START = re.compile(r"^|(?<=[.!?…»”\"])\s+|(?<=。)|(?=[(\[])|\s[/|–—-]\s|(?P<comma>[,،]\s|，)")
_BRACKET_END = re.compile(r"[)\]]\.?$")

# In names.
_WordKind = Literal["full", "initial", "particle"]
_INSIDE = "'-·"
_HYPHEN = re.compile(r"([-‑])")
_UP_TO_DOT = re.compile(r"[^.]*\.|[^.]+")
_LONGEST_INITIAL = 3  # letters: `Ш.`, `Sh.`, `Abd.`
_MOST_FULL_WORDS = 4
MOST_WORDS = 7  # with initials and particles


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a byline with one meaning. A name is spelled as it will be stored."""

    kind: Kind
    text: str


def read_phrases(line: str, rules: BylineRules) -> list[Phrase]:
    """Return the phrases of a line. Empty if it has a word that no byline has."""
    plain = in_one_script(_INVISIBLE.sub("", normalize("NFC", line)).strip())
    pieces = _PIECE.findall(_FULL_STOP.sub("", plain))
    particles = folded_words(rules.particles)
    phrases: list[Phrase] = []
    for kind, run in groupby(_tokens(pieces, rules), key=lambda token: token.kind):
        if kind == "name":
            words = (token.text for token in islice(run, MOST_WORDS + 1))  # a sentence ends here
            name = spell_name(words, particles)
            if name is None:
                return []
            phrases.append(Phrase(kind, name))
        elif kind != "colon":
            phrases.extend(run)
        elif not phrases or phrases[-1].kind not in _BEFORE_COLON:
            return []
    return phrases


def _tokens(pieces: Sequence[str], rules: BylineRules) -> Iterator[Phrase]:
    """Give each word its meaning, longest phrase first; unknown words may be part of a name."""
    phrasebook, particles = _phrasebook(rules), folded_words(rules.particles)
    start, before = 0, None
    while start < len(pieces):
        kind, end = _longest(pieces, start, phrasebook)
        if before == "name" and kind == "lead" and fold(pieces[start]) in particles:
            kind = "name"
        yield Phrase(kind, " ".join(pieces[start:end]))
        start, before = end, kind


def _longest(pieces: Sequence[str], start: int, phrasebook: _Phrasebook) -> tuple[Kind, int]:
    """Find the longest phrase that starts here, and its end."""
    if mark := _MARKS.get(pieces[start]):
        return mark, start + 1
    for words, kind in phrasebook.get(_key(pieces[start]), ()):
        end = start + len(words)
        if [_key(piece) for piece in pieces[start:end]] == words:
            return kind, end
    return "name", start + 1


@lru_cache(maxsize=16)
def _phrasebook(rules: BylineRules) -> _Phrasebook:
    """Index the phrases of the rules. Of equal ones, the first meaning counts."""
    meanings: Sequence[tuple[Kind, Iterable[str]]] = (
        ("agency", rules.agency),
        ("photo", rules.photo),
        ("video", rules.video),
        ("translator", rules.translator),
        ("lead", rules.lead),
        ("title", rules.titles),
        ("joiner", rules.joiners),
    )
    book: dict[str, list[tuple[list[str], Kind]]] = {}
    for kind, phrases in meanings:
        for phrase in phrases:
            words = [_key(normalize("NFC", word)) for word in phrase.split()]
            book.setdefault(words[0], []).append((words, kind))
    for entries in book.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return book


def _key(word: str) -> str:
    """Return a word for comparison. The dot of an abbreviation is optional."""
    folded = fold(word)
    return folded.rstrip(".") if len(folded) > _LONGEST_BARE else folded


_EDGE = Phrase("separator", "")


@dataclass(frozen=True, slots=True)
class Byline:
    """The persons in a byline, the agency's label as spelled, and the original lines."""

    authors: tuple[Person, ...]
    credit: str | None
    raw: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of which every word is understood."""

    persons: tuple[Person, ...]
    credit: str | None
    announced: bool
    raw: str

    @property
    def names_in_full(self) -> bool:
        """Return whether each person has more than one word, as hardly any place has."""
        return all(" " in person.name for person in self.persons)

    @property
    def stands_alone(self) -> bool:
        """Return whether it is a byline whatever is around it.

        Either it has the agency's label, or words like `Photo by` announce full names.
        """
        announces = self.announced and bool(self.persons) and self.names_in_full
        return self.credit is not None or announces


def read_byline(line: str, rules: BylineRules) -> Byline | None:
    """Read a line as a byline. None if it is not one from its first word to its last.

    A bare name is not enough: it needs the agency's label, or words that announce it (`Photo by`).
    """
    read = read_line(line, rules)
    return join_lines([read], rules) if read and read.stands_alone else None


def join_lines(lines: Sequence[Line], rules: BylineRules) -> Byline:
    """Join the lines of a byline. A person is listed once per role; places are left out."""
    named = dict.fromkeys((one.name, one.role) for line in lines for one in line.persons)
    places = folded_words(rules.places)
    return Byline(
        authors=tuple(Person(name, role) for name, role in named if fold(name) not in places),
        credit=next((line.credit for line in lines if line.credit), None),
        raw="\n".join(line.raw for line in lines),
    )


def read_line(line: str, rules: BylineRules) -> Line | None:
    """Read a line of which every word is understood. None for any other."""
    return _read_short_line(line, rules) if len(line) <= LONGEST else None


# An agency's texts often end with the same bylines.
@lru_cache(maxsize=2048)
def _read_short_line(line: str, rules: BylineRules) -> Line | None:
    phrases = _join_roles(read_phrases(line, rules))
    if not phrases:
        return None
    edged = [_EDGE, *phrases, _EDGE]
    if not (all(_fit(*pair) for pair in pairwise(edged)) and _in_order(phrases)):
        return None
    persons = _persons(phrases)
    credit = next((phrase.text for phrase in phrases if phrase.kind == "agency"), None)
    if len(persons) > _MOST_PERSONS or not (persons or credit):
        return None
    announced = any(phrase.kind in _ANNOUNCING for phrase in phrases)
    return Line(persons, credit, announced, line.strip())


def _join_roles(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Join phrases that give roles (`photo, video`) to one: the first of ``_ROLES``."""
    joined: list[Phrase] = []
    for phrase in phrases:
        kinds = [*(one.kind for one in joined[-2:]), phrase.kind]
        if len(kinds) == 3 and kinds[0] in _ROLES and kinds[1] in _PARTING and kinds[2] in _ROLES:
            joined[-2:] = [min(joined[-2], phrase, key=lambda one: list(_ROLES).index(one.kind))]
        else:
            joined.append(phrase)
    return joined


def _fit(before: Phrase, after: Phrase) -> bool:
    """Return whether two phrases can follow each other.

    One word directly before the label (`Made AGENCY`) and a bare name in brackets (`(Samarkand)`)
    are hardly persons.
    """
    match before.kind, after.kind:
        case "joiner", kind:
            return kind == "name"
        case kind, "joiner":
            return kind in {"name", "closing"} or kind in _ANNOUNCING
        case "name", "agency":
            return " " in before.text
        case kinds:
            return kinds != ("opening", "name")


def _in_order(phrases: Iterable[Phrase]) -> bool:
    """Return whether every name stands before the agency's label, or is announced after it.

    `AGENCY correspondent Aziz Karimov` announces a name, and so does `correspondent of AGENCY Aziz
    Karimov`.
    """
    open_to_names = True
    announced_here = False
    for phrase in phrases:
        if phrase.kind in _ANNOUNCING or phrase.kind == "title":
            open_to_names = announced_here = True
        elif phrase.kind == "separator":
            announced_here = False
        elif phrase.kind == "agency":
            open_to_names = announced_here
        elif phrase.kind == "name" and not open_to_names:
            return False
    return True


def _persons(phrases: Sequence[Phrase]) -> tuple[Person, ...]:
    """Give every name its role.

    A word like `photo` applies to all names after it, up to the next such word or the end of the
    brackets. If no name follows, it applies to the names directly before it.
    """
    persons: list[Person] = []
    role: Role = "author"
    start = 0
    for phrase, after in pairwise([*phrases, _EDGE]):
        if phrase.kind == "name":
            persons.append(Person(phrase.text, role))
        elif phrase.kind == "separator" and after.kind != "agency":
            start = len(persons)
        elif phrase.kind in {"lead", "closing"}:
            role = "author"
        elif phrase.kind in _ROLES and (after.kind == "name" or start == len(persons)):
            role = _ROLES[phrase.kind]
        elif phrase.kind in _ROLES:
            for person in persons[start:]:
                person.role = _ROLES[phrase.kind]
    return tuple(persons)


def split_credit(caption: str, rules: BylineRules) -> tuple[str, str | None]:
    """Cut a credit such as `Photo by N. Surname` or `(Photo: AGENCY)` off a caption's end.

    A credit must read as a byline of photographers, or as the agency's label, from its first word
    to its last. Other names at the end of a caption belong to the people in the picture, and a
    label after a comma may be the last of several.
    """
    for start in _START.finditer(caption):
        byline = read_byline(_BRACKET_END.sub("", caption[start.end() :].lstrip("([")), rules)
        if byline is None or (start["comma"] and not byline.authors):
            continue
        if all(person.role == "photo" for person in byline.authors):
            credit = [*(person.name for person in byline.authors), byline.credit]
            return caption[: start.start()].rstrip(), ", ".join(filter(None, credit))
    return caption, None


def spell_name(words: Iterable[str], particles: Collection[str]) -> str | None:
    """Join words to a name, and correct ALL-CAPS and glued initials. None if they are no name.

    A name has one to four full words, with a capital if the script has capitals, and any initials
    and ``particles`` (folded): ``N.SATTOROV`` becomes `N. Sattorov`. After the first word that
    cannot be part of a name, no further one is read.
    """
    spelled: list[str] = []
    full = 0
    for part in chain.from_iterable(_split_initials(normalize("NFC", word)) for word in words):
        kind = _kind(part, particles)
        if kind is None or len(spelled) == MOST_WORDS:
            return None
        spelled.append(_spell(part, kind))
        full += kind == "full"
    return " ".join(spelled) if 1 <= full <= _MOST_FULL_WORDS else None


def is_initial(word: str) -> bool:
    """Return whether a word is an abbreviated name: `N.`, `Sh.`, `O‘.`."""
    if len(word) > _LONGEST_INITIAL + 2:  # a dot and an apostrophe
        return False
    letters = "".join(sign for sign in word.removesuffix(".") if fold(sign) != "'")
    longest = _LONGEST_INITIAL if word.endswith(".") else 1
    return letters.isalpha() and letters[0].isupper() and len(letters) <= longest


def _split_initials(word: str) -> list[str]:
    """Split initials that are glued to each other or to a surname."""
    parts = _UP_TO_DOT.findall(word)
    return parts if all(is_initial(part) for part in parts[:-1]) else [word]


def _kind(word: str, particles: Collection[str]) -> _WordKind | None:
    if is_initial(word):
        return "initial"
    if (word.islower() or word.isupper()) and fold(word) in particles:
        return "particle"
    prefix, hyphen, rest = word.partition("-")
    if hyphen and fold(prefix) + hyphen in particles:
        word = rest
    return "full" if _is_full(word) else None


def _is_full(word: str) -> bool:
    """Return whether a word can be part of a name: only letters, the first not a small one."""
    if not word or not word[0].isalpha() or word[0].islower() or word[-1] in "-‑·":
        return False
    return all(sign.isalpha() or fold(sign) in _INSIDE or category(sign) == "Mn" for sign in word)


def _spell(word: str, kind: _WordKind) -> str:
    """Write ALL-CAPS as names are usually written. Anything else is kept."""
    if not word.isupper() or len(word.removesuffix(".")) < 2:
        return word
    if kind == "particle":
        return word.lower()
    return "".join(part[:1] + _small(part[1:]) for part in _HYPHEN.split(word))


def _small(letters: str) -> str:
    """Return small letters. The dot of a Turkish capital does not become a letter of its own."""
    return letters.replace("İ", "i").lower()
