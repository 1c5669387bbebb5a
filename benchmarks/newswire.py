"""Generated stories in four editions, from templates (``newswire.toml``).

Each edition has its own selection of details, order, and spelling of figures and names. The Uzbek
edition in Latin letters can be written in those of 1995 and of 2026. Five notices per day differ
only in their figures; six persons are in every fifth story, and half of the stories name the same
country, its president or its capital.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from crawler.text.orthography import in_new_letters
from replica.texts import latin

WORDS: dict[str, Any] = msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes())
BEGIN = datetime(2026, 3, 1, 6, 0)
LANGUAGES = {"uz": "uz", "oz": "uz", "ru": "ru", "en": "en", "cn": "zh", "ar": "ar"}
SCRIPTS = {"uz": "Cyrl", "oz": "Latn", "ru": "Cyrl", "en": "Latn", "cn": "Hans", "ar": "Arab"}
A_DAY = 90  # stories
_TO_RUSSIAN = str.maketrans("ЎўҚқҒғҲҳ", "УуКкГгХх")
_TO_ENGLISH = {
    **dict(zip("абвгдезиклмнопрстуфй", "abvgdeziklmnoprstufy", strict=True)),
    **{"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "ъ": "", "ь": ""},
    **{"э": "e", "ю": "yu", "я": "ya", "ы": "y"},
}
_IN_ENGLISH = str.maketrans(
    _TO_ENGLISH | {key.upper(): value.capitalize() for key, value in _TO_ENGLISH.items()}
)
FIGURES = {
    "a": (10, 99), "b": (11, 88), "c": (2, 12), "d": (3, 60), "e": (1_000, 24_000),
    "f": (1_100, 19_000), "g": (120, 990), "h": (3, 15),
}  # fmt: skip


@dataclass(slots=True)
class Story:
    """An event: a kind of news, names, figures, a day, and further sentences."""

    name: str
    kind: dict[str, Any]
    words: dict[str, Any]
    figures: dict[str, int]
    day: datetime
    prose: list[tuple[int, ...]]  # sentences as indexes into the lists of words
    wording: int  # stories with the same number make the same choices
    before: list[tuple[int, ...]] = field(default_factory=list)  # at the top, in all editions


@dataclass(slots=True)
class Piece:
    """An article of the stream, with the known way it was made."""

    edition: str
    at: datetime
    title: str
    sentences: list[str]
    story: str
    text: str  # equal for articles with nearly the same text
    made: str = "told"  # or the edit or change used
    id: str = ""

    @property
    def script(self) -> str:
        """The script of its edition."""
        return SCRIPTS[self.edition]

    @property
    def body(self) -> str:
        """Its sentences, in paragraphs of two."""
        joint = "" if self.edition == "cn" else " "
        pairs = (self.sentences[at : at + 2] for at in range(0, len(self.sentences), 2))
        return "\n\n".join(map(joint.join, pairs))


class Newswire:
    """Generates stories and articles, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.numbers = count(1)
        self._leaders = [self.new_person() for _ in range(6)]

    def kinds(self) -> Iterator[dict[str, Any]]:
        """Yield the kinds of news of a day."""
        daily = [kind for kind in WORDS["kinds"] if kind.get("daily")]
        yield from (daily[0], daily[1], daily[1], daily[1], daily[2])
        yield from self.random.choices(
            [kind for kind in WORDS["kinds"] if kind not in daily], k=A_DAY
        )

    def story(self, kind: dict[str, Any], begin: datetime) -> Story:
        """Return a story of a kind, on a day."""
        pick = self.random
        words = {
            "place": self.place(), "other": self.place(),
            "person": self._person(), "guest": self._person(),
            "thing": pick.randrange(12), "post": pick.randrange(8), "body": pick.randrange(6),
        }  # fmt: skip
        prose = [] if kind.get("daily") else [self.sentence() for _ in range(pick.randrange(4))]
        name, wording = f"s{next(self.numbers)}", pick.getrandbits(32)
        return Story(name, kind, words, self.all_figures(), begin, prose, wording)

    def all_figures(self) -> dict[str, int]:
        """Return the figures of a story."""
        return {name: self.random.randint(*span) for name, span in FIGURES.items()}

    def place(self, but: Story | None = None) -> str:
        """Return a place other than that of a story."""
        name: str = self.random.choice(WORDS["stems"]) + self.random.choice(WORDS["ends"])
        return self.place(but) if but and name == but.words["place"] else name

    def _person(self) -> str:
        return (
            self.random.choice(self._leaders) if self.random.random() < 0.1 else self.new_person()
        )

    def new_person(self) -> str:
        """Return a name."""
        woman = self.random.random() < 0.4
        first = self.random.choice(WORDS["women" if woman else "men"])
        return f"{first} {self.random.choice(WORDS['families'])}{'ова' if woman else 'ов'}"

    def sentence(self, most: int = 16) -> tuple[int, ...]:
        """Return a filler sentence, as indexes into the lists of words."""
        return tuple(self.random.randrange(most) for _ in range(4))

    def feature(self, edition: str, begin: datetime) -> Piece:
        """Return an article that consists of words only."""
        language = LANGUAGES[edition]
        at = begin + timedelta(minutes=self.random.randrange(900))
        sentences = [
            in_prose(self.sentence(12), language) for _ in range(self.random.randrange(5, 10))
        ]
        name = f"s{next(self.numbers)}"
        return Piece(edition, at, sentences[0], sentences, name, f"{name} {edition}")

    def tell(self, story: Story, edition: str, at: datetime) -> Piece:
        """Write a story in an edition's language, with the edition's choice of details."""
        language, kind = LANGUAGES[edition], story.kind[LANGUAGES[edition]]
        slots, choice = self._slots(story, language), Random(f"{story.wording} {language}")
        more = list(kind["more"])
        if not story.kind.get("daily"):
            more = choice.sample(more, choice.randint(max(2, len(more) // 2), len(more)))
        prose = choice.sample(story.prose, choice.randint(0, len(story.prose)))
        chosen = [choice.choice(kind["lead"]), *more, kind["end"]]
        told = [_capital(each.format(**slots)) for each in chosen]
        told[-1:-1] = [in_prose(each, language) for each in prose]
        if choice.random() < 0.5:
            told.insert(-1, choice.choice(WORDS["common"][language]))
        told[:0] = [in_prose(each, language) for each in story.before]
        title = _capital(kind["title"].format(**slots))
        return Piece(edition, at, title, told, story.name, f"{story.name} {language}")

    def _slots(self, story: Story, language: str) -> dict[str, str]:
        spell = self._spelling(language)
        words: dict[str, str] = {}
        for name in ("place", "other", "person", "guest"):
            words[name] = spell(story.words[name])
        for name in ("place", "other"):
            words[f"{name}_in"], words[f"{name}_of"] = _declined(words[name])
        for name, list_of in (("thing", "things"), ("post", "posts"), ("body", "bodies")):
            words[name] = WORDS[list_of][language][story.words[name]]
        mark = {"uz": " ", "ru": self.random.choice(("\u00a0", " ")), "en": ","}[language]
        told = {name: self._rounded(number, language) for name, number in story.figures.items()}
        figures = {name: f"{number:,}".replace(",", mark) for name, number in told.items()}
        return words | figures | {"day": self._date(story.day, language)}

    def _rounded(self, number: int, language: str) -> int:
        """Return a figure in a translation: one in six large ones is rounded."""
        rounds = number > 1_000 and language != "uz" and self.random.random() < 1 / 6
        return round(number, -2) if rounds else number

    def _spelling(self, language: str) -> Callable[[str], str]:
        if language == "uz":
            return str
        if language == "ru":
            return lambda name: name.translate(_TO_RUSSIAN)
        if self.random.random() < 0.5:
            return lambda name: latin(name).replace("ʻ", "").replace("ʼ", "")
        return lambda name: name.translate(_TO_RUSSIAN).translate(_IN_ENGLISH)

    def _date(self, day: datetime, language: str) -> str:
        month = WORDS["months"][language][day.month - 1]
        return f"{month} {day.day}" if language == "en" and day.day % 2 else f"{day.day} {month}"

    def respelled(self, piece: Piece, letters: str) -> Piece:
        """Return an Uzbek article in Latin letters, a little later."""
        at = piece.at + timedelta(minutes=self.random.randrange(1, 60))
        spelled = [in_latin(each, letters) for each in [piece.title, *piece.sentences]]
        return replace(
            piece, edition="oz", at=at, title=spelled[0], sentences=spelled[1:], made="respelled"
        )


def in_prose(places: tuple[int, ...], language: str) -> str:
    """Return a filler sentence in a language."""
    lists = WORDS["prose"][language]
    told = [words[place % len(words)] for words, place in zip(lists, places, strict=True)]
    if language == "zh":
        return "".join(told)
    return " ".join(told) + ("" if language == "ar" else ".")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _declined(name: str) -> tuple[str, str]:
    """Return a Russian place name after `in` and after `from`."""
    if name.endswith("а"):
        return f"{name[:-1]}е", f"{name[:-1]}ы"
    if name.endswith("й"):
        return f"{name[:-1]}е", f"{name[:-1]}я"
    return f"{name}е", f"{name}а"


def in_latin(text: str, letters: str) -> str:
    """Return Uzbek in the Latin letters of 1995 or of 2026."""
    text = latin(text)
    return in_new_letters(text) if letters == "2026" else text
