"""A stream of generated articles with known copies, translations and look-alikes.

``newswire.py`` generates the stories. Which articles belong together is known from how they were
made:

* a copy is made from an article by one of ``EDITS``; most of its words stay
* a look-alike is made from a story by one of ``CHANGES``; for a reader it is another story
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from benchmarks.newswire import (
    BEGIN,
    FIGURES,
    LANGUAGES,
    WORDS,
    Newswire,
    Piece,
    Story,
    in_latin,
    in_prose,
)


class NewsStream(Newswire):
    """Combines articles, their copies and look-alikes into one stream."""

    def stream(self, days: int, edited: float = 0.15) -> list[Piece]:
        """Return the articles of a number of days in order of publication.

        ``edited``: share of stories with a copied article, and of those with a look-alike.
        """
        pieces = [piece for day in range(days) for piece in self._day(day, days, edited)]
        pieces.sort(key=lambda piece: piece.at)
        for number, piece in enumerate(pieces, 1):
            piece.id = f"uza:{number}"
        return pieces

    def _day(self, day: int, days: int, edited: float) -> Iterator[Piece]:
        begin = BEGIN + timedelta(days=day)
        letters = "2026" if day * 2 >= days else "1995"
        for kind in self.kinds():
            story = self.story(kind, begin)
            if kind.get("daily") or self.random.random() >= edited:
                yield from self._told(story, begin, letters, edited)
                continue
            made = self.random.choice([name for name in CHANGES if _fits(name, kind)])
            other = CHANGES[made](self, story)  # made first: it may change the story, too
            yield from self._told(story, begin, letters, edited)
            yield from self._alike(other, begin + (other.day - story.day), letters, made)
        for edition in ("cn", "ar"):
            for _ in range(3):
                yield from self._with_copy(self.feature(edition, begin), edited * 2)

    def _told(self, story: Story, begin: datetime, letters: str, edited: float) -> Iterator[Piece]:
        """Yield the article of each edition about a story, and possibly a copy of one."""
        daily = bool(story.kind.get("daily"))
        at = begin + timedelta(minutes=self.random.randrange(60 if daily else 900))
        told = []
        if daily or self.random.random() < 0.85:
            first = self.tell(story, "uz", at)
            told += [first, self.respelled(first, letters)]
        for edition, share in (("ru", 0.6), ("en", 0.4)):
            if not told or daily or self.random.random() < share:
                later = 90 if daily else self.random.choice((15, 120, 600, 1500))
                told.append(
                    self.tell(story, edition, at + timedelta(minutes=self.random.randrange(later)))
                )
        yield from told
        if self.random.random() < edited:
            yield self._edited(self.random.choice(told))

    def _alike(self, story: Story, begin: datetime, letters: str, made: str) -> Iterator[Piece]:
        for piece in self._told(story, begin, letters, 0):
            yield replace(piece, made=made)

    def _with_copy(self, piece: Piece, edited: float) -> Iterator[Piece]:
        yield piece
        if self.random.random() < edited:
            yield self._edited(piece)

    def _edited(self, piece: Piece) -> Piece:
        """Return a copy of an article, edited in one way, up to three days later."""
        fitting = [name for name in EDITS if _figures(piece) or "figure" not in name]
        made = self.random.choice(fitting)
        minutes = self.random.choice((30, 300, 1500, 4300))
        at = piece.at + timedelta(minutes=60 + self.random.randrange(minutes))
        edited = replace(piece, at=at, sentences=copy(piece.sentences), made=made)
        EDITS[made](self, edited)
        return edited


_NEEDS = {
    "another place": ["{place}"],
    "another person": ["{person}"],
    "another day": ["{day}"],
    "another subject": ["{thing}", "{e}"],
}


def _fits(change: str, kind: dict[str, Any]) -> bool:
    """Return whether a kind of news contains what a change would change, in any edition."""
    told = kind["uz"]
    if change == "other figures":
        return len(_with_figures(told)) > 2
    return all(slot in lead for slot in _NEEDS.get(change, ()) for lead in told["lead"])


def _with_figures(told: dict[str, Any]) -> list[str]:
    return [each for each in told["more"] if any(f"{{{name}}}" in each for name in FIGURES)]


def _figures(piece: Piece) -> list[int]:
    """Return the positions of sentences with figures."""
    return [at for at, each in enumerate(piece.sentences) if any(map(str.isdigit, each))]


def _more(wire: NewsStream, piece: Piece) -> str:
    """Return a filler sentence in the language and spelling of an article."""
    sentence = in_prose(wire.sentence(), LANGUAGES[piece.edition])
    if piece.edition != "oz":
        return sentence
    return in_latin(sentence, "2026" if set("şçöğ") & set(piece.body) else "1995")


def _add_sentence(wire: NewsStream, piece: Piece) -> None:
    piece.sentences.insert(wire.random.randint(1, len(piece.sentences)), _more(wire, piece))


def _add_paragraph(wire: NewsStream, piece: Piece) -> None:
    piece.sentences += [_more(wire, piece), _more(wire, piece)][: len(piece.sentences) // 3]


def _drop_sentence(wire: NewsStream, piece: Piece) -> None:
    if len(piece.sentences) > 3:
        del piece.sentences[wire.random.randrange(1, len(piece.sentences))]


def _correct_figure(wire: NewsStream, piece: Piece) -> None:
    at = wire.random.choice(_figures(piece))
    sentence = piece.sentences[at]
    place = wire.random.choice([at for at, letter in enumerate(sentence) if letter.isdigit()])
    digit = str(int(sentence[place]) % 9 + 1)
    piece.sentences[at] = f"{sentence[:place]}{digit}{sentence[place + 1 :]}"


def _update(wire: NewsStream, piece: Piece) -> None:
    _correct_figure(wire, piece)
    _add_paragraph(wire, piece)


def _correct_word(wire: NewsStream, piece: Piece) -> None:
    """Remove a letter from a word, which may be a name, wherever it occurs in the text."""
    words = [word for each in piece.sentences for word in each.split() if len(word) > 5]
    if words:
        word = wire.random.choice(words)
        cut = word[:3] + word[4:]
        piece.sentences = [each.replace(word, cut) for each in piece.sentences]


def _replace_word(wire: NewsStream, piece: Piece) -> None:
    at = wire.random.randrange(len(piece.sentences))
    words = piece.sentences[at].split(" ")
    small = [place for place, word in enumerate(words) if word.isalpha() and word.islower()]
    if small:
        words[wire.random.choice(small)] = _more(wire, piece).split()[-1].rstrip(".")
    piece.sentences[at] = " ".join(words)


def _put_title_in_front(wire: NewsStream, piece: Piece) -> None:
    piece.sentences.insert(0, f"{piece.title}.")


def _change_order(wire: NewsStream, piece: Piece) -> None:
    moved = piece.sentences.pop(wire.random.randrange(len(piece.sentences)))
    piece.sentences.insert(wire.random.randint(0, len(piece.sentences)), moved)


def _rewrite(wire: NewsStream, piece: Piece) -> None:
    """Put a new beginning before a text, and leave out a fifth of it."""
    piece.sentences[0:1] = [_more(wire, piece), piece.sentences[0]]
    for _ in range(len(piece.sentences) // 5):
        del piece.sentences[wire.random.randrange(2, len(piece.sentences))]


def _respell_and_correct(wire: NewsStream, piece: Piece) -> None:
    if piece.edition == "uz":
        piece.edition = "oz"
        piece.sentences = [in_latin(each, "1995") for each in piece.sentences]
    _add_sentence(wire, piece)


EDITS: dict[str, Callable[[NewsStream, Piece], None]] = {
    "nothing": lambda wire, piece: None,
    "a sentence more": _add_sentence,
    "a paragraph more": _add_paragraph,
    "a sentence less": _drop_sentence,
    "a figure": _correct_figure,
    "a letter of a word": _correct_word,
    "another word": _replace_word,
    "a figure, a paragraph more": _update,
    "the title in front": _put_title_in_front,
    "another order": _change_order,
    "rewritten": _rewrite,
    "respelled, a sentence more": _respell_and_correct,
}


def _named(wire: NewsStream, story: Story, **words: str | int) -> Story:
    name = f"s{next(wire.numbers)}"
    return replace(story, name=name, words=story.words | words, figures=dict(story.figures))


def _another_day(wire: NewsStream, story: Story) -> Story:
    return replace(_named(wire, story), day=story.day + timedelta(days=1))


def _another_subject(wire: NewsStream, story: Story) -> Story:
    """Return a decree with the same wording, but another number and subject."""
    other = _named(wire, story, thing=(story.words["thing"] + wire.random.randrange(1, 12)) % 12)
    other.figures["e"] += wire.random.randrange(1, 900)
    return other


def _other_figures(wire: NewsStream, story: Story) -> Story:
    tomorrow = story.day + timedelta(days=1)
    return replace(_named(wire, story), figures=wire.all_figures(), day=tomorrow)


def _same_names(wire: NewsStream, story: Story) -> Story:
    kind = wire.random.choice([each for each in WORDS["kinds"] if each is not story.kind])
    return replace(wire.story(kind, story.day), words=story.words)


def _same_speech(wire: NewsStream, story: Story) -> Story:
    kind = wire.random.choice([each for each in WORDS["kinds"] if each is not story.kind])
    story.before = [wire.sentence() for _ in range(3)]
    return replace(wire.story(kind, story.day), before=story.before)


def _same_preamble(wire: NewsStream, story: Story) -> Story:
    story.before = [wire.sentence() for _ in range(4)]
    return replace(wire.story(story.kind, story.day), before=story.before, prose=story.prose)


CHANGES: dict[str, Callable[[NewsStream, Story], Story]] = {
    "another place": lambda wire, story: _named(wire, story, place=wire.place(story)),
    "another person": lambda wire, story: _named(wire, story, person=wire.new_person()),
    "another day": _another_day,
    "another subject": _another_subject,
    "other figures": _other_figures,
    "the same names": _same_names,
    "the same speech": _same_speech,
    "the same preamble": _same_preamble,
}
