"""Bylines of the replica: the forms of each language, and the persons they name."""

from dataclasses import dataclass
from random import Random

from replica.texts import LATIN_PEOPLE, VOCABULARIES

_AGENCY = {
    "uz-Cyrl": ("ЎзА",),
    "uz-Latn": ("O‘zA", "OʻzA", "O’zA", "O'zA", "O`zA"),
    "kaa-Cyrl": ("ӨзА",),
    "ru": ("УзА",),
    "fr": ("UzA", "OuzA"),
}
_COMMON = (
    "{author}, {agency}",
    "{initial}, {agency}",
    "{tight}, {agency}",
    "{author}, {second}, {agency}",
    "{agency}",
    "",
)
_OWN = {
    "en": ("{author}, photo by {photo}, {agency}", "{initial}, photos by {photo}, {agency}"),
    "de": ("{initial}, Foto:{photo}, {agency}",),
    "fr": ("Par {author}, {agency}", "Préparé par {initial}, {agency}"),
    "es": ("Fotos de {photo}, {agency}",),
    "uz-Cyrl": ("{photo} (сурат), {agency}",),
    "uz-Latn": ("{photo}(surat),{agency}",),
}


@dataclass(frozen=True, slots=True)
class Byline:
    """A byline as printed, with the persons and roles in it, and the agency's label."""

    text: str | None
    authors: tuple[tuple[str, str], ...]
    credit: str | None


def draw_byline(random: Random, language: str) -> Byline:
    """Generate a byline in the language; one post in eight has none."""
    shape = random.choice(_COMMON + _OWN.get(language, ()) * 2)
    if not shape:
        return Byline(None, (), None)
    author, second, photo = random.sample(_people(language), 3)
    agency = random.choice(_AGENCY.get(language, ("UzA",)))
    given, surname = author.split(" ", 1)
    text = shape.format(
        author=author,
        second=second,
        photo=photo,
        agency=agency,
        initial=f"{given[0]}. {surname}",
        tight=f"{given[0]}.{surname}",
    )
    return Byline(text, _persons(shape, author, second, photo), agency)


def _people(language: str) -> tuple[str, ...]:
    return LATIN_PEOPLE if language in {"ar", "zh"} else VOCABULARIES[language].people


def _persons(shape: str, author: str, second: str, photo: str) -> tuple[tuple[str, str], ...]:
    persons = []
    if "{author}" in shape:
        persons.append((author, "author"))
    if "{initial}" in shape or "{tight}" in shape:
        given, surname = author.split(" ", 1)
        persons.append((f"{given[0]}. {surname}", "author"))
    if "{second}" in shape:
        persons.append((second, "author"))
    if "{photo}" in shape:
        persons.append((photo, "photo"))
    return tuple(persons)
